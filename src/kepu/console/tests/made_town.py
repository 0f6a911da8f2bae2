"""The town at work, made once for the tests of a file; each changes it inside a transaction of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from kepu.console.tests.world import town_at_work


@pytest.fixture(scope="module")
def town(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """What lies in the town; see `world.town_at_work`."""
    changed = override_settings(
        KEPU_SMS_GATEWAY_URL="",
        HOME=tmp_path_factory.mktemp("town"),
        PASSWORD_HASHERS=["kepu.people.tests.hashing.QuickArgon2"],
    )
    with changed, django_db_blocker.unblock(), transaction.atomic():
        yield town_at_work()
        transaction.set_rollback(True)
