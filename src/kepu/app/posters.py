"""Where everything stands on an A4 poster, in millimetres: pure geometry, drawn by poster.html."""

from dataclasses import dataclass

import segno

PAGE = (210, 297)
TITLE_LINES_MAX = 3
LOWEST_TEXT = 214  # the QR code stands below
_NO_LINE_START = "，。、；：？！）》」』”’…%"
_NO_LINE_END = "（《「『“‘"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and its baseline."""

    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Poster:
    """A title and a summary in lines, and a QR code as an SVG path of `qr_size` modules."""

    title: tuple[Line, ...]
    summary: tuple[Line, ...]
    qr_path: str
    qr_size: int


def poster(title: str, summary: str, link: str) -> Poster:
    """The poster of an article whose QR code opens `link`. Level M: it still scans with a smudge of 15 %."""
    title_lines = wrapped(title, 12, TITLE_LINES_MAX)
    head = tuple(Line(text, 146 + 17 * place) for place, text in enumerate(title_lines))
    first = head[-1].y + 16
    lines_max = int((LOWEST_TEXT - first) // 12) + 1
    body = tuple(Line(text, first + 12 * place) for place, text in enumerate(wrapped(summary, 22, lines_max)))
    code = segno.make(link, error="m", micro=False)
    return Poster(head, body, qr_path(code), int(code.symbol_size(border=0)[0]))


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
