"""Rosters people send: what their headings and cells mean, and what will become of each row."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kepu.people.rules.fields import masked_name, name_of, phone_of
from kepu.people.rules.headings import Raw, RosterColumn, RosterLine, text_of
from kepu.people.rules.units import unit_name
from kepu.people.rules.values import ApplicantType, UnitKind

Stated = str | int | bool | date
FIRST_DAY = date(2000, 1, 1)
TYPES: dict[str, ApplicantType] = {
    "中国科协": ApplicantType.NATIONAL,
    "国家级": ApplicantType.NATIONAL,
    "省级": ApplicantType.PROVINCE,
    "市级": ApplicantType.CITY,
    "区县级": ApplicantType.COUNTY,
    "县级": ApplicantType.COUNTY,
    "乡镇街道": ApplicantType.TOWN,
    "乡镇": ApplicantType.TOWN,
    "个人用户": ApplicantType.PERSONAL,
    "个人": ApplicantType.PERSONAL,
}
_YES = frozenset({"是", "有", "骨干", "√", "✓", "1", "y", "yes", "true"})
_NO = frozenset({"否", "不是", "无", "没有", "×", "✗", "0", "n", "no", "false", "普通"})


class RowVerdict(StrEnum):
    """What will become of a row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    REFUSED = "refused"


class RowTrouble(StrEnum):
    """Why a row is refused; `labels.ROW_TROUBLES` says it, with `detail` where there is one."""

    EMPTY = "empty"
    NAME_WRONG = "name_wrong"
    PHONE_WRONG = "phone_wrong"
    PHONE_TWICE = "phone_twice"  # detail: the row it stands in first
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_AMBIGUOUS = "unit_ambiguous"
    TYPE_WRONG = "type_wrong"
    ASSOCIATION_UNKNOWN = "association_unknown"
    BACKBONE_WRONG = "backbone_wrong"
    DAY_WRONG = "day_wrong"
    DAY_AHEAD = "day_ahead"
    OTHER_NAME = "other_name"  # detail: the masked name it bears here
    ELSEWHERE = "elsewhere"
    WAITING = "waiting"
    REVOKED = "revoked"
    OWN = "own"
    MOVE_WAITS = "move_waits"


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody whose number is in the file already. `unit` 0: no communicator yet.

    `is_inside`: the operator may change them. `state` is "", or that of their certification.
    """

    account: int
    name: str
    unit: int
    applicant_type: str
    association: int
    is_backbone: bool
    state: str
    is_inside: bool
    move_waits: bool = False


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """What the rows are held against. `units`: (town's code or "", name or code) → ids, open ones inside
    the operator's divisions; `towns`: name → code; `people` by phone of 11 digits.
    """

    units: Mapping[tuple[str, str], frozenset[int]]
    unit_names: Mapping[int, str]
    towns: Mapping[str, str]
    associations: Mapping[str, int]
    near: Mapping[int, int]
    people: Mapping[str, KnownPerson]
    operator: int
    today: date


@dataclass(frozen=True, slots=True)
class RowFate:
    """What will become of a row. `wanted` holds what is to be written, plain values by column.

    `phone` is as it was typed where it is none. `changes`: (column, before, after) in words of the
    roster. `trouble` names the column it sits in.
    """

    row: int
    verdict: RowVerdict
    name: str
    phone: str
    unit: str
    account: int = 0
    wanted: Mapping[RosterColumn, Stated] = field(default_factory=dict)
    changes: tuple[tuple[RosterColumn, str, str], ...] = ()
    trouble: tuple[RosterColumn, RowTrouble, str] | None = None


def phones_in(rows: Iterable[RosterLine]) -> list[str]:
    """The numbers that can be read, each once, in the file's order."""
    phones = (phone_of(text_of(line.cells.get(RosterColumn.PHONE))) for line in rows)
    return list(dict.fromkeys(phone for phone in phones if phone))


def fates(rows: Sequence[RosterLine], facts: RosterFacts) -> list[RowFate]:
    """What will become of each row, in order. The first row of a number counts, later ones are refused."""
    first: dict[str, int] = {}
    found = []
    for line in rows:
        phone = phone_of(text_of(line.cells.get(RosterColumn.PHONE))) or ""
        before = first.setdefault(phone, line.row) if phone else line.row
        found.append(_fate(line, phone, before, facts))
    return found


def counted(found: Iterable[RowFate]) -> dict[str, int]:
    """How many rows have each verdict."""
    counts = Counter(fate.verdict.value for fate in found)
    return {verdict.value: counts[verdict.value] for verdict in RowVerdict}


class _No(Exception):  # noqa: N818 - a way out of one row
    def __init__(self, column: RosterColumn, trouble: RowTrouble, detail: str = "") -> None:
        self.why = (column, trouble, detail)


def _fate(line: RosterLine, phone: str, first_row: int, facts: RosterFacts) -> RowFate:
    typed = text_of(line.cells.get(RosterColumn.PHONE))
    shown = (
        text_of(line.cells.get(RosterColumn.NAME)),
        phone or typed,
        text_of(line.cells.get(RosterColumn.UNIT)),
    )
    try:
        wanted = _wanted(line, phone, facts)
        if first_row != line.row:
            raise _No(RosterColumn.PHONE, RowTrouble.PHONE_TWICE, str(first_row))
        person = facts.people.get(phone)
        if person is None:
            return RowFate(line.row, RowVerdict.NEW, *shown, wanted=_complete(wanted, facts))
        _refuse_what_may_not_change(person, str(wanted[RosterColumn.NAME]), facts)
        if not person.unit:
            full = _complete(wanted, facts)
            return RowFate(line.row, RowVerdict.NEW, *shown, account=person.account, wanted=full)
    except _No as no:
        return RowFate(line.row, RowVerdict.REFUSED, *shown, trouble=no.why)
    return _changed(line.row, shown, person, wanted, facts)


def _wanted(line: RosterLine, phone: str, facts: RosterFacts) -> dict[RosterColumn, Stated]:
    """What the row states, read; the first cell that cannot be read raises."""
    name_text = text_of(line.cells.get(RosterColumn.NAME))
    if not name_text:
        raise _No(RosterColumn.NAME, RowTrouble.EMPTY)
    name = name_of(name_text)
    if name is None:
        raise _No(RosterColumn.NAME, RowTrouble.NAME_WRONG)
    if not phone:
        empty = not text_of(line.cells.get(RosterColumn.PHONE))
        raise _No(RosterColumn.PHONE, RowTrouble.EMPTY if empty else RowTrouble.PHONE_WRONG)
    wanted: dict[RosterColumn, Stated] = {
        RosterColumn.NAME: name,
        RosterColumn.PHONE: phone,
        RosterColumn.UNIT: _unit(line, facts),
    }
    type_text = _bare(text_of(line.cells.get(RosterColumn.TYPE)))
    if type_text:
        if type_text not in TYPES:
            raise _No(RosterColumn.TYPE, RowTrouble.TYPE_WRONG)
        wanted[RosterColumn.TYPE] = TYPES[type_text].value
    association = _bare(text_of(line.cells.get(RosterColumn.ASSOCIATION))).replace("科协", "科学技术协会")
    if association:
        if association not in facts.associations:
            raise _No(RosterColumn.ASSOCIATION, RowTrouble.ASSOCIATION_UNKNOWN)
        wanted[RosterColumn.ASSOCIATION] = facts.associations[association]
    backbone = line.cells.get(RosterColumn.BACKBONE)
    if backbone is not None:
        wanted[RosterColumn.BACKBONE] = _yes_or_no(backbone)
    certified = line.cells.get(RosterColumn.CERTIFIED)
    if certified is not None:
        wanted[RosterColumn.CERTIFIED] = _day(certified, facts.today)
    return wanted


def _complete(wanted: Mapping[RosterColumn, Stated], facts: RosterFacts) -> dict[RosterColumn, Stated]:
    """What is to be written for somebody new, blank cells filled with what is usual."""
    unit = wanted[RosterColumn.UNIT]
    usual: dict[RosterColumn, Stated] = {
        RosterColumn.TYPE: ApplicantType.PERSONAL.value,
        RosterColumn.BACKBONE: False,
    }
    near = facts.near.get(int(str(unit)))
    if near is not None:
        usual[RosterColumn.ASSOCIATION] = near
    full = usual | dict(wanted)
    if RosterColumn.ASSOCIATION not in full:
        raise _No(RosterColumn.ASSOCIATION, RowTrouble.EMPTY)
    return full


def _refuse_what_may_not_change(person: KnownPerson, name: str, facts: RosterFacts) -> None:
    if person.account == facts.operator:
        raise _No(RosterColumn.PHONE, RowTrouble.OWN)
    if not person.is_inside:
        raise _No(RosterColumn.PHONE, RowTrouble.ELSEWHERE)
    if person.state == "submitted":
        raise _No(RosterColumn.PHONE, RowTrouble.WAITING)
    if person.state == "revoked":
        raise _No(RosterColumn.PHONE, RowTrouble.REVOKED)
    if person.unit and person.name != name:
        raise _No(RosterColumn.NAME, RowTrouble.OTHER_NAME, masked_name(person.name))


def _changed(
    row: int,
    shown: tuple[str, str, str],
    person: KnownPerson,
    wanted: Mapping[RosterColumn, Stated],
    facts: RosterFacts,
) -> RowFate:
    held: list[tuple[RosterColumn, str | int | bool]] = [
        (RosterColumn.UNIT, person.unit),
        (RosterColumn.TYPE, person.applicant_type),
        (RosterColumn.ASSOCIATION, person.association),
        (RosterColumn.BACKBONE, person.is_backbone),
    ]
    differing = [(column, old) for column, old in held if column in wanted and wanted[column] != old]
    if any(column is RosterColumn.UNIT for column, _old in differing) and person.move_waits:
        return RowFate(
            row, RowVerdict.REFUSED, *shown, trouble=(RosterColumn.UNIT, RowTrouble.MOVE_WAITS, "")
        )
    changes = tuple(
        (column, _word(column, old, facts), _word(column, wanted[column], facts)) for column, old in differing
    )
    kept = {column: wanted[column] for column, _old in differing}
    verdict = RowVerdict.CHANGED if changes else RowVerdict.SAME
    return RowFate(row, verdict, *shown, account=person.account, wanted=kept, changes=changes)


def _word(column: RosterColumn, value: Stated, facts: RosterFacts) -> str:
    """A value as the roster writes it."""
    if column is RosterColumn.BACKBONE:
        return "是" if value else "否"
    if column is RosterColumn.TYPE:
        return next((text for text, kind in TYPES.items() if kind == value), "")
    if column is RosterColumn.ASSOCIATION:
        return next((name for name, pk in facts.associations.items() if pk == value), "")
    return facts.unit_names.get(int(str(value)), "")


def _unit(line: RosterLine, facts: RosterFacts) -> int:
    """The unit a row names: by name, by name with its town before it, or by its code of 12 digits."""
    text = _bare(text_of(line.cells.get(RosterColumn.UNIT)))
    if not text:
        raise _No(RosterColumn.UNIT, RowTrouble.EMPTY)
    town_text = _bare(text_of(line.cells.get(RosterColumn.TOWN)))
    town = facts.towns.get(town_text, "?") if town_text else ""
    found = _named(town, text, facts)
    if not found and not town:
        for name, code in facts.towns.items():
            if name and text.startswith(name):
                found |= _named(code, text.removeprefix(name), facts)
    if not found:
        raise _No(RosterColumn.UNIT, RowTrouble.UNIT_UNKNOWN)
    if len(found) > 1:
        raise _No(RosterColumn.UNIT, RowTrouble.UNIT_AMBIGUOUS)
    return next(iter(found))


def _named(town: str, text: str, facts: RosterFacts) -> frozenset[int]:
    """Units of that name in a town ("": anywhere inside), also by a committee's full name."""
    spelled = {text, unit_name(text, UnitKind.VILLAGE), unit_name(text, UnitKind.COMMUNITY)}
    return frozenset[int]().union(*(facts.units.get((town, each), frozenset()) for each in spelled))


def _yes_or_no(cell: Raw) -> bool:
    text = _bare(text_of(cell)).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise _No(RosterColumn.BACKBONE, RowTrouble.BACKBONE_WRONG)


def _day(cell: Raw, today: date) -> date:
    """A day as a spreadsheet keeps it, or as people write it: 2021-3-5, 2021/3/5, 2021.3.5, 2021年3月5日."""
    if isinstance(cell, datetime):
        found: date | None = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        found = _written_day(text_of(cell))
    if found is None or found < FIRST_DAY:
        raise _No(RosterColumn.CERTIFIED, RowTrouble.DAY_WRONG)
    if found > today:
        raise _No(RosterColumn.CERTIFIED, RowTrouble.DAY_AHEAD)
    return found


def _written_day(text: str) -> date | None:
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?", text) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", text
    )
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3])) if parts else None
    except ValueError:
        return None


def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
