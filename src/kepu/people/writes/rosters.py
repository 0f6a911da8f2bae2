"""Rosters people send: looked at, then entered whole or not at all.

All that takes long is done before the transaction that enters: that one only looks whether the register is
still as it was, and writes. So nothing is ever half entered, and whoever else writes waits a moment.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from kepu.kit import clock
from kepu.people.accounts import index_of
from kepu.people.models import RosterFile
from kepu.people.reads import scopes_of
from kepu.people.reads.roster_files import Register, facts_of, print_of, register_of, situation_of
from kepu.people.rules import Ability, divisions_for
from kepu.people.rules.headings import RosterColumn, RosterLine
from kepu.people.rules.rosters import RowFate, RowVerdict, counted, fates, phones_in
from kepu.people.writes.holding import lock_accounts, lock_units
from kepu.people.writes.roster_rows import Known, Rows, add_fate, known_of, write_rows

LOCKED_AT_ONCE = 500
TOLD_EVERY = 500
# (rows dealt with, of all): a page's progress; what it raises stops the work with nothing entered.
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it came: its bytes' hash, its name, where it lies."""

    sha256: str
    file_name: str
    upload: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a roster would do now. `number` is the roster's."""

    number: int
    fates: tuple[RowFate, ...]
    situation: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered, once. `is_repeated`: it had been before, and nothing changed now.

    `towns`: rows by verdict for each town (9 digits) that they concern; who moved concerns both.
    """

    number: int
    counts: dict[str, int]
    is_repeated: bool
    towns: dict[str, dict[str, int]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """A roster ready to be entered, while the register is as it was read. It holds whole phone numbers."""

    number: int
    by: int
    situation: str
    divisions: tuple[str, ...]
    indexes: list[str]
    printed: list[tuple[object, ...]]
    accounts: list[int]
    units: set[int]
    rows: Rows
    towns: dict[str, dict[str, int]]


def look_at_roster(
    job: int, brought: Brought, lines: Sequence[RosterLine], by: int, now: datetime, told: Told | None = None
) -> Preview:
    """The roster is known, with what each row would do; done again by the same job it is looked at anew.

    Fifteen queries at most, two more for each 500 rows past the first.
    """
    _register, found = _looked(lines, _divisions(by), by, now, told)
    situation = situation_of(found)
    row, _made = RosterFile.objects.update_or_create(
        job=job,
        defaults={
            "sha256": brought.sha256,
            "file_name": brought.file_name[:120],
            "upload": brought.upload,
            "brought_by_id": by,
            "brought_at": now,
            "counts": counted(found),
            "situation": situation,
        },
    )
    return Preview(row.pk, tuple(found), situation)


def plan_roster(
    number: int, lines: Sequence[RosterLine], seen: str, by: int, now: datetime, told: Told | None = None
) -> Plan | Preview | Entered:
    """The roster ready to be entered; a situation other than the one `seen` is a new preview instead.

    Sixteen queries at most, three more for each 500 rows past the first.
    """
    row = RosterFile.objects.get(pk=number, brought_by=by)
    if row.entered_at is not None:
        return Entered(row.pk, row.counts, is_repeated=True)
    # Read before the register itself: what changes in between shows when it is compared.
    divisions = _divisions(by)
    indexes = [index_of(phone) for phone in phones_in(lines)]
    printed = print_of(indexes, divisions)
    register, found = _looked(lines, divisions, by, now, told)
    situation = situation_of(found)
    if not situation == row.situation == seen:
        RosterFile.objects.filter(pk=number).update(situation=situation, counts=counted(found))
        return Preview(row.pk, tuple(found), situation)
    known, rows = known_of(register), Rows()
    for count, fate in enumerate(found):
        add_fate(rows, fate, known, by, now)
        if told is not None and count % TOLD_EVERY == 0:
            told(len(lines) + count, 3 * len(lines))
    accounts, units = sorted(known.held), _units(found, known)
    return Plan(
        number, by, situation, divisions, indexes, printed, accounts, units, rows, _towns(found, known)
    )


def enter_roster(plan: Plan, now: datetime) -> Entered | None:
    """Every row that is not refused is entered, or none: None when the register changed since the plan.

    A roster entered before stays as it is. Some 25 statements, two more for each 500 new people
    and for each 5,000 rows.
    """
    try:
        return _enter(plan, now)
    except IntegrityError:  # somebody signed up with one of the numbers this moment
        return None


@transaction.atomic
def _enter(plan: Plan, now: datetime) -> Entered | None:
    row = RosterFile.objects.select_for_update().get(pk=plan.number)
    if row.entered_at is not None:
        return Entered(row.pk, row.counts, is_repeated=True)
    _lock(plan.accounts)
    lock_units(plan.units)
    stands = plan.divisions == _divisions(plan.by) and plan.situation == row.situation
    if not stands or print_of(plan.indexes, plan.divisions) != plan.printed:
        return None
    write_rows(plan.rows)
    RosterFile.objects.filter(pk=plan.number).update(entered_at=now)
    return Entered(row.pk, row.counts, is_repeated=False, towns=plan.towns)


def _looked(
    lines: Sequence[RosterLine], divisions: tuple[str, ...], by: int, now: datetime, told: Told | None
) -> tuple[Register, list[RowFate]]:
    """The register that the rows are held against, and what becomes of each."""
    phones = {index_of(phone): phone for phone in phones_in(lines)}

    def looked_up(count: int) -> None:
        if told is not None:
            told(count, 3 * len(lines))

    register = register_of(list(phones), divisions, looked_up)
    facts = facts_of(register, phones, divisions, by, clock.day_of(now))
    return register, fates(lines, facts)


def _divisions(by: int) -> tuple[str, ...]:
    return divisions_for(scopes_of(by), Ability.ROSTERS)


def _lock(accounts: Sequence[int]) -> None:
    """Nobody changes these accounts before the transaction ends; SQLite lets one write at a time anyway."""
    if not connection.features.has_select_for_update:
        return
    for start in range(0, len(accounts), LOCKED_AT_ONCE):
        lock_accounts(accounts[start : start + LOCKED_AT_ONCE])


def _units(found: Sequence[RowFate], known: Known) -> set[int]:
    """The units that somebody is put into, and those they come from."""
    changed = [fate for fate in found if fate.verdict in (RowVerdict.NEW, RowVerdict.CHANGED)]
    wanted = {int(str(fate.wanted.get(RosterColumn.UNIT, 0))) for fate in changed}
    held = {known.held[fate.account].unit or 0 for fate in changed if fate.account}
    return (wanted | held) - {0}


def _towns(found: Sequence[RowFate], known: Known) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for fate in found:
        if fate.verdict is RowVerdict.REFUSED:
            continue
        held = known.held.get(fate.account)
        unit = known.units.get(int(str(fate.wanted.get(RosterColumn.UNIT, 0))))
        before = (held.division or "")[:9] if held is not None else ""
        for town in {before, unit.division[:9] if unit is not None else ""} - {""}:
            of_town = counts.setdefault(town, dict.fromkeys(("new", "changed", "same"), 0))
            of_town[fate.verdict.value] += 1
    return counts
