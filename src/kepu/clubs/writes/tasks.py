"""What a club sets out to reach together."""

from datetime import date, datetime

from django.db import transaction

from kepu.clubs.models import ClubTask
from kepu.clubs.rules import (
    TARGET_MAX,
    TASK_DAYS_MAX,
    TASKS_AT_ONCE_MAX,
    Refusal,
    Refused,
    TaskKind,
)
from kepu.clubs.writes.standing import manager_of
from kepu.kit import clock


@transaction.atomic
def set_task(club: int, by: int, kind: TaskKind, target: int, last_day: date, now: datetime) -> int | Refused:
    """From today to the last day the club wants to reach so many together; its number. Four queries.

    It earns nothing and names nobody. TASKS_AT_ONCE_MAX run at a time.
    """
    seat, today = manager_of(club, by), clock.day_of(now)
    if isinstance(seat, Refused):
        return seat
    if not 1 <= target <= TARGET_MAX:
        return Refused(Refusal.TARGET_WRONG, str(TARGET_MAX))
    if not 0 <= (last_day - today).days <= TASK_DAYS_MAX:
        return Refused(Refusal.DAYS_WRONG, str(TASK_DAYS_MAX))
    running = ClubTask.objects.filter(club=club, withdrawn_at=None, last_day__gte=today)
    if running.count() >= TASKS_AT_ONCE_MAX:
        return Refused(Refusal.TASKS_MANY, str(TASKS_AT_ONCE_MAX))
    made = ClubTask.objects.create(
        club=seat.club, kind=kind, target=target, first_day=today, last_day=last_day, set_by=by, set_at=now
    )
    return int(made.pk)


@transaction.atomic
def withdraw_task(task: int, by: int, now: datetime) -> Refused | None:
    """A manager drops a task; nothing is kept against anybody. Four queries."""
    row = ClubTask.objects.filter(pk=task, withdrawn_at=None).first()
    if row is None:
        return Refused(Refusal.UNKNOWN)
    seat = manager_of(row.club_id, by)
    if isinstance(seat, Refused):
        return seat
    ClubTask.objects.filter(pk=task).update(withdrawn_at=now)
    return None
