"""What this room's tests may ask for."""

import pytest
from django.test import Client

from kepu.kit import clock
from kepu.people import writes
from kepu.people.rules import Role
from kepu.people.rules.second_factor import STAFF_COOKIE
from kepu.people.sessions import COOKIE
from kepu.people.tests import land
from kepu.people.tests.land import NETWORK, PASSWORD, TOWN, phone
from kepu.people.writes.staff_sessions import open_staff_session


@pytest.fixture(autouse=True)
def quick_hashing(settings):
    """Passwords cost little."""
    settings.PASSWORD_HASHERS = ["kepu.people.tests.hashing.QuickArgon2"]


@pytest.fixture
def clerk(db: None, client: Client) -> int:
    """The town's clerk, signed in as `client`, in the land of `people`."""
    land.settle()
    return enter(client, 90, Role.TOWN_CLERK, TOWN)


def enter(client: Client, number: int, role: Role, division: str, name: str = "周审") -> int:
    """A member of staff with one scope, signed in as `client`, past the second factor."""
    now = clock.now()
    account = writes.open_staff_account(phone(number), name, PASSWORD, 430623, now)
    assert isinstance(account, int)
    assert writes.grant_scope(account, role, division, now) is None
    client.cookies[COOKIE] = writes.sign_in_with_password(phone(number), PASSWORD, NETWORK, now).token
    client.cookies[STAFF_COOKIE] = open_staff_session(account, NETWORK, "Windows · Edge", now)
    return account
