"""What the dashboard shows of one place: numbers, tiles, weeks and tasks, gathered from the rooms below."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kepu.campaigns.rules import Measure, Policy, Published, last_day_of
from kepu.kit import clock
from kepu.people import reads as people
from kepu.people.reads import UnitRow, turnout
from kepu.people.reads.turnout import Arrivals, UnitTurnout
from kepu.regions.rules import DivisionName, is_within
from kepu.standings import reads as standings
from kepu.standings.reads.counts import (
    SpanCounts,
    added,
    counts,
    counts_below,
    moments,
    pace_of_volume,
    pace_spans,
    unit_facts,
)
from kepu.standings.rules import Pace, pace_days
from kepu.standings.rules.counting import WHOLE, number_of, week_of
from kepu.standings.rules.outlook import Progress, UnitFacts, progress_of, together

WEEKS = 12
TILES_MAX = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """A place one looks at: a division, or one unit in it.

    `below` are the divisions one level down, `there` a village's units where they are known.
    """

    division: str
    name: str
    unit: UnitRow | None = None
    below: tuple[DivisionName, ...] = ()
    there: tuple[UnitRow, ...] = ()

    @property
    def unit_id(self) -> int:
        """The unit's id, 0 for a division."""
        return self.unit.id if self.unit is not None else 0


@dataclass(frozen=True, slots=True)
class Below:
    """One place under the one looked at: what its people did, and its tasks where it has any."""

    name: str
    division: str
    unit: int
    counts: SpanCounts
    certified: int
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class Week:
    """One week (its Monday) of a trend."""

    monday: date
    counts: SpanCounts
    certified: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything a dashboard says of a place in a campaign; `whole` and `units` are empty without tasks."""

    today: SpanCounts
    total: SpanCounts
    arrivals: Arrivals
    people: UnitTurnout
    weeks: tuple[Week, ...]
    below: tuple[Below, ...]
    whole: Progress | None
    units: tuple[Progress, ...]
    pace: Pace
    cut_off: datetime | None


def board_of(published: Published, spot: Spot, now: datetime) -> Board:
    """What a dashboard says of a place. At most eight queries, each by an index or over a line a unit.

    `units` come with the worst first; `below` too where there are tasks, else by code.
    """
    sheet, at = published.sheet, moments(published, now)
    by_unit = turnout.unit_turnout(spot.division, at, unit=spot.unit_id)
    mondays = _mondays(published, now)
    starts = [clock.start_of(monday) for monday in mondays]
    arrivals = turnout.arrivals(spot.division, at, starts, unit=spot.unit_id)
    spans = [WHOLE, number_of(clock.day_of(now)), *(week_of(number_of(day)) for day in mondays)]
    places, found = _counts(published, spot, spans, now)
    there_are = list(spot.there) or (people.units_ever_within(sheet.place) if sheet.tasks else [])
    facts = _facts((published, spot, now), by_unit, there_are, found)
    paces = pace_days(sheet.opens_at, sheet.closes_at, now), pace_of_volume(published, now)
    return Board(
        today=found.get(spans[1], SpanCounts()),
        total=found.get(WHOLE, SpanCounts()),
        arrivals=arrivals,
        people=_all_together(by_unit.values()),
        weeks=tuple(
            Week(monday, found.get(span, SpanCounts()), arrivals.certified_by_week.get(place, 0))
            for place, (monday, span) in enumerate(zip(mondays, spans[2:], strict=True))
        ),
        below=_below(spot, places, by_unit, (facts, paces), _units(sheet.place, spot, there_are)),
        whole=together(spot.name, spot.division, facts, *paces) if facts else None,
        units=tuple(sorted((progress_of(each, *paces) for each in facts), key=lambda each: each.urgency)),
        pace=paces[0],
        cut_off=standings.followed_until(sheet.counts_within),
    )


def campaigns_of(published: Sequence[Published], division: str, now: datetime) -> list[Published]:
    """The campaigns that count people of a division, the one to show first: open ones, then the newest.

    Of several open ones the one whose place is nearest.
    """

    def rank(each: Published) -> tuple[bool, int, datetime, int]:
        sheet = each.sheet
        is_open = sheet.opens_at <= now < sheet.closes_at
        return is_open, len(sheet.counts_within) if is_open else 0, sheet.closes_at, each.number

    touching = [
        each
        for each in published
        if is_within(division, each.sheet.counts_within) or is_within(each.sheet.counts_within, division)
    ]
    return sorted(touching, key=rank, reverse=True)


def _counts(
    published: Published, spot: Spot, spans: list[int], now: datetime
) -> tuple[dict[int, SpanCounts], dict[int, SpanCounts]]:
    """What happened in the whole campaign by place below, and what happened in all of them by span.

    Of one unit, the days of its pace too.
    """
    if spot.unit is not None:
        days = {*spans, *pace_spans(published, now)}
        return {}, counts(published.number, spot.division, days, unit=spot.unit.id)
    held = counts_below(published.number, spot.division, spans)
    by_span = {span: added(each for (at, _place), each in held.items() if at == span) for span in spans}
    return {place: each for (span, place), each in held.items() if span == WHOLE}, by_span


def _facts(
    what: tuple[Published, Spot, datetime],
    by_unit: dict[int, UnitTurnout],
    there_are: list[UnitRow],
    found: dict[int, SpanCounts],
) -> list[UnitFacts]:
    """The units' tasks: none under a policy that knows no quotas for units (国办函〔2026〕12号)."""
    published, spot, now = what
    if published.sheet.policy is Policy.VOLUNTARY:
        return []
    if spot.unit is None:
        return unit_facts(published, spot.division, now, by_unit, there_are)
    facts = unit_facts(published, spot.division, now, by_unit, there_are, by_span=found)
    return [each for each in facts if each.unit == spot.unit_id]


def _units(place: str, spot: Spot, there_are: list[UnitRow]) -> list[UnitRow]:
    """The units of a town or village one looks at, of those of the sheet's place where it holds them."""
    if spot.unit is not None or len(spot.division) < 9:
        return []
    if there_are and is_within(spot.division, place):
        now = {unit.id: unit for unit in there_are}  # what was borne once stands before the present
        return [unit for unit in now.values() if is_within(unit.division, spot.division)]
    return people.units_within(spot.division)


def _mondays(published: Published, now: datetime) -> list[date]:
    """The Mondays of the last WEEKS weeks of the campaign so far, oldest first."""
    first, last = clock.day_of(published.sheet.opens_at), last_day_of(published.sheet.closes_at)
    end = min(clock.day_of(now), last)
    monday = end - timedelta(days=end.weekday())
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return [week for week in weeks if week + timedelta(days=6) >= first] or [monday]


def _below(
    spot: Spot,
    held: dict[int, SpanCounts],
    by_unit: dict[int, UnitTurnout],
    tasks: tuple[list[UnitFacts], tuple[Pace, Pace]],
    units: list[UnitRow],
) -> tuple[Below, ...]:
    facts, paces = tasks
    nobody = UnitTurnout("", 0, 0, 0, 0, 0)
    if units:
        progress = {each.unit: progress_of(each, *paces) for each in facts if each.unit}
        found = [
            Below(
                unit.name,
                unit.division,
                unit.id,
                held.get(unit.id, SpanCounts()),
                by_unit.get(unit.id, nobody).certified,
                progress.get(unit.id),
            )
            for unit in units[:TILES_MAX]
        ]
    else:
        found = [_division_below(row, held, by_unit, facts, paces) for row in spot.below]
    if not facts:
        return tuple(found)
    return tuple(sorted(found, key=lambda each: each.progress.urgency if each.progress else (1, (9, 0, 0))))


def _division_below(
    row: DivisionName,
    held: dict[int, SpanCounts],
    by_unit: dict[int, UnitTurnout],
    facts: list[UnitFacts],
    paces: tuple[Pace, Pace],
) -> Below:
    """One division below; provinces' and cities' counts are sums of their counties'."""
    own = [each for each in facts if is_within(each.division, row.code)]
    return Below(
        name=row.name,
        division=row.code,
        unit=0,
        counts=added(each for place, each in held.items() if is_within(str(place), row.code)),
        certified=sum(each.certified for each in by_unit.values() if is_within(each.division, row.code)),
        progress=together(row.name, row.code, own, *paces) if own else None,
    )


def _all_together(units: Collection[UnitTurnout]) -> UnitTurnout:
    return UnitTurnout(
        "",
        sum(each.certified for each in units),
        sum(each.backbones for each in units),
        sum(each.registrations for each in units),
        sum(each.recent for each in units),
        sum(each.today for each in units),
    )


def counted_kind(measure: Measure, each: SpanCounts) -> int:
    """What a campaign of this measure is about, of a span."""
    return {
        Measure.SHARES: each.shares,
        Measure.OPENS: each.opens,
        Measure.READS: each.reads,
        Measure.IMPORTED: each.volume,
    }[measure]
