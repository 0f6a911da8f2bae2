"""The books' own partitions on PostgreSQL: one of each table for each open book (decision 46).

SQLite has plain tables with the same keys; there is nothing to make.
"""

from django.db import connection
from django.db.backends.utils import CursorWrapper

TABLES = ("ledger_entry", "ledger_daytally", "ledger_articletally", "ledger_lot", "ledger_lotline")


def make_room(book: int) -> None:
    """Every table has a partition for the book. Call it in a transaction.

    Another opening waits until that ends; batches do not: a table is made beside its parent and then
    attached, which lets others read and write the parent. What is there already stays.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OPENING])
        for table in TABLES:
            _attach(cursor, table, book)


def partition(table: str, book: int) -> str:
    """The name of a book's part of a table."""
    return f"{table}_{book:d}"


def _attach(cursor: CursorWrapper, table: str, book: int) -> None:
    part = partition(table, book)
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {part} (LIKE {table} INCLUDING ALL)")
    cursor.execute("SELECT relispartition FROM pg_class WHERE oid = %s::regclass", [part])
    (is_attached,) = cursor.fetchone()
    if not is_attached:
        cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES IN ({book:d})")


# The key of the lock that openings hold: "kepu" in bytes.
OPENING = 0x6B657075
