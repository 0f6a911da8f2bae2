"""答题: an article's questions are answered; who has all of them right is credited once, for ever."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel, Receipt, Refusal, own_event
from kepu.points.models import QuizResult
from kepu.points.rules import BOOKED_TRIES_MAX, TRY_AGAIN_AFTER, Attempt, Marked

BOOKED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of answers: how one stands now, whether they counted, and the ledger's answer on passing.

    `is_first`: passed by these answers. `too_soon`: given within the pause, so not looked at.
    """

    attempt: Attempt
    is_first: bool = False
    too_soon: bool = False
    receipt: Receipt | Refusal | None = None


def answer_quiz(
    person: int, article: tuple[int, str], marked: Marked, *, counts: bool, now: datetime
) -> Answered:
    """The answers to an article's questions (its number, its topic's slug) are kept.

    All right: passed, for ever, and in the ledger once; `counts` False (nothing counts for them before they
    are certified): passed, and counted after the certification. A wrong answer begins a pause, within which
    answers are not looked at. Three queries and a batch of the ledger; call it outside any transaction.
    """
    row, outcome = _kept(person, article, marked, counts=counts, now=now)
    if not outcome.is_first or row.is_held:
        return outcome
    (receipt,) = _book([row], now)
    return Answered(outcome.attempt, is_first=True, receipt=receipt)


def book_passed(now: datetime) -> bool:
    """Quizzes that were passed and are not in the ledger yet are in it; whether there may be more.

    One that the ledger refuses is tried again after a day; after a month of days it waits as one that was
    passed before the certification does. One query where there is none; else two to four and a batch.
    """
    waiting = QuizResult.objects.filter(is_booked=False, is_held=False, passed_at__isnull=False)
    waiting = waiting.filter(Q(try_at=None) | Q(try_at__lte=now))
    rows = list(waiting.order_by("pk")[:BOOKED_AT_ONCE])
    if rows:
        _book(rows, now)
    return len(rows) == BOOKED_AT_ONCE


@transaction.atomic
def _kept(
    person: int, article: tuple[int, str], marked: Marked, *, counts: bool, now: datetime
) -> tuple[QuizResult, Answered]:
    number, topic = article
    row, _made = QuizResult.objects.select_for_update().get_or_create(person=person, article=number)
    before = Attempt(row.wrong_at, row.passed_at, row.is_held)
    if before.passed_at is not None:
        return row, Answered(before)
    if before.again_at(now) is not None:
        return row, Answered(before, too_soon=True)
    if marked.is_passed:
        row.passed_at, row.topic, row.is_held = now, topic, not counts
    else:
        row.wrong_at = now
    row.save()
    return row, Answered(Attempt(row.wrong_at, row.passed_at, row.is_held), is_first=marked.is_passed)


def _book(rows: list[QuizResult], now: datetime) -> list[Receipt | Refusal]:
    """Row first, ledger then, mark last: cut off in between, the same act is recorded again, as one."""
    at_ms = clock.milliseconds(now)
    answers = ledger.commit_batch(
        [
            Act(
                row.person,
                own_event(b"quiz", str(row.article).encode()),
                Kind.QUIZ,
                row.article,
                Channel.PAGE,
                at_ms,
            )
            for row in rows
        ]
    )
    answered = list(zip(rows, answers, strict=True))
    refused = [row for row, answer in answered if isinstance(answer, Refusal)]
    booked = [row.pk for row, answer in answered if isinstance(answer, Receipt)]
    if booked:
        QuizResult.objects.filter(pk__in=booked).update(is_booked=True)
    if refused:
        _keep_for_later(refused, now)
    return answers


def _keep_for_later(refused: list[QuizResult], now: datetime) -> None:
    """Bounded: given up, they are held, and what lifts that is the person's next approval."""
    given_up = [row.pk for row in refused if row.refused + 1 >= BOOKED_TRIES_MAX]
    again = QuizResult.objects.filter(pk__in=[row.pk for row in refused])
    again.update(refused=F("refused") + 1, try_at=now + TRY_AGAIN_AFTER)
    if given_up:
        QuizResult.objects.filter(pk__in=given_up).update(is_held=True, refused=0, try_at=None)
