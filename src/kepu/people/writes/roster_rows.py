"""What a roster writes: made ready row by row before its transaction, then written by few statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from kepu.kit import clock
from kepu.people.accounts import index_of
from kepu.people.models import (
    Account,
    Certification,
    CertificationStep,
    Communicator,
    Unit,
    UnitMembership,
)
from kepu.people.reads.roster_files import Belonged, Held, Register
from kepu.people.rules import ApplicantType, CertificationState, Enrolment
from kepu.people.rules.headings import RosterColumn
from kepu.people.rules.rosters import RowFate, RowVerdict
from kepu.people.writes.enrolment import account_row, certification_row, communicator_row, step_row

READ_BACK_AT_ONCE = 500
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A register to look things up in: units by number, what is held and who belonged where by account."""

    units: dict[int, Unit]
    held: dict[int, Held]
    belonged: dict[int, list[Belonged]]


@dataclass(frozen=True, slots=True)
class Paper:
    """The rows of somebody new without the number each begins with: of the account, of the certification.

    `certification` is None where one is there and is updated instead.
    """

    certification: Row | None
    step: Row
    communicator: Row


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as the database takes them, columns in the model's order without a number of its own.

    `fresh`: (account, the rest) by phone index; `paper`: the rest by account. `updates`: by model and
    columns, the row's number last.
    """

    fresh: dict[str, tuple[Row, Paper]] = field(default_factory=dict)
    paper: dict[int, Paper] = field(default_factory=dict)
    moves: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)
    updates: dict[tuple[type[models.Model], tuple[str, ...]], list[Row]] = field(default_factory=dict)


def known_of(register: Register) -> Known:
    """The register to look things up in."""
    belonged: dict[int, list[Belonged]] = defaultdict(list)
    for row in register.belonged:
        belonged[row.account].append(row)
    units = {pk: Unit(pk=pk, name=name, division=division) for pk, name, division in register.units}
    return Known(units, {row.account: row for row in register.held}, dict(belonged))


def add_fate(rows: Rows, fate: RowFate, known: Known, by: int, now: datetime) -> None:
    """What a row of the roster writes is among `rows`; nothing of one refused or the same. No query."""
    if fate.verdict is RowVerdict.NEW:
        _certify(rows, fate, known, by, now)
    elif fate.verdict is RowVerdict.CHANGED:
        _change(rows, fate, known, by, now)


def write_rows(rows: Rows) -> None:
    """All of it stands. Inside a transaction that holds the accounts; IntegrityError where somebody signed up
    meanwhile. Some 20 statements, two more for each READ_BACK_AT_ONCE new people.
    """
    _insert(Account, [account for account, _paper in rows.fresh.values()])
    numbers = _numbers(Account, "phone_index", list(rows.fresh))
    new = {numbers[index]: paper for index, (_account, paper) in rows.fresh.items()} | rows.paper
    made = {account: paper.certification for account, paper in new.items() if paper.certification is not None}
    _insert(Certification, [(account, *row) for account, row in made.items()])
    for (model, columns), values in rows.updates.items():
        _update(model, columns, values)
    certifications = _numbers(Certification, "account", list(new))
    _insert(CertificationStep, [(certifications[account], *paper.step) for account, paper in new.items()])
    _insert(Communicator, [(account, *paper.communicator) for account, paper in new.items()])
    _insert(UnitMembership, rows.moves)
    _insert(CertificationStep, rows.steps)


def _certify(rows: Rows, fate: RowFate, known: Known, by: int, now: datetime) -> None:
    """Somebody new, or who had signed up, is a communicator on paper from the stated day on."""
    enrolment, index = _enrolment(fate, now), index_of(fate.phone)
    unit = known.units[enrolment.unit_id]
    account = account_row(index, enrolment, unit, now)
    certification = certification_row(account, enrolment, unit)
    person = _ready(communicator_row(account, enrolment, unit))[1:]
    step = _ready(step_row(certification, by, now))[1:]
    if not fate.account:
        rows.fresh[index] = _ready(account), Paper(_ready(certification)[1:], step, person)
        return
    if not known.held[fate.account].display_name:  # who works for the site keeps the name colleagues know
        _note(rows, Account, fate.account, {"display_name": enrolment.name})
    certification.review_due_at, certification.decided_at = enrolment.certified_at, now
    held = known.held[fate.account].certification
    if held is None:
        rows.paper[fate.account] = Paper(_ready(certification)[1:], step, person)
        return
    names = [each.attname for each in _fields(Certification) if each.name != "account"]
    _note(rows, Certification, held, {name: getattr(certification, name) for name in names})
    rows.paper[fate.account] = Paper(None, step, person)


def _change(rows: Rows, fate: RowFate, known: Known, by: int, now: datetime) -> None:
    """A communicator's unit, type, association or backbone is another, with a step that says so."""
    held, wanted = known.held[fate.account], fate.wanted
    person: dict[str, Any] = {}
    paper: dict[str, Any] = {}
    if RosterColumn.UNIT in wanted:
        unit = known.units[_number(fate, RosterColumn.UNIT)]
        _move(rows, held, (unit, known.belonged.get(held.account, [])), by, now)
        person |= {"unit_id": unit.pk, "division": unit.division}
        paper |= {"unit_id": unit.pk, "town": unit.division[:9]}
    if RosterColumn.ASSOCIATION in wanted:
        association = {"association_id": _number(fate, RosterColumn.ASSOCIATION)}
        person |= association
        paper |= association
    if RosterColumn.TYPE in wanted:
        paper |= {"applicant_type": ApplicantType(str(wanted[RosterColumn.TYPE]))}
    more: dict[str, bool] = {}
    if RosterColumn.BACKBONE in wanted:
        more = {"is_backbone": bool(wanted[RosterColumn.BACKBONE])}
    _note(rows, Communicator, held.account, person | more)
    if held.certification is None:
        return
    _note(rows, Certification, held.certification, paper)
    stated = {
        "name": held.stated_name,
        "town": paper.get("town", held.town),
        "unit": paper.get("unit_id", held.stated_unit),
        "applicant_type": str(paper.get("applicant_type", held.applicant_type)),
        "association": paper.get("association_id", held.stated_association),
    }
    step = CertificationStep(
        certification_id=held.certification,
        state=CertificationState(str(held.state)),
        acted_by_id=by,
        at=now,
        stated=stated | more,
    )
    rows.steps.append(_ready(step))


def _move(rows: Rows, held: Held, to: tuple[Unit, list[Belonged]], by: int, now: datetime) -> None:
    """As `moves.write_move` for a move of today, of somebody who has no other waiting."""
    (unit, history), today = to, clock.day_of(now)
    assert held.certified_at is not None and held.unit is not None  # noqa: PT018 - a communicator
    same_day = next((row for row in history if row.since_day == today and row.is_applied), None)
    if same_day is not None:
        _note(rows, UnitMembership, same_day.membership, {"unit_id": unit.pk})
        return
    first_day = clock.day_of(held.certified_at)
    if not history and today > first_day:
        rows.moves.append(_belonging(held.account, held.unit, (first_day, today), None, now))
    for row in history:
        if row.until_day is None:
            _note(rows, UnitMembership, row.membership, {"until_day": today})
    rows.moves.append(_belonging(held.account, unit.pk, (today, None), by, now))


def _belonging(account: int, unit: int, days: tuple[date, date | None], by: int | None, now: datetime) -> Row:
    return _ready(
        UnitMembership(
            account_id=account,
            unit_id=unit,
            since_day=days[0],
            until_day=days[1],
            is_applied=True,
            arranged_by_id=by,
            arranged_at=now,
        )
    )


def _enrolment(fate: RowFate, now: datetime) -> Enrolment:
    day = fate.wanted.get(RosterColumn.CERTIFIED)
    return Enrolment(
        phone=fate.phone,
        name=str(fate.wanted[RosterColumn.NAME]),
        unit_id=_number(fate, RosterColumn.UNIT),
        association_id=_number(fate, RosterColumn.ASSOCIATION),
        applicant_type=ApplicantType(str(fate.wanted[RosterColumn.TYPE])),
        is_backbone=bool(fate.wanted[RosterColumn.BACKBONE]),
        certified_at=clock.start_of(day) if isinstance(day, date) else now,
    )


def _number(fate: RowFate, column: RosterColumn) -> int:
    return int(str(fate.wanted[column]))


def _fields(model: type[models.Model]) -> list[Any]:
    return [each for each in model._meta.concrete_fields if not isinstance(each, models.AutoField)]


def _ready(row: models.Model) -> Row:
    """The columns of a row that is not kept yet, as the database takes them."""
    fields = _fields(type(row))
    return tuple(each.get_db_prep_save(getattr(row, each.attname), connection) for each in fields)


def _note(rows: Rows, model: type[models.Model], number: int, values: dict[str, Any]) -> None:
    """These columns of the row with this number will be set; nothing where there are none."""
    if not values:
        return
    fields = {each.attname: each for each in model._meta.concrete_fields}
    ready = [fields[name].get_db_prep_save(value, connection) for name, value in values.items()]
    rows.updates.setdefault((model, tuple(values)), []).append((*ready, number))


def _insert(model: type[models.Model], values: Sequence[Row]) -> None:
    columns = ", ".join(_quoted(each.column) for each in _fields(model))
    marks = ", ".join(["%s"] * len(_fields(model)))
    _many(f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({marks})", values)  # noqa: S608


def _update(model: type[models.Model], names: tuple[str, ...], values: Sequence[Row]) -> None:
    columns = {each.attname: each.column for each in model._meta.concrete_fields}
    sets = ", ".join(f"{_quoted(columns[name])} = %s" for name in names)
    number = _quoted(str(model._meta.pk.column))
    _many(f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE {number} = %s", values)  # noqa: S608


def _many(statement: str, values: Sequence[Row]) -> None:
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)


def _numbers(model: Any, name: str, keys: Sequence[Any]) -> dict[Any, int]:
    """The number of each row by the value of a unique column."""
    found: dict[Any, int] = {}
    for start in range(0, len(keys), READ_BACK_AT_ONCE):
        some = {f"{name}__in": keys[start : start + READ_BACK_AT_ONCE]}
        found |= dict(model.objects.filter(**some).values_list(name, "pk"))
    return found


def _quoted(name: str | None) -> str:
    """A name of our own models, never anything typed."""
    assert name is not None
    return connection.ops.quote_name(name)
