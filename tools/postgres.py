"""Where tests find a PostgreSQL."""

import os
import re

import psycopg

URLS = ("postgresql:///postgres", "postgresql://postgres@127.0.0.1:5432/postgres")


def reachable() -> str | None:
    """A PostgreSQL where we may make databases: $KEPU_TEST_POSTGRES_URL, else this machine's, else None."""
    named = os.environ.get("KEPU_TEST_POSTGRES_URL")
    for url in [named] if named else URLS:
        try:
            with psycopg.connect(url, connect_timeout=3, autocommit=True) as connection:
                may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                if connection.execute(may).fetchone() == (True,):
                    return url
        except psycopg.OperationalError:
            continue
    return None


def named(url: str, database: str) -> str:
    """`url` with another database's name."""
    return re.sub(r"(?<=//)([^/]*)/[^?]*", rf"\g<1>/{database}", url, count=1)
