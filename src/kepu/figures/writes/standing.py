"""What files of a campaign may stand beside one another, and the differences to what counts."""

from collections.abc import Sequence
from datetime import date

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published
from kepu.figures import reads
from kepu.figures.models import SentFile, Series
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
    of_kept,
    with_deltas,
    with_steps,
)
from kepu.people import reads as people


def fresh_deltas(file: FileRow, lines: Sequence[Line]) -> list[Line]:
    """The lines with their differences to what counts now, and the entries that would make them.

    Accounts merged by now are one person, whoever was certified no more by now gets nothing more. Four
    queries, and one for each thousand people whose figure changes; three more where one was merged.
    """
    span, kept = file.layout.span, people.merged_into()
    merged = {line.person: kept[line.person] for line in lines if line.person in kept}
    fresh = of_kept(lines, reads.persons_kept(merged) if merged else {}, file.division)
    revoked = {each.account for each in people.former_within(file.division)}
    fresh = with_deltas(fresh, reads.counted(file, kept), reads.later_days(file, kept), span, revoked)
    changing = sorted({line.person for line in fresh if line.verdict in CHANGING})
    return with_steps(fresh, reads.held(file, changing, kept), span)


def locked(number: int) -> tuple[SentFile, list[FileRow]]:
    """The file, and the campaign's others that stand; nobody else decides on one of them until the end."""
    campaign = SentFile.objects.values_list("campaign", flat=True).get(pk=number)
    Series.objects.get_or_create(campaign=campaign)
    Series.objects.select_for_update().get(campaign=campaign)
    row = SentFile.objects.select_related("layout").get(pk=number)
    return row, [each for each in reads.standing_files(campaign) if each.number != number]


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
