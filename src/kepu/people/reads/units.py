"""Questions about units and associations."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Q, Value, When

from kepu.people.models import Association, Communicator, Unit, UnitName
from kepu.people.rules import UnitKind
from kepu.regions.rules import ancestors_of, is_code, range_of

UNITS_MAX = 10_000
ASSOCIATIONS_MAX = 50
SEARCH_TEXT_MAX = 40


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit; `division` is its own 12-digit code, or its town's for departments."""

    id: int
    name: str
    kind: UnitKind
    division: str


@dataclass(frozen=True, slots=True)
class UnitPeople:
    """How many of a unit's people are backbones now, and how many were certified in a period."""

    backbones: int
    registrations: int


@dataclass(frozen=True, slots=True)
class AssociationRow:
    """One association."""

    id: int
    name: str
    division: str


def unit(id: int) -> UnitRow | None:  # noqa: A002
    """The unit with this id. One query."""
    row = Unit.objects.filter(pk=id).first()
    return _unit_row(row) if row is not None else None


def units_within(division: str) -> list[UnitRow]:
    """The open units in `division` and below, by code, a town's departments before its villages. One query.

    At most UNITS_MAX: enough for any city.
    """
    if not is_code(division):
        return []
    low, high = range_of(division)
    rows = Unit.objects.filter(division__gte=low, division__lt=high, closed_day=None)
    return [_unit_row(row) for row in rows.order_by("division", "pk")[:UNITS_MAX]]


def units_ever_within(division: str) -> list[UnitRow]:
    """Every unit under every name and code it bears or bore within `division`, closed ones too; oldest first.

    What is borne now comes last, so that of two units with one name and code the present one wins. Two
    queries; at most UNITS_MAX of each kind.
    """
    if not is_code(division):
        return []
    low, high = range_of(division)
    borne = UnitName.objects.filter(division__gte=low, division__lt=high).select_related("unit")
    past = [
        UnitRow(row.unit_id, row.name, UnitKind(row.unit.kind), row.division)
        for row in borne.order_by("since_day", "pk")[:UNITS_MAX]
    ]
    now = Unit.objects.filter(division__gte=low, division__lt=high).order_by("division", "pk")
    return past + [_unit_row(row) for row in now[:UNITS_MAX]]


def unit_people(division: str, since: datetime, until: datetime) -> dict[int, UnitPeople]:
    """How many people each unit within `division` has that are certified and not revoked, by unit id.

    Backbones were certified before `until`, registrations in since ≤ … < until. Units without anybody
    are absent. One query.
    """
    if not is_code(division):
        return {}
    low, high = range_of(division)
    counted = (
        Communicator.objects.filter(
            division__gte=low, division__lt=high, revoked_at=None, certified_at__lt=until
        )
        .values("unit")
        .annotate(
            backbones=Count("pk", filter=Q(is_backbone=True)),
            registrations=Count("pk", filter=Q(certified_at__gte=since)),
        )
        .order_by("unit")
    )
    return {row["unit"]: UnitPeople(row["backbones"], row["registrations"]) for row in counted}


def associations(text: str, limit: int = 20, *, near: str = "") -> list[AssociationRow]:
    """Associations whose name contains `text`, those above or at the division `near` first, then by name.

    The usual short form 科协 finds 科学技术协会. A division's code as `text` finds those
    that sit there; blank text those above or at `near`. At most ASSOCIATIONS_MAX; one query at most.
    """
    text = text.strip().replace("科协", "科学技术协会")
    line = [*ancestors_of(near), near] if is_code(near) else []
    if "\x00" in text or len(text) > SEARCH_TEXT_MAX or not (text or line):
        return []
    wanted = Q(name__contains=text) | Q(division=text) if text else Q(division__in=line)
    is_near = Case(When(division__in=line, then=Value(True)), default=Value(False))
    found = Association.objects.filter(wanted).annotate(is_near=is_near).order_by("-is_near", "name")
    return [
        AssociationRow(row.pk, row.name, row.division)
        for row in found[: max(0, min(limit, ASSOCIATIONS_MAX))]
    ]


def association(id: int) -> AssociationRow | None:  # noqa: A002
    """The association with this id. One query."""
    row = Association.objects.filter(pk=id).first()
    return AssociationRow(row.pk, row.name, row.division) if row is not None else None


def _unit_row(row: Unit) -> UnitRow:
    return UnitRow(row.pk, row.name, UnitKind(row.kind), row.division)
