"""Where everything stands on an A4 poster, in millimetres: pure geometry, drawn by templates/app/posters."""

from dataclasses import dataclass
from enum import StrEnum

import segno

PAGE = (210, 297)
_NO_LINE_START = "，。、；：？！）》」』”’…%"
_NO_LINE_END = "（《「『“‘"


class Design(StrEnum):
    """The three looks of a poster."""

    PICTURE = "picture"
    FRAME = "frame"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the page."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """How a text runs: its left edge, the first baseline, the letters' size, the way to the next line.

    `signs`: Chinese characters a line; `lowest`: the last baseline that is free.
    """

    x: float
    y: float
    size: float
    leading: float
    signs: int
    lowest: float


@dataclass(frozen=True, slots=True)
class Layout:
    """One design's places. The summary begins `gap` below the title, or at its own `y` where gap is 0."""

    cover: Box
    title: Column
    summary: Column
    gap: float
    code: Box


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and its baseline."""

    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Poster:
    """A title and a summary in lines, and a QR code as an SVG path of `qr_size` modules."""

    layout: Layout
    title: tuple[Line, ...]
    summary: tuple[Line, ...]
    qr_path: str
    qr_size: int

    @property
    def qr_scale(self) -> float:
        """Millimetres a module."""
        return self.layout.code.width / self.qr_size


LAYOUTS: dict[Design, Layout] = {
    Design.PICTURE: Layout(
        cover=Box(0, 0, 210, 118.125),
        title=Column(14, 146, 15, 19, 12, 190),
        summary=Column(14, 0, 8, 12.4, 22, 213),
        gap=16,
        code=Box(146, 225, 44, 44),
    ),
    Design.FRAME: Layout(
        cover=Box(24, 92, 162, 91.125),
        title=Column(24, 46, 15.6, 20, 10, 80),
        summary=Column(24, 199, 7.4, 11.4, 21, 226),
        gap=0,
        code=Box(142, 239, 40, 40),
    ),
    Design.LETTERS: Layout(
        cover=Box(14, 196, 104, 58.5),
        title=Column(14, 52, 25, 32, 7, 120),
        summary=Column(14, 0, 11, 16.6, 16, 182),
        gap=22,
        code=Box(131, 196, 62, 62),
    ),
}


def poster(design: Design, title: str, summary: str, link: str) -> Poster:
    """The poster of an article whose QR code opens `link`. Level M: it still scans with a smudge of 15 %."""
    layout, title, summary = LAYOUTS[design], _printable(title), _printable(summary)
    head = _lines(title, layout.title, layout.title.y)
    first = head[-1].y + layout.gap if layout.gap else layout.summary.y
    code = segno.make(link, error="m", micro=False)
    size = int(code.symbol_size(border=0)[0])
    return Poster(layout, head, _lines(summary, layout.summary, first), qr_path(code), size)


def _printable(text: str) -> str:
    """The text without control characters, which XML does not hold."""
    return "".join(sign for sign in text if sign.isprintable())


def _lines(text: str, column: Column, first: float) -> tuple[Line, ...]:
    lines_max = int((column.lowest - first) // column.leading) + 1
    lines = wrapped(text, column.signs, lines_max)
    return tuple(Line(line, first + column.leading * place) for place, line in enumerate(lines))


def qr_path(code: segno.QRCode) -> str:
    """The dark modules as one path in units of a module, runs of a row together."""
    parts = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                parts.append(f"M{x} {y}h{length}v1h-{length}z")
            x += max(length, 1)
    return "".join(parts)


def wrapped(text: str, width: int, lines_max: int) -> tuple[str, ...]:
    """`text` in lines of at most `width` Chinese characters (a Latin one is half); too long ends with …

    No line begins with closing punctuation or ends with an opening one (GB/T 15834 禁则), so a line may
    hold one mark more than `width`.
    """
    lines, line, used = [], "", 0.0
    for sign in text:
        size = 0.55 if sign.isascii() else 1.0
        if line and used + size > width and sign not in _NO_LINE_START:
            carried = line[-1] if line[-1] in _NO_LINE_END else ""
            lines.append(line[: len(line) - len(carried)])
            line, used = carried, float(len(carried))
            if len(lines) == lines_max:
                return (*lines[:-1], f"{lines[-1][: width - 1].rstrip(_NO_LINE_START)}…")
        if line or not sign.isspace():
            line, used = line + sign, used + size
    return (*lines, line) if line else tuple(lines)
