"""The same promises when many ask at the same moment, each on a connection of its own."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore, Event
from typing import Any

import pytest
from django.db import connection

from kepu.messages.models import OutboxMessage
from kepu.people import reads, writes
from kepu.people.models import Account, CertificationStep, SignInGuard, SmsCode, SmsDay
from kepu.people.rules import CodeSent, Refusal, Refused, Role, SignedIn, SmsPurpose
from kepu.people.tests import land
from kepu.people.tests.land import NETWORK, NOW, PASSWORD, TOWN, phone
from kepu.people.writes import sign_in, turns
from kepu.people.writes.codes import spend_code

PHONE = phone(1)
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> Sequence[Any]:
    """What each act answered, all begun at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def long_line(monkeypatch):
    """Nobody is told that too many are signing in."""
    monkeypatch.setattr(turns, "_line", BoundedSemaphore(20))


def test_twelve_guesses_at_once_are_five_tries(texted):
    writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW)
    wrong = f"{(int(texted()) + 1) % 1_000_000:06}"
    answers = at_once(*[lambda: spend_code(PHONE, SmsPurpose.SIGN_UP, wrong, NOW)] * 12)
    assert Counter(answers) == {Refusal.CODE_WRONG: 5, Refusal.CODE_SPENT: 7}


def test_one_code_makes_one_account(texted, long_line):
    writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW)
    code = texted()
    answers = at_once(*[lambda: writes.sign_up(PHONE, code, PASSWORD, agreed=True, now=NOW)] * 6)
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert Account.objects.count() == 1


def test_one_text_a_minute_however_many_ask():
    answers = at_once(*[lambda: writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW)] * 8)
    assert sum(isinstance(answer, CodeSent) for answer in answers) == 1
    assert OutboxMessage.objects.count() == SmsCode.objects.count() == 1


def test_the_sites_budget_is_exact(settings):
    settings.KEPU_SMS_PER_DAY_MAX = 5
    numbers = [phone(number) for number in range(10)]
    answers = at_once(
        *[
            lambda number=number: writes.send_code(number, SmsPurpose.SIGN_UP, number, NOW)
            for number in numbers
        ]
    )
    assert sum(isinstance(answer, CodeSent) for answer in answers) == 5
    assert SmsDay.objects.get().sent == OutboxMessage.objects.count() == 5


def test_twelve_passwords_at_once_are_five_attempts(long_line):
    writes.open_staff_account(PHONE, "李新", PASSWORD, 430623, NOW)
    for number in (PHONE, phone(2)):
        answers = at_once(
            *[lambda number=number: writes.sign_in_with_password(number, "no", number, NOW)] * 12
        )
        refusals = Counter(answer.refusal for answer in answers)
        assert refusals == {Refusal.SIGN_IN_WRONG: 5, Refusal.LOCKED: 7}


def test_two_hash_one_waits_and_who_comes_then_loses_nothing(monkeypatch):
    writes.open_staff_account(PHONE, "李新", PASSWORD, 430623, NOW)
    verified, running, done = sign_in._verified, [], Event()

    def slowly(password: str, encoded: str) -> bool:
        running.append(password)
        assert len(running) <= turns.AT_ONCE_MAX
        done.wait(5)
        running.remove(password)
        return verified(password, encoded)

    monkeypatch.setattr(sign_in, "_verified", slowly)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(_try_from, f"network {number}") for number in range(8)]
        while sum(one.done() for one in asked) < 5:
            done.wait(0.01)
        done.set()
        answers = Counter(type(one.result()) for one in asked)
    assert answers == {SignedIn: 3, Refused: 5}
    assert not SignInGuard.objects.filter(failures__gt=0).exists()


def _try_from(network: str) -> SignedIn | Refused:
    try:
        answer = writes.sign_in_with_password(PHONE, PASSWORD, network, NOW)
    finally:
        connection.close()
    assert isinstance(answer, SignedIn) or answer == Refused(Refusal.BUSY)
    return answer


@pytest.fixture
def two_reviewers(transactional_db):
    land.settle()
    person = land.applicant(1)
    return person, land.staff(90, Role.TOWN_CLERK, TOWN), land.staff(91, Role.TOWN_CLERK, TOWN)


def test_of_two_decisions_at_once_one_is_made(two_reviewers):
    person, one, two = two_reviewers
    answers = at_once(
        lambda: writes.approve_certification(person, one, NOW),
        lambda: writes.return_certification(person, two, "请修改", NOW),
        lambda: writes.approve_certification(person, two, NOW),
        lambda: writes.return_certification(person, one, "请修改", NOW),
    )
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert answers.count(Refused(Refusal.NOT_WAITING)) == 3
    assert CertificationStep.objects.count() == 2


def test_an_application_submitted_twice_at_once_is_one(two_reviewers):
    person, stated = land.newcomer(2), land.application()
    answers = at_once(*[lambda: writes.submit_certification(person, stated, NOW)] * 4)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert len(reads.steps_of(person, names=True)) == 1
