"""What this room's tests may ask for."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from kepu.kit import clock
from kepu.messages import reads as messages
from kepu.people import writes
from kepu.people.tests import land

SITE_HASHER = "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.fixture(autouse=True)
def quick_hashing(request, settings):
    """Passwords cost little, except in a test that asks for `real_hashing`."""
    assert settings.PASSWORD_HASHERS == [SITE_HASHER]
    if "real_hashing" not in request.fixturenames:
        settings.PASSWORD_HASHERS = ["kepu.people.tests.hashing.QuickArgon2"]


@pytest.fixture(autouse=True)
def texts_are_kept(settings):
    """Text messages stay in the outbox, where `texted` reads them."""
    settings.KEPU_DEVELOPMENT = True


@pytest.fixture
def real_hashing() -> None:
    """Asked for by a test that needs the site's own hashing cost."""


@pytest.fixture
def country(db: None) -> None:
    """The divisions, units and associations of `land`."""
    land.settle()


@pytest.fixture
def account(country: None) -> int:
    """Somebody's account, with a name and a password."""
    made = writes.open_staff_account(land.phone(1), "李新", land.PASSWORD, int(land.COUNTY), clock.now())
    assert isinstance(made, int)
    return made


@pytest.fixture
def me(account: int, client: Client) -> int:
    """The same account, signed in in `client`."""
    land.sign_in(client, 1)
    return account


@pytest.fixture
def texted() -> Callable[[], str]:
    """The six digits of the newest text that went out; "" when it held none."""

    def newest() -> str:
        found = re.search(r"\d{6}", messages.outbox(1)[0].text)
        return found[0] if found else ""

    return newest
