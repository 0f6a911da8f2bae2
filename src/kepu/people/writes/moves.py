"""Who belongs to which unit from which day on; what counted stays with the unit it was counted for."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from kepu.kit import clock
from kepu.people.models import (
    Certification,
    CertificationStep,
    Communicator,
    Unit,
    UnitMembership,
)
from kepu.people.reads import scopes_of
from kepu.people.rules import Ability, may
from kepu.people.rules.registers import AT_ONCE_MAX, RegisterNo, may_change_from
from kepu.people.writes.holding import lock_account, lock_accounts, lock_units

APPLIED_AT_ONCE = 200


@transaction.atomic
def arrange_move(account: int, unit: int, since_day: date, by: int, now: datetime) -> RegisterNo | None:
    """The communicator belongs to `unit` from `since_day` on: at once, or when that day comes.

    UNKNOWN outside the divisions in which `by` keeps rosters, OWN, UNIT_WRONG (closed or outside),
    SAME_UNIT, CHANGE_WAITS for a day already arranged, DAY_WRONG before the certification, on or before
    the last move, or more than a year ahead. Entries keep the unit of their moment. Nine queries at most.
    """
    lock_account(account)
    scopes, today = scopes_of(by), clock.day_of(now)
    person = Communicator.objects.filter(account=account, revoked_at=None).first()
    if person is None or not may(scopes, Ability.ROSTERS, person.division):
        return RegisterNo.UNKNOWN
    if account == by:
        return RegisterNo.OWN
    target = lock_units([unit]).get(unit)
    if target is None or target.closed_day is not None or not may(scopes, Ability.ROSTERS, target.division):
        return RegisterNo.UNIT_WRONG
    last = UnitMembership.objects.filter(account=account).order_by("-since_day").first()
    if last is not None and not last.is_applied:
        return RegisterNo.CHANGE_WAITS
    if target.pk == person.unit_id:
        return RegisterNo.SAME_UNIT
    earliest = last.since_day + timedelta(days=1) if last else clock.day_of(person.certified_at)
    if not may_change_from(since_day, earliest, today):
        return RegisterNo.DAY_WRONG
    write_move(person, target, since_day, by, now)
    return None


@transaction.atomic
def call_off_move(account: int, by: int) -> RegisterNo | None:
    """The move that waits for its day is off; UNKNOWN where none waits or outside the divisions of `by`."""
    lock_account(account)
    person = Communicator.objects.filter(account=account).first()
    waiting = UnitMembership.objects.filter(account=account, is_applied=False)
    if person is None or not may(scopes_of(by), Ability.ROSTERS, person.division):
        return RegisterNo.UNKNOWN
    if account == by:
        return RegisterNo.OWN
    if not waiting.delete()[0]:
        return RegisterNo.UNKNOWN
    _open_end(account)
    return None


def write_move(person: Communicator, target: Unit, since_day: date, by: int | None, now: datetime) -> None:
    """The history says so, and the register too once the day has come. Inside a transaction that holds the
    account; whoever calls has checked the day. Five queries at most.
    """
    account, first_day = person.account_id, clock.day_of(person.certified_at)
    is_due = since_day <= clock.day_of(now)
    history = UnitMembership.objects.filter(account=account)
    if history.filter(since_day=since_day, is_applied=True).update(unit=target):  # a second time that day
        _belong(account, target)
        return
    if not history.exists():
        if since_day > first_day:
            UnitMembership.objects.create(
                account_id=account,
                unit_id=person.unit_id,
                since_day=first_day,
                until_day=since_day,
                is_applied=True,
                arranged_at=now,
            )
    else:
        history.filter(until_day=None).update(until_day=since_day)
    UnitMembership.objects.create(
        account_id=account,
        unit=target,
        since_day=since_day,
        is_applied=is_due,
        arranged_by_id=by,
        arranged_at=now,
    )
    if is_due:
        _belong(account, target)


def note_certified_elsewhere(person: Communicator, unit: Unit, by: int | None, now: datetime) -> None:
    """Someone certified anew in another unit: the history says so from this day on. Five queries at most.

    A move that waited is off. Call it before the communicator's unit is changed.
    """
    today = clock.day_of(now)
    drop_waiting_move(person.account_id)
    if person.unit_id == unit.pk:
        return
    same_day = UnitMembership.objects.filter(account=person.account_id, since_day__gte=today)
    if same_day.update(unit=unit):
        return
    write_move(person, unit, max(today, clock.day_of(person.certified_at)), by, now)


def drop_waiting_move(account: int) -> None:
    """No move of this account waits any more, and its last unit is its unit. Three queries at most."""
    if UnitMembership.objects.filter(account=account, is_applied=False).delete()[0]:
        _open_end(account)


def apply_moves(now: datetime) -> int:
    """Moves whose day has come are in the register; how many. One query, six more a move.

    One of somebody who is no communicator any more is off: it would change what they apply for anew.
    """
    due = UnitMembership.objects.filter(is_applied=False, since_day__lte=clock.day_of(now))
    moved = 0
    for pk, account in list(due.order_by("since_day", "pk").values_list("pk", "account")[:APPLIED_AT_ONCE]):
        with transaction.atomic():
            lock_account(account)
            row = UnitMembership.objects.filter(pk=pk, is_applied=False).first()
            if row is None:
                continue
            if not Communicator.objects.filter(account=account, revoked_at=None).exists():
                drop_waiting_move(account)
                continue
            UnitMembership.objects.filter(pk=pk).update(is_applied=True)
            _belong(account, lock_units([row.unit_id])[row.unit_id])
            moved += 1
    return moved


@transaction.atomic
def set_backbones(
    accounts: Collection[int], is_backbone: bool, by: int, now: datetime
) -> list[tuple[int, str, str]]:
    """The communicators are or are not backbones (骨干), each kept as a step of their certification.

    (account, name, division) of those that changed. Others, and those outside the divisions of `by`, stay.
    At most AT_ONCE_MAX; five queries.
    """
    wanted = sorted(set(accounts) - {by})[:AT_ONCE_MAX]
    lock_accounts(wanted)
    scopes = scopes_of(by)
    rows = Communicator.objects.filter(account__in=wanted, revoked_at=None).exclude(is_backbone=is_backbone)
    inside = [row for row in rows.order_by("account") if may(scopes, Ability.ROSTERS, row.division)]
    changed = [row.account_id for row in inside]
    Communicator.objects.filter(account__in=changed).update(is_backbone=is_backbone)
    keep_steps(changed, by, now, {"is_backbone": is_backbone})
    return [(row.account_id, row.name, row.division) for row in inside]


def keep_steps(accounts: Collection[int], by: int | None, now: datetime, more: dict[str, bool | int]) -> None:
    """A step of each one's certification says what stands now, and `more`. Two queries."""
    held = Certification.objects.filter(account__in=accounts).order_by("account")
    CertificationStep.objects.bulk_create(
        CertificationStep(
            certification=each, state=each.state, acted_by_id=by, at=now, stated=stated(each) | more
        )
        for each in held
    )


def stated(certification: Certification) -> dict[str, str | int | bool]:
    """The fields of an application as a step keeps them."""
    return {
        "name": certification.name,
        "town": certification.town,
        "unit": certification.unit_id,
        "applicant_type": str(certification.applicant_type),
        "association": certification.association_id,
    }


def _open_end(account: int) -> None:
    """The last unit of the history is the present one again."""
    last = UnitMembership.objects.filter(account=account).order_by("-since_day").values_list("pk", flat=True)
    UnitMembership.objects.filter(pk__in=list(last[:1])).update(until_day=None)


def _belong(account: int, unit: Unit) -> None:
    Communicator.objects.filter(account=account).update(unit=unit, division=unit.division)
    Certification.objects.filter(account=account).update(unit=unit, town=unit.division[:9])
