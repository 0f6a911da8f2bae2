"""What answers to an article's questions are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# After a wrong answer: long enough that trying the letters one after another is slower than reading.
PAUSE = timedelta(minutes=10)
# A pass that the ledger would not take, as in a county whose book is not open yet.
TRY_AGAIN_AFTER = timedelta(days=1)
BOOKED_TRIES_MAX = 30


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one person stands with one article's questions: when they were last wrong, and when they passed.

    `is_held`: passed before they were certified, so that nothing could be counted yet.
    """

    wrong_at: datetime | None = None
    passed_at: datetime | None = None
    is_held: bool = False

    def again_at(self, now: datetime) -> datetime | None:
        """From when on they may answer again; None: now, or never more since they passed."""
        if self.passed_at is not None or self.wrong_at is None:
            return None
        free = self.wrong_at + PAUSE
        return free if free > now else None


@dataclass(frozen=True, slots=True)
class Marked:
    """Which questions were answered right, in their order."""

    right: tuple[bool, ...]

    @property
    def is_passed(self) -> bool:
        """Whether all of them were."""
        return all(self.right)


def read_answers(stated: Mapping[str, str], options: Sequence[int]) -> list[int | None]:
    """The chosen places (from 0) in a form's fields `answer-0`, …; None where nothing possible was chosen.

    `options`: how many each question has.
    """
    return [_choice(stated.get(f"answer-{number}", ""), count) for number, count in enumerate(options)]


def mark(chosen: Sequence[int], right: Sequence[int]) -> Marked:
    """The answers, one a question, held against the right ones."""
    return Marked(tuple(mine == theirs for mine, theirs in zip(chosen, right, strict=True)))


def _choice(text: str, count: int) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text) > 2:
        return None
    return int(text) if int(text) < count else None
