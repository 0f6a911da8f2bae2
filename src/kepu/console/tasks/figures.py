"""Official figures: reading a file, entering it, taking it back, and the report of what differs."""

from collections.abc import Iterator

from kepu.console import labels
from kepu.documents.reading import Cell, SheetTrouble
from kepu.documents.writing import Column, Form, write_xlsx
from kepu.figures import reads, writes
from kepu.figures.rules import FileState, Refused, Trouble
from kepu.jobs import reads as jobs
from kepu.jobs import writes as job_writes
from kepu.jobs.rules import Job, Outcome, Report

LINES_AT_ONCE = 100
EVERYWHERE = ("",)


def parse(job: Job, report: Report) -> Outcome:
    """An export is parsed; what it says is kept under `read`, or `said` what is wrong. `wants`: upload."""
    report(0, 1)
    name = writes.parse_export(str(job.wants["upload"]))
    if isinstance(name, SheetTrouble):
        return Outcome({"said": str(labels.SHEET_TROUBLES[name])})
    if isinstance(name, Trouble):
        return Outcome({"said": reads.trouble_text(Refused(name))})
    return Outcome({"read": name})


def read(job: Job, report: Report) -> Outcome:
    """The rows of a sent file have their verdicts. `wants`: file, read (as `parse` kept it)."""
    file, name = reads.file(int(job.wants["file"]), EVERYWHERE), str(job.wants["read"])
    assert file is not None
    if file.state is FileState.READING:
        draft = reads.draft(name)
        assert draft is not None
        report(0, 3)
        writes.read_rows(file, list(reads.draft_rows(name)), draft.found.first_row, report)
    writes.forget_draft(name)  # it names people and their numbers; its hash and verdicts stay
    return Outcome()


def enter(job: Job, report: Report) -> Outcome:
    """An approved file's differences still hold and are in the ledger; else it waits again. `wants`: file."""
    number = int(job.wants["file"])
    refused = writes.check_file(number)
    if refused is not None:
        return Outcome({"said": reads.trouble_text(refused)})
    return Outcome({"rows": writes.enter_lines(number, report)})


def withdraw(job: Job, report: Report) -> Outcome:
    """Everything a file entered is reversed. `wants`: file."""
    return Outcome({"rows": writes.withdraw_lines(int(job.wants["file"]), report)})


def save_report(job: Job, report: Report) -> Outcome:
    """Every row with its verdict as xlsx, people the file does not name at the end. `wants`: file, name."""
    name = job_writes.new_file(".xlsx")
    number = int(job.wants["file"])
    total = sum(count.rows for count in reads.verdict_counts(number).values())
    columns = [
        Column("行号", Form.NUMBER, 8),
        Column("姓名、单位（已遮盖）", Form.TEXT, 32),
        Column("结果", Form.TEXT, 40),
        Column("表里写的", Form.TEXT, 16),
        Column("官方数", Form.NUMBER, 10),
        Column("本系统原有", Form.NUMBER, 12),
        Column("差额", Form.NUMBER, 10),
        Column("凭证号", Form.TEXT, 20),
    ]
    write_xlsx(jobs.folder() / name, "核对", columns, _rows(number, total, report))
    return Outcome(file=name, file_name=str(job.wants["name"]))


def _rows(number: int, total: int, report: Report) -> Iterator[tuple[Cell, ...]]:
    """The rows in the sheet's order, then those below zero."""
    after, done = 0, 0
    while rows := reads.lines_after(number, after, LINES_AT_ONCE):
        for line in rows:
            voucher = f"{line.book}-{line.seq}" if line.seq else None
            stated = line.stated if line.row > 0 else None
            yield (
                line.row if line.row > 0 else None,
                line.who,
                reads.verdict_text(line.verdict),
                line.says or None,
                stated,
                line.before,
                line.delta if line.row > 0 else None,
                voucher,
            )
        after, done = rows[-1].row, done + len(rows)
        report(done, total)
