"""What happened in a division: counts by span, by what lies below it, and how each unit's tasks will end."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from kepu.campaigns.rules import Measure, Published
from kepu.kit import clock
from kepu.people import reads as people
from kepu.people.reads.turnout import Moments, UnitTurnout
from kepu.regions.rules import is_within
from kepu.standings.models import Score, UnitCount
from kepu.standings.reads.boards import units_of
from kepu.standings.rules import ALL, Pace, pace_days
from kepu.standings.rules.counting import COUNT_DAYS_KEPT, WHOLE, number_of
from kepu.standings.rules.outlook import TaskFacts, UnitFacts


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """What people did in a span; `active` is 0 for weeks, of which that is not known."""

    shares: int = 0
    opens: int = 0
    reads: int = 0
    volume: int = 0
    active: int = 0


def counts(campaign: int, division: str, spans: Collection[int], *, unit: int = 0) -> dict[int, SpanCounts]:
    """What happened in a division ("" is the whole site) or a unit, by span (`rules.counting`); those without
    anything are absent. One query, a sum over a line a unit and span; two for a village.
    """
    found = _lines(campaign, division, unit).filter(span__in=spans)
    rows = found.values("span").annotate(**_SUMS).order_by("span")
    return {row["span"]: _counts(dict(row)) for row in rows}


def counts_below(campaign: int, division: str, spans: Collection[int]) -> dict[tuple[int, int], SpanCounts]:
    """What happened in each county of a city, town of a county, unit (by id) of a town, by (span, place).

    What happened in the whole is their sum (`added`). One query.
    """
    column = {0: "county", 2: "county", 4: "county", 6: "town"}.get(len(division), "unit")
    found = _lines(campaign, division, 0).filter(span__in=spans)
    rows = found.values("span", column).annotate(**_SUMS).order_by("span", column)
    return {(row["span"], row[column]): _counts(dict(row)) for row in rows}


def added(parts: Iterable[SpanCounts]) -> SpanCounts:
    """The sum of counts; nobody is active in two places."""
    several = list(parts)
    return SpanCounts(**{name: sum(getattr(each, name) for each in several) for name in _NAMES})


def volumes_of(campaign: int, persons: Collection[int]) -> dict[int, int]:
    """What each of these people brought together in the whole campaign; others are absent. One query."""
    rows = Score.objects.filter(window__campaign=campaign, window__name=ALL, person__in=persons)
    return dict(rows.values_list("person", "volume"))


def moments(published: Published, now: datetime) -> Moments:
    """The bounds of what is counted of people in a campaign: today is the last day where it is over."""
    sheet = published.sheet
    pace = pace_days(sheet.opens_at, sheet.closes_at, now)
    return Moments(
        sheet.opens_at, sheet.closes_at, clock.start_of(pace.since), clock.start_of(clock.day_of(now))
    )


def unit_facts(
    published: Published,
    division: str,
    now: datetime,
    turnout: dict[int, UnitTurnout],
    there_are: Sequence[people.UnitRow],
    *,
    by_span: dict[int, SpanCounts] | None = None,
) -> list[UnitFacts]:
    """What is known of the tasks of every unit of the sheet in a division, in the sheet's order. One query.

    `there_are` are the units of the sheet's place, `turnout` is `people.reads.turnout.unit_turnout` of that
    division or a larger one. Tasks of units nobody knows have a unit of 0 and nobody in it. `by_span` are
    the counts of the one unit in it for WHOLE and `pace_spans`, where they are known: then it asks nothing.
    """
    sheet, number = published.sheet, published.number
    tasks = [task for task in sheet.tasks if is_within(task.division, division)]
    if not tasks:
        return []
    units = units_of(sheet, there_are)
    pace = pace_of_volume(published, now)
    wanted = [units[task] for task in tasks if task in units]
    if by_span is None:
        volumes = _volumes(number, wanted, pace.since, clock.day_of(now))
    else:
        volumes = dict.fromkeys(wanted, _volumes_in(by_span, pace_spans(published, now)))
    out = []
    for task in tasks:
        unit = units.get(task, 0)
        there = turnout.get(unit, UnitTurnout("", 0, 0, 0, 0, 0))
        total, before, now_today = volumes.get(unit, (0, 0, 0))
        if sheet.measure is Measure.IMPORTED:
            before = total - now_today
        out.append(
            UnitFacts(
                unit=unit,
                name=task.unit,
                division=task.division,
                backbones=TaskFacts(task.backbones, there.backbones, 0, 0),
                registrations=TaskFacts(task.registrations, there.registrations, there.recent, there.today),
                volume=TaskFacts(task.volume, total, before, now_today),
            )
        )
    return out


def pace_spans(published: Published, now: datetime) -> list[int]:
    """The days whose volume a pace is taken from, oldest first, today the last."""
    today = clock.day_of(now)
    since = max(pace_of_volume(published, now).since, today - timedelta(days=COUNT_DAYS_KEPT - 1))
    return [number_of(since + timedelta(days=n)) for n in range((today - since).days + 1)] or [
        number_of(today)
    ]


def pace_of_volume(published: Published, now: datetime) -> Pace:
    """The days a campaign's volume is foretold from: all of them where it is imported a month at a time."""
    sheet = published.sheet
    return pace_days(sheet.opens_at, sheet.closes_at, now, lumpy=sheet.measure is Measure.IMPORTED)


def _volumes_in(by_span: dict[int, SpanCounts], days: list[int]) -> tuple[int, int, int]:
    volumes = [by_span[span].volume if span in by_span else 0 for span in (WHOLE, *days)]
    return volumes[0], sum(volumes[1:-1]), volumes[-1]


def _volumes(
    campaign: int, units: Collection[int], since: date, today: date
) -> dict[int, tuple[int, int, int]]:
    """(volume to date, from `since` to yesterday, of today) by unit. One query."""
    day = number_of(today)
    days = Q(span__gte=number_of(max(since, today - timedelta(days=COUNT_DAYS_KEPT - 1))), span__lte=day)
    rows = (
        UnitCount.objects.filter(Q(span=WHOLE) | days, campaign=campaign, unit__in=units)
        .values("unit")
        .annotate(
            total=Coalesce(Sum("volume", filter=Q(span=WHOLE)), 0),
            before=Coalesce(Sum("volume", filter=Q(span__gt=WHOLE, span__lt=day)), 0),
            now=Coalesce(Sum("volume", filter=Q(span=day)), 0),
        )
        .order_by("unit")
    )
    return {row["unit"]: (int(row["total"]), int(row["before"]), int(row["now"])) for row in rows}


def _lines(campaign: int, division: str, unit: int) -> QuerySet[UnitCount]:
    found = UnitCount.objects.filter(campaign=campaign)
    if unit:
        return found.filter(unit=unit)
    if not division:
        return found
    if len(division) <= 6:
        low = int(division.ljust(6, "0"))
        return found.filter(county__gte=low, county__lt=low + 10 ** (6 - len(division)))
    found = found.filter(county=int(division[:6]), town=int(division[:9]))
    if len(division) == 12:
        found = found.filter(unit__in=[row.id for row in people.units_within(division)])
    return found


def _counts(row: dict[str, Any]) -> SpanCounts:
    return SpanCounts(**{name: int(row[f"all_{name}"]) for name in _NAMES})


_NAMES = ("shares", "opens", "reads", "volume", "active")
_SUMS = {f"all_{name}": Sum(name) for name in _NAMES}
