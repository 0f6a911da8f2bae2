"""Codes by text message: limits, tries, one use, and that nobody learns who is registered."""

import itertools
import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kepu.kit.tests.depth import cases
from kepu.messages import reads as messages
from kepu.messages.models import OutboxMessage
from kepu.people import reads, writes
from kepu.people.models import Complaint, SignInGuard, SmsCode, SmsDay
from kepu.people.rules import CodeSent, Refusal, Refused, Role, SmsPurpose
from kepu.people.rules.complaints import COMPLAINT_LIFE
from kepu.people.tests.land import (
    COUNTY,
    DAY,
    HOUR,
    MINUTE,
    NETWORK,
    NOW,
    TOWN,
    enrolled,
    newcomer,
    phone,
    staff,
    unit_in,
)
from kepu.people.writes.codes import spend_code
from kepu.people.writes.complaints import send_complaint
from kepu.people.writes.forgetting import forget_old
from kepu.people.writes.merging import merge_accounts

SIGN_UP, SIGN_IN = SmsPurpose.SIGN_UP, SmsPurpose.SIGN_IN
PHONE = phone(1)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def send(number=PHONE, purpose=SIGN_UP, network=NETWORK, at=NOW):
    return writes.send_code(number, purpose, network, at)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_arrives_and_works_once(texted):
    assert send() == CodeSent(again_at=NOW + MINUTE, lives_until=NOW + 5 * MINUTE)
    code = texted()
    assert spend_code(PHONE, SIGN_UP, code, NOW) is None
    assert spend_code(PHONE, SIGN_UP, code, NOW) is Refusal.CODE_SPENT


def test_a_code_opens_only_its_own_phone_and_purpose(texted):
    send()
    code = texted()
    assert spend_code(phone(2), SIGN_UP, code, NOW) is Refusal.CODE_SPENT
    assert spend_code(PHONE, SIGN_IN, code, NOW) is Refusal.CODE_SPENT
    assert spend_code(PHONE, SIGN_UP, code, NOW) is None


def test_a_code_lives_five_minutes(texted):
    send()
    assert spend_code(PHONE, SIGN_UP, texted(), NOW + 5 * MINUTE) is Refusal.CODE_SPENT
    assert spend_code(PHONE, SIGN_UP, texted(), NOW + 5 * MINUTE - SECOND) is None


def test_five_wrong_tries_burn_it(texted):
    send()
    code = texted()
    assert [spend_code(PHONE, SIGN_UP, wrong(code), NOW) for _ in range(5)] == [Refusal.CODE_WRONG] * 5
    assert spend_code(PHONE, SIGN_UP, code, NOW) is Refusal.CODE_SPENT


def test_the_fifth_try_may_be_right(texted):
    send()
    code = texted()
    for _ in range(4):
        spend_code(PHONE, SIGN_UP, wrong(code), NOW)
    assert spend_code(PHONE, SIGN_UP, code, NOW) is None


def test_a_new_code_ends_the_old_one(texted):
    send()
    old = texted()
    send(at=NOW + MINUTE)
    new = texted()
    if old != new:
        assert spend_code(PHONE, SIGN_UP, old, NOW + MINUTE) is Refusal.CODE_WRONG
    assert spend_code(PHONE, SIGN_UP, new, NOW + MINUTE) is None


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "' OR 1=1", "\x00", "９" * 7, "1" * 9999]
)
def test_nonsense_is_a_try(typed):
    send()
    assert spend_code(PHONE, SIGN_UP, typed, NOW) is Refusal.CODE_WRONG
    assert SmsCode.objects.get().tries == 1


def test_sixty_seconds_between_sends_whatever_the_purpose():
    send()
    assert send(purpose=SIGN_IN, at=NOW + 59 * SECOND) == Refused(Refusal.TOO_SOON, NOW + MINUTE)
    assert isinstance(send(purpose=SIGN_IN, at=NOW + MINUTE), CodeSent)


def test_ten_a_phone_a_calendar_day():
    for minute in range(10):
        assert isinstance(send(network=str(minute), at=NOW + minute * MINUTE), CodeSent)
    midnight = NOW + 15 * HOUR
    late = midnight - SECOND
    assert send(at=late) == Refused(Refusal.PHONE_DAY_CAP, midnight)
    assert isinstance(send(at=midnight), CodeSent)


def test_thirty_a_network_an_hour():
    for number in range(30):
        assert isinstance(send(phone(number)), CodeSent)
    assert send(phone(30)) == Refused(Refusal.NETWORK_HOUR_CAP, NOW + HOUR)
    assert isinstance(send(phone(30), network="198.51.100.1"), CodeSent)
    assert isinstance(send(phone(31), at=NOW + HOUR), CodeSent)


def test_the_site_has_a_budget_a_day(settings):
    settings.KEPU_SMS_PER_DAY_MAX = 3
    sent = [send(phone(number), network=str(number)) for number in range(4)]
    assert [isinstance(answer, CodeSent) for answer in sent] == [True] * 3 + [False]
    assert sent[3] == Refused(Refusal.SITE_DAY_CAP, NOW + 15 * HOUR)
    assert isinstance(send(phone(3), at=NOW + DAY), CodeSent)
    assert OutboxMessage.objects.count() == 4


def test_a_refused_request_sends_nothing():
    send()
    for number in ("12345", "", "<b>", "13812345678x"):
        assert send(number) == Refused(Refusal.PHONE_WRONG)
    send(at=NOW + SECOND)
    assert OutboxMessage.objects.count() == 1


def test_a_gateway_that_fails_is_told_and_still_counts(settings):
    settings.KEPU_SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    assert send() == Refused(Refusal.NOT_SENT, NOW + MINUTE)
    assert send(at=NOW + SECOND).refusal is Refusal.TOO_SOON


def test_registered_and_unregistered_numbers_get_the_same_answer_and_cost_the_same():
    newcomer(2)
    send(phone(9), at=NOW - HOUR)  # the day has begun
    for purpose in SmsPurpose:
        at = NOW + list(SmsPurpose).index(purpose) * HOUR
        with CaptureQueriesContext(connection) as unknown:
            first = send(phone(1), purpose, "a", at)
        with CaptureQueriesContext(connection) as known:
            second = send(phone(2), purpose, "b", at)
        assert first == second
        assert len(unknown) == len(known) <= 16
        assert [row.phone for row in messages.outbox(2)] == [phone(2), phone(1)]


@pytest.mark.parametrize(
    ("number", "purpose", "has_code"),
    [
        (1, SIGN_UP, True),
        (2, SIGN_UP, False),
        (1, SIGN_IN, False),
        (2, SIGN_IN, True),
        (1, SmsPurpose.NEW_PASSWORD, False),
        (2, SmsPurpose.NEW_PASSWORD, True),
    ],
)
def test_only_the_phone_learns_that_it_is_registered(number, purpose, has_code, texted):
    newcomer(2)
    send(phone(number), purpose)
    assert bool(texted()) is has_code
    answers = [spend_code(phone(number), purpose, f"{guess:06}", NOW) for guess in range(6)]
    if not has_code:
        assert answers == [Refusal.CODE_WRONG] * 5 + [Refusal.CODE_SPENT]


def test_a_number_whose_account_was_merged_is_told_to_use_the_other_one(country, texted):
    officer = staff(90, Role.COUNTY_OFFICER, COUNTY)
    kept, _merged = people = writes.enroll_many([enrolled(n, unit_in(TOWN)) for n in (1, 2)], now=NOW)
    assert isinstance(merge_accounts(*people, officer, NOW), int)
    for hour, purpose in enumerate(SmsPurpose, 1):
        assert isinstance(send(phone(2), purpose, at=NOW + hour * HOUR), CodeSent)
        assert texted() == ""
        assert "请用另一个号码登录" in messages.outbox(1)[0].text
    assert reads.account_with_phone(phone(1)) == kept


def test_the_code_is_neither_stored_nor_logged(texted, caplog):
    caplog.set_level(logging.DEBUG)
    send()
    code = texted()
    spend_code(PHONE, SIGN_UP, code, NOW)
    row = SmsCode.objects.get()
    assert code.encode() not in bytes(row.digest)
    assert len(row.digest) == 32
    text = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert code not in text
    assert PHONE not in text


def test_codes_networks_and_failures_are_kept_for_seven_days():
    send()
    writes.sign_in_with_password(PHONE, "wrong", NETWORK, NOW)
    assert forget_old(NOW + 7 * DAY) == 0
    assert SignInGuard.objects.count() == 2
    assert forget_old(NOW + 7 * DAY + SECOND) == 3
    assert not SmsCode.objects.exists()
    assert not SignInGuard.objects.exists()


def test_complaints_are_kept_for_two_years():
    send_complaint("数字不对", "", path="", account=None, network_mark="", now=NOW)
    forget_old(NOW + COMPLAINT_LIFE)
    assert Complaint.objects.exists()
    assert forget_old(NOW + COMPLAINT_LIFE + SECOND) == 1


acts = st.lists(
    st.tuples(
        st.sampled_from(["send", "right", "wrong"]),
        st.integers(0, 2),
        st.sampled_from([0, 1, 20, 61, 299, 301, 3600, 50_000]),
    ),
    max_size=40,
)


@given(acts)
@hypothesis_settings(max_examples=cases(40))
def test_counted_over_any_history(acts):
    """However sends and guesses follow: the budgets hold, and a code takes five tries and one use."""
    for table in (SmsCode, SmsDay, OutboxMessage):
        table.objects.all().delete()
    _play(acts)


def _play(acts):
    now, codes, sent_at = NOW, {}, []
    for act, number, wait in acts:
        now += wait * SECOND
        if act == "send":
            answer = send(phone(number), SIGN_UP, "n", now)
            if isinstance(answer, CodeSent):
                sent_at.append((number, now))
                codes[number] = [messages.outbox(1)[0].text.split(" ")[1][:6], 0, False, now]
            continue
        known = codes.get(number)
        alive = known is not None and known[1] < 5 and not known[2] and now < known[3] + 5 * MINUTE
        guess = (known[0] if act == "right" else wrong(known[0])) if known else "000000"
        answer = spend_code(phone(number), SIGN_UP, guess, now)
        if not alive:
            assert answer is Refusal.CODE_SPENT
            continue
        known[1] += 1
        known[2] = act == "right"
        assert answer is (None if act == "right" else Refusal.CODE_WRONG)
    for number in range(3):
        times = [at for who, at in sent_at if who == number]
        assert all(later - earlier >= MINUTE for earlier, later in itertools.pairwise(times))
    assert sum(day.sent for day in SmsDay.objects.all()) == len(sent_at)


def test_nobody_is_told_of_a_text_that_nobody_can_read(settings):
    settings.KEPU_DEVELOPMENT, settings.KEPU_SMS_GATEWAY_URL = False, ""
    assert send() == Refused(Refusal.NOT_SENT, NOW + MINUTE)
    assert OutboxMessage.objects.count() == 0
