"""Finding the headings of an export, and remembering what its columns mean."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kepu.documents.reading import Cell
from kepu.figures.rules.cells import figure_of, text_of
from kepu.figures.rules.values import HEADING_ROWS_SEARCHED, Layout, Match, Role, Span, Trouble, Verdict

# What exports of the national app's back office and its offspring call their columns; the first that fits.
_KNOWN: dict[Role, tuple[str, ...]] = {
    Role.NAME: ("姓名", "真实姓名", "科普员", "用户姓名", "名字"),
    Role.PHONE: ("手机号", "手机", "联系电话", "电话", "联系方式", "账号"),
    Role.UNIT: ("单位", "村(社区)", "所在村", "村居", "机构"),
    Role.REGION: ("地区", "区域", "行政区划", "乡镇", "所在地", "区县"),
    Role.VOLUME: ("传播量", "分享量", "分享次数", "传播次数", "转发量", "转发次数", "分享数"),
    Role.REGISTERED: ("注册人数", "注册数", "注册量", "注册"),
    Role.DAY: ("日期", "统计日期", "统计时间", "日"),
}


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a sheet, one text a column ("" where there is none), and the first row below them.

    Rows are counted from 0. Headings over two rows are joined: 2026年3月/分享量.
    """

    texts: tuple[str, ...]
    first_row: int


def find_headings(rows: Sequence[Sequence[Cell]]) -> Headings | Trouble:
    """The headings above the first row that holds a figure; title rows above them are passed over."""
    searched = rows[:HEADING_ROWS_SEARCHED]
    first = next((n for n, row in enumerate(searched) if n and _holds_figures(row)), None)
    if first is None:
        return Trouble.NO_HEADINGS if len(rows) > 1 else Trouble.NO_ROWS
    below = [text_of(cell) for cell in rows[first - 1]]
    if len(set(filter(None, below))) < 2:
        return Trouble.NO_HEADINGS
    above = [text_of(cell) for cell in rows[first - 2]] if first > 1 else []
    texts = _joined(_spread(above), below) if _is_upper_half(above, below) else below
    return Headings(tuple(text[:60] for text in texts), first)


def plain_heading(text: str) -> str:
    """A heading without spaces, month and unit: 2026年3月/分享量（次） is 分享量."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    bare = re.sub(r"\d{4}年|\d{1,2}月(份|度)?|\d{4}[-/]\d{1,2}(?!\d)|第?\d{1,2}期", "", bare)
    bare = re.sub(r"\((次|人|个|人次|条|篇)\)", "", bare)
    return re.sub(r"^/+|/+$", "", bare).lower()


def layout_digest(texts: Sequence[str]) -> str:
    """What a layout is remembered by: SHA-256 (hex) over its plain headings in order."""
    return hashlib.sha256("\n".join(map(plain_heading, texts)).encode()).hexdigest()


def guessed_columns(texts: Sequence[str]) -> dict[Role, int]:
    """Roles whose column one can tell by its heading: by the words of `_KNOWN` in order, exact ones first."""
    plain = [plain_heading(text).rpartition("/")[2] for text in texts]
    found: dict[Role, int] = {}
    for role, words in _KNOWN.items():
        fitting = [n for word in words for n, text in enumerate(plain) if text == word]
        fitting += [n for word in words for n, text in enumerate(plain) if len(word) > 1 and word in text]
        free = [n for n in fitting if n not in found.values()]
        if free:
            found[role] = free[0]
    return found


def guessed_match(columns: Mapping[Role, int]) -> Match:
    """How rows with these columns find their people."""
    if Role.PHONE in columns:
        return Match.PHONE
    return Match.NAME_UNIT if Role.NAME in columns else Match.TOTALS


def guessed_span(columns: Mapping[Role, int], texts: Sequence[str]) -> Span:
    """What figures under these headings cover."""
    volume = columns.get(Role.VOLUME)
    if volume is not None and "累计" in texts[volume]:
        return Span.CUMULATIVE
    return Span.DAILY if Role.DAY in columns else Span.PERIOD


def layout_trouble(layout: Layout) -> Trouble | None:
    """What a layout lacks for its way of matching; None when it can be used."""
    columns = layout.columns
    if len(set(columns.values())) < len(columns):
        return Trouble.COLUMN_TWICE
    if Role.VOLUME not in columns:
        return Trouble.NO_VOLUME
    if layout.match is Match.PHONE and Role.PHONE not in columns:
        return Trouble.NO_PHONE
    if layout.match is Match.NAME_UNIT and not {Role.NAME, Role.UNIT} <= columns.keys():
        return Trouble.NO_NAME_UNIT
    if layout.match is Match.TOTALS and not {Role.UNIT, Role.REGION} & columns.keys():
        return Trouble.NO_UNIT
    if layout.span is Span.DAILY and Role.DAY not in columns:
        return Trouble.NO_DAY
    return None if layout.figure.strip() else Trouble.FIGURE_UNNAMED


def _holds_figures(row: Sequence[Cell]) -> bool:
    """Whether a row has at least two cells and a number among them, however it is written."""
    filled = [cell for cell in row if cell is not None]
    not_numbers = (Verdict.FIGURE_NOT_A_NUMBER, Verdict.FIGURE_MISSING)
    return len({text_of(cell) for cell in filled}) > 1 and any(
        figure_of(cell) not in not_numbers for cell in filled
    )


def _is_upper_half(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row above belongs to the headings: some column runs through both, or stands in it alone."""
    if len(set(filter(None, above))) < 2:
        return False
    pairs = list(zip(above, below, strict=True))
    return any(top and (top == bottom or not bottom) for top, bottom in pairs)


def _spread(above: Sequence[str]) -> list[str]:
    """A csv leaves the covered cells of a merged heading empty: the text before stands for them."""
    out: list[str] = []
    for text in above:
        out.append(text or (out[-1] if out else ""))
    return out


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    return [
        bottom if top in ("", bottom) else f"{top}/{bottom}" if bottom else top
        for top, bottom in zip(above, below, strict=True)
    ]
