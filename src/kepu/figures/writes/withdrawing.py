"""What a file entered is taken back: one person asks for it, another confirms."""

import re
from datetime import datetime

from django.db import transaction

from kepu.figures.models import FileLine, SentFile
from kepu.figures.reads import FileRow, file_row
from kepu.figures.rules import FileState, Refused, Trouble, bears_on
from kepu.figures.writes.sending import Report
from kepu.figures.writes.standing import locked, related
from kepu.ledger import writes as ledger
from kepu.people import reads as people

ENTRIES_AT_ONCE = 500
REASON_MAX = 200


@transaction.atomic
def ask_withdrawal(number: int, by: int, why: str, now: datetime) -> Refused | None:
    """Somebody asks for an entered file to be taken back; nothing changes until another person confirms."""
    row, others = locked(number)
    if row.asked_by:
        return Refused(Trouble.NOT_WAITING)
    refused = _in_the_way(file_row(row), others)
    if refused is not None:
        return refused
    if not why.strip():
        return Refused(Trouble.REASON_MISSING)
    if re.search(r"1[3-9]\d{9}", why):
        return Refused(Trouble.REASON_NAMES)
    row.asked_by, row.asked_at, row.reason = by, now, why.strip()[:REASON_MAX]
    row.save(update_fields=["asked_by", "asked_at", "reason"])
    return None


@transaction.atomic
def drop_withdrawal(number: int) -> Refused | None:
    """The file stays entered: nobody asks for its withdrawal any more."""
    row, _others = locked(number)
    if row.state != FileState.ENTERED or not row.asked_by:
        return Refused(Trouble.NOT_ASKED)
    row.asked_by, row.asked_at, row.reason = 0, None, ""
    row.save(update_fields=["asked_by", "asked_at", "reason"])
    return None


@transaction.atomic
def withdraw_file(number: int, by: int, now: datetime) -> Refused | None:
    """A file somebody else asked to withdraw is being taken back by reversals, signed by whoever confirms.

    The newest first where one rests on another. Two accounts of one person are one person.
    """
    row, others = locked(number)
    if row.state == FileState.ENTERED and not row.asked_by:
        return Refused(Trouble.NOT_ASKED)
    refused = _in_the_way(file_row(row), others)
    if refused is not None:
        return refused
    if by in people.hands_of(row.asked_by):
        return Refused(Trouble.OWN_WITHDRAWAL)
    row.state, row.withdrawn_by, row.withdrawn_at = FileState.WITHDRAWING.value, by, now
    row.save(update_fields=["state", "withdrawn_by", "withdrawn_at"])
    return None


def withdraw_lines(number: int, report: Report) -> int:
    """Everything the file entered is reversed; how many entries.

    Never inside a transaction. Cut off and begun again it goes on.
    """
    row = SentFile.objects.get(pk=number)
    if row.state != FileState.WITHDRAWING or row.withdrawn_at is None:
        return 0
    entered = FileLine.objects.filter(file=row, seq__gt=0).order_by("row").values_list("entries", flat=True)
    refs = [(book, seq) for entries in entered for book, seq in entries]
    for start in range(0, len(refs), ENTRIES_AT_ONCE):
        some = refs[start : start + ENTRIES_AT_ONCE]
        ledger.reverse_entries(some, row.withdrawn_by, f"撤回官方数据文件：{row.reason}", row.withdrawn_at)
        report(start + len(some), len(refs))
    SentFile.objects.filter(pk=number, state=FileState.WITHDRAWING).update(state=FileState.WITHDRAWN)
    return len(refs)


def _in_the_way(file: FileRow, others: list[FileRow]) -> Refused | None:
    """Why an entered file cannot be taken back now."""
    if file.state is not FileState.ENTERED or file.decided_at is None:
        return Refused(Trouble.NOT_WAITING)
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
    return None
