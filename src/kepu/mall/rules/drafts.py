"""What staff enter about items, pick-up points and codes, and what is wrong with it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kepu.mall.rules.values import (
    ADDRESS_MAX,
    HOURS_MAX,
    LIMIT_MAX,
    NAME_MAX,
    POINTS_MAX,
    POINTS_OF_ITEM_MAX,
    SUPPLIER_MAX,
    TEXT_MAX,
    WAITS_DAYS,
    WAITS_DAYS_MAX,
    ItemKind,
    LimitSpan,
    Trouble,
)
from kepu.regions.rules import is_code, is_within

OWNER_DIGITS = (2, 4, 6)
CODE_MIN, CODE_MAX = 4, 80
# From here on programs for tables show a number as 1.23E+11, and some keep no more of it than that.
SAFE_DIGITS = 12
HEADINGS_WITHIN = 5
CODE_HEADINGS = frozenset(
    ("券码", "卡号", "卡密", "兑换码", "激活码", "卡券码", "券号", "密码", "code", "codes")
)
CodeCell = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item as somebody enters it. `division` owns it; `seen_within` lies inside that.

    `limit` 0: no limit. `pick_up_points`: their numbers. `waits_days`: how long one waits there once ready.
    """

    kind: ItemKind
    name: str
    text: str
    points: int
    division: str
    seen_within: str
    limit: int = 0
    limit_span: LimitSpan = LimitSpan.EVER
    certified_only: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    delivers: bool = False
    pick_up_points: tuple[int, ...] = ()
    supplier: str = ""
    waits_days: int = WAITS_DAYS


@dataclass(frozen=True, slots=True)
class PointDraft:
    """A pick-up point as somebody enters it."""

    name: str
    address: str
    hours: str
    division: str
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class CodesLoaded:
    """What became of codes that were loaded: new ones, ones that were there, ones that are none."""

    new: int
    known: int
    unfit: int


class CodeTrouble(StrEnum):
    """Why the codes in a table cannot be told for certain."""

    NUMBER = "number"
    SEVERAL_CELLS = "several_cells"
    SEVERAL_COLUMNS = "several_columns"


@dataclass(frozen=True, slots=True)
class CodesUnclear:
    """The first row, from 1, in which the codes cannot be told, and why."""

    row: int
    trouble: CodeTrouble


def item_troubles(draft: ItemDraft) -> list[Trouble]:
    """What is wrong with the draft, each once, in the order of the form; empty when all is well."""
    is_goods = draft.kind is ItemKind.GOODS
    has_way = draft.delivers or bool(draft.pick_up_points)
    ends_early = draft.opens_at and draft.closes_at and draft.closes_at <= draft.opens_at
    owned = is_code(draft.division) and len(draft.division) in OWNER_DIGITS
    seen = is_code(draft.seen_within) and is_within(draft.seen_within, draft.division)
    wrong = {
        Trouble.NAME: not _is_line(draft.name, NAME_MAX),
        Trouble.TEXT: len(draft.text) > TEXT_MAX or "\x00" in draft.text,
        Trouble.POINTS: not 1 <= draft.points <= POINTS_MAX,
        Trouble.LIMIT: not 0 <= draft.limit <= LIMIT_MAX,
        Trouble.WAITS: not 1 <= draft.waits_days <= WAITS_DAYS_MAX,
        Trouble.DIVISION: not owned,
        Trouble.SEEN_WITHIN: owned and not seen,
        Trouble.TIMES: bool(ends_early),
        Trouble.WAY_MISSING: is_goods and not has_way,
        Trouble.WAY_ONLINE: not is_goods and has_way,
        Trouble.PICK_UP: len(draft.pick_up_points) > POINTS_OF_ITEM_MAX,
        Trouble.SUPPLIER: bool(draft.supplier) and not _is_line(draft.supplier, SUPPLIER_MAX),
    }
    return [trouble for trouble, is_wrong in wrong.items() if is_wrong]


def point_troubles(draft: PointDraft) -> list[Trouble]:
    """What is wrong with the draft, each once; empty when all is well."""
    wrong = {
        Trouble.NAME: not _is_line(draft.name, NAME_MAX),
        Trouble.ADDRESS: not _is_line(draft.address, ADDRESS_MAX),
        Trouble.HOURS: not _is_line(draft.hours, HOURS_MAX),
        Trouble.DIVISION: not (is_code(draft.division) and len(draft.division) >= OWNER_DIGITS[-1]),
    }
    return [trouble for trouble, is_wrong in wrong.items() if is_wrong]


def code_texts(rows: Sequence[Sequence[CodeCell]]) -> list[str] | CodesUnclear:
    """The codes in a table's rows: of the column whose heading says so, else of rows with a single cell.

    Of rows above that heading, and of a first row in Chinese words, nothing is taken. A code that a table
    keeps as a number is refused where its digits may be lost.
    """
    heading, columns = _code_columns(rows)
    if len(columns) > 1:
        return CodesUnclear(heading, CodeTrouble.SEVERAL_COLUMNS)
    first = heading if columns else int(bool(rows) and any(map(_is_chinese, rows[0])))
    texts = []
    for number, row in enumerate(rows[first:], first + 1):
        filled = [cell for cell in (row[columns[0] : columns[0] + 1] if columns else row) if cell is not None]
        if len(filled) > 1:
            return CodesUnclear(number, CodeTrouble.SEVERAL_CELLS)
        if filled and not _keeps_its_digits(filled[0]):
            return CodesUnclear(number, CodeTrouble.NUMBER)
        texts += [text for cell in filled if (text := str(cell).strip())]
    return texts


def code_of_voucher(text: str) -> str | None:
    """A voucher's code as it will be kept: no spaces, full-width characters made narrow; None: it is none."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) if len(text) <= 2 * CODE_MAX else ""
    return bare if CODE_MIN <= len(bare) <= CODE_MAX and bare.isprintable() else None


def _is_line(text: str, length_max: int) -> bool:
    """Whether the text is one line that says something."""
    return bool(text.strip()) and len(text) <= length_max and text.isprintable()


def _code_columns(rows: Sequence[Sequence[CodeCell]]) -> tuple[int, list[int]]:
    """The row whose cells are headings of codes, from 1, and the columns below them; (0, []) for none."""
    for number, row in enumerate(rows[:HEADINGS_WITHIN], 1):
        columns = [place for place, cell in enumerate(row) if _is_heading(cell)]
        if columns:
            return number, columns
    return 0, []


def _is_heading(cell: CodeCell) -> bool:
    """Whether the cell names a column of codes, whatever it adds in brackets."""
    text = unicodedata.normalize("NFKC", cell).partition("(")[0] if isinstance(cell, str) else ""
    return re.sub(r"\s", "", text).casefold() in CODE_HEADINGS


def _is_chinese(cell: CodeCell) -> bool:
    return isinstance(cell, str) and re.search(r"[\u4e00-\u9fff]", cell) is not None


def _keeps_its_digits(cell: CodeCell) -> bool:
    """Whether what was typed into the cell can still be told: programs cut long numbers, and make days."""
    if isinstance(cell, str):
        return re.fullmatch(r"\d(\.\d+)?[Ee]\+\d+", cell.strip()) is None
    return type(cell) is int and len(str(cell)) < SAFE_DIGITS
