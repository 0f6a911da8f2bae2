"""Passages as lines to search in: full-width figures and stray blanks out of the way, the wording kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kepu.documents.passages import Passage

_FULL = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_FULL |= {0xFF0E: 0x2E, 0x3000: 0x20, 0xA0: 0x20, 0x200B: None, 0xFEFF: None, 0x2013: 0x2014, 0x2212: 0x2014}
_FULL |= {
    0xFF0D: 0x2014,
    0x2015: 0x2014,
    0xFF5E: 0x7E,
    0x301C: 0x7E,
    0x2010: 0x2D,
    0x2011: 0x2D,
    0x25CB: 0x3007,
}
_BLANK_BESIDE_WORDS = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")
# Scanners take 0 for O, 1 for l and a dash for 一: among figures none of them is meant.
_ZERO_AS_LETTER = re.compile(r"(?<=\d)[OoΟ〇]+(?![A-Za-z])")
_ONE_AS_LETTER = re.compile(r"(?<![A-Za-z])[lI](?=\d)|(?<=\d)[lI](?![A-Za-z])")
_DASH_AS_HAN = re.compile(r"(?<=[\d日月])一(?=\d)")
_SPACED_FIGURES = re.compile(r"(?<![A-Za-z0-9])\d(?: \d){2,}(?!\d)")
HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十\d]{1,3}条|第?[一二三四五六七八九十]{1,3}[、.．章]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳])"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A passage and its text to search in; `cells` of a table's row likewise."""

    passage: Passage
    text: str
    cells: tuple[str, ...] = ()

    def without_mark(self) -> str:
        """The text without its level mark (一、（一）1.)."""
        return HEADING.sub("", self.text, count=1)


def lines_of(passages: Sequence[Passage]) -> tuple[Line, ...]:
    """One line a passage, in order."""
    return tuple(Line(each, plain(each.text), tuple(plain(cell) for cell in each.cells)) for each in passages)


def merged(lines: Sequence[Line]) -> Passage:
    """One passage of neighbouring ones that say something together."""
    first, last = lines[0].passage, lines[-1].passage
    if first is last:
        return first
    return Passage(
        first.number, "\n".join(line.passage.text for line in lines), f"{first.place}至{last.place}"
    )


def plain(text: str) -> str:
    """The text with ordinary figures and letters, without blanks beside Chinese characters.

    Blanks between figures stay (they part columns), unless single figures stand apart as scanners leave them.
    """
    text = text.translate(_FULL).strip()
    blanks, letters = text.count(" "), sum("一" <= letter <= "鿿" for letter in text)
    if letters and blanks > 0.4 * letters and blanks > 3 and re.search(r"[一-鿿] [一-鿿] [一-鿿]", text):
        return _unscanned(re.sub(r"\s+", "", text))
    text = _unscanned(text)
    text = _SPACED_FIGURES.sub(lambda found: found.group().replace(" ", ""), text)
    return _BLANK_BESIDE_WORDS.sub("", text)


def _unscanned(text: str) -> str:
    text = _ZERO_AS_LETTER.sub(lambda found: "0" * len(found.group()), text)
    return _DASH_AS_HAN.sub("—", _ONE_AS_LETTER.sub("1", text))


def is_misread(text: str) -> bool:
    """Whether a text holds letters where a scanner should have seen figures (2O21年)."""
    return bool(_ZERO_AS_LETTER.search(text) or _ONE_AS_LETTER.search(text) or _DASH_AS_HAN.search(text))
