"""What files of a campaign may stand beside one another, and the differences to what counts."""

from collections.abc import Sequence
from datetime import date

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published
from kepu.figures import reads
from kepu.figures.reads import FileRow
from kepu.figures.rules import (
    CHANGING,
    Layout,
    Line,
    Period,
    Refused,
    Span,
    Trouble,
    may_stand_beside,
    with_deltas,
    with_steps,
)


def fresh_deltas(file: FileRow, lines: Sequence[Line]) -> list[Line]:
    """The lines with their differences to what counts now, and the entries that would make them.

    Two queries, and one for each thousand people whose figure changes.
    """
    fresh = with_deltas(lines, reads.counted(file), reads.later_days(file), file.layout.span)
    changing = sorted({line.person for line in fresh if line.verdict in CHANGING})
    return with_steps(fresh, reads.held(file, changing), file.layout.span)


def misfit(layout: Layout, where: tuple[str, Period], standing: Sequence[FileRow]) -> Refused | None:
    """One campaign has one figure; the days of one division are told one way."""
    division, period = where
    for other in standing:
        if other.layout.figure != layout.figure:
            return Refused(Trouble.OTHER_FIGURE, other.number)
        if related(division, other.division) and not may_stand_beside(
            period, layout.span, other.period, other.layout.span
        ):
            cumulative = Span.CUMULATIVE in (layout.span, other.layout.span)
            return Refused(Trouble.OTHER_SPAN if cumulative else Trouble.PERIOD_OVERLAPS, other.number)
    return None


def related(one: str, other: str) -> bool:
    """Whether one division lies in the other."""
    return one.startswith(other) or other.startswith(one)


def published_of(campaign: int) -> Published:
    """The campaign of this number. One query."""
    return next(each for each in campaigns.published() if each.number == campaign)


def number_of(day: date) -> int:
    """A day as yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day
