"""How many stand above a volume: from trees this process keeps of large boards, else from the database.

A tree belongs to one version of its window. A page reads that version in the same state of the database as
its lists, so rank and list never contradict one another (decision 33).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from django.db import connection
from django.db.models import Count

from kepu.campaigns.rules import Published, TieRule
from kepu.ledger.reads.state import one_state
from kepu.standings.models import Change, Score, Window
from kepu.standings.reads.order import Board
from kepu.standings.rules.ranks import CHANGES_KEPT, LEVELS, TREES_FROM, VOLUME_MAX, Tree, changes_in

SCOPE_COLUMNS = {4: "city", 6: "county", 9: "town"}
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


@dataclass(frozen=True, slots=True)
class _Kept:
    version: int
    tree: Tree | None  # None: a volume passes VOLUME_MAX, and the database answers from now on

    def is_behind(self, window: Followed) -> bool:
        return self.tree is not None and self.version < window.version


_trees: OrderedDict[tuple[int, int], _Kept] = OrderedDict()
_lock = Lock()


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
                kept = _caught_up(window, code, kept) or _Kept(window.version, _whole(window.id, code))
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

    One query for large windows of a campaign where equals share a rank; one more where the earlier is ahead,
    a few more after something changed and for small windows.
    """
    mine = _mine(published.number, window, person)
    if mine is None:
        return None
    trees = [_ready(mine.window, code) for code in mine.codes]
    if published.sheet.tie_rule is TieRule.SHARED and None not in trees:
        return Ranks(mine.volume, *(1 + tree.above(mine.volume) for tree in trees if tree is not None))
    with one_state():
        mine = _mine(published.number, window, person)
        return _asked(mine, published.sheet.tie_rule) if mine is not None else None


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


class _Mine(NamedTuple):
    window: Followed
    person: int
    volume: int
    reached_ms: int
    codes: tuple[int, int, int]


def _mine(campaign: int, window: str, person: int) -> _Mine | None:
    with connection.cursor() as cursor:
        cursor.execute(_MINE, [person, campaign, window])
        row = cursor.fetchone()
    return _Mine(Followed(*row[:3]), person, row[3], row[4], row[5:]) if row is not None else None


def _ready(window: Followed, code: int) -> Tree | None:
    kept = _trees.get((window.id, code))
    return kept.tree if kept is not None and kept.version == window.version else None


def _asked(mine: _Mine, tie_rule: TieRule) -> Ranks:
    ranks = []
    for level, code in zip(LEVELS, mine.codes, strict=True):
        scores = Score.objects.filter(window=mine.window.id, shown=True, **{SCOPE_COLUMNS[level]: code})
        board = Board(scores, tree_of(mine.window, code) if code else None)
        before = board.above(mine.volume) if code else -1
        if code and tie_rule is TieRule.EARLIER:
            before += board.equals_before(mine.volume, mine.reached_ms, mine.person)
        ranks.append(1 + before)
    return Ranks(mine.volume, *ranks)


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


def _whole(window: int, code: int) -> Tree | None:
    column = SCOPE_COLUMNS[len(str(code))]
    scores = Score.objects.filter(window=window, shown=True, volume__gt=0, **{column: code})
    levels = list(scores.values_list("volume").annotate(people=Count("pk")).order_by("volume"))
    return Tree(levels) if not levels or levels[-1][0] <= VOLUME_MAX else None


def _keep(key: tuple[int, int], kept: _Kept) -> None:
    _trees.pop(key, None)
    _trees[key] = kept
    while trees_bytes() > TREES_BYTES_MAX:
        _trees.popitem(last=False)


def _large_boards() -> Iterator[tuple[Followed, int]]:
    for row in Window.objects.filter(scores__gte=TREES_FROM).order_by("pk"):
        for column in ("city", "county"):
            codes = Score.objects.filter(window=row, shown=True).order_by(column)
            for code in codes.values_list(column, flat=True).distinct():
                yield Followed(row.pk, row.version, row.scores), code


_MINE = """
SELECT w.id, w.version, w.scores, s.volume, s.reached_ms, s.city, s.county, s.town
FROM standings_window w JOIN standings_score s ON s.window_id = w.id AND s.person = %s
WHERE w.campaign = %s AND w.name = %s AND s.shown AND s.volume > 0
"""
