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
