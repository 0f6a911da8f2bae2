"""A second person decides; what was approved is entered, what was wrong is withdrawn."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import F

from kepu.figures import reads
from kepu.figures.models import FileLine, SentFile, Series
from kepu.figures.reads import FileRow, file_row, line_of
from kepu.figures.rules import (
    ACCEPTED,
    CHANGING,
    OWN_ENTRY,
    FileState,
    Line,
    Refused,
    Signed,
    Trouble,
    Verdict,
    acts_of,
    bears_on,
)
from kepu.figures.writes.sending import Report
from kepu.figures.writes.standing import fresh_deltas, misfit, published_of, related
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.reads import entries_at
from kepu.ledger.rules import Entry, Receipt, Refusal

LINES_AT_ONCE = 500
REASON_MAX = 200
RENEWED = ("before", "delta", "carried_day", "verdict", "steps")


@transaction.atomic
def approve_file(number: int, by: int, now: datetime, *, seen: int | None = None) -> Refused | None:
    """The file is approved and about to be checked and entered: what the approver saw becomes entries.

    Refused: the sender's own approval; a file that could not stand beside the others; and where differences
    were worked out anew since the edition that was `seen`. At most fourteen queries, however many rows.
    """
    row, others = _locked(number)
    file = file_row(row)
    if file.state is not FileState.WAITING:
        return Refused(Trouble.NOT_WAITING)
    if by == file.sent_by:
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

    Never inside a transaction: differences are worked out first, while nobody else may enter anything, and
    only what they came to is written under the lock. CHANGED_SINCE: something was counted since they were
    shown; they are new now and the approval is gone. Again: as the first time. Six queries, one for each
    thousand people whose figure changes and, where something did, one for each 500 rows.
    """
    row = SentFile.objects.select_related("layout").get(pk=number)
    if row.state != FileState.CHECKING:
        return None if row.state == FileState.ENTERING else Refused(Trouble.NOT_WAITING)
    held = list(FileLine.objects.filter(file=row, verdict__in=ACCEPTED).order_by("row"))
    lines = [line_of(each) for each in held]
    fresh = fresh_deltas(file_row(row), lines)
    changed = [(each, new) for each, line, new in zip(held, lines, fresh, strict=True) if new != line]
    checked = SentFile.objects.filter(pk=number, state=FileState.CHECKING)
    if not changed:
        checked.update(state=FileState.ENTERING)
        return None
    with transaction.atomic():
        if checked.update(state=FileState.WAITING, decided_by=0, decided_at=None, edition=F("edition") + 1):
            for each, new in changed:
                each.before, each.delta, each.carried_day = new.before, new.delta, new.carried_day
                each.verdict, each.steps = new.verdict.value, reads.kept_steps(new)
            FileLine.objects.bulk_update([each for each, _ in changed], RENEWED, LINES_AT_ONCE)
    return Refused(Trouble.CHANGED_SINCE)


@transaction.atomic
def turn_down_file(number: int, by: int, why: str, now: datetime) -> Refused | None:
    """A file that is not entered will not be; its rows stay to be read. A reason is asked for."""
    row, _others = _locked(number)
    if row.state not in (FileState.READING, FileState.WAITING, FileState.COMPARED):
        return Refused(Trouble.NOT_WAITING)
    if not why.strip():
        return Refused(Trouble.REASON_MISSING)
    row.state, row.decided_by, row.decided_at = FileState.TURNED_DOWN.value, by, now
    row.reason = why.strip()[:REASON_MAX]
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return None


@transaction.atomic
def withdraw_file(number: int, by: int, why: str, now: datetime) -> Refused | None:
    """An entered file is being taken back by reversals; the newest first where one rests on another."""
    row, others = _locked(number)
    file = file_row(row)
    if file.state is not FileState.ENTERED or file.decided_at is None:
        return Refused(Trouble.NOT_WAITING)
    if not why.strip():
        return Refused(Trouble.REASON_MISSING)
    if re.search(r"1[3-9]\d{9}", why):
        return Refused(Trouble.REASON_NAMES)
    for other in others:
        if other.state is not FileState.ENTERED:
            return Refused(Trouble.ANOTHER_AT_WORK, other.number)
        is_newer = other.decided_at is not None and other.decided_at > file.decided_at
        if (
            is_newer
            and related(file.division, other.division)
            and bears_on(file.period, file.layout.span, other.period)
        ):
            return Refused(Trouble.NEWER_STANDS, other.number)
    row.state, row.withdrawn_by, row.withdrawn_at = FileState.WITHDRAWING.value, by, now
    row.reason = why.strip()[:REASON_MAX]
    row.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "reason"])
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


def withdraw_lines(number: int, report: Report) -> int:
    """Everything the file entered is reversed; how many entries.

    Never inside a transaction. Cut off and begun again it goes on.
    """
    row = SentFile.objects.get(pk=number)
    if row.state != FileState.WITHDRAWING or row.withdrawn_at is None:
        return 0
    entered = FileLine.objects.filter(file=row, seq__gt=0).order_by("row").values_list("entries", flat=True)
    refs = [(book, seq) for entries in entered for book, seq in entries]
    for start in range(0, len(refs), LINES_AT_ONCE):
        some = refs[start : start + LINES_AT_ONCE]
        ledger.reverse_entries(some, row.withdrawn_by, f"撤回官方数据文件：{row.reason}", row.withdrawn_at)
        report(start + len(some), len(refs))
    SentFile.objects.filter(pk=number, state=FileState.WITHDRAWING).update(state=FileState.WITHDRAWN)
    return len(refs)


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


def _locked(number: int) -> tuple[SentFile, list[FileRow]]:
    """The file, and the campaign's others that stand; nobody else decides on one of them until the end."""
    campaign = SentFile.objects.values_list("campaign", flat=True).get(pk=number)
    Series.objects.get_or_create(campaign=campaign)
    Series.objects.select_for_update().get(campaign=campaign)
    row = SentFile.objects.select_related("layout").get(pk=number)
    return row, [each for each in reads.standing_files(campaign) if each.number != number]
