"""What every test may ask for."""

import os
import shutil
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from psycopg import sql

from tools import postgres

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
hypothesis_settings.register_profile("dev", deadline=None)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "dev")

CHROMIUM_PATHS = ("chromium", "chromium-browser", "google-chrome", "chrome")


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


def _missing(what: str, required: str) -> None:
    if os.environ.get(required) == "1":
        pytest.fail(f"{what} is required here ({required}=1) and cannot be reached")
    pytest.skip(f"{what} cannot be reached")
