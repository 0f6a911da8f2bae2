"""The way back to the migrated database after a test that commits.

Django's own way empties every table, of which there are some 150, and makes permissions and content types
anew. Here only tables that hold rows are emptied, and what the migrations put there is put back: a test that
commits begins with what every other test begins with.
"""

import sqlite3
from collections.abc import Callable

from django.db import connection, transaction

KEPT = "as_migrated"


def way_back() -> Callable[[], None]:
    """A function that makes the database what it is now; numbers that were given out stay given out on
    PostgreSQL. Asked for once, before any test.
    """
    return _way_back_of_postgres() if connection.vendor == "postgresql" else _way_back_of_sqlite()


def _way_back_of_sqlite() -> Callable[[], None]:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(kept)

    def go_back() -> None:
        connection.ensure_connection()
        kept.backup(connection.connection)

    return go_back


def _way_back_of_postgres() -> Callable[[], None]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = {table: connection.ops.quote_name(table) for table in tables}
    holding = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quoted[table]})" for table in tables
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(holding)
        kept = [table for (table,) in cursor.fetchall()]
        cursor.execute(f"CREATE SCHEMA {KEPT}")
        for table in kept:
            cursor.execute(f"CREATE TABLE {KEPT}.{quoted[table]} AS TABLE {quoted[table]}")

    def go_back() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(holding)
            full = [quoted[table] for (table,) in cursor.fetchall()]
            cursor.execute(f"TRUNCATE {', '.join(full)} CASCADE")
            for table in kept:
                cursor.execute(f"INSERT INTO {quoted[table]} SELECT * FROM {KEPT}.{quoted[table]}")

    return go_back
