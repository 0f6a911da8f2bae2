"""How long a list is public: working days by the State Council's holiday table, which is data with its years.

The table is that of the package chinesecalendar: each year's notice of the State Council's General Office on
holidays (部分节假日安排的通知), with the days off and the weekends that are worked. The notice
for a year comes out in the autumn before it, and the package follows; until then a site may be given the
notice's days in a file of its own. A year that neither holds is not guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from chinese_calendar import constants

FIRST_YEAR: int = min(constants.holidays).year
LAST_YEAR: int = max(constants.holidays).year
SOURCE_LENGTH_MIN, SOURCE_LENGTH_MAX, YEARS_AHEAD_MAX = 10, 200, 2
# 全国年节及纪念日放假办法 (国务院令第795号) art. 2: thirteen days in all, of which these have a fixed date.
OFF_DAYS_MIN = 13
FIXED_DAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


@dataclass(frozen=True, slots=True)
class Publicity:
    """The days a list is public, both ends counted; `working_days` are those that count, in order."""

    first_day: date
    last_day: date
    working_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class UnknownYear:
    """The holiday table does not hold this year."""

    year: int


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """A year's notice as somebody typed it: its days off, weekends among them, and the weekends worked."""

    year: int
    source: str
    days_off: frozenset[date]
    days_worked: frozenset[date]


class HolidayTrouble(StrEnum):
    """Why a year's days are not taken."""

    UNREADABLE = "unreadable"  # no TOML, or without year, source, days_off and days_worked
    YEAR = "year"  # not one of the years right after the package's, or given twice
    SOURCE = "source"  # the notice is not named
    OTHER_YEAR = "other_year"  # a day of another year, or one given twice
    BOTH = "both"  # a day off and worked
    NOT_WEEKEND = "not_weekend"  # a day worked that is one anyway
    LAW = "law"  # fewer days than the law gives, or one of its fixed days is missing


def holiday_year(
    year: int, source: str, days_off: Sequence[date], days_worked: Sequence[date]
) -> HolidayYear | HolidayTrouble:
    """A year's days as they may extend the table, or what is wrong with them."""
    off, worked = frozenset(days_off), frozenset(days_worked)
    if not LAST_YEAR < year <= LAST_YEAR + YEARS_AHEAD_MAX:
        return HolidayTrouble.YEAR
    if not SOURCE_LENGTH_MIN <= len(source.strip()) <= SOURCE_LENGTH_MAX:
        return HolidayTrouble.SOURCE
    if any(day.year != year for day in off | worked) or len(off) + len(worked) != len(days_off) + len(
        days_worked
    ):
        return HolidayTrouble.OTHER_YEAR
    if off & worked:
        return HolidayTrouble.BOTH
    if any(day.weekday() < 5 for day in worked):
        return HolidayTrouble.NOT_WEEKEND
    if len(off) < OFF_DAYS_MIN or not {date(year, *day) for day in FIXED_DAYS} <= off:
        return HolidayTrouble.LAW
    return HolidayYear(year, source.strip(), off, worked)


def is_working_day(day: date, added: Mapping[int, HolidayYear] | None = None) -> bool:
    """Whether offices work on a day: Monday to Friday without days off, and weekends worked instead.

    `added`: years beyond the package's, by year; the day is in one or the other.
    """
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day in constants.workdays or (day.weekday() < 5 and day not in constants.holidays)
    typed = (added or {})[day.year]
    return day in typed.days_worked or (day.weekday() < 5 and day not in typed.days_off)


def publicity_from(
    issued_on: date, days: int, added: Mapping[int, HolidayYear] | None = None
) -> Publicity | UnknownYear:
    """The publicity of a list issued on a day: `days` working days after it, which itself does not count.

    The first day is the next calendar day, the last is the last of the working days.
    """
    assert days > 0
    working: list[date] = []
    for ahead in count(1):
        day = issued_on + timedelta(days=ahead)
        if not FIRST_YEAR <= day.year <= LAST_YEAR and day.year not in (added or {}):
            return UnknownYear(day.year)
        if is_working_day(day, added):
            working.append(day)
        if len(working) == days:
            break
    return Publicity(issued_on + timedelta(days=1), working[-1], tuple(working))
