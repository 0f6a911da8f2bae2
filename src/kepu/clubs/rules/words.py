"""Barred words: found whatever stands between their characters. No Django."""

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from kepu.clubs.rules.values import Effect

# Letters by their category that nobody sees: the fillers of Hangul, whole and as NFKC leaves them.
UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
STRICTEST = (Effect.REFUSE, Effect.HOLD, Effect.MARK)


class Word(NamedTuple):
    """A barred word: as staff wrote it, as it is searched, and what it does."""

    word: str
    folded: str
    effect: Effect


def folded(text: str) -> str:
    """The letters and digits of a text alone: one form for wide and narrow, large and small ones.

    NFKC first; then spaces, punctuation, signs, emoji, invisible characters, tone marks and marks above or
    below letters go: none of them hides a word. Letters and digits put between its characters do.
    """
    narrow = unicodedata.normalize("NFKC", text).casefold()
    bare = unicodedata.normalize("NFKD", narrow).casefold()
    return "".join(each for each in bare if _stays(each))


def _stays(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" and category != "Lm" and character not in UNSEEN


def found_words(text: str, words: Iterable[Word]) -> list[Word]:
    """Those of the words that stand in a text, the strictest first."""
    searched = folded(text)
    found = [each for each in words if each.folded and each.folded in searched]
    return sorted(found, key=lambda each: (STRICTEST.index(each.effect), each.word))


def strictest(found: Iterable[Word]) -> Word | None:
    """The word whose effect counts; None where none was found."""
    return min(found, key=lambda each: STRICTEST.index(each.effect), default=None)


def digest(text: str) -> str:
    """What two texts share that say the same, however spaced (64 hexadecimal characters)."""
    return hashlib.sha256((folded(text) or text.strip()).encode()).hexdigest()
