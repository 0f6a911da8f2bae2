"""The questions under an article: shown, answered and marked, with or without a script."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from kepu.app import labels, reads
from kepu.app.pages.gone import gone_page
from kepu.app.pages.readers import account_of, book_of, person_of
from kepu.app.reads import Today
from kepu.campaigns.rules import Kind
from kepu.content import reads as content
from kepu.content.rules import Article
from kepu.kit import clock
from kepu.ledger.rules import Refusal
from kepu.points import writes as points
from kepu.points.reads.quizzes import attempt_of
from kepu.points.rules import Attempt, Marked, mark, read_answers
from kepu.points.writes.quizzes import Answered


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is shown; `chosen`: the option taken. Never whether it was right."""

    number: int
    text: str
    options: tuple[str, ...]
    explanation: str
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class ShownQuiz:
    """An article's questions for whoever looks at them.

    `earns`: the points for all of them right, 0 where none are given. `again_at`: until when they rest after
    a wrong answer. `says`: a strip's kind and sentence; `to`: where its button leads and what it says.
    `score`: how many were right, in words, where not all are. `explains`: the explanations are shown.
    """

    article: int
    questions: tuple[Question, ...]
    earns: int = 0
    is_passed: bool = False
    again_at: datetime | None = None
    says: tuple[str, str] | None = None
    to: tuple[str, str] | None = None
    score: str = ""
    explains: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be answered now."""
        return not self.is_passed and self.again_at is None


def quiz_of(article: Article, person: int | None, today: Today | None, now: datetime) -> ShownQuiz | None:
    """The questions under an article before they are answered; None without any. One query for a person."""
    if not article.quizzes:
        return None
    attempt = attempt_of(person, article.id) if person is not None else Attempt()
    return ShownQuiz(
        article.id,
        _questions(article),
        _earns(today),
        is_passed=attempt.passed_at is not None,
        again_at=attempt.again_at(now),
        explains=attempt.passed_at is not None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def quiz_page(request: HttpRequest, article: int) -> HttpResponse:
    """An article's questions on a page of their own, or marked; htmx gets them alone. At most ten queries."""
    person, now = person_of(request), clock.now()
    found = content.article(article, person)
    if found is None:
        return gone_page(request, article)
    today = reads.today(account_of(request), book_of(request), now) if person is not None else None
    shown = quiz_of(found, person, today, now)
    if shown is None:
        raise Http404
    if request.method == "POST":
        shown = _answered(request, found, today, shown)
    part_only = request.headers.get("HX-Request") == "true"
    template = "app/_quiz_form.html" if part_only else "app/quiz.html"
    response = render(request, template, {"quiz": shown, "article": found})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answered(request: HttpRequest, article: Article, today: Today | None, shown: ShownQuiz) -> ShownQuiz:
    chosen = read_answers(request.POST, [len(each.options) for each in article.quizzes])
    missing = [str(number + 1) for number, choice in enumerate(chosen) if choice is None]
    if not shown.is_open:
        return shown
    if missing:
        words = gettext("Choose an answer to question %(numbers)s too, then hand in again.")
        says = ("warn", words % {"numbers": "、".join(missing)})
        return ShownQuiz(article.id, _questions(article, chosen), shown.earns, says=says)
    questions = _questions(article, chosen)
    person, now = person_of(request), clock.now()
    if person is None:
        return _tried(article.id, questions)
    marked = mark([choice or 0 for choice in chosen], [each.right for each in article.quizzes])
    counts = today is None or not today.counts_nothing
    outcome = points.answer_quiz(person, (article.id, article.topic_slug), marked, counts=counts, now=now)
    if outcome.too_soon:
        return ShownQuiz(article.id, _questions(article), again_at=outcome.attempt.again_at(now))
    is_passed = outcome.attempt.passed_at is not None
    return ShownQuiz(
        article.id,
        questions,
        is_passed=is_passed,
        again_at=outcome.attempt.again_at(now),
        says=_said(outcome),
        to=("/me/certification/", gettext("Certify now")) if outcome.attempt.is_held else None,
        score="" if is_passed else _score(marked),
        explains=True,
    )


def _score(marked: Marked) -> str:
    """How many, and never which: trying the letters one by one would find them."""
    numbers = {"right": sum(marked.right), "all": len(marked.right)}
    return gettext("%(right)s of %(all)s right") % numbers


def _said(outcome: Answered) -> tuple[str, str] | None:
    if outcome.attempt.passed_at is None:
        return None
    if outcome.attempt.is_held:
        return "good", gettext("All right! It is counted once you are certified.")
    if isinstance(outcome.receipt, Refusal):
        return "info", gettext("All right! It could not be counted just now; it is tried again by itself.")
    return ("good", labels.quiz_said(outcome.receipt)) if outcome.receipt is not None else None


def _tried(article: int, questions: tuple[Question, ...]) -> ShownQuiz:
    """For a visitor: nothing is kept of it, so nothing is marked either, whatever they answered."""
    says = ("info", gettext("Compare your answers with the explanations. Signed in, they are marked."))
    to = (f"/sign-in/?next=/a/{article}/quiz/", gettext("Sign in"))
    return ShownQuiz(article, questions, says=says, to=to, explains=True)


def _questions(article: Article, chosen: list[int | None] | None = None) -> tuple[Question, ...]:
    return tuple(
        Question(number, each.question, each.options, each.explanation, chosen[number] if chosen else None)
        for number, each in enumerate(article.quizzes)
    )


def _earns(today: Today | None) -> int:
    published = today.published if today is not None else None
    earning = published.sheet.earnings.get(Kind.QUIZ) if published is not None else None
    return earning.points if earning is not None else 0
