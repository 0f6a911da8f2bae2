"""A quiz is passed once for ever, credited once whatever is cut off, and trying letters does not pay."""

from datetime import timedelta

import pytest

from kepu.campaigns.rules import Kind, Reason
from kepu.ledger import reads as ledger
from kepu.ledger.models import Book
from kepu.ledger.rules import Refusal
from kepu.points import writes
from kepu.points.models import QuizResult
from kepu.points.reads.quizzes import attempt_of
from kepu.points.reads.standing import passes_by_topic
from kepu.points.rules import BOOKED_TRIES_MAX, PAUSE, TRY_AGAIN_AFTER, Marked
from kepu.points.tests.conftest import NOON
from kepu.points.writes import quizzes

RIGHT, WRONG = Marked((True, True)), Marked((True, False))
RICE, FALLS = (7, "farming"), (8, "health")


def quizzes_in_ledger(person):
    return [each for each in ledger.statement(person, None, 100) if each.kind == Kind.QUIZ]


def test_all_right_is_credited_once_for_ever(wang):
    first = writes.answer_quiz(wang, RICE, RIGHT, counts=True, now=NOON)
    assert first.is_first
    assert (first.receipt.points, first.receipt.reason) == (5, Reason.CREDITED)
    again = writes.answer_quiz(wang, RICE, RIGHT, counts=True, now=NOON + timedelta(days=300))
    assert not again.is_first
    assert again.receipt is None
    assert [each.article for each in quizzes_in_ledger(wang)] == [7]
    assert passes_by_topic(wang) == {"farming": 1}


def test_after_a_wrong_answer_even_the_right_one_is_not_looked_at_for_a_while(wang):
    writes.answer_quiz(wang, RICE, WRONG, counts=True, now=NOON)
    soon = NOON + PAUSE - timedelta(seconds=1)
    assert writes.answer_quiz(wang, RICE, RIGHT, counts=True, now=soon).too_soon
    assert quizzes_in_ledger(wang) == []
    assert writes.answer_quiz(wang, RICE, RIGHT, counts=True, now=NOON + PAUSE).is_first
    assert len(quizzes_in_ledger(wang)) == 1


def test_another_article_need_not_wait(wang):
    writes.answer_quiz(wang, RICE, WRONG, counts=True, now=NOON)
    assert writes.answer_quiz(wang, FALLS, RIGHT, counts=True, now=NOON).is_first


def test_a_wrong_answer_after_passing_takes_nothing_away(wang):
    writes.answer_quiz(wang, RICE, RIGHT, counts=True, now=NOON)
    writes.answer_quiz(wang, RICE, WRONG, counts=True, now=NOON + timedelta(days=1))
    assert attempt_of(wang, 7).passed_at == NOON


def test_what_was_cut_off_before_the_ledger_is_booked_once(wang, monkeypatch):
    with monkeypatch.context() as cut_off:
        cut_off.setattr(quizzes, "_book", lambda *_: pytest.fail("cut off"))
        with pytest.raises(pytest.fail.Exception):
            writes.answer_quiz(wang, RICE, RIGHT, counts=True, now=NOON)
    assert quizzes_in_ledger(wang) == []
    writes.book_passed(NOON)
    writes.book_passed(NOON)
    assert len(quizzes_in_ledger(wang)) == 1


def test_what_was_cut_off_after_the_ledger_is_not_booked_twice(wang):
    writes.answer_quiz(wang, RICE, RIGHT, counts=True, now=NOON)
    QuizResult.objects.update(is_booked=False)
    writes.book_passed(NOON + timedelta(hours=1))
    assert len(quizzes_in_ledger(wang)) == 1
    assert QuizResult.objects.filter(is_booked=True).count() == 1


def test_passed_before_the_certification_waits_for_it(wang):
    held = writes.answer_quiz(wang, RICE, RIGHT, counts=False, now=NOON)
    assert held.attempt.is_held
    assert held.receipt is None
    assert not writes.book_passed(NOON)
    assert quizzes_in_ledger(wang) == []
    assert passes_by_topic(wang) == {"farming": 1}


def test_what_the_ledger_refuses_is_tried_again_and_counted_once_it_takes_it(wang):
    Book.objects.filter(code=430623).update(code=430624)  # no book of the county is open
    first = writes.answer_quiz(wang, RICE, RIGHT, counts=True, now=NOON)
    assert first.receipt is Refusal.NO_BOOK
    assert not QuizResult.objects.get().is_booked
    Book.objects.filter(code=430624).update(code=430623)
    writes.book_passed(NOON + timedelta(hours=1))
    assert quizzes_in_ledger(wang) == []
    writes.book_passed(NOON + TRY_AGAIN_AFTER)
    writes.book_passed(NOON + 2 * TRY_AGAIN_AFTER)
    assert [each.points for each in quizzes_in_ledger(wang)] == [5]


def test_refused_for_a_month_it_waits_for_the_next_approval(wang):
    Book.objects.filter(code=430623).update(code=430624)
    writes.answer_quiz(wang, RICE, RIGHT, counts=True, now=NOON)
    tries = 1
    while not QuizResult.objects.get().is_held:
        writes.book_passed(NOON + tries * TRY_AGAIN_AFTER)
        tries += 1
    assert tries == BOOKED_TRIES_MAX


def test_what_is_refused_does_not_hold_up_others(wang, li):
    for person in (wang, li):
        writes.answer_quiz(person, RICE, RIGHT, counts=False, now=NOON)
    QuizResult.objects.update(is_held=False)
    QuizResult.objects.filter(person=wang).update(person=999_999)  # nobody: refused
    writes.book_passed(NOON)
    assert len(quizzes_in_ledger(li)) == 1
    assert QuizResult.objects.filter(is_booked=False).count() == 1


def test_it_costs_little(wang, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        writes.book_passed(NOON)
    with django_assert_max_num_queries(1):
        attempt_of(wang, 7)
    with django_assert_max_num_queries(9):
        writes.answer_quiz(wang, RICE, WRONG, counts=True, now=NOON)
