"""What a roster somebody sent is held against, and the rosters that were sent."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from kepu.kit.canonical import canonical_json
from kepu.people.models import Account, Association, RosterFile, Unit, UnitMembership, UnitName
from kepu.people.rules import CertificationState
from kepu.people.rules.rosters import KnownPerson, RosterFacts, RowFate
from kepu.regions import reads as regions
from kepu.regions.rules import ancestors_of, range_of

LOOKED_UP_AT_ONCE = 500
COMPARED_AT_ONCE = 5_000
FILES_SHOWN_MAX = 25
# (id, name, division)
UnitLine = tuple[int, str, str]


class Held(NamedTuple):
    """An account, what it is as a communicator and what its certification says; None where there is none."""

    account: int
    phone_index: str
    display_name: str
    is_active: bool
    name: str | None
    unit: int | None
    division: str | None
    association: int | None
    is_backbone: bool | None
    certified_at: datetime | None
    revoked_at: datetime | None
    certification: int | None
    stated_name: str | None
    town: str | None
    stated_unit: int | None
    applicant_type: str | None
    stated_association: int | None
    state: str | None


class Belonged(NamedTuple):
    """That an account belongs to a unit from a day on."""

    account: int
    membership: int
    since_day: date
    until_day: date | None
    is_applied: bool


HELD = (
    *("pk", "phone_index", "display_name", "is_active"),
    *(f"communicator__{name}" for name in ("name", "unit", "division", "association", "is_backbone")),
    *("communicator__certified_at", "communicator__revoked_at"),
    *(f"certification__{name}" for name in ("pk", "name", "town", "unit", "applicant_type")),
    *("certification__association", "certification__state"),
)
BELONGED = ("account", "pk", "since_day", "until_day", "is_applied")


@dataclass(frozen=True, slots=True)
class Register:
    """What the register says of some numbers and of the units they may name.

    `units` are the open ones, `past` names that units bear or bore; `towns`: (code, name).
    """

    units: tuple[UnitLine, ...]
    past: tuple[UnitLine, ...]
    towns: tuple[tuple[str, str], ...]
    associations: tuple[UnitLine, ...]
    held: list[Held]
    belonged: list[Belonged]


@dataclass(frozen=True, slots=True)
class RosterFileRow:
    """A roster that was sent: what was found in it, by whom it was brought, and when it was entered."""

    number: int
    sha256: str
    file_name: str
    upload: str
    brought_by: int
    brought_by_name: str
    brought_at: datetime
    counts: Mapping[str, int]
    situation: str
    entered_at: datetime | None


def roster_file(number: int, brought_by: int) -> RosterFileRow | None:
    """One's own roster; None when it is another's. One query."""
    row = RosterFile.objects.select_related("brought_by").filter(pk=number, brought_by=brought_by).first()
    return _file_row(row) if row is not None else None


def roster_files(brought_by: int) -> list[RosterFileRow]:
    """One's own newest rosters, at most FILES_SHOWN_MAX. One query."""
    rows = RosterFile.objects.select_related("brought_by").filter(brought_by=brought_by).order_by("-pk")
    return [_file_row(row) for row in rows[:FILES_SHOWN_MAX]]


def register_of(
    indexes: Sequence[str], divisions: tuple[str, ...], told: Callable[[int], None] = lambda _count: None
) -> Register:
    """What the register says of the accounts with these phone indexes and of the units of these divisions.

    `told` hears how many were looked up. Four queries, two more for each LOOKED_UP_AT_ONCE indexes.
    """
    units, past, associations = (tuple(found) for found in _of_units(divisions))
    towns = regions.names({division[:9] for _pk, _name, division in units})
    held: list[Held] = []
    belonged: list[Belonged] = []
    for start in range(0, len(indexes), LOOKED_UP_AT_ONCE):
        people, memberships = _of_people(indexes[start : start + LOOKED_UP_AT_ONCE])
        held += map(Held._make, people)
        belonged += map(Belonged._make, memberships)
        told(min(start + LOOKED_UP_AT_ONCE, len(indexes)))
    return Register(units, past, tuple(sorted(towns.items())), associations, held, belonged)


def print_of(indexes: Sequence[str], divisions: tuple[str, ...]) -> list[tuple[object, ...]]:
    """The rows behind `register_of` as the database gives them: the same rows while none of them changed.

    Several times as quick as `register_of`, for a transaction that holds up others. Three queries, two more
    for each COMPARED_AT_ONCE indexes.
    """
    queries = [*_of_units(divisions)]
    for start in range(0, len(indexes), COMPARED_AT_ONCE):
        queries += _of_people(indexes[start : start + COMPARED_AT_ONCE])
    rows: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for query in queries:
            try:
                cursor.execute(*query.query.sql_with_params())
            except EmptyResultSet:
                continue
            rows += cursor.fetchall()
    return rows


def facts_of(
    register: Register, phones: Mapping[str, str], divisions: tuple[str, ...], operator: int, today: date
) -> RosterFacts:
    """What the rows with these phones (by index) are held against, by a keeper of divisions. No query."""
    names: dict[tuple[str, str], set[int]] = {}
    open_ones = {pk for pk, _name, _division in register.units}
    for pk, name, division in [*register.units, *(row for row in register.past if row[0] in open_ones)]:
        for key in (("", name), (division[:9], name), ("", division), (division[:9], division)):
            if len(key[1]) != 9 or not key[1].isdigit():
                names.setdefault(key, set()).add(pk)
    nearest = {division: pk for pk, _name, division in reversed(register.associations)}
    waiting = {row.account for row in register.belonged if not row.is_applied}
    return RosterFacts(
        units={key: frozenset(pks) for key, pks in names.items()},
        unit_names={pk: name for pk, name, _division in register.units},
        towns={name: code for code, name in register.towns},
        associations={name: pk for pk, name, _division in register.associations},
        near=_near(register.units, nearest),
        people={phones[row.phone_index]: _known(row, divisions, waiting) for row in register.held},
        operator=operator,
        today=today,
    )


def situation_of(fates: Iterable[RowFate]) -> str:
    """A hash of everything a preview says: when it is another one, the situation has changed."""
    plain = [
        asdict(fate) | {"wanted": {column.value: str(value) for column, value in fate.wanted.items()}}
        for fate in fates
    ]
    return hashlib.sha256(canonical_json(plain)).hexdigest()


def inside(divisions: tuple[str, ...], column: str = "division") -> Q:
    """That a row's division lies in one of these; nothing for none."""
    if "" in divisions:
        return Q()
    found = Q(pk__in=())
    for division in divisions:
        low, high = range_of(division)
        found |= Q(**{f"{column}__gte": low, f"{column}__lt": high})
    return found


def _of_units(divisions: tuple[str, ...]) -> tuple[QuerySet[Any, Any], ...]:
    """Open units, the names they bear or bore, associations: (id, name, division)."""
    line = ("name", "division")
    return (
        Unit.objects.filter(inside(divisions), closed_day=None).order_by("pk").values_list("pk", *line),
        UnitName.objects.filter(inside(divisions)).order_by("pk").values_list("unit", *line),
        Association.objects.order_by("pk").values_list("pk", *line),
    )


def _of_people(indexes: Sequence[str]) -> tuple[QuerySet[Any, Any], ...]:
    """HELD and BELONGED of the accounts with these indexes."""
    belonged = UnitMembership.objects.filter(account__phone_index__in=indexes)
    return (
        Account.objects.filter(phone_index__in=indexes).order_by("pk").values_list(*HELD),
        belonged.order_by("account", "since_day").values_list(*BELONGED),
    )


def _near(units: Iterable[UnitLine], by_division: Mapping[str, int]) -> dict[int, int]:
    """Each unit's association: of its county, else the nearest one above or at it."""
    found = {}
    for unit, _name, division in units:
        line = [division[:6], *reversed([*ancestors_of(division), division])]
        pk = next((by_division[code] for code in line if code in by_division), None)
        if pk is not None:
            found[unit] = pk
    return found


def _known(row: Held, divisions: tuple[str, ...], waiting: Collection[int]) -> KnownPerson:
    state = row.state or ""
    if not row.is_active or row.revoked_at is not None:
        state = CertificationState.REVOKED
    where = row.division or ""
    if not where and state in (CertificationState.SUBMITTED, CertificationState.RETURNED):
        where = row.town or ""
    return KnownPerson(
        account=row.account,
        name=row.display_name if row.name is None else row.name,
        unit=row.unit or 0,
        applicant_type=row.applicant_type or "",
        association=row.association or 0,
        is_backbone=bool(row.is_backbone),
        state=str(state),
        is_inside=not where or any(where.startswith(each) for each in divisions),
        move_waits=row.account in waiting,
    )


def _file_row(row: RosterFile) -> RosterFileRow:
    return RosterFileRow(
        number=row.pk,
        sha256=row.sha256,
        file_name=row.file_name,
        upload=row.upload,
        brought_by=row.brought_by_id,
        brought_by_name=str(row.brought_by),
        brought_at=row.brought_at,
        counts=row.counts,
        situation=row.situation,
        entered_at=row.entered_at,
    )
