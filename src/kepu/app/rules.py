"""What the app's pages decide without a database: who reads, how an act is named, how far someone is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kepu.campaigns.rules import Round, last_day_of
from kepu.kit import clock
from kepu.ledger.links import Link
from kepu.ledger.rules import Entry, own_event

FORECAST_DAYS = 14
FORECAST_DAYS_MIN = 3
STREAK_DAYS_MAX = 1000


class PartOfDay(StrEnum):
    """The four greetings of a day."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of_day(moment: datetime) -> PartOfDay:
    """The greeting that fits: morning from 5, noon from 11, afternoon from 13, evening from 18."""
    hour = moment.astimezone(clock.SHANGHAI).hour
    if 5 <= hour < 11:
        return PartOfDay.MORNING
    if 11 <= hour < 13:
        return PartOfDay.NOON
    return PartOfDay.AFTERNOON if 13 <= hour < 18 else PartOfDay.EVENING


def once(*parts: str | int) -> bytes:
    """The event id (16 bytes) of an act that can happen only once for these parts, e.g. an open a day.

    Asked again it is the same, so that the ledger answers with the first receipt.
    """
    return own_event(*(str(part).encode() for part in parts))


def link_of(share: Entry) -> Link:
    """The personal link of a share as it stands in the ledger."""
    return Link(share.book, share.seq, share.person, share.article, share.ref_book, share.ref_seq)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a round comes to if the days go on as the last did, rounded down as far as it can be known.

    `missing` is what `at_end` falls short of the basic task; `a_day` is the volume a day, today included,
    that still completes it (`DayTask.is_possible` says whether so much counts).
    """

    last_day: date
    at_end: int
    missing: int
    a_day: int


@dataclass(frozen=True, slots=True)
class DayTask:
    """The basic task spread evenly over the days a person has for it.

    `to_month` is missing to what should be there at the end of this month (or of the round), `for_today`
    that part of it which today should bring and has not yet. `is_possible` is False, and nothing is asked
    for, where even the most that counts on every day left does not complete the basic task.
    """

    to_month: int
    for_today: int
    is_possible: bool = True


@dataclass(frozen=True, slots=True)
class Streak:
    """On how many days in a row someone checked in, up to today or, while today is open, yesterday."""

    days: int
    has_today: bool


def forecast(round_: Round, volumes: Mapping[date, int], today: date) -> Forecast | None:
    """Where the pace of the last FORECAST_DAYS days leads; None when there is nothing to foretell.

    That is before and after the round, once the basic task is done, and while fewer than
    FORECAST_DAYS_MIN whole days are known since the first that counted. `volumes` are by day; today's
    counts as it is, but the pace is that of whole days.
    """
    first, last = clock.day_of(round_.opens_at), last_day_of(round_.closes_at)
    held = {day: volume for day, volume in volumes.items() if first <= day <= today}
    total = sum(held.values())
    began = min((day for day, volume in held.items() if volume > 0), default=None)
    if not first <= today <= last or total >= round_.basic_task or began is None:
        return None
    since = max(began, today - timedelta(days=FORECAST_DAYS))
    known = (today - since).days
    if known < FORECAST_DAYS_MIN:
        return None
    recent = max(0, sum(volume for day, volume in held.items() if since <= day < today))
    left = (last - today).days
    rest_of_today = max(0, recent // known - held.get(today, 0))
    at_end = _about(total + rest_of_today + recent * left // known)
    a_day = -(-(round_.basic_task - total) // (left + 1))
    return Forecast(last, at_end, max(0, round_.basic_task - at_end), a_day)


def day_task(
    round_: Round,
    volumes: Mapping[date, int],
    today: date,
    *,
    since: date | None = None,
    per_day_max: int | None = None,
) -> DayTask | None:
    """What the day asks for, or None outside the round and once its basic task is done.

    The basic task is spread from the first day of the round or `since`, the day one was certified, if that
    is later. What was missing at the start of the month, and what is missing today, is spread over all days
    left; the least of the three is asked for. So what was missed is never heaped on a few days, whoever is
    ahead is not asked for more, and no day for more than counts on one (`per_day_max`).
    """
    first, last = clock.day_of(round_.opens_at), last_day_of(round_.closes_at)
    held = {day: volume for day, volume in volumes.items() if first <= day <= today}
    total, done_today = sum(held.values()), held.get(today, 0)
    if not first <= today <= last or total >= round_.basic_task:
        return None
    if not _within_reach(round_.basic_task - total, done_today, (last - today).days, per_day_max):
        return DayTask(0, 0, is_possible=False)
    start = min(max(first, since or first), today)
    end = min(last, _month_end(today))
    days, at_dawn = (end - today).days + 1, total - done_today
    starts = (start, max(start, today.replace(day=1)), today)
    due = min(_due(round_.basic_task, held, each, end, last) for each in starts)
    share = -(-max(0, due - at_dawn) // days)
    to_month = max(0, due - total)
    return DayTask(to_month, min(to_month, max(0, share - done_today)))


def streak(days: Collection[date], today: date) -> Streak:
    """The days in a row among `days` that end today or yesterday; a day left out breaks them."""
    has_today = today in days
    day = today if has_today else today - timedelta(days=1)
    length = 0
    while day in days and length < STREAK_DAYS_MAX:
        day, length = day - timedelta(days=1), length + 1
    return Streak(length, has_today)


def date_of(day: int) -> date:
    """A day of the ledger (yyyymmdd) as a date."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def _due(basic_task: int, held: Mapping[date, int], start: date, end: date, last: date) -> int:
    """What should be there at the end of `end`, were what was missing on `start` spread evenly to `last`."""
    before = sum(volume for day, volume in held.items() if day < start)
    return before - (before - basic_task) * ((end - start).days + 1) // ((last - start).days + 1)


def _within_reach(missing: int, done_today: int, days_after: int, per_day_max: int | None) -> bool:
    """Whether the rest of today and the days after it can bring what is missing."""
    if per_day_max is None:
        return True
    return missing <= max(0, per_day_max - done_today) + per_day_max * days_after


def _about(volume: int) -> int:
    return volume if volume < 100 else volume // 10 * 10


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
