"""What every test may ask for."""

import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from pytest_django import DjangoDbBlocker

from kepu.config.tests import migrated
from kepu.config.tests.as_migrated import way_back
from kepu.kit.tests.depth import cases
from tools import postgres

every_day = hypothesis_settings(max_examples=cases(100), deadline=None)
hypothesis_settings.register_profile(
    "ci", every_day, derandomize=True, deadline=None, database=None, print_blob=True
)
hypothesis_settings.register_profile("dev", every_day)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "dev")

ROOT = Path(__file__).resolve().parent
TOUCHES_A_DATABASE = {"db", "transactional_db", "site", "live_database_url", "postgres_url"}
# They join other rooms, have no tables of their own, and are tested by their pages.
ROOMS_OF_PAGES = tuple(ROOT / "src" / "kepu" / room for room in ("app", "api", "console"))
CHROMIUM_PATHS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database-only`: what a second database can show, for the second of two runs."""
    parser.addoption("--database-only", action="store_true", help="what another database can change, alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--database-only`, tests that no database could make pass or fail are not run again.

    Again run: whatever asks for a database and opens no page, what is marked `crash`, and of the pages
    what is marked `both_databases`. The reads and writes that pages are made of have tests of their own.
    """
    if config.getoption("--database-only"):
        kept = [item for item in items if _can_differ(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _can_differ(item)])
        items[:] = kept


def pytest_collection_finish() -> None:
    """What is loaded by now stays, so it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _can_differ(item: pytest.Item) -> bool:
    """Whether one database may do it and another not."""
    if any(item.get_closest_marker(mark) is not None for mark in ("both_databases", "crash")):
        return True
    asked = TOUCHES_A_DATABASE & set(getattr(item, "fixturenames", ()))
    return (bool(asked) or item.get_closest_marker("django_db") is not None) and not _opens_pages(item)


def _opens_pages(item: pytest.Item) -> bool:
    """Whether it asks for pages as a browser does: of Django's test client, or of a served site."""
    in_room_of_pages = any(item.path.is_relative_to(room) for room in ROOMS_OF_PAGES)
    has_client = "client" in getattr(item, "fixturenames", ()) or hasattr(item.module, "Client")
    return in_room_of_pages or has_client or item.path.is_relative_to(ROOT / "tests")


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, django_db_createdb: bool) -> bool:
    """Whether a migrated database is there before the run: that of --reuse-db, or a copy of ours."""
    if request.config.getoption("reuse_db") or django_db_createdb or connection.vendor != "sqlite":
        return bool(request.config.getoption("reuse_db"))
    return migrated.take(Path(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_keepdb: bool, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The migrated database; a test that commits leaves it as it found it."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite" and not django_db_keepdb:
            migrated.keep()
        go_back = way_back()
    with patch.object(TransactionTestCase, "_fixture_teardown", lambda _case: go_back()):
        yield


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database that is dropped afterwards."""
    server = postgres.reachable()
    if server is None:
        _missing("PostgreSQL", "KEPU_REQUIRE_POSTGRES")
    name = f"kepu_test_{os.getpid()}_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield postgres.named(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium on this machine, for a browser journey."""
    found = next(filter(None, map(shutil.which, CHROMIUM_PATHS)), None)
    if found is None:
        _missing("Chromium", "KEPU_REQUIRE_CHROMIUM")
    return found


def _missing(what: str, required: str) -> NoReturn:
    if os.environ.get(required) == "1":
        pytest.fail(f"{what} is required here ({required}=1) and cannot be reached")
    pytest.skip(f"{what} cannot be reached")
