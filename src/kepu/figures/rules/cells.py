"""Single cells of an export: figures, days, and texts in their everyday form."""

import re
import unicodedata
from datetime import date, datetime

from kepu.documents.reading import Cell
from kepu.figures.rules.values import FIGURE_MAX, Verdict

_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_ROUNDED = re.compile(r"[+-]?[\d.,]+\s*(万|亿|千|百万|[kKwWmM])\+?")
_DAY = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:[ T].*)?")
_SUMS = frozenset({"合计", "总计", "小计", "总和", "共计"})


def figure_of(cell: Cell) -> int | Verdict:
    """A whole number of at least 0, or why it is none.

    Thousands separators and full-width digits are read. "1.2万" is rounded, and what was rounded is not
    guessed back.
    """
    if cell is None:
        return Verdict.FIGURE_MISSING
    if isinstance(cell, bool | datetime | date):
        return Verdict.FIGURE_NOT_A_NUMBER
    number = cell if isinstance(cell, int | float) else _number(cell)
    if isinstance(number, Verdict):
        return number
    if number < 0:
        return Verdict.FIGURE_NEGATIVE
    if number > FIGURE_MAX:
        return Verdict.FIGURE_TOO_LARGE
    whole = int(number)
    return whole if whole == number else Verdict.FIGURE_NOT_WHOLE


def _number(text: str) -> int | float | Verdict:
    bare = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    sign = -1 if bare.startswith("-") else 1
    digits = bare.lstrip("+-").strip()
    if len(digits) > 20:
        return Verdict.FIGURE_NOT_A_NUMBER
    if re.fullmatch(r"\d+", digits, re.ASCII):
        return sign * int(digits)
    if _GROUPED.fullmatch(digits):
        return sign * int(digits.replace(",", ""))
    if re.fullmatch(r"\d+\.\d+", digits, re.ASCII):
        return sign * float(digits)
    return Verdict.FIGURE_ROUNDED if _ROUNDED.fullmatch(bare) else Verdict.FIGURE_NOT_A_NUMBER


def day_of(cell: Cell) -> int | None:
    """The day of a cell as yyyymmdd: a date, 2026-03-05, 2026/3/5, 2026年3月5日, 20260305; else None."""
    if isinstance(cell, date | datetime):
        return cell.year * 10_000 + cell.month * 100 + cell.day
    if not isinstance(cell, str | int) or isinstance(cell, bool):
        return None
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    found = _DAY.fullmatch(text)
    parts = found.groups() if found else (text[:4], text[4:6], text[6:]) if len(text) == 8 else ()
    try:
        year, month, day = map(int, parts)
        date(year, month, day)
    except ValueError:
        return None
    return year * 10_000 + month * 100 + day


def text_of(cell: Cell) -> str:
    """A cell as text in one line: "" for an empty one, a number without its decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(unicodedata.normalize("NFKC", str(cell)).split())


def is_sum_word(text: str) -> bool:
    """Whether a cell says that its row adds up the others: 合计, 总计, 小计."""
    return re.sub(r"[\s::]", "", text) in _SUMS
