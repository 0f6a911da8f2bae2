"""The placed scores of one board in their order: a part of it, those around somebody, how many go before.

Scores stand in the order of their county (decision 45). A city's board is merged from those of its counties,
a town's and a unit's is what its county's order has of them. Where there is a tree it says between which
volumes to look, so no more is read than the people who have the same volumes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from kepu.standings.rules.ranks import Tree

_BEST_FIRST = "volume DESC, reached_ms, person"
_WORST_FIRST = "volume, reached_ms DESC, person DESC"
_MERGED_MAX = 1_000  # of more equals that stand before a page of a city a moment is found that few are after
_LATEST_MS = 2**42
_VOLUME_MAX = 2**31 - 1


class Row(NamedTuple):
    """A placed score."""

    person: int
    volume: int
    reached_ms: int


class Counted(NamedTuple):
    """How many are ranked, stand before a row, have more than it; the next volume above another's."""

    ranked: int
    ahead_of_top: int
    above_top: int
    next_volume: int | None


class Part(NamedTuple):
    """A condition with its values."""

    condition: str
    values: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The placed scores of a window's board in one or several counties of a city.

    `town` and `units`, where given, narrow it within its one county; `tree` where this process has one.
    """

    window: Part
    counties: tuple[int, ...]
    town: int | None = None
    units: tuple[int, ...] = ()
    tree: Tree | None = None

    def row(self, person: int) -> Row | None:
        """Somebody's row, None where they do not stand here. One query."""
        condition, values = self._here()
        found = _asked(f"{_ROWS} WHERE {condition} AND person = %s AND volume > 0", [*values, person])
        return Row(*found[0]) if found else None

    def rows(self, start: int, size: int) -> list[Row]:
        """At most `size` rows from an offset on. With a tree only equals are stepped over.

        One query; on a city's board, where thousands of equals are stepped over, some forty counts before.
        """
        if self.tree is None:
            return self._merged([_between(1, _VOLUME_MAX)], _BEST_FIRST, size, start)
        if start >= self.tree.people:
            return []
        volume, last = self.tree.at(start + 1), self.tree.at(min(start + size, self.tree.people))
        start -= self.tree.above(volume)
        if len(self.counties) == 1:
            return self._merged([_between(last, volume)], _BEST_FIRST, size, start)
        since, start = self._passed(volume, start)
        parts = [Part("volume = %s AND reached_ms >= %s", (volume, since)), _between(last, volume - 1)]
        return self._merged(parts if last < volume else parts[:1], _BEST_FIRST, size, start)

    def around(self, mine: Row, size: int) -> tuple[Sequence[Row], Sequence[Row]]:
        """At most `size` rows ahead of and behind one, in the order of the board. Two queries."""
        volume, lowest, highest = mine.volume, 1, _VOLUME_MAX
        if self.tree is not None:
            above, down_to = self.tree.above(volume), self.tree.above(volume - 1)
            highest = self.tree.at(max(1, above - size + 1)) if above else volume
            lowest = self.tree.at(min(self.tree.people, down_to + size)) if self.tree.people else 1
        nearest = self._merged([_before(mine), _between(volume + 1, highest)], _WORST_FIRST, size)
        return nearest[::-1], self._merged([_after(mine), _between(lowest, volume - 1)], _BEST_FIRST, size)

    def above(self, volume: int) -> int:
        """How many have more than a volume. One query, none with a tree."""
        return (
            self._count(_between(volume + 1, _VOLUME_MAX)) if self.tree is None else self.tree.above(volume)
        )

    def at(self, position: int) -> int:
        """The volume of whoever is at a position, the best at 1. One query, none with a tree."""
        return self.rows(position - 1, 1)[0].volume if self.tree is None else self.tree.at(position)

    def equals_before(self, mine: Row) -> int:
        """How many have the same volume and came to it earlier. One query; none where a tree says so."""
        if self.tree is not None and not self.tree.has_equals(mine.volume):
            return 0
        return self._count(_before(mine))

    def counted(self, mine: Row, top: Row) -> Counted:
        """How many there are, and stand before the row `top`; what is next above `mine`. One query."""
        if self.tree is None:
            condition, values = self._here()
            before = _before(top)
            asked = [top.volume, *before.values, top.volume, mine.volume, *values]
            return Counted(
                *_asked(f"{_COUNTED.format(before.condition)} WHERE {condition} AND volume > 0", asked)[0]
            )
        above, above_top = self.tree.above(mine.volume), self.tree.above(top.volume)
        next_volume = self.tree.at(above) if above else None
        return Counted(self.tree.people, above_top + self.equals_before(top), above_top, next_volume)

    def _passed(self, volume: int, equals: int) -> tuple[int, int]:
        """A moment, and how many of so many equals are left after those who had the volume before it."""
        low, high = 0, _LATEST_MS
        while equals > _MERGED_MAX and high - low > 1:
            middle = (low + high) // 2
            found = self._count(
                Part("volume = %s AND reached_ms >= %s AND reached_ms < %s", (volume, low, middle))
            )
            if found > equals:
                high = middle
            else:
                low, equals = middle, equals - found
        return low, equals

    def _count(self, part: Part) -> int:
        condition, values = self._here()
        sql = f"SELECT count(*) FROM standings_score WHERE {condition} AND {part.condition}"  # noqa: S608
        return int(_asked(sql, [*values, *part.values])[0][0])

    def _merged(self, parts: Iterable[Part], order: str, size: int, start: int = 0) -> list[Row]:
        """At most `size` rows from an offset on of what is in the parts, in an order."""
        runs: list[str] = []
        values: list[int | str] = []
        for part in parts:
            for county in self.counties:
                condition, own = self._here((county,))
                runs.append(f"{_ROWS} WHERE {condition} AND {part.condition} ORDER BY {order} LIMIT %s")
                values += [*own, *part.values, start + size]
        if len(runs) == 1:
            return [Row(*row) for row in _asked(f"{runs[0]} OFFSET %s", [*values[:-1], size, start])]
        merged = " UNION ALL ".join(f"SELECT * FROM ({run}) AS run" for run in runs)  # noqa: S608
        return [
            Row(*row)
            for row in _asked(f"{merged} ORDER BY {order} LIMIT %s OFFSET %s", [*values, size, start])
        ]

    def _here(self, counties: tuple[int, ...] = ()) -> tuple[str, list[int | str]]:
        wanted = counties or self.counties
        condition = f"{self.window.condition} AND shown AND county IN ({_marks(wanted)})"
        values = [*self.window.values, *wanted]
        if self.town is not None:
            condition, values = f"{condition} AND town = %s", [*values, self.town]
        if self.units:
            condition, values = f"{condition} AND unit IN ({_marks(self.units)})", [*values, *self.units]
        return condition, values


def window_by(number: int) -> Part:
    """Which window a board is of, by its id."""
    return Part("window_id = %s", (number,))


def window_named(campaign: int, name: str) -> Part:
    """Which window a board is of, by its name, without a query of its own."""
    return Part(
        "window_id = (SELECT id FROM standings_window WHERE campaign = %s AND name = %s)", (campaign, name)
    )


def counties_of(window: int, city: int, last_city: int = 0) -> tuple[int, ...]:
    """The counties of a city (or of all up to another) where somebody stands on a window's boards, by code.

    One query.
    """
    low, high = city * 100, max(city, last_city) * 100 + 99
    return tuple(code for (code,) in _asked(_COUNTIES, [window, low, high, window, high]))


def _between(low: int, high: int) -> Part:
    return Part("volume >= %s AND volume <= %s", (low, high))


def _before(mine: Row) -> Part:
    condition = "volume = %s AND reached_ms <= %s AND (reached_ms < %s OR person < %s)"
    return Part(condition, (mine.volume, mine.reached_ms, mine.reached_ms, mine.person))


def _after(mine: Row) -> Part:
    condition = "volume = %s AND reached_ms >= %s AND (reached_ms > %s OR person > %s)"
    return Part(condition, (mine.volume, mine.reached_ms, mine.reached_ms, mine.person))


def _marks(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))


def _asked(sql: str, values: Sequence[int | str]) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


_ROWS = "SELECT person, volume, reached_ms FROM standings_score"
_COUNTED = (
    "SELECT count(*), count(*) FILTER (WHERE volume > %s OR {}), count(*) FILTER (WHERE volume > %s),"
    " min(volume) FILTER (WHERE volume > %s) FROM standings_score"
)
# From one county to the next by the index: a plain DISTINCT reads everybody.
_COUNTIES = """
WITH RECURSIVE there(code) AS (
  SELECT min(county) FROM standings_score WHERE window_id = %s AND shown AND county >= %s AND county <= %s
  UNION ALL
  SELECT (SELECT min(county) FROM standings_score
    WHERE window_id = %s AND shown AND county > there.code AND county <= %s)
  FROM there WHERE there.code IS NOT NULL
)
SELECT code FROM there WHERE code IS NOT NULL
"""
