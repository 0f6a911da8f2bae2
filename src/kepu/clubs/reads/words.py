"""Questions about barred words."""

from dataclasses import dataclass
from datetime import datetime

from kepu.clubs.models import BarredWord
from kepu.clubs.rules import WORDS_MAX, Effect, Word, found_words
from kepu.kit.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class Barred:
    """A line of the list, for those who keep it."""

    number: int
    word: str
    effect: Effect
    added_at: datetime
    added_by: int


def all_words() -> list[Word]:
    """Every barred word, WORDS_MAX at most. One query."""
    rows = BarredWord.objects.values_list("word", "folded", "effect")[:WORDS_MAX]
    return [Word(word, folded, Effect(effect)) for word, folded, effect in rows]


def barred(start: int, size: int, words: str = "") -> Page[Barred]:
    """The list, newest first; `words`: those that contain it. One query."""
    rows = BarredWord.objects.order_by("-pk")
    if words:
        rows = rows.filter(word__icontains=words)
    found = [
        Barred(row.pk, row.word, Effect(row.effect), row.added_at, row.added_by)
        for row in rows[start : start + size + 1]
    ]
    return page_of(found, start, size)


def found_in(text: str) -> tuple[tuple[str, Effect], ...]:
    """The barred words that stand in a text, with what they do, the strictest first. One query."""
    return tuple((each.word, each.effect) for each in found_words(text, all_words()))
