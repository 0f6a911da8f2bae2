"""Boards, one person's place, unit progress. Every board names its cut-off (`cut_off`) and its measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published, RuleSheet, TieRule, UnitTask
from kepu.kit import clock
from kepu.kit.paging import Page, page_of
from kepu.ledger import reads as ledger
from kepu.ledger.reads.state import one_state
from kepu.people import reads as people
from kepu.people.rules import masked_name
from kepu.regions.rules import is_code
from kepu.standings import labels
from kepu.standings.models import Cursor, UnitVolume, Window
from kepu.standings.reads.order import Board, Row, counties_of, window_by, window_named
from kepu.standings.reads.ranks import Rank, rank_by_tree, tree_of, window_of
from kepu.standings.rules import (
    ALL,
    TaskProgress,
    is_day,
    lists_people,
    place_of,
    scope_division,
    task_progress,
    volume_to_enter,
)

NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a board; `name` is the real one, for the page to mask (`name_for_others`).

    `is_hidden`: the person wishes to be unnamed and the sheet allows it. `is_tied`: a neighbour on this
    page has the same volume.
    """

    rank: int
    person: int
    name: str
    unit_name: str
    volume: int
    is_hidden: bool = False
    is_tied: bool = False


@dataclass(frozen=True, slots=True)
class NextTier:
    """The nearest better tier and the volume missing to it: to its last rank or the basic task, the more."""

    title: str
    rank_to: int
    amount: int | None
    gap: int


@dataclass(frozen=True, slots=True)
class MyPlace:
    """One person's place with those around it.

    `ahead` and `behind` are at most NEIGHBOURS each, in the order of the board; `gap` is the volume
    missing to a better rank (None for the first); `ranked` is how many people have a place.
    """

    place: Place
    ahead: tuple[Place, ...]
    behind: tuple[Place, ...]
    gap: int | None
    next_tier: NextTier | None
    ranked: int


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """One unit's three tasks; `unit` is None when no unit of that name is known."""

    unit: int | None
    name: str
    division: str
    backbones: TaskProgress
    registrations: TaskProgress
    volume: TaskProgress


def board(campaign: int, window: str, division: str, start: int, size: int, *, unit: int = 0) -> Page[Place]:
    """The places in a window ("all", a round's id, "2021-03", one of the latest days), best first.

    `division` is a city, county, town or village; `unit` (an id) narrows it to one unit instead. Unknown
    windows, campaigns and divisions have an empty board, and so has a campaign that lists nobody
    (`rules.lists_people`). Ranks are those of one state of the database, with lists read inside the same
    `one_state`. At most five queries, for a city six; one more where a tree catches up (decision 33).
    """
    with one_state():
        published = _published(campaign)
        held = _board(campaign, window, division, unit)
        if published is None or held is None or not lists_people(published.sheet):
            return Page((), None)
        return _page(held, start, size, published.sheet)


def _page(held: Board, start: int, size: int, sheet: RuleSheet) -> Page[Place]:
    before = min(start, 1)  # the line above the first and the one below the last tell what is tied
    rows = held.rows(start - before, size + before + 1)
    first = 1
    if start and rows and sheet.tie_rule is TieRule.SHARED:
        first += held.above(rows[0].volume)
    page = page_of(rows[before:], start, size)
    places = _places(rows, start - before, first, sheet)[before : before + size]
    return Page(_named(places), page.next_start)


def my_place(campaign: int, window: str, division: str, person: int, *, unit: int = 0) -> MyPlace | None:
    """Where a person stands on a board, or None when they have no place there. At most eight queries, and as
    many more as `board` says.

    Nobody else is named where the campaign lists nobody.
    """
    with one_state():
        published = _published(campaign)
        held = _board(campaign, window, division, unit)
        mine = held.row(person) if held is not None else None
        if published is None or held is None or mine is None:
            return None
        return _my_place(held, mine, published.sheet, window, division)


def my_rank(published: Published, window: str, division: str, person: int) -> Rank | None:
    """A person's rank in their city, county or town and the gap to a better one, None without a place there.

    One query in a large window where nothing changed, as many as for `my_place` otherwise.
    """
    found = rank_by_tree(published, window, int(division), person)
    if found is not None:
        return found
    mine = my_place(published.number, window, division, person)
    return Rank(mine.place.rank, mine.gap) if mine is not None else None


def _my_place(held: Board, mine: Row, sheet: RuleSheet, window: str, division: str) -> MyPlace | None:
    ahead, behind = held.around(mine, NEIGHBOURS)
    around = [*ahead, mine, *behind]
    counted = held.counted(mine, around[0])
    places = _places(around, counted.ahead_of_top, 1 + counted.above_top, sheet)
    place = places[len(ahead)]
    if not place.name:
        return None
    listed = lists_people(sheet)
    return MyPlace(
        place=place,
        ahead=_named(places[: len(ahead)]) if listed else (),
        behind=_named(places[len(ahead) + 1 :]) if listed else (),
        gap=_gap(mine, ahead, counted.next_volume, sheet.tie_rule),
        next_tier=_next_tier(sheet, window, division, place, held),
        ranked=counted.ranked,
    )


def name_for_others(name: str, is_hidden: bool) -> str:
    """What anybody else sees of a communicator's name: masked, or 一位科普员 for whoever hides it."""
    return str(labels.HIDDEN) if is_hidden else masked_name(name)


def cut_off(campaign: int) -> datetime | None:
    """Up to when a campaign's boards are complete; None before anything was followed. Three queries.

    The time of the last entry followed; where books lag behind the ledger, of the one that lags most.
    """
    published = _published(campaign)
    return followed_until(published.sheet.counts_within) if published is not None else None


def followed_until(division: str) -> datetime | None:
    """Up to when what is followed of a division's books is complete; None before all began. Two queries."""
    reached = {cursor.book: cursor for cursor in Cursor.objects.all()}
    heads = [head for head in ledger.heads(division) if head.seq]
    if not heads or any(head.book not in reached for head in heads):
        return None
    lagging = [reached[head.book].at_ms for head in heads if reached[head.book].seq < head.seq]
    newest = max(reached[head.book].at_ms for head in heads)
    return clock.from_milliseconds(min(lagging, default=newest))


def windows(campaign: int) -> list[str]:
    """The windows that have a board, in the order people look for them: all, rounds, months, days. One query.

    Months and days come newest first.
    """
    names = list(Window.objects.filter(campaign=campaign).order_by("-name").values_list("name", flat=True))
    months = [name for name in names if len(name) == 7 and is_day(f"{name}-01")]
    days = [name for name in names if is_day(name)]
    rounds = sorted(set(names) - {ALL} - set(months) - set(days))
    return [*([ALL] if ALL in names else []), *rounds, *months, *days]


def unit_progress(campaign: int) -> list[UnitProgress]:
    """Every unit of the rule sheet with its three tasks, in the sheet's order. Five queries.

    A unit that was named anew is found by the name the sheet knows.
    """
    published = _published(campaign)
    if published is None or not published.sheet.tasks:
        return []
    sheet = published.sheet
    units = units_of(sheet, people.units_ever_within(sheet.place))
    actual = people.unit_people(sheet.place, sheet.opens_at, sheet.closes_at)
    volumes = dict(UnitVolume.objects.filter(campaign=campaign).values_list("unit", "volume"))
    return [_progress(task, units.get(task), actual, volumes) for task in sheet.tasks]


def _published(campaign: int) -> Published | None:
    return next((each for each in campaigns.published() if each.number == campaign), None)


def _board(campaign: int, window: str, division: str, unit: int) -> Board | None:
    """The board asked for, None where there can be none. At most two queries, three for a city's."""
    if unit:
        own = people.unit(unit)
        return _of_units(campaign, window, own.division, (unit,)) if own is not None else None
    if not is_code(division):
        return None
    if len(division) == 12:
        units = tuple(row.id for row in people.units_within(division))
        return _of_units(campaign, window, division, units) if units else None
    held = window_of(campaign, window)
    if held is None or len(division) not in (4, 6, 9):
        return None
    here, tree = window_by(held.id), tree_of(held, int(division))
    if len(division) == 4:
        counties = counties_of(held.id, int(division))
        return Board(here, counties, tree=tree) if counties else None
    town = int(division) if len(division) == 9 else None
    return Board(here, (int(division[:6]),), town, tree=tree)


def _of_units(campaign: int, window: str, division: str, units: tuple[int, ...]) -> Board:
    """The board of some units of a town or, where they lie in none, of a county."""
    _, county, town, _ = place_of(division, 0)
    return Board(window_named(campaign, window), (county,), town, units)


def _places(rows: Sequence[Row], start: int, first_rank: int, sheet: RuleSheet) -> list[Place]:
    """A line for each of the rows, which follow one another from offset `start`. One query.

    Someone who is no communicator any more has no name until `refresh_places` takes their place away.
    """
    profiles = people.profiles(row.person for row in rows)
    places, rank, volume = [], first_rank, rows[0].volume if rows else 0
    tied = {above.volume for above, below in pairwise(rows) if above.volume == below.volume}
    for position, row in enumerate(rows, start=start + 1):
        if sheet.tie_rule is TieRule.EARLIER or row.volume != volume:
            rank, volume = position, row.volume
        who = profiles.get(row.person)
        name, unit_name = (who.name, who.unit_name) if who is not None else ("", "")
        hidden = sheet.boards_may_hide and who is not None and who.hides_name
        places.append(Place(rank, row.person, name, unit_name, row.volume, hidden, row.volume in tied))
    return places


def _named(places: Sequence[Place]) -> tuple[Place, ...]:
    return tuple(place for place in places if place.name)


def _gap(mine: Row, ahead: Sequence[Row], next_volume: int | None, tie_rule: TieRule) -> int | None:
    if tie_rule is TieRule.EARLIER:
        return ahead[-1].volume + 1 - mine.volume if ahead else None
    return None if next_volume is None else next_volume - mine.volume


def _next_tier(sheet: RuleSheet, window: str, division: str, place: Place, held: Board) -> NextTier | None:
    tiers = [
        (tier, round_.basic_task)
        for round_ in sheet.rounds
        if round_.id == window
        for tier in round_.tiers
        if scope_division(sheet, tier.scope) == division and tier.rank_to < place.rank
    ]
    if not tiers:
        return None
    nearest, basic_task = max(tiers, key=lambda each: each[0].rank_to)
    wanted = max(volume_to_enter(held.at(nearest.rank_to), sheet.tie_rule), basic_task)
    return NextTier(nearest.title, nearest.rank_to, nearest.amount, wanted - place.volume)


def units_of(sheet: RuleSheet, there_are: Sequence[people.UnitRow]) -> dict[UnitTask, int]:
    """The unit each task is meant for: of its division the one of that name, else the only one.

    `there_are` may name units as they once were called (`people.units_ever_within`): the present comes last.
    """
    by_division: dict[str, dict[str, int]] = {}
    for row in there_are:
        by_division.setdefault(row.division, {})[row.name] = row.id
    found = {}
    for task in sheet.tasks:
        there = by_division.get(task.division, {})
        only = next(iter(there.values())) if len(set(there.values())) == 1 else None
        unit = there.get(task.unit, only)
        if unit is not None:
            found[task] = unit
    return found


def _progress(
    task: UnitTask, unit: int | None, actual: dict[int, people.UnitPeople], volumes: dict[int, int]
) -> UnitProgress:
    there = actual.get(unit or 0, people.UnitPeople(0, 0))
    return UnitProgress(
        unit=unit,
        name=task.unit,
        division=task.division,
        backbones=task_progress(task.backbones, there.backbones),
        registrations=task_progress(task.registrations, there.registrations),
        volume=task_progress(task.volume, volumes.get(unit or 0, 0)),
    )
