"""Questions about the quizzes of articles."""

from dataclasses import dataclass
from datetime import datetime

from kepu.kit.paging import Page, page_of
from kepu.points.models import QuizResult
from kepu.points.rules import Attempt


@dataclass(frozen=True, slots=True)
class PassedQuiz:
    """A quiz somebody passed, or was last wrong with (`passed_at` None)."""

    article: int
    topic: str
    wrong_at: datetime | None
    passed_at: datetime | None


def attempt_of(person: int, article: int) -> Attempt:
    """How a person stands with an article's questions. One query."""
    row = QuizResult.objects.filter(person=person, article=article).first()
    return Attempt(row.wrong_at, row.passed_at, row.is_held) if row is not None else Attempt()


def results_of(person: int, start: int, size: int) -> Page[PassedQuiz]:
    """All a person answered, the first answered first. One query."""
    rows = QuizResult.objects.filter(person=person).order_by("pk")[start : start + size + 1]
    found = [PassedQuiz(row.article, row.topic, row.wrong_at, row.passed_at) for row in rows]
    return page_of(found, start, size)
