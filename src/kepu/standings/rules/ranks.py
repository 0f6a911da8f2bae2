"""How many people stand above a volume: counts by volume, and what a change of scores does to them. Pure.

Volumes are small whole numbers, so a board of ten million needs a few thousand counts (decision 33).
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from struct import iter_unpack, pack
from typing import NamedTuple, Protocol

LEVELS = (4, 6, 9)
VOLUME_MAX = 2**20 - 1
TREES_FROM = 20_000  # scores of a window: below, counting the index takes less than two milliseconds
CHANGES_KEPT = 64


class Spot(Protocol):
    """A score on the boards of its window; with `shown` False or no volume it stands nowhere."""

    @property
    def volume(self) -> int:
        """Its volume."""

    @property
    def shown(self) -> bool:
        """Whether it stands on boards by its name."""

    @property
    def city(self) -> int:
        """Its city by code, 0 for none."""

    @property
    def county(self) -> int:
        """Its county by code, 0 for none."""

    @property
    def town(self) -> int:
        """Its town by code, 0 for none."""


class Change(NamedTuple):
    """So many people more (or fewer) have this volume on the board of this division."""

    code: int
    volume: int
    people: int


class Tree:
    """How many people have each volume of one board, in a Fenwick tree: 4 bytes a volume, whoever has it.

    Nobody changes one that others may be reading: `changed` is another tree.
    """

    __slots__ = ("_sums", "people")

    def __init__(self, levels: Iterable[tuple[int, int]]) -> None:
        """From (volume, people), each volume from 1 to VOLUME_MAX once, in any order."""
        counts = dict(levels)
        size = 1 << max(counts, default=1).bit_length()
        self._sums = array("i", bytes(4 * (size + 1)))
        self.people = sum(counts.values())
        for volume, people in counts.items():
            self._sums[volume] = people
        for index in range(1, size + 1):
            parent = index + (index & -index)
            if parent <= size:
                self._sums[parent] += self._sums[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tree) or self.people != other.people:
            return False
        mine, others = self._sums[:], other._sums[:]
        _grow(mine, len(others) - 1, self.people)
        _grow(others, len(mine) - 1, self.people)
        return mine == others

    @property
    def size(self) -> int:
        """Bytes of memory, without the few that any object has."""
        return self._sums.itemsize * len(self._sums)

    def above(self, volume: int) -> int:
        """How many people have more than that."""
        sums = self._sums
        index = min(volume, len(sums) - 1)
        found = self.people
        while index > 0:
            found -= sums[index]
            index &= index - 1
        return found

    def has_equals(self, volume: int) -> bool:
        """Whether several people have that volume."""
        return self.above(volume - 1) - self.above(volume) > 1

    def at(self, position: int) -> int:
        """The volume of whoever is at a position, the best at 1."""
        assert 0 < position <= self.people
        sums, index, wanted = self._sums, 0, self.people - position + 1
        step = (len(sums) - 1).bit_length()
        while step:
            step -= 1
            reached = index + (1 << step)
            if reached < len(sums) and sums[reached] < wanted:
                index = reached
                wanted -= sums[reached]
        return index + 1

    def changed(self, changes: Iterable[tuple[int, int]]) -> "Tree":
        """The tree after (volume, people more or fewer); volumes from 1 to VOLUME_MAX."""
        after = Tree.__new__(Tree)
        sums = after._sums = self._sums[:]
        after.people = self.people
        for volume, people in changes:
            _grow(sums, volume, after.people)
            after.people += people
            while volume < len(sums):
                sums[volume] += people
                volume += volume & -volume
        return after


def _grow(sums: "array[int]", volume: int, people: int) -> None:
    while volume >= len(sums):
        sums.extend(array("i", bytes(4 * (len(sums) - 1))))
        sums[-1] = people


def changes_by_level(moves: Iterable[tuple[Spot | None, Spot]]) -> dict[int, list[Change]]:
    """What scores that went from one spot to another change on the boards of each of LEVELS, sorted.

    A score that is new comes from None. Changes that cancel out are left out, and so are levels without any.
    """
    places: dict[tuple[int, int, int, int], int] = {}
    for before, after in moves:
        if before is not None and before.shown and before.volume > 0:
            key = before.city, before.county, before.town, before.volume
            places[key] = places.get(key, 0) - 1
        if after.shown and after.volume > 0:
            key = after.city, after.county, after.town, after.volume
            places[key] = places.get(key, 0) + 1
    found: dict[int, list[Change]] = {}
    for place, level in enumerate(LEVELS):
        sums: Counter[tuple[int, int]] = Counter()
        for key, people in places.items():
            if people and key[place]:
                sums[key[place], key[3]] += people
        changes = [Change(*key, people) for key, people in sorted(sums.items()) if people]
        if changes:
            found[level] = changes
    return found


def pack_changes(changes: Iterable[Change]) -> bytes:
    """Changes as bytes: three little-endian 32-bit numbers each."""
    return b"".join(pack("<3i", *change) for change in changes)


def changes_in(body: bytes, code: int) -> Iterator[tuple[int, int]]:
    """The (volume, people) of one board's changes."""
    return ((volume, people) for of, volume, people in iter_unpack("<3i", body) if of == code)
