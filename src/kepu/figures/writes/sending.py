"""Official figures are sent and read: every row gets its verdict, and nothing is entered."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import Q

from kepu.campaigns.rules import Published, last_day_of
from kepu.documents.reading import Cell
from kepu.figures import reads
from kepu.figures.models import FileLine, LayoutRow, SentFile
from kepu.figures.reads import FileRow, file_row
from kepu.figures.rules import (
    HELD,
    FileState,
    Layout,
    Line,
    Match,
    Period,
    Refused,
    Span,
    Trouble,
    Verdict,
    compared,
    judged,
    layout_digest,
    layout_trouble,
    masked_person,
    slots_of,
)
from kepu.figures.writes.lines import put_lines
from kepu.figures.writes.standing import fresh_deltas, misfit, number_of, published_of
from kepu.kit import clock

# (done, in all): told after each step; may raise to stop between two.
Report = Callable[[int, int], None]


@transaction.atomic
def keep_layout(layout: Layout, division: str, by: int, now: datetime) -> Layout | Refused:
    """The layout is remembered for these headings in a division; one that says the same is not kept twice."""
    trouble = layout_trouble(layout)
    if trouble is not None:
        return Refused(trouble)
    digest = layout_digest(layout.headings)
    known = reads.remembered([division], digest)
    if known is not None and replace(known, number=0, headings=layout.headings) == replace(layout, number=0):
        return known
    row = LayoutRow.objects.create(
        division=division,
        digest=digest,
        name=layout.name[:40],
        headings=list(layout.headings),
        columns={role.value: place for role, place in layout.columns.items()},
        match=layout.match.value,
        span=layout.span.value,
        figure=layout.figure.strip()[:20],
        made_by=by,
        made_at=now,
    )
    return reads.layout_of(row)


@transaction.atomic
def send_file(
    published: Published,
    division: str,
    layout: Layout,
    what: tuple[str, str, Period],
    by: int,
    now: datetime,
) -> FileRow | Refused:
    """A file waits to be read; `what` is its name, its SHA-256 (hex) and its period.

    Refused: bytes that are held already, days outside the campaign or still to come, and what could not
    stand beside the campaign's other files.
    """
    name, sha256, period = what
    if layout.span is Span.CUMULATIVE:
        period = Period(number_of(clock.day_of(published.sheet.opens_at)), period.last_day)
    refused = _period_refused(published, period, now) or _held_already(published.number, sha256)
    if refused is None and reads.enters(published, layout):
        refused = misfit(layout, (division, period), reads.standing_files(published.number))
    if refused is not None:
        return refused
    row = SentFile.objects.create(
        campaign=published.number,
        division=division,
        layout_id=layout.number,
        name=name[:120],
        sha256=sha256,
        first_day=period.first_day,
        last_day=period.last_day,
        sent_by=by,
        sent_at=now,
    )
    return file_row(row)


def keep_job(file: int, job: int) -> None:
    """The page of the file shows how far this job is."""
    SentFile.objects.filter(pk=file).update(job=job)


def read_rows(file: FileRow, rows: Sequence[Sequence[Cell]], first_row: int, report: Report) -> None:
    """The file's rows have their verdicts, and it waits for a second person, or is compared.

    `first_row`: the first below the headings, from 0. Never inside a transaction. Again: as the first time.
    """
    published = published_of(file.campaign)
    known = reads.known_for(file, rows[first_row:])
    numbered = ((number, row) for number, row in enumerate(rows[first_row:], first_row + 1))
    lines = judged(numbered, file.layout, file.period, known)
    report(1, 3)
    if reads.enters(published, file.layout):
        lines, state = fresh_deltas(file, lines), FileState.WAITING
    else:
        totals = reads.unit_totals(file, lines) if file.layout.match is Match.TOTALS else {}
        slots = slots_of(reads.counted(file), file.layout, file.period)
        volumes = {place: volume for place, (volume, _) in totals.items()}
        lines = [_with_registered(line, totals) for line in compared(lines, slots, volumes)]
        state = FileState.COMPARED
    if file.layout.match is not Match.TOTALS:
        lines += _absent(file, lines)
    report(2, 3)
    if put_lines(file.number, lines, FileState.READING):
        kept = [line.row for line in lines] or [0]
        stale = Q(row__gt=max(kept)) | Q(row__lt=min(*kept, 0))  # of a reading that was cut off
        FileLine.objects.filter(stale, file=file.number).delete()
        SentFile.objects.filter(pk=file.number, state=FileState.READING).update(state=state)


def _with_registered(line: Line, totals: dict[tuple[int, str], tuple[int, int]]) -> Line:
    """A total of registrations has the certified beside it."""
    here = totals.get((line.unit, line.division))
    if line.registered < 0 or here is None:
        return line
    return replace(line, says=reads.registered_text(line.registered, here[1]))


def _absent(file: FileRow, lines: Sequence[Line]) -> list[Line]:
    named = {line.person for line in lines if line.person}
    slots = slots_of(reads.counted(file), replace(file.layout, span=Span.PERIOD), file.period)
    rows = count(-1, -1)
    return [
        Line(
            row=next(rows),
            verdict=Verdict.ABSENT if each.is_certified else Verdict.STANDS,
            who=masked_person(each),
            person=each.account,
            unit=each.unit,
            division=each.division,
            day=file.period.last_day,
            before=slots.get((each.account, file.period.last_day), 0),
        )
        for each in reads.absent_from(file, named)
    ]


def _period_refused(published: Published, period: Period, now: datetime) -> Refused | None:
    opens = number_of(clock.day_of(published.sheet.opens_at))
    last = number_of(last_day_of(published.sheet.closes_at))
    if period.last_day < period.first_day:
        return Refused(Trouble.PERIOD_WRONG)
    if period.first_day < opens or period.last_day > last:
        return Refused(Trouble.PERIOD_OUTSIDE)
    return Refused(Trouble.PERIOD_FUTURE) if period.last_day > number_of(clock.day_of(now)) else None


def _held_already(campaign: int, sha256: str) -> Refused | None:
    same = SentFile.objects.filter(campaign=campaign, sha256=sha256, state__in=HELD).order_by("pk").first()
    return Refused(Trouble.SAME_FILE, same.pk) if same is not None else None
