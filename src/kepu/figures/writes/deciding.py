"""A second person decides; what was approved is entered, what was wrong is withdrawn."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import F

from kepu.figures.models import FileLine, SentFile
from kepu.figures.reads import file_row, line_of
from kepu.figures.rules import (
    ACCEPTED,
    CHANGING,
    OWN_ENTRY,
    WORKED_OUT,
    FileState,
    Line,
    Refused,
    Signed,
    Trouble,
    Verdict,
    acts_of,
)
from kepu.figures.writes.lines import put_lines
from kepu.figures.writes.sending import Report
from kepu.figures.writes.standing import fresh_deltas, locked, misfit, published_of
from kepu.figures.writes.withdrawing import REASON_MAX
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.reads import entries_at
from kepu.ledger.rules import Entry, Receipt, Refusal
from kepu.people import reads as people

LINES_AT_ONCE = 500


@transaction.atomic
def approve_file(number: int, by: int, now: datetime, *, seen: int | None = None) -> Refused | None:
    """The file is approved and about to be checked and entered: what the approver saw becomes entries.

    Refused: the approval of whoever sent it, by any of their accounts; a file that could not stand beside
    the others; and where differences were worked out anew since the edition that was `seen`. At most
    fifteen queries, however many rows.
    """
    row, others = locked(number)
    file = file_row(row)
    if file.state is not FileState.WAITING:
        return Refused(Trouble.NOT_WAITING)
    if by in people.hands_of(file.sent_by):
        return Refused(Trouble.OWN_FILE)
    if seen not in (None, file.edition):
        return Refused(Trouble.CHANGED_SINCE)
    at_work = next((each for each in others if each.state is not FileState.ENTERED), None)
    if at_work is not None:
        return Refused(Trouble.ANOTHER_AT_WORK, at_work.number)
    unfit = misfit(file.layout, (file.division, file.period), others)
    if unfit is not None:
        return unfit
    if not FileLine.objects.filter(file=row, verdict__in=ACCEPTED).exists():
        return Refused(Trouble.NOTHING_TO_ENTER)
    row.state, row.decided_by, row.decided_at = FileState.CHECKING.value, by, now
    row.version = published_of(file.campaign).sheet.version
    row.save(update_fields=["state", "decided_by", "decided_at", "version"])
    return None


def check_file(number: int) -> Refused | None:
    """What an approved file says still holds, and it may be entered; else it waits for another look.

    Never inside a transaction. CHANGED_SINCE: something was counted, merged or revoked since the differences
    were shown; they are new now and the approval is gone. It goes first, so that a worker that dies among
    the lines leaves a file nobody can decide on until it is done. Again: as the first time. Six queries,
    one for each thousand people whose figure changes and, where something did, five for each thousand rows.
    """
    row = SentFile.objects.select_related("layout").get(pk=number)
    if row.state not in (FileState.CHECKING, FileState.RENEWING):
        return None if row.state == FileState.ENTERING else Refused(Trouble.NOT_WAITING)
    there = FileLine.objects.filter(file=row, verdict__in=WORKED_OUT, person__gt=0).order_by("row")
    lines = [line_of(each) for each in there.iterator(LINES_AT_ONCE)]
    fresh = fresh_deltas(file_row(row), lines)
    changed = [new for line, new in zip(lines, fresh, strict=True) if new != line]
    checked = SentFile.objects.filter(pk=number, state=FileState.CHECKING)
    if not changed and checked.update(state=FileState.ENTERING):
        return None
    checked.update(state=FileState.RENEWING, decided_by=0, decided_at=None, edition=F("edition") + 1)
    if put_lines(number, changed, FileState.RENEWING):
        SentFile.objects.filter(pk=number, state=FileState.RENEWING).update(state=FileState.WAITING)
    return Refused(Trouble.CHANGED_SINCE)


@transaction.atomic
def turn_down_file(number: int, by: int, why: str, now: datetime) -> Refused | None:
    """A file that is not entered will not be; its rows stay to be read. A reason is asked for."""
    row, _others = locked(number)
    if row.state not in (FileState.READING, FileState.WAITING, FileState.RENEWING, FileState.COMPARED):
        return Refused(Trouble.NOT_WAITING)
    if not why.strip():
        return Refused(Trouble.REASON_MISSING)
    row.state, row.decided_by, row.decided_at = FileState.TURNED_DOWN.value, by, now
    row.reason = why.strip()[:REASON_MAX]
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return None


def enter_lines(number: int, report: Report) -> int:
    """The approved differences are in the ledger; how many rows became entries in this run.

    Never inside a transaction. Cut off and begun again it goes on where it was: an entry is known by file
    and row. A row that the ledger refuses (its county has no book here) says so.
    """
    row = SentFile.objects.select_related("layout").get(pk=number)
    if row.state != FileState.ENTERING or row.decided_at is None:
        return 0
    at_ms = clock.milliseconds(row.decided_at)
    signed = Signed(row.pk, row.sha256, row.campaign, row.version, row.decided_by, at_ms)
    waiting = FileLine.objects.filter(file=row, verdict__in=CHANGING, seq=0).order_by("row")
    total, done = waiting.count(), 0
    while held := list(waiting[:LINES_AT_ONCE]):
        lines = [line_of(each) for each in held]
        acts = list(acts_of(lines, signed, _named(lines)))
        answers = iter(ledger.commit_batch(acts))
        for each, line in zip(held, lines, strict=True):
            _keep_receipts(each, list(islice(answers, len(line.steps))))
        FileLine.objects.bulk_update(held, ["verdict", "book", "seq", "entries"])
        done += len(held)
        report(done, total)
    SentFile.objects.filter(pk=number, state=FileState.ENTERING).update(state=FileState.ENTERED)
    return done


def _named(lines: Sequence[Line]) -> dict[tuple[int, int], Entry]:
    """The entries that the lines' steps name. One query a thousand."""
    refs = sorted({step.entry for line in lines for step in line.steps} - {OWN_ENTRY})
    return {(entry.book, entry.seq): entry for entry in entries_at(refs)}


def _keep_receipts(line: FileLine, answers: Sequence[Receipt | Refusal]) -> None:
    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    line.entries = [(receipt.book, receipt.seq) for receipt in receipts]
    if receipts:
        line.book, line.seq = line.entries[0]
    if len(receipts) < len(answers):
        line.verdict = Verdict.NOT_ENTERED.value
