"""A served site for the tests that talk to the real server, on the database the suite runs on."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsing import Shots, chromium
from tests.live import BEGINNINGS, ROOT, LiveSite, drop_database, new_database

PEOPLE = 40


@pytest.fixture
def live_database_url() -> Iterator[str]:
    """ "" on SQLite; on PostgreSQL the address of an empty database of this test's own."""
    with empty_database() as url:
        yield url


@contextmanager
def empty_database() -> Iterator[str]:
    """ "" on SQLite; on PostgreSQL the address of an empty database that is dropped afterwards."""
    if not os.environ.get("KEPU_DATABASE_URL"):
        yield ""
        return
    name = f"kepu_live_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    try:
        yield new_database(name)
    finally:
        drop_database(name)


@pytest.fixture(scope="session", autouse=True)
def beginnings() -> Iterator[None]:
    """What sites began as is gone after the run."""
    yield
    BEGINNINGS.clear()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A county with communicators and an open campaign, served with its worker."""
    with empty_database() as url:
        live = LiveSite(tmp_path_factory.mktemp("live") / "home", url)
        live.prepare(PEOPLE)
        live.start()
        yield live
        live.stop()


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A browser for the journeys of one module."""
    with chromium(chromium_path) as running:
        yield running


@pytest.fixture
def shoot(tmp_path: Path) -> Shots:
    """Takes screenshots; with $KEPU_SCREENS=1 they replace those in docs/screens."""
    folder = ROOT / "docs" / "screens" if os.environ.get("KEPU_SCREENS") == "1" else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return Shots(folder)
