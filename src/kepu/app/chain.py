"""A person's share chain: who shared on from whose link, as a tree of people, and where each stands in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kepu.ledger.rules import Entry

LEVELS_MAX = 4
NODES_MAX = 200
ROW, INDENT, EDGE, RADIUS = 46, 30, 22, 16


@dataclass(frozen=True, slots=True)
class Node:
    """A person who shared on from the same link `shares` times, and who shared on from theirs."""

    person: int
    shares: int
    below: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node is drawn: its circle's middle, its parent's, and its name in the list of people."""

    node: Node
    level: int
    x: int
    y: int
    parent_x: int
    parent_y: int

    @property
    def line(self) -> str:
        """From the parent's circle down and across to this one, as an SVG path."""
        start, end = self.parent_y + RADIUS, self.x - RADIUS
        bend = self.parent_x + 8
        return f"M{self.parent_x} {start}V{self.y - 8}Q{self.parent_x} {self.y} {bend} {self.y}H{end}"

    @property
    def text_x(self) -> int:
        """Where the name begins."""
        return self.x + RADIUS + 8


def grown(roots: Sequence[Entry], later: Sequence[Sequence[Entry]]) -> tuple[Node, ...]:
    """The people of the first level with those below them; one person's shares from one parent are one node.

    `roots`: the shares that came by my links; `later`: those that came by theirs, level by level.
    """
    children: dict[tuple[int, int], list[Entry]] = {}
    for level in later:
        for each in level:
            children.setdefault((each.ref_book, each.ref_seq), []).append(each)
    return _nodes(roots, children)


def _nodes(entries: Sequence[Entry], children: Mapping[tuple[int, int], Sequence[Entry]]) -> tuple[Node, ...]:
    people: dict[int, list[Entry]] = {}
    for each in entries:
        people.setdefault(each.person, []).append(each)
    return tuple(
        Node(person, len(shares), _nodes(_below(shares, children), children))
        for person, shares in people.items()
    )


def _below(shares: Sequence[Entry], children: Mapping[tuple[int, int], Sequence[Entry]]) -> list[Entry]:
    return [child for each in shares for child in children.get((each.book, each.seq), ())]


def drawn(nodes: Sequence[Node]) -> tuple[Spot, ...]:
    """Every node's place, a row each, children under their parent; the root stands in row 0."""
    return tuple(_rows(nodes, 1, (EDGE, EDGE), [EDGE]))


def _rows(nodes: Sequence[Node], level: int, parent: tuple[int, int], last_y: list[int]) -> Iterator[Spot]:
    for node in nodes:
        last_y[0] += ROW
        spot = Spot(node, level, EDGE + level * INDENT, last_y[0], *parent)
        yield spot
        yield from _rows(node.below, level + 1, (spot.x, spot.y), last_y)
