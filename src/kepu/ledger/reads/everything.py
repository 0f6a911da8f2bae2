"""All entries at once, those of files too, for whoever adds all of them up."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

from kepu.ledger.reads import archived
from kepu.ledger.rules import Part

_COLUMNS = (
    *("book", "seq", "person", "kind", "article", "at_ms", "day", "campaign", "version"),
    *("points", "volume", "reason", "ref_book", "ref_seq"),
)
_loaded = ContextVar("a table of all entries", default="")


@contextmanager
def every_entry() -> Iterator[str]:
    """The name by which SQL finds every entry, without event, note and hash: the table, where nothing was
    archived, else a view of it and of the files, which are read into a table of this connection's own.

    Inside another one nothing is read again. Memory: a group of a file; disk: some 80 bytes for each archived
    entry, until it ends. What is archived for the first time meanwhile is not seen.
    """
    those = [] if _loaded.get() else archived.parts()
    if not those:
        yield _loaded.get() or "ledger_entry"
        return
    token = _loaded.set("every_entry")
    try:
        _load(those)
        yield "every_entry"
    finally:
        _loaded.reset(token)
        with connection.cursor() as cursor:
            for sql in _GONE:
                cursor.execute(sql)


def _load(those: Sequence[Part]) -> None:
    with connection.cursor() as cursor:
        for sql in (*_GONE, *_MADE):
            cursor.execute(sql)
        # SQLite: a transaction that writes only what is its own, so that no writer waits for it.
        begins = connection.vendor == "sqlite" and not connection.connection.in_transaction
        if begins:
            cursor.execute("BEGIN DEFERRED")
        for part in those:
            cursor.execute(
                "INSERT INTO archived_stretch VALUES (%s, %s, %s)", [part.book, part.first_seq, part.last_seq]
            )
            # The whole file: what the database still has of the stretch is left out of the view.
            whole = part._replace(taken_to=part.last_seq)
            for rows in archived.rows(_COLUMNS, [whole], {}):
                _add(cursor, rows)
        if begins:
            cursor.execute("COMMIT")


def _add(cursor: Any, rows: list[tuple[Any, ...]]) -> None:
    if connection.vendor == "sqlite":
        cursor.executemany(_INSERT, rows)
        return
    with cursor.copy(f"COPY archived_entry ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


_MARKS = ", ".join(["%s"] * len(_COLUMNS))
_INSERT = f"INSERT INTO archived_entry ({', '.join(_COLUMNS)}) VALUES ({_MARKS})"  # noqa: S608 - our own names
_GONE = (
    "DROP VIEW IF EXISTS every_entry",
    "DROP TABLE IF EXISTS archived_entry",
    "DROP TABLE IF EXISTS archived_stretch",
)
_MADE = (
    "CREATE TEMPORARY TABLE archived_stretch (book integer, first_seq bigint, last_seq bigint)",
    f"CREATE TEMPORARY TABLE archived_entry ({', '.join(f'{name} bigint' for name in _COLUMNS)},"
    " PRIMARY KEY (book, seq))",
    f"""CREATE TEMPORARY VIEW every_entry AS
SELECT {", ".join(_COLUMNS)} FROM ledger_entry e WHERE NOT EXISTS (
  SELECT 1 FROM archived_stretch s WHERE s.book = e.book AND e.seq >= s.first_seq AND e.seq <= s.last_seq)
UNION ALL SELECT {", ".join(_COLUMNS)} FROM archived_entry""",  # noqa: S608
)
