"""How many stand above a volume: from trees this process keeps of large boards, else from the database.

A tree belongs to one version of its window. A page reads that version in the same state of the database as
its lists, so rank and list never contradict one another (decision 33).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock, local
from typing import Any, NamedTuple

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Count

from kepu.campaigns.rules import Published, TieRule
from kepu.ledger.reads.state import one_state
from kepu.standings.models import Change, Score, Window
from kepu.standings.reads.order import Board, Row, counties_of, window_by
from kepu.standings.rules.ranks import CHANGES_KEPT, TREES_FROM, VOLUME_MAX, Tree, changes_in

TREES_BYTES_MAX = 64 * 2**20


class Followed(NamedTuple):
    """A window as one state of the database has it; `scores` is how many rows, placed or not."""

    id: int
    version: int
    scores: int


class Ranks(NamedTuple):
    """One person's volume in a window and their rank in each division they are placed in."""

    volume: int
    city: int
    county: int
    town: int


class Rank(NamedTuple):
    """One person's rank on one board, and the volume missing to a better one (None for the first)."""

    rank: int
    gap: int | None


@dataclass(frozen=True, slots=True)
class _Kept:
    version: int
    tree: Tree | None  # None: a volume passes VOLUME_MAX, and the database answers from now on

    def is_behind(self, window: Followed) -> bool:
        return self.tree is not None and self.version < window.version


_trees: OrderedDict[tuple[int, int], _Kept] = OrderedDict()
_lock = Lock()
_of_thread = local()


def window_of(campaign: int, name: str) -> Followed | None:
    """A window by its name, None where nothing counted in it yet. One query."""
    row = Window.objects.filter(campaign=campaign, name=name).values_list("pk", "version", "scores").first()
    return Followed(*row) if row is not None else None


def tree_of(window: Followed, code: int) -> Tree | None:
    """The tree of a city's, county's or town's board as it is at the window's version.

    None where the database has to be asked: in a small window, and where this process has gone on to a
    newer version than the asker's state of the database. No query where nothing changed; one to catch up;
    one that reads the whole board where there is no tree yet or it stayed too far behind.
    """
    if window.scores < TREES_FROM:
        return None
    key = (window.id, code)
    kept = _trees.get(key)
    if kept is None or kept.is_behind(window):
        with _lock:
            kept = _trees.get(key)
            if kept is None or kept.is_behind(window):
                kept = _caught_up(window, code, kept)
                if kept is None:
                    kept = _read(window, code)
                _keep(key, kept)
    return kept.tree if kept.version == window.version else None


def forget_trees() -> None:
    """This process keeps no trees; they are read anew when they are asked for."""
    with _lock:
        _trees.clear()


def trees_bytes() -> int:
    """How much memory this process's trees take."""
    return sum(kept.tree.size for kept in list(_trees.values()) if kept.tree is not None)


def my_ranks(published: Published, window: str, person: int) -> Ranks | None:
    """A person's rank in their city, county and town, None without a place; 0 where there is no such board.

    One query of the driver itself for large windows. A few more after something changed, for small windows,
    and where the earlier of equals is ahead and there are any: they are counted, a query a board.
    """
    mine = _mine(published.number, window, person)
    if mine is None:
        return None
    number, version, _, volume, _, *codes = mine
    shares, found = published.sheet.tie_rule is TieRule.SHARED, [volume]
    for code in codes:
        if not code:
            found.append(0)
            continue
        kept = _trees.get((number, code))
        if kept is None or kept.tree is None or kept.version != version:
            break
        if not shares and kept.tree.has_equals(volume):
            break
        found.append(1 + kept.tree.above(volume))
    else:
        return Ranks._make(found)
    with one_state():
        mine = _mine(published.number, window, person)
        return _counted(mine, person, published.sheet.tie_rule) if mine is not None else None


def rank_by_tree(published: Published, window: str, division: int, person: int) -> Rank | None:
    """A person's rank in their city, county or town. One query of the driver itself.

    None where they have no place in it, and wherever more than that query is needed.
    """
    mine = _mine(published.number, window, person)
    kept = _trees.get((mine[0], division)) if mine is not None and division in mine[5:] else None
    if mine is None or kept is None or kept.tree is None or kept.version != mine[1]:
        return None
    tree, volume, shares = kept.tree, mine[3], published.sheet.tie_rule is TieRule.SHARED
    if not shares and tree.has_equals(volume):
        return None
    above = tree.above(volume)
    more = 0 if shares else 1
    return Rank(1 + above, tree.at(above) + more - volume if above else None)


def boards_off(follow: Callable[[], object]) -> list[tuple[int, int]]:
    """The (window id, division) of each city's and county's board whose tree differs from the database.

    Trees of all large windows are read whole, `follow` is called (it follows some entries or waits until
    somebody did), then the trees catch up from what was told and are held against the database. Reads each
    board twice: for `kepu doctor`, not for pages.
    """
    forget_trees()
    with one_state():
        for window, code in _large_boards():
            tree_of(window, code)
    follow()
    with one_state():
        return [
            (window.id, code)
            for window, code in _large_boards()
            if tree_of(window, code) != _whole(window.id, code)
        ]


def _mine(campaign: int, window: str, person: int) -> tuple[int, ...] | None:
    """(window id, version, scores, volume, reached_ms, city, county, town), None without a place. One query.

    Django's cursors cost several times what this asks, and so does finding the thread's connection.
    """
    held = getattr(_of_thread, "connection", None)
    if held is None:
        held = _of_thread.connection = connections[DEFAULT_DB_ALIAS]
    if held.connection is None:
        held.ensure_connection()
    driver: Any = held.connection
    try:
        if held.vendor == "sqlite":
            return driver.execute(_MINE_OF_SQLITE, (person, campaign, window)).fetchone()  # type: ignore[no-any-return]
        return psycopg.Cursor(driver).execute(_MINE, (person, campaign, window), prepare=True).fetchone()
    except held.Database.Error:  # type: ignore[union-attr]
        with held.wrap_database_errors:
            raise


def _counted(mine: tuple[int, ...], person: int, tie_rule: TieRule) -> Ranks:
    window, volume = Followed(*mine[:3]), mine[3]
    city, county, town = mine[5:]
    ranks = []
    for code in (city, county, town):
        if not code:
            ranks.append(0)
            continue
        board = _board(window, code, county)
        rank = 1 + board.above(volume)
        if tie_rule is TieRule.EARLIER:
            rank += board.equals_before(Row(person, volume, mine[4]))
        ranks.append(rank)
    return Ranks(volume, *ranks)


def _board(window: Followed, code: int, county: int) -> Board:
    """The board of a person's city, county or town."""
    tree = tree_of(window, code)
    here = window_by(window.id)
    if code < 10_000:
        return Board(here, counties_of(window.id, code), tree=tree)
    return Board(here, (county,), code if code >= 10**8 else None, tree=tree)


def _caught_up(window: Followed, code: int, kept: _Kept | None) -> _Kept | None:
    """The tree after what was told since; None where it is not there or not all of that is kept any more."""
    if kept is None or kept.tree is None or window.version - kept.version > CHANGES_KEPT:
        return None
    rows = Change.objects.filter(
        window=window.id, level=len(str(code)), version__gt=kept.version, version__lte=window.version
    )
    changes = [each for body in rows.values_list("body", flat=True) for each in changes_in(bytes(body), code)]
    if any(volume > VOLUME_MAX for volume, _ in changes):
        return None
    return _Kept(window.version, kept.tree.changed(changes))


def _read(window: Followed, code: int) -> _Kept:
    """A board's tree read whole; with a town's those of the county's other towns: one alone is as dear."""
    if code < 10**8:
        return _Kept(window.version, _whole(window.id, code))
    towns = _towns(window.id, code // 1000)
    for town, tree in towns.items():
        if town != code and (window.id, town) not in _trees:
            _keep((window.id, town), _Kept(window.version, tree))
    return _Kept(window.version, towns.get(code, Tree([])))


def _whole(window: int, code: int) -> Tree | None:
    """The tree of a city or a county as the database has it; a city's by counties, as the index has them."""
    low, high = (code * 100, code * 100 + 99) if code < 10_000 else (code, code)
    held = Score.objects.filter(window=window, shown=True, volume__gt=0, county__gte=low, county__lte=high)
    if low == high:
        held = held.filter(county=code)
    levels: dict[int, int] = {}
    counted = held.values_list("county", "volume").annotate(people=Count("person"))
    for _, volume, people in counted.order_by("county", "-volume"):
        levels[volume] = levels.get(volume, 0) + people
    return _tree(levels)


def _towns(window: int, county: int) -> dict[int, Tree | None]:
    levels: dict[int, dict[int, int]] = {}
    held = Score.objects.filter(window=window, shown=True, volume__gt=0, county=county, town__gt=0)
    counted = held.values_list("town", "volume").annotate(people=Count("person"))
    for town, volume, people in counted.order_by("town", "volume"):
        levels.setdefault(town, {})[volume] = people
    return {town: _tree(own) for town, own in levels.items()}


def _tree(levels: dict[int, int]) -> Tree | None:
    return Tree(levels.items()) if max(levels, default=0) <= VOLUME_MAX else None


def _keep(key: tuple[int, int], kept: _Kept) -> None:
    _trees.pop(key, None)
    _trees[key] = kept
    while trees_bytes() > TREES_BYTES_MAX:
        _trees.popitem(last=False)


def _large_boards() -> Iterator[tuple[Followed, int]]:
    for row in Window.objects.filter(scores__gte=TREES_FROM).order_by("pk"):
        counties = counties_of(row.pk, 0, 9_999)
        for code in (*sorted({county // 100 for county in counties}), *counties):
            yield Followed(row.pk, row.version, row.scores), code


_MINE = """
SELECT w.id, w.version, w.scores, s.volume, s.reached_ms, s.city, s.county, s.town
FROM standings_window w JOIN standings_score s ON s.window_id = w.id AND s.person = %s
WHERE w.campaign = %s AND w.name = %s AND s.shown AND s.volume > 0
"""
_MINE_OF_SQLITE = _MINE.replace("%s", "?")
