"""The passages of a PDF with text: lines put together to paragraphs, ruled tables as rows."""

import io
import itertools
import logging
import re
from dataclasses import dataclass
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException
from pdfplumber.utils.text import extract_words

from kepu.documents.passages import MARKED, PaperTrouble, Pile
from kepu.documents.pdf_columns import Piece, cells_of, runs_in

PAGES_MAX = 60
_PAGE_CHARACTERS_MAX = 20_000
_PAGE_LINES_MAX = 20_000
_TEXT_MIN = 12  # a scan's stray letters are no text
_PAGE_NUMBER = re.compile(r"^[-—–―－\s·]*(?:第?\s*\d{1,3}\s*页?)(?:\s*[/共]\s*\d{1,3}\s*页?)?[-—–―－\s·]*$")
_ENDED = re.compile(r"[。；！？：]\s*$")
_ADDRESS = re.compile(r"^\s*各.*[：:]\s*$")
_CELL_GAP = 0.55  # of a letter: the least between two cells
_UNBROKEN = re.compile(r"^[（《“〔(]*(?:[\dA-Za-z.,%:]+[〕）》”)]*)?[^\dA-Za-z]?[，。；：、）》”〕]*")
Box = tuple[float, float, float, float]  # left, top, right, bottom
logging.getLogger("pdfminer").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    right: float
    top: float
    size: float
    place: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    """A table without ruling lines: place and cells of its rows."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]


def pile_pdf(content: bytes, pile: Pile) -> PaperTrouble | None:
    """The document's passages are on the pile. Its pages beyond PAGES_MAX make it too long."""
    try:
        with pdfplumber.open(io.BytesIO(content)) as paper:
            if len(paper.pages) > PAGES_MAX:
                return PaperTrouble.TOO_LONG
            return _pile_pages(paper.pages, pile)
    except PdfminerException as error:
        is_locked = any(isinstance(each, PDFPasswordIncorrect) for each in (*error.args, error.__cause__))
        return PaperTrouble.LOCKED if is_locked else PaperTrouble.DAMAGED
    except Exception:
        # pdfminer raises whatever a broken file provokes (KeyError, TypeError, struct.error, RecursionError).
        return PaperTrouble.DAMAGED


def _pile_pages(pages: list[Any], pile: Pile) -> PaperTrouble | None:
    held: list[_Line] = []
    letters = 0
    was_table = 0  # columns of a table that ended its page
    for page in pages:
        if len(page.chars) > _PAGE_CHARACTERS_MAX or len(page.edges) > _PAGE_LINES_MAX:
            return PaperTrouble.TOO_LONG
        letters += len(page.chars)
        words = page.extract_words(x_tolerance=3, y_tolerance=3, extra_attrs=["size"])
        tables = [found for found in page.find_tables() if _is_table(found)]
        boxes: list[Box] = [found.bbox for found in tables]
        lines = _lines(
            [word for word in words if not any(_holds(box, word) for box in boxes)], page.page_number
        )
        lines = lines[1:] if lines and _PAGE_NUMBER.match(lines[0].text) else lines
        lines = lines[:-1] if lines and _PAGE_NUMBER.match(lines[-1].text) else lines
        margins = (
            min((line.left for line in lines), default=0.0),
            max((line.right for line in lines), default=0.0),
        )
        parts: list[tuple[float, Any]] = _unruled(lines)
        parts += [(found.bbox[1], found) for found in tables]
        for _top, part in sorted(parts, key=lambda each: each[0]):
            if isinstance(part, _Line):
                if held and not _goes_on(held[-1], part, margins):
                    _put(held, pile)
                    held = []
                held.append(part)
                was_table = 0
                continue
            _put(held, pile)
            held = []
            if isinstance(part, _Columns):
                was_table = _pile_columns(part, was_table, pile)
            else:
                was_table = _pile_table(part, page, was_table, pile)
        page.close()
    _put(held, pile)
    return PaperTrouble.SCANNED if letters < _TEXT_MIN else None


def _lines(words: list[dict[str, Any]], page: int) -> list[_Line]:
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda each: (each["bottom"], each["x0"])):
        if rows and abs(rows[-1][0]["bottom"] - word["bottom"]) <= max(3.0, word["size"] / 3):
            rows[-1].append(word)
        else:
            rows.append([word])
    lines: list[_Line] = []
    for row in rows:
        row.sort(key=lambda each: each["x0"])
        text = row[0]["text"]
        pieces = [Piece(text, row[0]["x0"], row[0]["x1"])]
        for before, word in itertools.pairwise(row):
            gap = (word["x0"] - before["x1"]) / word["size"]
            text += ("\t" if gap > 1.4 else " ") + word["text"]
            piece = Piece(word["text"], word["x0"], word["x1"])
            if gap > _CELL_GAP:
                pieces.append(piece)
            else:
                pieces[-1] = pieces[-1].with_word(piece)
        place = f"第 {page} 页第 {len(lines) + 1} 行"
        size = row[0]["size"]
        lines.append(_Line(text, row[0]["x0"], row[-1]["x1"], row[0]["top"], size, place, tuple(pieces)))
    return lines


def _unruled(lines: list[_Line]) -> list[tuple[float, Any]]:
    """The lines with where they stand, those of a table without ruling lines put together."""
    parts: list[tuple[float, Any]] = []
    at = 0
    for start, stop in runs_in([line.pieces for line in lines]):
        rows = cells_of([line.pieces for line in lines[start:stop]], ends_page=stop == len(lines))
        if not rows:
            continue
        parts += [(line.top, line) for line in lines[at:start]]
        table = _Columns(tuple((lines[start + number].place, cells) for number, cells in rows))
        parts.append((lines[start].top, table))
        at = stop
    return parts + [(line.top, line) for line in lines[at:]]


def _pile_columns(table: _Columns, was_table: int, pile: Pile) -> int:
    """The rows are on the pile; the number of columns. One as wide goes on from the page before."""
    width = len(table.rows[0][1])
    if was_table != width:
        pile.begin_table()
    for place, cells in table.rows:
        pile.add_row(cells, place)
    return width


def _goes_on(before: _Line, line: _Line, margins: tuple[float, float]) -> bool:
    """Whether a line goes on with the paragraph: the one before is full, this one begins at the margin."""
    left, right = margins
    if "\t" in line.text or "\t" in before.text or _ADDRESS.match(line.text):
        return False
    if _ENDED.search(before.text) and MARKED.match(line.text.strip()):
        return False
    is_full = before.right + _unbroken(line) >= right - 0.6 * before.size
    is_full = is_full and before.left <= left + 3.2 * before.size
    indent = before.left - left
    is_centred = indent > 0.5 * before.size and abs(indent - right + before.right) < 2
    is_centred = is_centred and abs(indent - 2 * before.size) > 0.3 * before.size  # a paragraph's first line
    return is_full and not is_centred and line.left <= left + line.size


def _unbroken(line: _Line) -> float:
    """How wide the first of a line is that no line may be broken in: a figure with its unit, 〔2023〕."""
    first = _UNBROKEN.match(line.text)
    letters = first.group() if first else ""
    return line.size * max(1.0, sum(0.5 if letter.isascii() else 1.0 for letter in letters))


def _put(held: list[_Line], pile: Pile) -> None:
    if not held:
        return
    columns = held[0].text.split("\t")
    text = ""
    for line in held:
        both = text[-1:] + line.text[:1]
        text += (" " if len(both) == 2 and both.isascii() and both.isalnum() else "") + line.text
    place = held[0].place if len(held) == 1 else f"{held[0].place}起 {len(held)} 行"
    pile.add(text if len(columns) == 1 else held[0].text, place)


def _is_table(found: Any) -> bool:
    return len(found.rows) > 1 and max(len(row.cells) for row in found.rows) > 1


def _holds(box: Box, word: dict[str, Any]) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _pile_table(found: Any, page: Any, was_table: int, pile: Pile) -> int:
    """The rows are on the pile, merged cells repeated; the number of columns.

    A table as wide as the one that ended the page before goes on with it.
    """
    cells: list[Box] = list(found.cells)
    texts: dict[Box, str] = {}
    for box in cells:
        inside = extract_words([letter for letter in page.chars if _holds(box, letter)], extra_attrs=["size"])
        texts[box] = "".join(line.text.replace("\t", "") for line in _lines(inside, page.page_number))
    edges = sorted({round(edge, 1) for box in cells for edge in (box[0], box[2])})
    middles = [(a + b) / 2 for a, b in itertools.pairwise(edges) if b - a > 4]
    if was_table != len(middles):
        pile.begin_table()
    for number, row in enumerate(found.rows, 1):
        own = [box for box in row.cells if box is not None]
        down = (row.bbox[1] + min((box[3] for box in own), default=row.bbox[3])) / 2
        at = [
            next((box for box in cells if box[0] <= across <= box[2] and box[1] <= down <= box[3]), None)
            for across in middles
        ]
        place = f"第 {page.page_number} 页表格第 {number} 行"
        pile.add_row(tuple(texts[box] if box is not None else "" for box in at), place)
    return len(middles)
