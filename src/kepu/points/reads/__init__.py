"""Questions about the expiry of points. Every answer is a frozen value."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kepu.ledger.reads.points import account_of_points
from kepu.points.models import Declared, Telling
from kepu.points.rules import Expiry, Lot, last_day_of_points

VERSIONS_MAX = 500
EXPIRY, LEVELS, BADGES = "expiry", "levels", "badges"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of what the site declared: what it stated, who made it, when and why."""

    number: int
    stated: Any
    why: str
    made_by: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class YearPoints:
    """What somebody has of a year, and the day at whose end it expires (None: never).

    `is_told`: the person had their message, so that the day is near.
    """

    year: int
    points: int
    last_day: date | None
    is_told: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One announcement a person got: the year, the points named, their last day, whether it is over."""

    year: int
    points: int
    last_day: date
    told_at: datetime
    is_done: bool


def versions_of(subject: str, limit: int = 20) -> list[Version]:
    """What was declared of a subject, the newest first. One query."""
    assert 0 < limit <= VERSIONS_MAX
    rows = Declared.objects.filter(subject=subject).order_by("-pk")[:limit]
    return [Version(row.pk, row.stated, row.why, row.made_by, row.made_at) for row in rows]


def expiry_versions() -> tuple[Expiry, ...]:
    """Every version of the rule by which points expire, the oldest first; () is never. One query."""
    return tuple(expiry_in(row.stated) for row in reversed(versions_of(EXPIRY, VERSIONS_MAX)))


def expiry_in(stated: Any) -> Expiry:
    """A version as it is stored."""
    return Expiry(stated["years"], stated["month"], stated["day"], date.fromisoformat(stated["from_day"]))


def years_of(person: int, lots: Sequence[Lot]) -> list[YearPoints]:
    """What a person has of each year, the oldest first, each with its last day. Two queries."""
    versions = expiry_versions()
    told = {each.year: each for each in tellings_of([person]) if each.done_at is None}
    found = []
    for year, points in sorted(lots):
        rule_day = last_day_of_points(versions, year)
        # What is left of earlier years goes with the first year that is announced.
        row = next((told[of] for of in sorted(told) if of >= year), None)
        found.append(_year(year, points, rule_day, row))
    return found


def tellings_of(persons: Collection[int]) -> list[Telling]:
    """The announcements to these persons, by year. One query."""
    return list(Telling.objects.filter(person__in=persons).order_by("year", "person"))


def told(person: int) -> list[Told]:
    """Every announcement to a person, by year. One query."""
    return [
        Told(row.year, row.points, row.last_day, row.told_at, row.done_at is not None)
        for row in tellings_of([person])
    ]


def expires_soon(person: int) -> YearPoints | None:
    """What a person was told will expire first, as far as they still have it; None for nothing.

    One query; three more for whoever was told.
    """
    if not Telling.objects.filter(person=person, done_at=None).exists():
        return None
    return soonest(years_of(person, account_of_points(person).lots))


def soonest(years: Iterable[YearPoints]) -> YearPoints | None:
    """Of what is announced the part that expires first, all years of that day together."""
    near = [each for each in years if each.is_told and each.last_day is not None]
    first = min((each.last_day for each in near if each.last_day is not None), default=None)
    same = [each for each in near if each.last_day == first]
    return replace(same[-1], points=sum(each.points for each in same)) if same else None


def _year(year: int, points: int, rule_day: date | None, row: Telling | None) -> YearPoints:
    if rule_day is None or row is None or row.last_day < rule_day:
        return YearPoints(year, points, rule_day, is_told=False)
    return YearPoints(year, points, row.last_day, is_told=True)
