"""Points expire: people are told first, page by page, and nobody loses what they were not told of."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.db import OperationalError, transaction

from kepu.kit import clock
from kepu.kit.apart import by_itself
from kepu.ledger.reads.points import account_of_points, expiring
from kepu.ledger.rules import Refusal
from kepu.ledger.writes.points import expire
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.rules import NoticeKind
from kepu.points.models import Reached, Telling
from kepu.points.reads import expiry_versions, tellings_of
from kepu.points.rules import (
    ANNOUNCED_DAYS,
    Expiry,
    day_for,
    last_day_of_points,
    left_of,
    years_to_look_at,
)

TOLD_AT_ONCE = 500
EXPIRED_AT_ONCE = 100


def tell_of_expiry(now: datetime) -> bool:
    """The next page of people who will lose points have their message; whether there may be more.

    Each is told once of a year; once more where meanwhile they have more of it than they were told, or the
    rule gives them longer, and then their day is at least 30 days after that. A page and its place stand
    together, so whoever is cut off goes on there; a year is walked once a day. One query where nothing is
    due, two more for each year that is walked; a page takes six and two a person told.
    """
    versions = expiry_versions()
    years = years_to_look_at(versions, clock.day_of(now)) if versions else []
    return any(_tell_page(year, rule_day, now) for year, rule_day in years)


def expire_due(now: datetime) -> bool:
    """The points of the next people whose day is over are gone, each once; whether there may be more.

    What the rule made longer, and what was spent, is no longer announced; whoever has more than they were
    told is told again and keeps all for 30 days more. One that fails is logged and stops nobody else. One
    query where nothing is due; else three and for each person three and a transaction of the ledger.
    """
    due = Telling.objects.filter(done_at=None, last_day__lt=clock.day_of(now))
    rows = list(due.order_by("last_day", "year", "pk")[:EXPIRED_AT_ONCE])
    if not rows:
        return False
    versions = expiry_versions()
    closed = people.closed_accounts(row.person for row in rows)
    for row in rows:
        if row.person in closed or _is_longer(versions, row):
            row.delete()
            continue
        about = {"person": row.person, "year": row.year}
        by_itself("expiry_failed", partial(_expire, row, now), but=(OperationalError,), **about)
    return len(rows) == EXPIRED_AT_ONCE


def _expire(row: Telling, now: datetime) -> None:
    earlier = Telling.objects.filter(person=row.person, year__lt=row.year, done_at=None).order_by("-last_day")
    waits_for = earlier.first()
    if waits_for is not None and waits_for.last_day > row.last_day:
        # Oldest first: what was announced for later of an earlier year would go with this one.
        row.last_day = waits_for.last_day
        row.save()
        return
    left = left_of(account_of_points(row.person).lots, row.year)
    if not left:
        row.delete()
    elif left > row.points:
        _tell(row, left, clock.day_of(now) + timedelta(days=ANNOUNCED_DAYS), now)
    else:
        # A durable transaction of its own, once a person and year: cut off here, the row stays due.
        if isinstance(expire(row.person, row.year, left, now), Refusal):
            row.last_day = clock.day_of(now)  # still theirs today, and tried again tomorrow
        else:
            # A first receipt got again too: the year is done, what came later goes with the next one.
            row.done_at = now
        row.save()


@transaction.atomic
def _tell_page(year: int, rule_day: date, now: datetime) -> bool:
    """One page of a year's people is told; False when the year was walked today, or its walk ends here."""
    today = clock.day_of(now)
    place, _made = Reached.objects.select_for_update().get_or_create(task=f"tell {year}")
    if place.on_day == today:
        return False
    losing = dict(expiring(year, place.number, TOLD_AT_ONCE))
    place.number, place.on_day = (max(losing), None) if losing else (0, today)
    place.save()
    if not losing:
        return False
    closed = people.closed_accounts(losing)
    told = tellings_of(losing)
    waiting = [row for row in told if row.done_at is None]
    known = {row.person: row for row in told if row.year == year}
    earlier = {row.person: row.year for row in waiting if row.year < year}
    for person, rest in losing.items():
        if person in closed:
            continue
        row = known.get(person) or Telling(person=person, year=year, points=0, last_day=date.min)
        if row.done_at is not None:
            continue
        announced = earlier.get(person)
        left = left_of(account_of_points(person).lots, year, announced) if announced else rest
        if left and (row.points < left or row.last_day < rule_day):
            _tell(row, left, max(row.last_day, day_for(rule_day, today)), now)
    return True


def _is_longer(versions: Sequence[Expiry], row: Telling) -> bool:
    """Whether the rule gives the year longer than was told, or for ever."""
    rule_day = last_day_of_points(versions, row.year)
    return rule_day is None or row.last_day < rule_day


@transaction.atomic
def _tell(row: Telling, points: int, last_day: date, now: datetime) -> None:
    row.points, row.last_day, row.told_at = points, last_day, now
    row.save()
    words = {
        "points": f"{points:,}",
        "year": str(row.year),
        "day": f"{last_day.year}年{last_day.month}月{last_day.day}日",
    }
    people_writes.notify(row.person, NoticeKind.POINTS_EXPIRE, words, "/me/points/", now)
