"""When the points of a year expire: by the calendar, announced long before, never earlier than announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# Nobody loses a point who was not told this many whole days before.
ANNOUNCED_DAYS = 30
# Telling begins so much earlier, so that a worker that slept a few days moves nobody's day.
SLACK_DAYS = 5
YEARS_MAX = 10
# So long after its day a year is looked at again, for those whose points were entered late.
LOOKED_AFTER = timedelta(days=60)
Lot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Expiry:
    """One version of the site's rule: points of year Y expire at the end of `month`-`day` of Y + `years`.

    `years` 0: never. A version that takes something away earlier than the one before does so from `from_day`
    on; what it makes longer holds at once.
    """

    years: int
    month: int
    day: int
    from_day: date


class ExpiryTrouble(StrEnum):
    """Why a rule cannot be declared."""

    DAY_WRONG = "day_wrong"
    YEARS_WRONG = "years_wrong"
    TOO_SOON = "too_soon"
    UNCHANGED = "unchanged"
    WHY_MISSING = "why_missing"


def last_day_of_points(versions: Sequence[Expiry], year: int) -> date | None:
    """The day at whose end points of a year expire under all versions so far, oldest first; None: never."""
    day: date | None = None
    for version in versions:
        day = day_after_change(day, version, year)
    return day


def day_after_change(before: date | None, version: Expiry, year: int) -> date | None:
    """The day for a year once a new version holds: a longer one at once, a shorter one from its first day."""
    wanted = date(year + version.years, version.month, version.day) if version.years else None
    if wanted is None or (before is not None and before <= wanted):
        return wanted
    begun = max(wanted, version.from_day)
    return begun if before is None else min(before, begun)


def next_possible_day(today: date) -> date:
    """The first day from which a rule made today may take anything away earlier than before."""
    return today + timedelta(days=ANNOUNCED_DAYS + 1)


def expiry_trouble(versions: Sequence[Expiry], wanted: Expiry, today: date) -> ExpiryTrouble | None:
    """What speaks against a new version made today; None where nothing does."""
    if not 0 <= wanted.years <= YEARS_MAX:
        return ExpiryTrouble.YEARS_WRONG
    if not _is_day_of_every_year(wanted.month, wanted.day):
        return ExpiryTrouble.DAY_WRONG
    before = versions[-1] if versions else None
    if _shape(before) == _shape(wanted):
        return ExpiryTrouble.UNCHANGED
    if wanted.from_day < next_possible_day(today) and _hurts(versions, wanted, today):
        return ExpiryTrouble.TOO_SOON
    return None


def day_for(rule_day: date, told_on: date) -> date:
    """The day at whose end one person's points expire: the rule's, or later when they were told too late."""
    return max(rule_day, told_on + timedelta(days=ANNOUNCED_DAYS))


def announced_from(rule_day: date, year: int) -> date:
    """The first day on which people are told: just before the 30 days begin, never within the year itself."""
    return max(rule_day - timedelta(days=ANNOUNCED_DAYS + SLACK_DAYS), date(year + 1, 1, 1))


def years_to_look_at(versions: Sequence[Expiry], today: date) -> list[tuple[int, date]]:
    """The years whose people are told, or told late, on a day, the oldest first, each with the rule's day.

    Points of a year before go with the next one that is looked at, so of those long over only the last is.
    """
    found: list[tuple[int, date]] = []
    for year in range(today.year - YEARS_MAX - 1, today.year):
        day = last_day_of_points(versions, year)
        if day is not None and announced_from(day, year) <= today:
            found.append((year, day))
    return [each for each in found if each == found[-1] or each[1] + LOOKED_AFTER >= today]


def left_of(lots: Sequence[Lot], year: int, after: int = 0) -> int:
    """What there is of a year's points and of those before it, but after `after`."""
    return sum(points for of, points in lots if after < of <= year)


def _hurts(versions: Sequence[Expiry], wanted: Expiry, today: date) -> bool:
    """Whether points of any year in question would expire earlier than before."""
    for year in range(today.year - YEARS_MAX - 1, today.year + 2):
        before = last_day_of_points(versions, year)
        after = day_after_change(before, wanted, year)
        if after is not None and (before is None or after < before):
            return True
    return False


def _shape(version: Expiry | None) -> tuple[int, int, int]:
    if version is None or not version.years:
        return (0, 0, 0)
    return (version.years, version.month, version.day)


def _is_day_of_every_year(month: int, day: int) -> bool:
    try:
        date(2027, month, day)  # no leap year: 29 February is no day of every year
    except ValueError:
        return False
    return True
