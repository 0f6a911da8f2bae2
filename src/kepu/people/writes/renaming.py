"""Units added, named anew or given another code from a day on, closed."""

from datetime import date, datetime, timedelta

from django.db import transaction

from kepu.kit import clock
from kepu.people.models import Certification, Communicator, StaffScope, Unit, UnitMembership, UnitName
from kepu.people.reads import scopes_of
from kepu.people.rules import Ability, CertificationState, UnitKind, may
from kepu.people.rules.registers import FROM_THE_FIRST, RegisterNo, may_change_from, unit_name_of
from kepu.people.writes.holding import lock_units
from kepu.regions import reads as regions
from kepu.regions import writes as regions_writes
from kepu.regions.rules import is_code

CODE_DIGITS = {UnitKind.VILLAGE: 12, UnitKind.COMMUNITY: 12, UnitKind.DEPARTMENTS: 9}


@transaction.atomic
def add_unit(name: str, kind: UnitKind, code: str, by: int, now: datetime) -> int | RegisterNo:
    """A new unit (its id), or NAME_WRONG, CODE_WRONG, NAME_TAKEN, CODE_TAKEN; UNKNOWN outside.

    A village or community has a code of its own in a known town, departments share their town's.
    """
    kept = unit_name_of(name)
    if kept is None:
        return RegisterNo.NAME_WRONG
    if not _is_place(kind, code):
        return RegisterNo.CODE_WRONG
    if not may(scopes_of(by), Ability.ROSTERS, code):
        return RegisterNo.UNKNOWN
    lock_units(Unit.objects.filter(division__startswith=code[:9]).values_list("pk", flat=True))
    taken = _taken(kept, code, kind, None)  # two who press at once: the second sees the first's unit
    if taken is not None:
        return taken
    _make_known(code, kept)
    return Unit.objects.create(name=kept, kind=kind, division=code).pk


@transaction.atomic
def rename_unit(
    unit: int, name: str, code: str, since_day: date, by: int, now: datetime
) -> RegisterNo | None:
    """The unit bears that name and code from a day on; before it, what it bore then.

    Its people go with it, and whoever works for it. UNKNOWN, NAME_WRONG, CODE_WRONG (another county, another
    level), NAME_TAKEN, CODE_TAKEN, NOTHING_CHANGED, CHANGE_WAITS, DAY_WRONG (not after the last change, over
    a year ahead).
    """
    scopes, today = scopes_of(by), clock.day_of(now)
    row = Unit.objects.select_for_update().filter(pk=unit).first()
    if row is None or not may(scopes, Ability.ROSTERS, row.division):
        return RegisterNo.UNKNOWN
    kept, kind = unit_name_of(name), UnitKind(row.kind)
    if kept is None:
        return RegisterNo.NAME_WRONG
    if not _is_place(kind, code) or code[:6] != row.division[:6] or not may(scopes, Ability.ROSTERS, code):
        return RegisterNo.CODE_WRONG
    if (kept, code) == (row.name, row.division):
        return RegisterNo.NOTHING_CHANGED
    last = UnitName.objects.filter(unit=row).order_by("-since_day").first()
    if last is not None and not last.is_applied:
        return RegisterNo.CHANGE_WAITS
    earliest = (last.since_day if last is not None else FROM_THE_FIRST) + timedelta(days=1)
    if not may_change_from(since_day, earliest, today):
        return RegisterNo.DAY_WRONG
    taken = _taken(kept, code, kind, row.pk)
    if taken is not None:
        return taken
    if last is None:
        _keep_name(row, row.name, row.division, FROM_THE_FIRST, (None, now))
    _keep_name(row, kept, code, since_day, (by, now))
    if since_day <= today:
        _bear(row, kept, code)
    return None


def _keep_name(
    unit: Unit, name: str, code: str, since_day: date, set_by: tuple[int | None, datetime]
) -> None:
    by, now = set_by
    UnitName.objects.create(
        unit=unit,
        name=name,
        division=code,
        since_day=since_day,
        is_applied=since_day <= clock.day_of(now),
        set_by_id=by,
        set_at=now,
    )


@transaction.atomic
def call_off_renaming(unit: int, by: int) -> RegisterNo | None:
    """The change that waits for its day is off; UNKNOWN where none waits or outside the divisions of `by`."""
    row = Unit.objects.select_for_update().filter(pk=unit).first()
    if row is None or not may(scopes_of(by), Ability.ROSTERS, row.division):
        return RegisterNo.UNKNOWN
    gone = UnitName.objects.filter(unit=row, is_applied=False).delete()[0]
    return None if gone else RegisterNo.UNKNOWN


@transaction.atomic
def close_unit(unit: int, is_closed: bool, by: int, now: datetime) -> RegisterNo | None:
    """The unit is no longer offered, or is again; UNIT_NOT_EMPTY while anybody belongs or moves to it.

    What its people brought stays counted for it.
    """
    row = Unit.objects.select_for_update().filter(pk=unit).first()
    if row is None or not may(scopes_of(by), Ability.ROSTERS, row.division):
        return RegisterNo.UNKNOWN
    if is_closed and (
        Communicator.objects.filter(unit=row, revoked_at=None).exists()
        or UnitMembership.objects.filter(unit=row, is_applied=False).exists()
        or Certification.objects.filter(unit=row, state=CertificationState.SUBMITTED).exists()
    ):
        return RegisterNo.UNIT_NOT_EMPTY
    Unit.objects.filter(pk=unit).update(closed_day=clock.day_of(now) if is_closed else None)
    return None


def apply_names(now: datetime) -> int:
    """Names and codes whose day has come are borne; how many. One query, seven more a change."""
    due = UnitName.objects.filter(is_applied=False, since_day__lte=clock.day_of(now)).order_by(
        "since_day", "pk"
    )
    applied = 0
    for pk, unit in list(due.values_list("pk", "unit")):
        with transaction.atomic():
            held = Unit.objects.select_for_update().get(pk=unit)
            row = UnitName.objects.filter(pk=pk, is_applied=False).first()
            if row is not None:
                UnitName.objects.filter(pk=pk).update(is_applied=True)
                _bear(held, row.name, row.division)
                applied += 1
    return applied


def _is_place(kind: UnitKind, code: str) -> bool:
    """Whether a unit of this kind can stand at the code: the right level, in a town that is known."""
    return is_code(code) and len(code) == CODE_DIGITS[kind] and regions.division(code[:9]) is not None


def _taken(name: str, code: str, kind: UnitKind, but: int | None) -> RegisterNo | None:
    """Whether another unit bears the name there, or the code, now or from a day to come."""
    waiting = UnitName.objects.filter(division=code, is_applied=False).exclude(unit=but or 0)
    others = Unit.objects.filter(division=code).exclude(pk=but or 0)
    if others.filter(name=name).exists() or waiting.filter(name=name).exists():
        return RegisterNo.NAME_TAKEN
    if kind is not UnitKind.DEPARTMENTS and (others.exists() or waiting.exists()):
        return RegisterNo.CODE_TAKEN
    return None


def _bear(unit: Unit, name: str, code: str) -> None:
    Unit.objects.filter(pk=unit.pk).update(name=name, division=code)
    if code != unit.division:
        Communicator.objects.filter(unit=unit).update(division=code)
        Certification.objects.filter(unit=unit).exclude(town="").update(town=code[:9])
        _move_clerks(unit.division, code)
    if len(code) == 12:
        _make_known(code, name)


def _move_clerks(old: str, code: str) -> None:
    """Whoever worked for the unit works for it under its new code; the old one may be another's one day."""
    if len(old) != 12:  # departments share their town's code
        return
    there = set(StaffScope.objects.filter(division=code).values_list("account", "role"))
    for scope in StaffScope.objects.filter(division=old):
        mine = StaffScope.objects.filter(pk=scope.pk)
        if (scope.account_id, scope.role) in there:
            mine.delete()
        else:
            mine.update(division=code)


def _make_known(code: str, name: str) -> None:
    """The tree knows the village under its present name, so that rule sheets and lists do."""
    if len(code) == 12:
        regions_writes.name_division(code, name)
