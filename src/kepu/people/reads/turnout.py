"""How many people came and were certified, by unit and by week: what a dashboard asks. All by index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q, QuerySet

from kepu.people.models import Communicator
from kepu.regions.rules import is_code, range_of


@dataclass(frozen=True, slots=True)
class Moments:
    """The bounds of what is counted: a campaign's since ≤ … < until, the days of a pace, today's start."""

    since: datetime
    until: datetime
    recent: datetime
    today: datetime


@dataclass(frozen=True, slots=True)
class UnitTurnout:
    """A unit's people who are certified and not revoked: all, backbones, and those certified in the
    campaign, in the pace's days before today, today; the last two tell nothing of a campaign that is over.
    `division` is where the unit lies."""

    division: str
    certified: int
    backbones: int
    registrations: int
    recent: int
    today: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many people's applications were handed in, in the campaign and today, and how many people were
    certified in each week from a Monday on (0 is its first; weeks without any are absent)."""

    applied: int
    applied_today: int
    certified_by_week: dict[int, int]


def unit_turnout(division: str, at: Moments, *, unit: int = 0) -> dict[int, UnitTurnout]:
    """The people of each unit in `division` ("" is the whole site) or of one unit, by unit id.

    Units without anybody are absent. One query: an index that holds all it asks for.
    """
    during = Q(certified_at__gte=at.since, certified_at__lt=at.until)
    rows = (
        _communicators(division, unit)
        .values("division", "unit")
        .annotate(
            certified=Count("unit"),
            backbones=Count("unit", filter=Q(is_backbone=True)),
            registrations=Count("unit", filter=during),
            recent=Count("unit", filter=Q(certified_at__gte=at.recent, certified_at__lt=at.today)),
            today=Count("unit", filter=Q(certified_at__gte=at.today)),
        )
        .order_by("division", "unit")
    )
    return {
        row["unit"]: UnitTurnout(
            row["division"],
            row["certified"],
            row["backbones"],
            row["registrations"],
            row["recent"],
            row["today"],
        )
        for row in rows
    }


def arrivals(division: str, at: Moments, weeks: Sequence[datetime], *, unit: int = 0) -> Arrivals:
    """Who came to a division ("" is the whole site) or a unit; `weeks` are their starts, the oldest first.

    One query, three counts over indexes; a village without a unit has the applications of its town.
    """
    low, high = range_of(division)
    town_low, town_high = range_of(division[:9])
    where = ("unit_id = %s", [unit]) if unit else ("division >= %s AND division < %s", [low, high])
    towns = ("unit_id = %s", [unit]) if unit else ("town >= %s AND town < %s", [town_low, town_high])
    # The newest week first: most rows need few comparisons, and no database parses a date.
    week = " ".join(f"WHEN certified_at >= %s THEN {n}" for n in range(len(weeks) - 1, -1, -1))
    sql = _ARRIVALS.format(week=f"CASE {week} END", where=where[0], towns=towns[0])
    adapted = connection.ops.adapt_datetimefield_value
    starts = [adapted(start) for start in weeks]
    since, until, today = map(adapted, (at.since, at.until, at.today))
    values = [*starts[::-1], *where[1], starts[0], until, *towns[1], since, until, *towns[1], today, until]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = [(what, int(week), count) for what, week, count in cursor.fetchall()]
    numbers = {what: count for what, _week, count in rows if what != "week"}
    by_week = {week: count for what, week, count in rows if what == "week"}
    return Arrivals(numbers["applied"], numbers["today"], by_week)


def communicators_of(unit: int, start: int, size: int) -> list[tuple[int, str, bool, datetime]]:
    """(account, name, is backbone, certified at) of a unit's people, backbones first, then the newest.

    At most size + 1, so that a page knows whether more follow. One query.
    """
    rows = Communicator.objects.filter(unit=unit, revoked_at=None).order_by(
        "-is_backbone", "-certified_at", "pk"
    )
    return list(
        rows.values_list("account_id", "name", "is_backbone", "certified_at")[start : start + size + 1]
    )


def _communicators(division: str, unit: int) -> QuerySet[Communicator]:
    found = Communicator.objects.filter(revoked_at=None)
    if unit:
        return found.filter(unit=unit)
    low, high = range_of(division) if is_code(division) or not division else ("", "")
    return found.filter(division__gte=low, division__lt=high)


_ARRIVALS = """
SELECT 'week', {week}, count(*) FROM people_communicator
WHERE {where} AND revoked_at IS NULL AND certified_at >= %s AND certified_at < %s GROUP BY 2
UNION ALL SELECT 'applied', 0, count(*) FROM people_certification
WHERE {towns} AND submitted_at >= %s AND submitted_at < %s
UNION ALL SELECT 'today', 0, count(*) FROM people_certification
WHERE {towns} AND submitted_at >= %s AND submitted_at < %s
"""
