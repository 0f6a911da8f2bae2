"""Signing up and in: what opens an account, what locks it, and that nobody learns who is registered."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kepu.people import reads, writes
from kepu.people.accounts import index_of, opened_phone, sealed_phone
from kepu.people.models import Account, SignInGuard
from kepu.people.notice import EDITION
from kepu.people.rules import Refusal, Refused, SignedIn, SmsPurpose, read_session
from kepu.people.tests.land import MINUTE, NETWORK, NOW, PASSWORD, phone

PHONE = phone(1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def member(texted):
    """An account that signed up with PASSWORD."""
    writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW)
    made = writes.sign_up(PHONE, texted(), PASSWORD, agreed=True, now=NOW)
    assert isinstance(made, SignedIn)
    return made.account


def sign_in(password=PASSWORD, number=PHONE, at=NOW, network=NETWORK):
    return writes.sign_in_with_password(number, password, network, at)


def opens(token, at=NOW):
    """Whether the database agrees with a token."""
    from django.conf import settings

    session = read_session(settings.KEPU_KEYS.session, token, int(at.timestamp()))
    standing = reads.standing_many([session.account])[session.account]
    return standing.session_version == session.version


def test_sign_up_makes_an_account_that_is_signed_in(texted, settings):
    writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW)
    made = writes.sign_up(" +86 " + PHONE, " " + texted() + " ", PASSWORD, agreed=True, now=NOW)
    row = Account.objects.get(pk=made.account)
    assert opens(made.token)
    assert row.password.startswith("argon2$argon2id$")
    assert row.book == int(settings.KEPU_DIVISION)
    assert (row.agreed_at, row.agreed_notice) == (NOW, EDITION)
    assert PHONE not in str(vars(row))
    assert opened_phone(row.phone_sealed, row.phone_index) == PHONE


def test_a_sealed_number_opens_in_its_own_row_only():
    assert opened_phone(sealed_phone(PHONE), index_of(PHONE)) == PHONE
    assert opened_phone(sealed_phone(PHONE), index_of(phone(2))) is None
    assert opened_phone(None, index_of(PHONE)) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"phone": "12345"}, Refusal.PHONE_WRONG),
        ({"agreed": False}, Refusal.NOT_AGREED),
        ({"password": "1234567"}, Refusal.PASSWORD_WEAK),
        ({"password": "1357924680"}, Refusal.PASSWORD_WEAK),
        ({"password": "password1"}, Refusal.PASSWORD_WEAK),
        ({"password": "x" * 10_000}, Refusal.PASSWORD_WEAK),
        ({"code": "wrong"}, Refusal.CODE_WRONG),
    ],
)
def test_what_stops_a_sign_up_makes_no_account(changes, refusal, texted):
    writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW)
    stated = {"phone": PHONE, "code": texted(), "password": PASSWORD, "agreed": True} | changes
    assert writes.sign_up(**stated, now=NOW) == Refused(refusal)
    assert not Account.objects.exists()


def test_a_registered_number_cannot_sign_up_again_and_answers_as_any_wrong_code(member):
    before = Account.objects.get().password
    writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW + MINUTE)
    writes.send_code(phone(2), SmsPurpose.SIGN_UP, NETWORK, NOW + MINUTE)
    answers = {
        writes.sign_up(number, "000000", "another-2021", agreed=True, now=NOW + MINUTE)
        for number in (PHONE, phone(2))
    }
    assert answers == {Refused(Refusal.CODE_WRONG)}
    assert Account.objects.get().password == before


def test_a_number_enrolled_between_the_text_and_the_sign_up_is_not_made_twice(texted):
    writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW)
    writes.open_staff_account(PHONE, "李新", None, 430623, NOW)
    answer = writes.sign_up(PHONE, texted(), PASSWORD, agreed=True, now=NOW)
    assert answer == Refused(Refusal.CODE_SPENT)
    assert Account.objects.count() == 1


def test_the_right_password_signs_in(member):
    answer = sign_in()
    assert answer.account == member
    assert opens(answer.token)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD * 50, "\x00", "!"])
def test_another_password_does_not(member, password):
    assert sign_in(password) == Refused(Refusal.SIGN_IN_WRONG)


def test_five_failures_lock_for_thirty_minutes_even_against_the_right_password(member):
    assert [sign_in("wrong") for _ in range(5)] == [Refused(Refusal.SIGN_IN_WRONG)] * 5
    locked = Refused(Refusal.LOCKED, NOW + 30 * MINUTE)
    assert sign_in() == locked
    assert sign_in(at=NOW + 29 * MINUTE) == locked
    assert isinstance(sign_in(at=NOW + 30 * MINUTE), SignedIn)


def test_a_success_forgets_the_failures_before_it(member):
    for _ in range(3):
        for _ in range(4):
            sign_in("wrong")
        assert isinstance(sign_in(), SignedIn)


def test_unknown_enrolled_and_closed_numbers_answer_and_lock_like_known_ones(member):
    writes.open_staff_account(phone(2), "李新", None, 430623, NOW)  # has no password
    closed = writes.open_staff_account(phone(3), "李旧", PASSWORD, 430623, NOW)
    Account.objects.filter(pk=closed).update(is_active=False)
    histories = {
        number: [sign_in("wrong", phone(number), network=str(number)) for _ in range(7)]
        for number in (1, 2, 3, 4)
    }
    assert histories[1] == histories[2] == histories[3] == histories[4]
    assert sign_in(PASSWORD, phone(3), NOW + 60 * MINUTE) == Refused(Refusal.SIGN_IN_WRONG)


def test_unknown_numbers_cost_the_same_queries_and_the_same_hashing(real_hashing, member):
    def cost(number):
        with CaptureQueriesContext(connection) as queries:
            began = time.perf_counter()
            sign_in("wrong", number, network=number)
            took = time.perf_counter() - began
        return len(queries), took

    costs = {number: [cost(number) for _ in range(4)] for number in (PHONE, phone(2))}
    assert [queries for queries, _ in costs[PHONE]] == [queries for queries, _ in costs[phone(2)]]
    assert costs[PHONE][1][0] <= 7
    known, unknown = (min(took for _, took in costs[number]) for number in (PHONE, phone(2)))
    assert 0.4 < known / unknown < 2.5  # one argon2 each; skipping it would be some twenty times


def test_a_network_that_fails_over_and_over_is_locked_out_whole(member):
    SignInGuard.objects.create(subject=f"network:{NETWORK}", failures=199, last_at=NOW)
    assert sign_in("wrong", phone(2)) == Refused(Refusal.SIGN_IN_WRONG)
    assert sign_in().refusal is Refusal.LOCKED
    assert isinstance(sign_in(network="198.51.100.1"), SignedIn)


def test_successes_do_not_wear_a_network_out(member):
    for _ in range(3):
        sign_in()
    assert SignInGuard.objects.get(subject=f"network:{NETWORK}").failures == 0


def test_a_code_signs_in_and_lifts_the_lock(member, texted):
    for _ in range(5):
        sign_in("wrong")
    writes.send_code(PHONE, SmsPurpose.SIGN_IN, NETWORK, NOW + MINUTE)
    assert writes.sign_in_with_code(PHONE, "000000", NOW + MINUTE).refusal is Refusal.CODE_WRONG
    answer = writes.sign_in_with_code(PHONE, texted(), NOW + MINUTE)
    assert answer.account == member
    assert isinstance(sign_in(at=NOW + MINUTE), SignedIn)


def test_an_account_closed_after_the_text_is_not_opened(member, texted):
    writes.send_code(PHONE, SmsPurpose.SIGN_IN, NETWORK, NOW + MINUTE)
    Account.objects.update(is_active=False)
    assert writes.sign_in_with_code(PHONE, texted(), NOW + MINUTE) == Refused(Refusal.CODE_SPENT)


def test_sign_out_everywhere_ends_every_session(member):
    first, second = sign_in(), sign_in()
    writes.sign_out_everywhere(member, NOW)
    assert not opens(first.token)
    assert not opens(second.token)
    assert opens(sign_in().token)


def test_a_change_of_password_ends_the_other_sessions(member):
    old = sign_in()
    assert writes.change_password(member, "wrong", "another-2021", NOW) == Refused(Refusal.SIGN_IN_WRONG)
    assert writes.change_password(member, PASSWORD, "short", NOW) == Refused(Refusal.PASSWORD_WEAK)
    assert opens(old.token)
    new = writes.change_password(member, PASSWORD, "another-2021", NOW)
    assert opens(new.token)
    assert not opens(old.token)
    assert sign_in() == Refused(Refusal.SIGN_IN_WRONG)
    assert isinstance(sign_in("another-2021"), SignedIn)


def test_guesses_at_a_change_of_password_lock_too(member):
    for _ in range(5):
        writes.change_password(member, "wrong", "another-2021", NOW)
    assert writes.change_password(member, PASSWORD, "another-2021", NOW).refusal is Refusal.LOCKED


def test_a_forgotten_password_is_replaced_by_the_phones_owner(member, texted):
    old = sign_in()
    writes.send_code(PHONE, SmsPurpose.NEW_PASSWORD, NETWORK, NOW + MINUTE)
    code = texted()
    assert writes.reset_password(PHONE, code, "short", NOW + MINUTE) == Refused(Refusal.PASSWORD_WEAK)
    new = writes.reset_password(PHONE, code, "another-2021", NOW + MINUTE)
    assert opens(new.token, NOW + MINUTE)
    assert not opens(old.token)
    assert isinstance(sign_in("another-2021", at=NOW + MINUTE), SignedIn)
