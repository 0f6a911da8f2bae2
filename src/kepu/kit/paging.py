"""Bounded lists: every list of the site is asked for a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

PAGE_SIZE_MAX = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a longer list and where the next ones start (None at the end)."""

    rows: Sequence[Row]
    next_start: int | None


def page_of(rows: Sequence[Row], start: int, size: int) -> Page[Row]:
    """A page from `size` + 1 rows fetched at offset `start`: the extra row only says that more follow."""
    assert 0 < size <= PAGE_SIZE_MAX
    more = len(rows) > size
    return Page(rows[:size], start + size if more else None)


def whole_number(text: str | None, least: int, most: int, otherwise: int) -> int:
    """`text` as a number clamped to least..most; `otherwise` when it is no number."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 12:
        return otherwise
    return min(max(int(text), least), most)
