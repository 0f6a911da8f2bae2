"""积分 by the year they were earned in: what is left of them, and which years a spend takes.

A lot below zero is what was taken back of a year whose points were spent by then. It is netted against the
oldest points a person has; what it exceeds them by is their debt, and later earnings net that by themselves.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class YearPoints(NamedTuple):
    """So many points of a year."""

    year: int
    points: int


def balance_of(lots: Mapping[int, int]) -> int:
    """What can be spent: the sum of all lots, where that is above zero."""
    return max(0, sum(lots.values()))


def debt_of(lots: Mapping[int, int]) -> int:
    """What later earnings are netted with first: how far the sum of all lots is below zero."""
    return max(0, -sum(lots.values()))


def held(lots: Mapping[int, int]) -> tuple[YearPoints, ...]:
    """What can be spent of each year, the oldest first; years with nothing left are absent.

    Together that is the balance.
    """
    owed = -sum(points for points in lots.values() if points < 0)
    left = []
    for year in sorted(lots):
        points = max(0, lots[year])
        netted = min(owed, points)
        owed -= netted
        if points > netted:
            left.append(YearPoints(year, points - netted))
    return tuple(left)


def oldest(lots: Mapping[int, int], points: int) -> tuple[YearPoints, ...]:
    """The years that a spend of so many points takes, the oldest first; () where the balance is short."""
    assert points > 0
    taken = []
    for year, there in held(lots):
        piece = min(there, points)
        taken.append(YearPoints(year, piece))
        points -= piece
        if not points:
            return tuple(taken)
    return ()


def rest_up_to(lots: Mapping[int, int], year: int) -> int:
    """What can still be spent of a year and of those before it."""
    return sum(each.points for each in held(lots) if each.year <= year)


def returned(taken: Sequence[YearPoints], expired_to: int, year: int) -> tuple[YearPoints, ...]:
    """The years that a refund in `year` gives its points to: those they were taken from.

    Points of a year that has expired by then (up to `expired_to`) are given to the oldest year that has not:
    whoever buys before a year expires and calls it off after that has them for a year more and no longer.
    """
    oldest_left = min(expired_to + 1, year)
    back: dict[int, int] = {}
    for each in taken:
        to = each.year if each.year > expired_to else oldest_left
        back[to] = back.get(to, 0) + each.points
    return tuple(YearPoints(*each) for each in sorted(back.items()))


def given_back(expired: Mapping[int, int], year: int, points: int) -> YearPoints | None:
    """What an expiry gives back when `points` of a year are taken back later, so that nobody loses twice.

    `expired`: how much expired by the year of the expiry, what was given back taken off. The first that
    reached the year and still has something answers for it; None where none does.
    """
    reached = min((each for each, gone in expired.items() if each >= year and gone > 0), default=None)
    return None if reached is None else YearPoints(reached, min(points, expired[reached]))


def last_day_of_year(year: int) -> int:
    """The day (yyyymmdd) on which a year's points are entered as expired."""
    return year * 10_000 + 1231
