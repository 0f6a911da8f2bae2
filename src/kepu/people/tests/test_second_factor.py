"""The authenticator: codes as RFC 6238 has them, each once, near the right time, not guessed."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django_otp.oath import TOTP, totp

from kepu.people.models import RecoveryCode, SecondFactor
from kepu.people.reads.staff_sessions import has_second_factor, recovery_codes_left
from kepu.people.rules import Refusal, Refused, Role
from kepu.people.rules.second_factor import RECOVERY_CODES, device_of, recovery_of
from kepu.people.tests.land import TOWN, staff
from kepu.people.writes import revoke_scope
from kepu.people.writes.second_factor import (
    Proof,
    begin_second_factor,
    confirm_second_factor,
    prove_second_factor,
    reset_second_factor,
)

NOW = datetime(2026, 7, 1, 1, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)


def code(key: str, at: datetime) -> str:
    """What an authenticator with this key shows."""
    clock = TOTP(base64.b32decode(key))
    clock.time = at.timestamp()
    return f"{clock.token():06}"


@pytest.fixture
def clerk(country) -> int:
    return staff(1, Role.TOWN_CLERK, TOWN)


@pytest.fixture
def key(clerk) -> str:
    """The key of a factor that was confirmed a minute ago."""
    begun = begin_second_factor(clerk)
    at = NOW - 2 * STEP
    assert isinstance(confirm_second_factor(clerk, code(begun, at), "", at), tuple)
    return begun


def refusal(answer: object) -> Refusal | None:
    return answer.refusal if isinstance(answer, Refused) else None


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, 94287082),
        (1111111109, 7081804),
        (1111111111, 14050471),
        (1234567890, 89005924),
        (2000000000, 69279037),
        (20000000000, 65353130),
    ],
)
def test_the_library_counts_as_rfc_6238_appendix_b(seconds, digits):
    clock = TOTP(b"12345678901234567890", digits=8)
    clock.time = seconds
    assert clock.token() == digits
    assert totp(b"12345678901234567890") < 10**6


def test_the_vectors_of_the_rfc_open_the_door(clerk, monkeypatch):
    """The same vectors, six digits, through our own way in."""
    monkeypatch.setattr("kepu.people.writes.second_factor.secrets.token_bytes", lambda _: b"1234567890" * 2)
    begin_second_factor(clerk)
    first, second = (datetime.fromtimestamp(each, UTC) for each in (59, 1111111109))
    assert isinstance(confirm_second_factor(clerk, "287082", "", first), tuple)
    assert prove_second_factor(clerk, "081804", second) is Proof.CODE


def test_a_factor_counts_only_when_confirmed(clerk):
    key = begin_second_factor(clerk)
    assert begin_second_factor(clerk) == key
    assert not has_second_factor(clerk)
    assert refusal(prove_second_factor(clerk, code(key, NOW), NOW)) is Refusal.FACTOR_WRONG
    assert refusal(confirm_second_factor(clerk, "000000", "", NOW)) is Refusal.FACTOR_WRONG
    assert not has_second_factor(clerk)
    codes = confirm_second_factor(clerk, code(key, NOW), "", NOW)
    assert isinstance(codes, tuple)
    assert len(set(codes)) == RECOVERY_CODES == recovery_codes_left(clerk)
    assert has_second_factor(clerk)


def test_a_code_is_used_once(clerk, key):
    assert prove_second_factor(clerk, code(key, NOW), NOW) is Proof.CODE
    assert refusal(prove_second_factor(clerk, code(key, NOW), NOW)) is Refusal.FACTOR_WRONG
    # nor is one of a step before the last that was let in
    assert refusal(prove_second_factor(clerk, code(key, NOW - STEP), NOW)) is Refusal.FACTOR_WRONG
    assert prove_second_factor(clerk, code(key, NOW + STEP), NOW + STEP) is Proof.CODE


def test_the_code_of_the_set_up_is_spent_too(clerk):
    key = begin_second_factor(clerk)
    confirm_second_factor(clerk, code(key, NOW), "", NOW)
    assert refusal(prove_second_factor(clerk, code(key, NOW), NOW)) is Refusal.FACTOR_WRONG


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_off_by_one_step(clerk, key, steps, right):
    at = NOW + 10 * STEP
    answer = prove_second_factor(clerk, code(key, at + steps * STEP), at)
    assert (answer is Proof.CODE) is right


def test_it_locks_after_five_tries_and_opens_after_half_an_hour(clerk, key):
    at = NOW + 10 * STEP
    for _ in range(4):
        assert refusal(prove_second_factor(clerk, "000000", at)) is Refusal.FACTOR_WRONG
    assert refusal(prove_second_factor(clerk, "", at)) is Refusal.FACTOR_WRONG
    locked = prove_second_factor(clerk, code(key, at), at)
    assert locked == Refused(Refusal.FACTOR_LOCKED, at + timedelta(minutes=30))
    later = at + timedelta(minutes=30)
    assert prove_second_factor(clerk, code(key, later), later) is Proof.CODE


def test_a_right_code_forgives_the_wrong_ones(clerk, key):
    at = NOW
    for _ in range(3):
        for _ in range(4):
            assert refusal(prove_second_factor(clerk, "000000", at)) is Refusal.FACTOR_WRONG
        assert prove_second_factor(clerk, code(key, at), at) is Proof.CODE
        at += STEP


def test_a_recovery_code_lets_in_once_however_it_is_typed(clerk):
    key = begin_second_factor(clerk)
    codes = confirm_second_factor(clerk, code(key, NOW), "", NOW)
    typed = codes[0].lower().replace("-", " ")
    assert prove_second_factor(clerk, typed, NOW) is Proof.RECOVERY_CODE
    assert refusal(prove_second_factor(clerk, codes[0], NOW)) is Refusal.FACTOR_WRONG
    assert recovery_codes_left(clerk) == RECOVERY_CODES - 1
    other = staff(2, Role.TOWN_CLERK, TOWN)
    mine = begin_second_factor(other)
    confirm_second_factor(other, code(mine, NOW), "", NOW)
    assert refusal(prove_second_factor(other, codes[1], NOW)) is Refusal.FACTOR_WRONG


def test_another_phone_needs_the_present_one(clerk, key):
    fresh = begin_second_factor(clerk)
    assert fresh != key
    assert refusal(confirm_second_factor(clerk, code(fresh, NOW), "", NOW)) is Refusal.FACTOR_WRONG
    assert refusal(confirm_second_factor(clerk, code(fresh, NOW), "123456", NOW)) is Refusal.FACTOR_WRONG
    codes = confirm_second_factor(clerk, code(fresh, NOW), code(key, NOW), NOW)
    assert isinstance(codes, tuple)
    later = NOW + STEP
    assert refusal(prove_second_factor(clerk, code(key, later), later)) is Refusal.FACTOR_WRONG
    assert prove_second_factor(clerk, code(fresh, later), later) is Proof.CODE
    assert recovery_codes_left(clerk) == RECOVERY_CODES


def test_no_key_and_no_recovery_code_lies_open_in_the_tables(clerk, key):
    row = SecondFactor.objects.get(pk=clerk)
    assert base64.b32decode(key) not in bytes(row.key_sealed)
    assert key.encode() not in bytes(row.key_sealed)
    other = staff(2, Role.TOWN_CLERK, TOWN)
    SecondFactor.objects.create(account_id=other, key_sealed=row.key_sealed, confirmed_at=NOW)
    assert refusal(prove_second_factor(other, code(key, NOW), NOW)) is Refusal.FACTOR_WRONG
    assert all(len(each.digest) == 64 for each in RecoveryCode.objects.all())


def test_it_is_taken_off_and_goes_with_the_last_role(clerk, key):
    assert reset_second_factor(clerk, NOW)
    assert not reset_second_factor(clerk, NOW)
    assert not has_second_factor(clerk)
    assert refusal(prove_second_factor(clerk, code(key, NOW), NOW)) is Refusal.FACTOR_WRONG
    begin_second_factor(clerk)
    revoke_scope(clerk, Role.TOWN_CLERK, TOWN)
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize("typed", ["", "ABCDE", "ABCDE-FGH1K", "ABCDEFGHJKM", "x" * 50, "０１２３４５"])
def test_what_is_no_recovery_code(typed):
    assert recovery_of(typed) is None


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537 Edg/120",
            "Windows · Edge",
        ),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/110 Mobile Safari/537 MicroMessenger/8", "Android · WeChat"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604", "iPhone · Safari"),
        ("curl/8", ""),
    ],
)
def test_a_browser_in_a_persons_words(agent, device):
    assert device_of(agent) == device
