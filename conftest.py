"""What every test may ask for."""

import os
import re
import shutil
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from psycopg import sql

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
hypothesis_settings.register_profile("dev", deadline=None)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "dev")

POSTGRES_URLS = ("postgresql:///postgres", "postgresql://postgres@127.0.0.1:5432/postgres")
CHROMIUM_PATHS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def reachable_postgres() -> str | None:
    """A PostgreSQL where we may make databases: $KEPU_TEST_POSTGRES_URL, else this machine's, else None."""
    named = os.environ.get("KEPU_TEST_POSTGRES_URL")
    for url in [named] if named else POSTGRES_URLS:
        try:
            with psycopg.connect(url, connect_timeout=3, autocommit=True) as connection:
                may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                if connection.execute(may).fetchone() == (True,):
                    return url
        except psycopg.OperationalError:
            continue
    return None


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database that is dropped afterwards."""
    server = reachable_postgres()
    if server is None:
        _missing("PostgreSQL", "KEPU_REQUIRE_POSTGRES")
    name = f"kepu_test_{os.getpid()}_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield re.sub(r"(?<=//)([^/]*)/[^?]*", rf"\1/{name}", server, count=1)
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
