"""The phone top-up file for a carrier and the carrier's answer. No Django, clock or randomness.

The form is ours, declared in docs/top-ups.md: a carrier's own form is a matter of renaming columns.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from kepu.awards.rules.payouts import Event, Unpaid
from kepu.documents.reading import Cell

BATCH_LINES_MAX = 1_000
ANSWER_ROWS_MAX = 5_000
TITLES = ("批次号", "行号", "手机号", "金额（元）")
REASON_MAX = 100
_HEADING_ROWS = 10


class AnswerColumn(StrEnum):
    """A column of an answer file."""

    BATCH = "batch"
    LINE = "line"
    AMOUNT = "amount"
    RESULT = "result"
    REASON = "reason"


# What a column may be called; signs and spaces are left out before looking.
COLUMN_NAMES = {
    AnswerColumn.BATCH: ("批次号", "批次", "batch"),
    AnswerColumn.LINE: ("行号", "流水号", "订单号", "line"),
    AnswerColumn.AMOUNT: ("金额元", "金额", "充值金额", "amount"),
    AnswerColumn.RESULT: ("结果", "充值结果", "状态", "result"),
    AnswerColumn.REASON: ("原因", "失败原因", "说明", "备注", "reason"),
}
NEEDED = (AnswerColumn.LINE, AnswerColumn.AMOUNT, AnswerColumn.RESULT)
PAID_WORDS = frozenset({"成功", "充值成功", "已到账", "已充值", "ok", "success", "paid"})
FAILED_WORDS = frozenset({"失败", "充值失败", "未到账", "fail", "failed"})


class RowVerdict(StrEnum):
    """What a row of an answer file would do. Only `paid` and `failed` change anything."""

    PAID = "paid"
    FAILED = "failed"
    UNKNOWN_LINE = "unknown_line"
    AMOUNT_DIFFERS = "amount_differs"
    ANSWERED_BEFORE = "answered_before"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"
    CONTRADICTS = "contradicts"  # answered otherwise before: perhaps money went out twice


APPLIES = frozenset({RowVerdict.PAID, RowVerdict.FAILED})


@dataclass(frozen=True, slots=True)
class TopUp:
    """One line of a batch: its mark in the file, the whole number and yuan."""

    mark: str
    phone: str
    amount: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent under a mark: the line, its amount in yuan, and what the carrier answered to it,
    CONFIRM or FAIL, None while it is on its way. A line is not sent again before its answer."""

    line: int
    amount: int
    answered: Event | None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row below the headings; `row` counts from 1 as a spreadsheet does."""

    row: int
    mark: str
    amount: str
    result: str
    reason: str


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A row with its verdict; `line` is 0 where no line of ours is meant."""

    row: AnswerRow
    verdict: RowVerdict
    line: int


def mark_of(batch: int, line: int) -> str:
    """What a line is called in a batch's file; the same line sent again has another mark."""
    return f"{batch:06d}-{line:08d}"


def batch_file(batch: int, lines: Sequence[TopUp]) -> bytes:
    """The batch as CSV: UTF-8 with a byte order mark, comma, CRLF, headings first; yuan with two decimals.

    No name is in it. Every value is digits, a dot or a dash, so nothing can be taken for a formula.
    """
    assert len({line.mark for line in lines}) == len(lines) <= BATCH_LINES_MAX
    rows = [",".join(TITLES)]
    for line in lines:
        assert re.fullmatch(r"[0-9-]+", line.mark), line.mark
        assert line.phone.isascii() and line.phone.isdigit()  # noqa: PT018
        rows.append(f"{batch:06d},{line.mark},{line.phone},{line.amount}.00")
    return ("\ufeff" + "".join(row + "\r\n" for row in rows)).encode()


def answer_rows(cells: Sequence[Sequence[Cell]]) -> list[AnswerRow] | Unpaid:
    """The rows of an answer file, or NO_COLUMNS when line, amount and result are not among the headings."""
    for place, heads in enumerate(cells[:_HEADING_ROWS]):
        columns = _columns(heads)
        if all(column in columns for column in NEEDED):
            return [
                _answer_row(number, row, columns)
                for number, row in enumerate(cells[place + 1 :], place + 2)
                if any(cell is not None for cell in row)
            ]
    return Unpaid.NO_COLUMNS


def judge_rows(rows: Iterable[AnswerRow], sent: dict[str, Sent]) -> list[JudgedRow]:
    """What each row would do, given what was sent under each mark. A mark's second row changes nothing."""
    seen: set[str] = set()
    judged = []
    for row in rows:
        meant = sent.get(row.mark)
        verdict = _verdict(row, meant, is_repeated=row.mark in seen)
        seen.add(row.mark)
        judged.append(JudgedRow(row, verdict, meant.line if meant is not None else 0))
    return judged


def _verdict(row: AnswerRow, meant: Sent | None, *, is_repeated: bool) -> RowVerdict:
    if meant is None:
        return RowVerdict.UNKNOWN_LINE
    if is_repeated:
        return RowVerdict.REPEATED
    result = row.result.strip().lower()
    if meant.answered is not None:
        other = PAID_WORDS if meant.answered is Event.FAIL else FAILED_WORDS
        return RowVerdict.CONTRADICTS if result in other else RowVerdict.ANSWERED_BEFORE
    if result in FAILED_WORDS:
        return RowVerdict.FAILED
    if result not in PAID_WORDS:
        return RowVerdict.UNREADABLE
    return RowVerdict.PAID if _yuan(row.amount) == meant.amount else RowVerdict.AMOUNT_DIFFERS


def _yuan(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", "").replace("，", "").removesuffix("元").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _columns(heads: Sequence[Cell]) -> dict[AnswerColumn, int]:
    plain = [re.sub(r"[\s()（）_]", "", str(head or "")).lower() for head in heads]
    found = {}
    for column, names in COLUMN_NAMES.items():
        place = next((plain.index(name) for name in names if name in plain), None)
        if place is not None:
            found[column] = place
    return found


def _answer_row(number: int, row: Sequence[Cell], columns: dict[AnswerColumn, int]) -> AnswerRow:
    def text(column: AnswerColumn) -> str:
        place = columns.get(column)
        cell = row[place] if place is not None and place < len(row) else None
        return "".join(sign for sign in str(cell if cell is not None else "") if sign.isprintable()).strip()

    return AnswerRow(
        number,
        text(AnswerColumn.LINE)[:40],
        text(AnswerColumn.AMOUNT)[:40],
        text(AnswerColumn.RESULT)[:40],
        text(AnswerColumn.REASON)[:REASON_MAX],
    )
