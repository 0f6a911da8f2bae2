"""The placed scores of one board in their order: a part of it, those around somebody, how many go before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet

from kepu.standings.models import Score
from kepu.standings.rules.ranks import Tree

BEST_FIRST = ("-volume", "reached_ms", "person")
_WORST_FIRST = ("volume", "-reached_ms", "-person")


class Counted(NamedTuple):
    """How many are ranked, stand before a row, have more than it; the next volume above another's."""

    ranked: int
    ahead_of_top: int
    above_top: int
    next_volume: int | None


@dataclass(frozen=True, slots=True)
class Board:
    """The placed scores of a board, read by an index of their own; `tree` where this process has one."""

    scores: QuerySet[Score]
    tree: Tree | None

    def rows(self, start: int, size: int) -> list[Score]:
        """At most `size` rows from an offset on. With a tree only equals are stepped over. One query."""
        scores = self.scores
        if self.tree is not None and start >= self.tree.people:
            return []
        if self.tree is not None and start:
            volume = self.tree.at(start + 1)
            scores, start = scores.filter(volume__lte=volume), start - self.tree.above(volume)
        return list(scores.order_by(*BEST_FIRST)[start : start + size])

    def around(self, mine: Score, size: int) -> tuple[Sequence[Score], Sequence[Score]]:
        """At most `size` rows ahead of and behind one, in the order of the board. Two queries."""
        nearest = self.scores.filter(_ahead(mine)).order_by(*_WORST_FIRST)[:size]
        return list(nearest)[::-1], list(self.scores.filter(_behind(mine)).order_by(*BEST_FIRST)[:size])

    def above(self, volume: int) -> int:
        """How many have more than a volume. One query, none with a tree."""
        return self.scores.filter(volume__gt=volume).count() if self.tree is None else self.tree.above(volume)

    def at(self, position: int) -> int:
        """The volume of whoever is at a position, the best at 1. One query, none with a tree."""
        if self.tree is not None:
            return self.tree.at(position)
        return self.scores.order_by(*BEST_FIRST)[position - 1].volume

    def equals_before(self, volume: int, reached_ms: int, person: int) -> int:
        """How many have the same volume and came to it earlier. One query; none where a tree says so."""
        if self.tree is not None and not self.tree.has_equals(volume):
            return 0
        equals = self.scores.filter(volume=volume, reached_ms__lte=reached_ms)
        return equals.filter(Q(reached_ms__lt=reached_ms) | Q(person__lt=person)).count()

    def counted(self, mine: Score, top: Score) -> Counted:
        """How many there are, and stand before the row `top`; what is next above `mine`. One query."""
        if self.tree is None:
            return Counted(
                **self.scores.aggregate(
                    ranked=Count("pk"),
                    ahead_of_top=Count("pk", filter=_ahead(top)),
                    above_top=Count("pk", filter=Q(volume__gt=top.volume)),
                    next_volume=Min("volume", filter=Q(volume__gt=mine.volume)),
                )
            )
        above, above_top = self.tree.above(mine.volume), self.tree.above(top.volume)
        before = self.equals_before(top.volume, top.reached_ms, top.person)
        next_volume = self.tree.at(above) if above else None
        return Counted(self.tree.people, above_top + before, above_top, next_volume)


def _ahead(mine: Score) -> Q:
    tied = Q(volume=mine.volume) & (
        Q(reached_ms__lt=mine.reached_ms) | Q(reached_ms=mine.reached_ms, person__lt=mine.person)
    )
    # The first condition follows from the second; it gives the index a range to read.
    return Q(volume__gte=mine.volume) & (Q(volume__gt=mine.volume) | tied)


def _behind(mine: Score) -> Q:
    tied = Q(volume=mine.volume) & (
        Q(reached_ms__gt=mine.reached_ms) | Q(reached_ms=mine.reached_ms, person__gt=mine.person)
    )
    return Q(volume__lte=mine.volume) & (Q(volume__lt=mine.volume) | tied)
