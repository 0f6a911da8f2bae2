"""The geometry of the small charts: plain numbers in, attributes of SVG elements out."""

from collections.abc import Sequence
from dataclasses import dataclass

RING_LENGTH = 100.0  # the circle's pathLength, so that a dash is a percentage


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart 100 wide and 40 high; `now` marks the last one."""

    x: float
    y: float
    width: float
    height: float
    now: bool


def percent(value: float, total: float) -> float:
    """`value` as a share of `total`, 0 to 100; a total of nothing counts as done."""
    if total <= 0:
        return 100.0
    return round(min(max(value / total, 0.0), 1.0) * 100, 1)


def columns(values: Sequence[float]) -> list[Column]:
    """Columns for values ≥ 0, the greatest filling the height; each at least a hairline."""
    if not values:
        return []
    step, most = 100 / len(values), max(*values, 1)
    out = []
    for place, value in enumerate(values):
        height = round(max(value / most * 39, 0.6), 2)
        last = place == len(values) - 1
        out.append(
            Column(
                round(place * step + step * 0.14, 2),
                round(40 - height, 2),
                round(step * 0.72, 2),
                height,
                last,
            )
        )
    return out


def line(values: Sequence[float]) -> str:
    """The points of a line through the values, in a box 100 wide and 40 high; "" for fewer than two."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = 100 / (len(values) - 1)
    return " ".join(
        f"{place * step:.1f},{38 - (value - low) / span * 36:.1f}" for place, value in enumerate(values)
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of a grid: its corner and the middle its words stand on."""

    x: int
    y: int
    middle: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar over a line at the foot; its words stand at `middle` and `above`."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    above: float


TILE_WIDTH, TILE_HEIGHT, TILE_GAP = 118, 74, 6


def tiles(count: int, across: int) -> tuple[list[Tile], int, int]:
    """Places for `count` tiles, `across` in a row, row by row; the grid's width and height (0 for none)."""
    assert count >= 0
    assert across > 0
    step_x, step_y = TILE_WIDTH + TILE_GAP, TILE_HEIGHT + TILE_GAP
    places = [
        Tile(place % across * step_x, place // across * step_y, place % across * step_x + TILE_WIDTH // 2)
        for place in range(count)
    ]
    rows = -(-count // across)
    return places, max(0, min(count, across) * step_x - TILE_GAP), max(0, rows * step_y - TILE_GAP)


def bars(values: Sequence[float], width: float, height: float, head: float) -> list[Bar]:
    """Bars for values ≥ 0 in a box; the greatest leaves `head` free above it for its words."""
    if not values:
        return []
    step, most = width / len(values), max(*values, 1)
    out = []
    for place, value in enumerate(values):
        tall = round(max(value / most * (height - head), 1.0 if value else 0.0), 1)
        x = place * step + step * 0.15
        out.append(
            Bar(
                round(x, 1),
                round(height - tall, 1),
                round(step * 0.7, 1),
                tall,
                round((place + 0.5) * step, 1),
                round(height - tall - 4, 1),
            )
        )
    return out


def two_lines(name: str, longest: int) -> tuple[str, str]:
    """A name for a small tile: the whole, or two halves; what is longer than both ends with …."""
    if len(name) <= longest:
        return name, ""
    first, rest = name[:longest], name[longest:]
    return first, rest if len(rest) <= longest else rest[: longest - 1] + "…"
