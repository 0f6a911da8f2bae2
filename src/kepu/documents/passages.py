"""What was read of a paper: its passages in order, each with the place where it stands."""

import re
from dataclasses import dataclass
from enum import StrEnum

PASSAGES_MAX = 4_000
PASSAGE_CHARACTERS_MAX = 4_000
CHARACTERS_MAX = 400_000
# What a new paragraph begins with.
MARKED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|第.{1,3}[条章]|附件|●|◆|—)"
)


class PaperTrouble(StrEnum):
    """Why nothing can be read of a file."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_COSTLY = "too_costly"
    LOCKED = "locked"
    SCANNED = "scanned"
    OLD_WORD = "old_word"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or one row of a table: `number` from 1, `place` as people say it (第 2 页第 5 行).

    `table` counts tables from 1 and is 0 outside of them; `cells` are a row's, merged ones repeated.
    """

    number: int
    text: str
    place: str
    table: int = 0
    cells: tuple[str, ...] = ()


class Pile:
    """Passages gathered in order, never more than the limits: past them `is_full`."""

    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.tables = 0
        self.is_full = False
        self._characters = 0

    def add(self, text: str, place: str) -> None:
        """A paragraph is the next passage; an empty one is none."""
        self._put(text.strip()[:PASSAGE_CHARACTERS_MAX], place, 0, ())

    def add_row(self, cells: tuple[str, ...], place: str) -> None:
        """A row of the table begun last is the next passage; an empty row is none."""
        cut = tuple(" ".join(cell.split())[:PASSAGE_CHARACTERS_MAX] for cell in cells)
        shown = [
            cell
            for number, cell in enumerate(cut)
            if cell and (not number or cut[number - 1] != cell or cell.isdigit())
        ]
        self._put("  ".join(shown), place, self.tables, cut)

    def begin_table(self) -> int:
        """A table begins: its number."""
        self.tables += 1
        return self.tables

    def _put(self, text: str, place: str, table: int, cells: tuple[str, ...]) -> None:
        if not text:
            return
        self._characters += sum(map(len, cells)) or len(text)
        if len(self.passages) >= PASSAGES_MAX or self._characters > CHARACTERS_MAX:
            self.is_full = True
            return
        self.passages.append(Passage(len(self.passages) + 1, text, place, table, cells))
