"""Tables of a PDF that no lines rule: rows whose pieces stand below one another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kepu.documents.passages import MARKED

_FIGURE = re.compile(r"^\d[\d,.]*$")
_BRACKET_ENDS = re.compile(r"(?<=[）)])(?=[^）)])")
_SENTENCE = re.compile(r"[。；]")
_PIECE_MAX = 40
_COLUMNS_MAX = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a line with a wide gap on either side, and how far they reach; `words` when several."""

    text: str
    left: float
    right: float
    words: tuple["Piece", ...] = field(default=())

    def with_word(self, word: "Piece") -> "Piece":
        """The piece that goes on with one more word."""
        words = (*(self.words or (self,)), word)
        return Piece(f"{self.text} {word.text}", self.left, word.right, words)


Row = tuple[Piece, ...]
Span = tuple[float, float]


def runs_in(lines: Sequence[Row]) -> list[tuple[int, int]]:
    """Where tables may stand among the lines of a page: from, to (beyond the last); two lines at least."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(lines):
        stop = start
        while stop < len(lines) and _is_row(lines, stop, start):
            stop += 1
        while stop > start and len(lines[stop - 1]) < 2 and not _is_below(lines, stop - 1, start):
            stop -= 1
        if stop - start > 1:
            found.append((start, stop))
        start = max(stop, start + 1)
    return found


def _is_row(lines: Sequence[Row], at: int, start: int) -> bool:
    row = lines[at]
    if any(len(piece.text) > _PIECE_MAX or _SENTENCE.search(piece.text) for piece in row):
        return False
    if len(row) == 2 and MARKED.match(row[0].text):  # 四、 任务分解
        return False
    if len(row) > 1:
        return True
    if at == start or not row:  # the rest of a cell that was too long for its line
        return False
    above = lines[at - 1][0].text
    is_inside = row[0].left > lines[start][0].right or above.count("（") > above.count("）")
    return is_inside and len(row[0].text) <= _PIECE_MAX // 2


def _is_below(lines: Sequence[Row], at: int, start: int) -> bool:
    """Whether a last line of one piece begins just below a cell of the row above: no signature."""
    return at > start and any(abs(lines[at][0].left - piece.left) < 1 for piece in lines[at - 1][1:])


def cells_of(rows: Sequence[Row], *, ends_page: bool) -> list[tuple[int, tuple[str, ...]]]:
    """The rows as (number of its first line, cells); none where they stand in no columns.

    A heading over several columns is repeated, what a cell wraps is put together. A table has three rows,
    or two of three columns, and numbers in two; one cut by the end of the page one row fewer.
    """
    width = max(map(len, rows))
    columns = _columns([row for row in rows if len(row) == width])
    least = (3 if width == 2 else 2) - ends_page
    counted = sum(any(re.search(r"\d", piece.text) for piece in row[1:]) for row in rows)
    if not columns or len(rows) < max(2, least) or counted < 2 - ends_page or width > _COLUMNS_MAX:
        return []
    set_rows = [_placed(row, columns) for row in rows]
    heads = next((at for at, row in enumerate(set_rows) if any(map(_FIGURE.match, row))), 0)
    for at in range(heads):
        _fill(set_rows, at, heads)
    found: list[tuple[int, list[str]]] = []
    for at, row in enumerate(set_rows):
        if at > heads and found and _wraps(found[-1][1], row):
            for place, text in enumerate(row):
                found[-1][1][place] += text
        else:
            found.append((at, row))
    return [(at, tuple(row)) for at, row in found]


def _columns(full: Sequence[Row]) -> list[Span]:
    """How far each column reaches, over the rows that fill them all; none where columns overlap."""
    spans = [
        (min(piece.left for piece in each), max(piece.right for piece in each))
        for each in zip(*full, strict=True)
    ]
    return [] if any(one[1] >= other[0] for one, other in pairwise(spans)) else spans


def _placed(row: Row, columns: Sequence[Span]) -> list[str]:
    """One text a column; a piece without a number that reaches over several stands in each of them."""
    texts = [""] * len(columns)
    is_head = not any(_FIGURE.match(piece.text) for piece in row)
    for piece in _apart(row, columns):
        over = [_shared(piece, span) for span in columns]
        touched = _touched(piece, columns)
        middle = (piece.left + piece.right) / 2
        if not touched:
            nearest = min(range(len(columns)), key=lambda at: _distance(middle, columns[at]))
            touched = [nearest]
        elif len(touched) > 1 and not is_head:
            touched = [max(touched, key=lambda at: over[at])]
        # A closing bracket is set narrower than it says, which hides the gap behind it.
        parts = _BRACKET_ENDS.split(piece.text)
        parts = parts if len(parts) == len(touched) else [piece.text] * len(touched)
        for at, text in zip(touched, parts, strict=True):
            texts[at] += text
    return texts


def _apart(row: Row, columns: Sequence[Span]) -> list[Piece]:
    """The pieces of a row; words of one that stand in columns of their own (a narrow gap) are pieces too."""
    found: list[Piece] = []
    for piece in row:
        own = [_touched(word, columns) for word in piece.words]
        is_several = len({tuple(each) for each in own}) > 1 and all(len(each) == 1 for each in own)
        found += piece.words if is_several else [piece]
    return found


def _touched(piece: Piece, columns: Sequence[Span]) -> list[int]:
    return [at for at, span in enumerate(columns) if _shared(piece, span) > 0]


def _shared(piece: Piece, span: Span) -> float:
    return min(piece.right, span[1]) - max(piece.left, span[0])


def _distance(middle: float, span: Span) -> float:
    return max(span[0] - middle, middle - span[1], 0.0)


def _fill(rows: list[list[str]], at: int, heads: int) -> None:
    """A heading stands over the columns beside it that only lower headings name, as they name its own."""
    for place in range(1, len(rows[at])):
        lower = rows[at + 1 : heads]
        is_open = rows[at][place - 1] and not any(row[place] for row in rows[: at + 1])
        if is_open and any(row[place] and row[place - 1] for row in lower):
            rows[at][place] = rows[at][place - 1]


def _wraps(above: list[str], row: list[str]) -> bool:
    """Whether a row goes on with the cells of the one above: no first cell, no number of its own."""
    if any(map(_FIGURE.match, row)) or any(text and not above[at] for at, text in enumerate(row)):
        return False
    opened = above[0].count("（") > above[0].count("）")
    return not row[0] or (opened and not any(row[1:]))
