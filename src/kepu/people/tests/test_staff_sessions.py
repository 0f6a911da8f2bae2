"""Sessions of staff: open for a working day, ended for good; accounts away too long sleep."""

from datetime import UTC, datetime, timedelta

import pytest

from kepu.people.models import Account, StaffSession
from kepu.people.reads import scopes_of
from kepu.people.reads.staff_sessions import SessionRow, at_the_door, entered, is_dormant, staff_sessions
from kepu.people.rules import Role
from kepu.people.rules.second_factor import WORKING_DAY
from kepu.people.tests.land import NETWORK, TOWN, staff
from kepu.people.tests.land import NOW as SETTLED
from kepu.people.writes import grant_scope, revoke_scope, sign_out_everywhere
from kepu.people.writes.forgetting import KEPT, forget_old
from kepu.people.writes.staff_sessions import (
    end_staff_session,
    end_staff_sessions,
    note_seen,
    open_staff_session,
    wake_staff,
)

NOW = datetime(2026, 7, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clerk(country) -> int:
    return staff(1, Role.TOWN_CLERK, TOWN)


def opened(account: int, now: datetime = NOW) -> str:
    return open_staff_session(account, NETWORK, "Windows · Edge", now)


def staff_session(account: int, version: int, token: str, now: datetime) -> SessionRow | None:
    """The session alone."""
    found = entered(account, version, token, now)
    return found[0] if found is not None else None


def test_a_session_opens_for_a_working_day_and_for_its_account(clerk):
    token = opened(clerk)
    found = staff_session(clerk, 1, token, NOW)
    assert found is not None
    assert (found.network, found.device, found.opened_at) == (NETWORK, "Windows · Edge", NOW)
    assert staff_session(clerk, 1, token, NOW + WORKING_DAY - MINUTE) is not None
    assert staff_session(clerk, 1, token, NOW + WORKING_DAY) is None
    assert staff_session(clerk, 1, token, NOW - MINUTE) is None
    assert staff_session(staff(2, Role.TOWN_CLERK, TOWN), 1, token, NOW) is None
    for wrong in ("", token[:-1], token + "x", "x" * 500, "\0"):
        assert staff_session(clerk, 1, wrong, NOW) is None
    assert token not in StaffSession.objects.get().digest


def test_an_ended_session_opens_nothing(clerk):
    first, second, third = opened(clerk), opened(clerk), opened(clerk)
    mine = staff_session(clerk, 1, third, NOW)
    one = staff_session(clerk, 1, first, NOW)
    assert mine is not None
    assert one is not None
    other = staff(2, Role.TOWN_CLERK, TOWN)
    assert not end_staff_session(one.number, other, NOW)
    assert end_staff_session(one.number, clerk, NOW)
    assert not end_staff_session(one.number, clerk, NOW)
    assert staff_session(clerk, 1, first, NOW) is None
    assert staff_session(clerk, 1, second, NOW) is not None
    assert end_staff_sessions(clerk, NOW, but=mine.number) == 1
    assert [row.number for row in staff_sessions(clerk, NOW)] == [mine.number]


def test_signing_out_everywhere_ends_the_sessions_of_staff_too(clerk):
    token = opened(clerk)
    sign_out_everywhere(clerk, NOW)
    assert staff_session(clerk, 2, token, NOW) is None
    assert staff_sessions(clerk, NOW) == []


def test_a_session_is_seen_once_a_minute(clerk, django_assert_num_queries):
    token = opened(clerk)
    session = staff_session(clerk, 1, token, NOW)
    assert session is not None
    with django_assert_num_queries(0):
        note_seen(clerk, session, NOW + MINUTE / 2)
    with django_assert_num_queries(2):
        note_seen(clerk, session, NOW + MINUTE)
    again = staff_session(clerk, 1, token, NOW + MINUTE)
    assert again is not None
    assert again.seen_at == NOW + MINUTE


def test_an_account_of_staff_that_is_away_for_ninety_days_sleeps_until_it_is_woken(clerk):
    days = timedelta(days=90)
    assert not is_dormant(clerk, SETTLED + days - MINUTE)
    assert is_dormant(clerk, SETTLED + days)
    opened(clerk)
    assert not is_dormant(clerk, NOW + days - MINUTE)
    assert is_dormant(clerk, NOW + days)
    grant_scope(clerk, Role.UNIT_CLERK, "430623110215", NOW + days)  # another role alone wakes nobody
    assert is_dormant(clerk, NOW + days)
    wake_staff(clerk, NOW + days)
    assert not is_dormant(clerk, NOW + days)
    door = at_the_door([clerk], NOW + days)[clerk]
    assert (door.has_factor, door.seen_at, door.is_dormant) == (False, NOW + days, False)


def test_whoever_never_was_staff_is_asleep_and_a_new_role_after_the_last_starts_anew(clerk):
    assert is_dormant(clerk + 1, NOW)
    revoke_scope(clerk, Role.TOWN_CLERK, TOWN)
    grant_scope(clerk, Role.TOWN_CLERK, TOWN, NOW)
    assert not is_dormant(clerk, NOW)


def test_sessions_are_forgotten_after_their_days(clerk):
    opened(clerk)
    forget_old(NOW + KEPT)
    assert StaffSession.objects.count() == 1
    forget_old(NOW + KEPT + MINUTE)
    assert not StaffSession.objects.exists()


def test_the_session_brings_the_scopes_in_the_same_question(clerk, django_assert_num_queries):
    assert grant_scope(clerk, Role.UNIT_CLERK, "430623110215", NOW) is None
    token = opened(clerk)
    with django_assert_num_queries(1):
        found = entered(clerk, 1, token, NOW)
    assert found is not None
    assert found[1] == scopes_of(clerk)
    assert len(found[1]) == 2
    Account.objects.filter(pk=clerk).update(is_staff=False)
    again = entered(clerk, 1, token, NOW)
    assert again is not None
    assert again[1] == scopes_of(clerk) == frozenset()
