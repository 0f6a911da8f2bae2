"""单位: the units of one's divisions, what each was called when, and who belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from kepu.kit.paging import Page, page_of
from kepu.people import labels
from kepu.people.models import Communicator, Unit, UnitName
from kepu.people.reads.roster_files import inside
from kepu.people.rules import UnitKind
from kepu.regions import reads as regions
from kepu.regions.rules import range_of


@dataclass(frozen=True, slots=True)
class RegisterUnit:
    """One unit as it is now; `people` and `backbones` are certified now."""

    unit: int
    name: str
    kind: UnitKind
    division: str
    town_name: str
    closed_day: date | None
    people: int
    backbones: int


@dataclass(frozen=True, slots=True)
class BorneName:
    """What a unit was called and coded from a day on; `since_day` None: from the beginning."""

    name: str
    division: str
    since_day: date | None
    is_applied: bool
    set_by: str


def register(
    divisions: tuple[str, ...], text: str, town: str, start: int, size: int, *, closed: bool = False
) -> Page[RegisterUnit]:
    """The units of these divisions by code; open ones, or the closed. Three queries."""
    rows = Unit.objects.filter(inside(divisions), closed_day__isnull=not closed)
    if town:
        low, high = range_of(town)
        rows = rows.filter(division__gte=low, division__lt=high)
    wanted = text.strip()[:40].replace("\x00", "")
    if wanted:
        rows = rows.filter(Q(name__contains=wanted) | Q(division=wanted) | Q(names__name__contains=wanted))
        rows = rows.distinct()
    page = page_of(list(rows.order_by("division", "pk")[start : start + size + 1]), start, size)
    return Page(_counted(page.rows), page.next_start)


def register_unit(unit: int, divisions: tuple[str, ...]) -> RegisterUnit | None:
    """One unit of these divisions, or None. Three queries."""
    found = _counted(list(Unit.objects.filter(inside(divisions), pk=unit)))
    return found[0] if found else None


def towns_of(divisions: tuple[str, ...]) -> list[tuple[str, str]]:
    """(code, name) of the towns that have units in these divisions, by code; at most 500. Two queries."""
    codes = _codes(Unit.objects.filter(inside(divisions)))
    names = regions.names(codes)
    return [(code, names[code]) for code in sorted(names)][:500]


def names_of(unit: int) -> list[BorneName]:
    """What a unit is and was called, oldest first; one line when it never changed. Two queries."""
    rows = list(UnitName.objects.filter(unit=unit).select_related("set_by").order_by("since_day"))
    if rows:
        return [
            BorneName(
                row.name,
                row.division,
                row.since_day if number else None,
                row.is_applied,
                str(row.set_by) if row.set_by is not None else "",
            )
            for number, row in enumerate(rows)
        ]
    row = Unit.objects.get(pk=unit)
    return [BorneName(row.name, row.division, None, True, "")]


def _codes(rows: QuerySet[Unit]) -> set[str]:
    return {division[:9] for division in rows.values_list("division", flat=True)}


def _counted(units: Sequence[Unit]) -> list[RegisterUnit]:
    counts = {
        row["unit"]: row
        for row in Communicator.objects.filter(unit__in=[unit.pk for unit in units], revoked_at=None)
        .values("unit")
        .annotate(people=Count("pk"), backbones=Count("pk", filter=Q(is_backbone=True)))
        .order_by("unit")
    }
    towns = regions.names(unit.division[:9] for unit in units)
    nobody = {"people": 0, "backbones": 0}
    return [
        RegisterUnit(
            unit=unit.pk,
            name=unit.name,
            kind=UnitKind(unit.kind),
            division=unit.division,
            town_name=towns.get(unit.division[:9], ""),
            closed_day=unit.closed_day,
            people=counts.get(unit.pk, nobody)["people"],
            backbones=counts.get(unit.pk, nobody)["backbones"],
        )
        for unit in units
    ]


def unit_kind_text(kind: UnitKind) -> str:
    """What kind of unit one is, in a word."""
    return str(dict(labels.UNIT_KINDS)[kind])
