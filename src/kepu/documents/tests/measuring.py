"""Reads a PDF's geometry back with PDFium: where lines of text and ruled lines stand, in millimetres.

And measures what setting a PDF costs.
"""

import base64
import ctypes
import json
import subprocess
import sys
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from kepu.documents.rules.geometry import MILLIMETRE


@dataclass(frozen=True)
class Line:
    """A line of text: what it says, the edges of its ink, baseline from the top, font size in points."""

    text: str
    left: float
    right: float
    top: float
    baseline: float
    size: float


@dataclass(frozen=True)
class Rule:
    """A ruled line across: left, right, distance from the top, thickness, colour."""

    left: float
    right: float
    middle: float
    thickness: float
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Measured:
    """A page: its size, lines from top to bottom, rules across from top to bottom."""

    width: float
    height: float
    lines: list[Line]
    rules: list[Rule]


# VmHWM, not ru_maxrss: the latter also knows what the process that started this one had in memory.
_SETTING = (
    "import re, sys; from pathlib import Path; from kepu.documents import setter; setter.main();"
    "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1], file=sys.stderr)"
)


def set_alone(source, values, files=None):
    """The PDF a setter makes in a process of its own, and the most memory it held, in kilobytes."""
    coded = {name: base64.b64encode(content).decode() for name, content in (files or {}).items()}
    asked = {"source": source, "values": values, "files": coded, "format": "pdf", "ppi": 96}
    command = [sys.executable, "-c", _SETTING]
    ended = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, check=True)
    return ended.stdout.partition(b"\n")[2], int(ended.stderr.split()[-1])


def measured(pdf, tall=40.0):
    """Each page of a PDF. Characters larger than `tall` points (a watermark) are left out."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return [_page(page, tall) for page in opened]


def _page(page, tall):
    width, height = page.get_size()
    letters = {}
    text = page.get_textpage()
    for place in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, place)
        letter = chr(code)
        size = pdfium.FPDFText_GetFontSize(text, place)
        if letter.isspace() or pdfium.FPDFText_IsGenerated(text, place) or size > tall:
            continue
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text, place, x, y)
        box = text.get_charbox(place)
        baseline = round((height - y.value) / MILLIMETRE, 1)
        near = next((known for known in letters if abs(known - baseline) < 0.6), baseline)
        letters.setdefault(near, []).append((x.value, letter, box, size))
    lines = [
        Line(
            "".join(letter for _, letter, *_ in sorted(row, key=lambda each: each[0])),
            min(box[0] for _, _, box, _ in row) / MILLIMETRE,
            max(box[2] for _, _, box, _ in row) / MILLIMETRE,
            (height - max(box[3] for _, _, box, _ in row)) / MILLIMETRE,
            baseline,
            max(size for *_, size in row),
        )
        for baseline, row in sorted(letters.items())
    ]
    rules = sorted(_rules(page, height), key=lambda rule: rule.middle)
    return Measured(width / MILLIMETRE, height / MILLIMETRE, lines, rules)


def _rules(page, height):
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = thing.get_bounds()
        stroke, fill, stroked = ctypes.c_float(), ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPageObj_GetStrokeWidth(thing, stroke)
        pdfium.FPDFPath_GetDrawMode(thing, fill, stroked)
        if right - left < 20 or top - bottom > 8:
            continue
        reach = (
            stroke.value if stroked.value else 0
        )  # PDFium's bounds of a stroke go that far beyond its ends
        ask = pdfium.FPDFPageObj_GetStrokeColor if stroked.value else pdfium.FPDFPageObj_GetFillColor
        parts = [ctypes.c_uint() for _ in range(4)]
        ask(thing, *parts)
        thick = stroke.value if stroked.value else top - bottom
        yield Rule(
            (left + reach) / MILLIMETRE,
            (right - reach) / MILLIMETRE,
            (height - (top + bottom) / 2) / MILLIMETRE,
            thick / MILLIMETRE,
            tuple(part.value for part in parts[:3]),
        )
