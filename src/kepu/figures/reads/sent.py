"""Files, their rows and layouts, limited to the asker's divisions in the read."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Q, QuerySet, Sum

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Measure, Published
from kepu.figures.models import FileLine, LayoutRow, SentFile
from kepu.figures.rules import (
    STANDING,
    FileState,
    Layout,
    Line,
    Match,
    Period,
    Role,
    Span,
    Step,
    Verdict,
)
from kepu.kit.paging import Page, page_of

Kept = TypeVar("Kept", SentFile, LayoutRow)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One sent file. Accounts are numbers, 0 for nobody; days yyyymmdd. `edition`: how often its differences
    were worked out anew.
    """

    number: int
    campaign: int
    division: str
    layout: Layout
    name: str
    sha256: str
    period: Period
    state: FileState
    version: int
    sent_by: int
    sent_at: datetime
    decided_by: int
    decided_at: datetime | None
    asked_by: int
    asked_at: datetime | None
    withdrawn_by: int
    withdrawn_at: datetime | None
    reason: str
    job: int
    edition: int


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many rows of a file have a verdict, and what their differences add up to."""

    rows: int
    delta: int


def campaigns_for(divisions: Sequence[str]) -> list[Published]:
    """The campaigns that count where these divisions lie or within them, the latest first. One query."""
    found = [
        each
        for each in campaigns.published()
        if any(_overlap(each.sheet.counts_within, division) for division in divisions)
    ]
    return sorted(found, key=lambda each: (each.sheet.opens_at, each.number), reverse=True)


def division_for(published: Published, divisions: Sequence[str]) -> str:
    """Whose figures the officers of these divisions bring: its area, or their part of it, or ""."""
    area = published.sheet.counts_within
    if any(area.startswith(division) for division in divisions):
        return area
    return next((division for division in sorted(divisions) if division.startswith(area)), "")


def enters(published: Published | None, layout: Layout) -> bool:
    """Whether figures of this layout become entries; else the file is only compared."""
    by_imports = published is not None and published.sheet.measure is Measure.IMPORTED
    return by_imports and layout.match is not Match.TOTALS


def files(divisions: Sequence[str], start: int, size: int) -> Page[FileRow]:
    """Files of these divisions, newest first. One query."""
    rows = _within(SentFile.objects.select_related("layout"), divisions).order_by("-pk")
    return page_of([file_row(row) for row in rows[start : start + size + 1]], start, size)


def file(number: int, divisions: Sequence[str]) -> FileRow | None:
    """One file, if it is of these divisions. One query."""
    row = _within(SentFile.objects.select_related("layout"), divisions).filter(pk=number).first()
    return file_row(row) if row is not None else None


def standing_files(campaign: int) -> list[FileRow]:
    """The files of a campaign whose figures are in the ledger, the newest decided first. One query."""
    rows = SentFile.objects.filter(campaign=campaign, state__in=STANDING).select_related("layout")
    return [file_row(row) for row in rows.order_by("-decided_at", "-pk")]


def verdict_counts(file: int) -> dict[Verdict, VerdictCount]:
    """What became of a file's rows. One query."""
    rows = FileLine.objects.filter(file=file).values("verdict").annotate(rows=Count("pk"), delta=Sum("delta"))
    return {Verdict(row["verdict"]): VerdictCount(row["rows"], row["delta"]) for row in rows.order_by()}


def lines(
    file: int, verdicts: Sequence[Verdict], start: int, size: int, *, differing: bool = False
) -> Page[Line]:
    """A file's rows with one of these verdicts (all for none) in order; only differing ones. One query."""
    rows = FileLine.objects.filter(file=file)
    if verdicts:
        rows = rows.filter(verdict__in=verdicts)
    if differing:
        rows = rows.exclude(delta=0)
    found = rows.order_by("row")[start : start + size + 1]
    return page_of([line_of(row) for row in found], start, size)


def lines_after(file: int, row: int, limit: int) -> list[Line]:
    """A file's rows after `row` (0: from the first), at last those it does not name (below 0). One query."""
    rows = FileLine.objects.filter(file=file)
    if row >= 0:
        found = [line_of(each) for each in rows.filter(row__gt=row).order_by("row")[:limit]]
        if found:
            return found
    below = rows.filter(row__lt=min(row, 0)).order_by("-row")
    return [line_of(each) for each in below[:limit]]


def layouts(divisions: Sequence[str], limit: int = 50) -> list[Layout]:
    """The layouts kept in these divisions, newest first; of one name and headings the newest. One query."""
    rows = _within(LayoutRow.objects.all(), divisions).order_by("-pk")[: limit * 4]
    found: dict[tuple[str, str], Layout] = {}
    for row in rows:
        found.setdefault((row.name, row.digest), layout_of(row))
    return list(found.values())[:limit]


def remembered(divisions: Sequence[str], digest: str) -> Layout | None:
    """The newest layout for headings with this digest. One query."""
    row = _within(LayoutRow.objects.filter(digest=digest), divisions).order_by("-pk").first()
    return layout_of(row) if row is not None else None


def layout_named(divisions: Sequence[str], name: str) -> Layout | None:
    """The newest layout of this name. One query."""
    row = _within(LayoutRow.objects.filter(name=name[:40]), divisions).order_by("-pk").first()
    return layout_of(row) if row is not None else None


def file_row(row: SentFile) -> FileRow:
    """The value of a row (with its layout)."""
    return FileRow(
        number=row.pk,
        campaign=row.campaign,
        division=row.division,
        layout=layout_of(row.layout),
        name=row.name,
        sha256=row.sha256,
        period=Period(row.first_day, row.last_day),
        state=FileState(row.state),
        version=row.version,
        sent_by=row.sent_by,
        sent_at=row.sent_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        reason=row.reason,
        job=row.job,
        edition=row.edition,
    )


def layout_of(row: LayoutRow) -> Layout:
    """The value of a row."""
    columns = {Role(role): int(place) for role, place in row.columns.items()}
    headings = tuple(row.headings)
    return Layout(row.name, headings, columns, Match(row.match), Span(row.span), row.figure, row.pk)


def line_of(row: FileLine) -> Line:
    """The value of a row."""
    kept = {each.name: getattr(row, each.name) for each in fields(Line)}
    steps = tuple(
        Step(day, volume, (book, seq), unit, *account) for day, volume, book, seq, unit, *account in row.steps
    )
    return Line(**(kept | {"verdict": Verdict(row.verdict), "steps": steps}))


def kept_steps(line: Line) -> list[tuple[int, ...]]:
    """A line's steps as its row keeps them."""
    return [(step.day, step.volume, *step.entry, step.unit, step.account) for step in line.steps]


def _within(rows: QuerySet[Kept], divisions: Sequence[str]) -> QuerySet[Kept]:
    if not divisions:
        return rows.none()
    inside = Q()
    for division in divisions:
        inside |= Q(division__startswith=division)
    return rows.filter(inside)


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
