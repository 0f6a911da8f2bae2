"""The hot file: everything the write path asks of the database, in plain SQL, a batch at a time.

SQLite serialises batches by BEGIN IMMEDIATE, PostgreSQL by the locked heads of the books concerned.
Rows travel as lists of tuples; SQLite prepares one statement and runs it per row, PostgreSQL takes
one array a column.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kepu.campaigns.rules import Kind, Reason
from kepu.ledger.rules import Entry, Head, Known, Receipt, Tally, TallyKey


def lock_heads(cursor: CursorWrapper, books: Collection[int]) -> dict[int, Head]:
    """The heads of these books, held until the transaction ends; a book that is not open is absent."""
    lock = " FOR UPDATE" if _postgres() else ""
    marks = ",".join(["%s"] * len(books))
    cursor.execute(
        f"SELECT code, last_seq, last_hash FROM ledger_book WHERE code IN ({marks}) ORDER BY code{lock}",  # noqa: S608
        sorted(books),
    )
    return {code: Head(code, seq, bytes(last)) for code, seq, last in cursor.fetchall()}


def move_heads(cursor: CursorWrapper, heads: Collection[Head]) -> None:
    """Make these the heads of their books."""
    cursor.executemany(
        "UPDATE ledger_book SET last_seq = %s, last_hash = %s WHERE code = %s",
        [(head.seq, head.hash, head.book) for head in heads],
    )


def known_events(
    cursor: CursorWrapper, keys: Collection[tuple[int, bytes]]
) -> dict[tuple[int, bytes], Known]:
    """Those of the (person, event id) pairs that are recorded already, with their first receipts."""
    rows = _matching(
        cursor,
        "SELECT e.person, e.event_id, e.kind, e.article, e.channel, e.ref_book, e.ref_seq, e.book, e.seq,"
        " e.points, e.volume, e.reason, e.left_today FROM ledger_entry e",
        ("person", "event_id"),
        list(keys),
    )
    return {
        (row[0], bytes(row[1])): Known(
            row[2],
            row[3],
            row[4],
            row[5],
            row[6],
            Receipt(row[7], row[8], row[9], row[10], Reason(row[11]), None if row[12] < 0 else row[12]),
        )
        for row in rows
    }


def credited_counts(cursor: CursorWrapper, person_days: Collection[tuple[int, int]]) -> dict[TallyKey, int]:
    """How many acts were credited on these (person, day) pairs, by campaign and kind."""
    rows = _matching(
        cursor,
        "SELECT e.person, e.day, e.campaign, e.kind, e.credited FROM ledger_daytally e",
        ("person", "day"),
        list(person_days),
    )
    return {TallyKey(*row[:4]): row[4] for row in rows}


def credited_article_counts(
    cursor: CursorWrapper, person_days: Collection[tuple[int, int]]
) -> dict[tuple[TallyKey, int], int]:
    """How many acts on one article were credited on these (person, day) pairs."""
    rows = _matching(
        cursor,
        "SELECT e.person, e.day, e.campaign, e.kind, e.article, e.credited FROM ledger_articletally e",
        ("person", "day"),
        list(person_days),
    )
    return {(TallyKey(*row[:4]), row[4]): row[5] for row in rows}


def balances(cursor: CursorWrapper, persons: Collection[int]) -> dict[int, int]:
    """The points of these persons; 0 for whoever has none yet."""
    marks = ",".join(["%s"] * len(persons))
    cursor.execute(
        f"SELECT person, points FROM ledger_balance WHERE person IN ({marks})",  # noqa: S608
        list(persons),
    )
    return dict.fromkeys(persons, 0) | dict(cursor.fetchall())


def add_entries(cursor: CursorWrapper, entries: Sequence[Entry]) -> None:
    """Append the entries."""
    _insert(cursor, "ledger_entry", _ENTRY_COLUMNS, entries, "")


def add_to_tallies(cursor: CursorWrapper, tallies: dict[TallyKey, Tally]) -> None:
    """Add these amounts to the tallies of their days."""
    rows = [
        (*key, tally.credited, tally.points, tally.volume, tally.reached_ms)
        for key, tally in sorted(tallies.items())
    ]
    larger = "greatest" if _postgres() else "max"
    _insert(
        cursor,
        "ledger_daytally",
        _TALLY_COLUMNS,
        rows,
        " ON CONFLICT (person, day, campaign, kind) DO UPDATE SET"
        " credited = ledger_daytally.credited + excluded.credited,"
        " points = ledger_daytally.points + excluded.points,"
        " volume = ledger_daytally.volume + excluded.volume,"
        f" reached_ms = {larger}(ledger_daytally.reached_ms, excluded.reached_ms)",
    )


def add_to_article_tallies(cursor: CursorWrapper, tallies: dict[tuple[TallyKey, int], int]) -> None:
    """Add these counts to the tallies of single articles."""
    _insert(
        cursor,
        "ledger_articletally",
        _ARTICLE_COLUMNS,
        [(*key, article, credited) for (key, article), credited in sorted(tallies.items())],
        " ON CONFLICT (person, day, campaign, kind, article) DO UPDATE SET"
        " credited = ledger_articletally.credited + excluded.credited",
    )


def add_to_balances(cursor: CursorWrapper, points: dict[int, int]) -> None:
    """Add these points (negative ones take away) to the balances."""
    gained = [(person, amount) for person, amount in sorted(points.items()) if amount > 0]
    taken = [(amount, person) for person, amount in sorted(points.items()) if amount < 0]
    _insert(
        cursor,
        "ledger_balance",
        _BALANCE_COLUMNS,
        gained,
        " ON CONFLICT (person) DO UPDATE SET points = ledger_balance.points + excluded.points",
    )
    if taken:
        cursor.executemany("UPDATE ledger_balance SET points = points + %s WHERE person = %s", taken)


def renew_reached(cursor: CursorWrapper, corrected: Entry) -> None:
    """The day of a corrected entry was reached by the last act of it that was not taken back."""
    cursor.execute(
        "UPDATE ledger_daytally SET reached_ms = coalesce((SELECT max(e.at_ms) FROM ledger_entry e"
        " WHERE e.person = ledger_daytally.person AND e.day = ledger_daytally.day"
        " AND e.campaign = ledger_daytally.campaign AND e.kind = ledger_daytally.kind AND e.volume > 0"
        " AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.person = e.person AND r.kind = %s"
        " AND r.ref_book = e.book AND r.ref_seq = e.seq)), 0)"
        " WHERE person = %s AND day = %s AND campaign = %s",
        [Kind.ADJUSTMENT, corrected.person, corrected.day, corrected.campaign],
    )


def _matching(
    cursor: CursorWrapper, select: str, columns: tuple[str, str], pairs: list[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Rows whose two columns equal one of the pairs. One query."""
    if not pairs:
        return []
    first, second = columns
    if _postgres():
        types = f"%s::{_TYPES[first]}[], %s::{_TYPES[second]}[]"
        cursor.execute(
            f"{select} JOIN unnest({types}) AS wanted({first}, {second}) USING ({first}, {second})",
            list(map(list, zip(*pairs, strict=True))),
        )
        return list(cursor.fetchall())
    # Padding to a power of two keeps the number of different statements, and so of parses, small.
    padded = pairs + [pairs[-1]] * ((1 << (len(pairs) - 1).bit_length()) - len(pairs))
    marks = ",".join(["(%s,%s)"] * len(padded))
    cursor.execute(
        # Not `IN (VALUES …)`: for that SQLite 3.40 scans the whole table instead of searching the index.
        f"WITH wanted({first}, {second}) AS (VALUES {marks}) {select} JOIN wanted USING ({first}, {second})",
        [value for pair in padded for value in pair],
    )
    return list(cursor.fetchall())


def _insert(
    cursor: CursorWrapper, table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]], then: str
) -> None:
    if not rows:
        return
    names = ", ".join(columns)
    if _postgres():
        arrays = ", ".join(f"%s::{_TYPES[column]}[]" for column in columns)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}){then}",  # noqa: S608
            list(map(list, zip(*rows, strict=True))),
        )
    else:
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}){then}", rows)  # noqa: S608


def _postgres() -> bool:
    return connection.vendor == "postgresql"


_ENTRY_COLUMNS = Entry._fields
_TALLY_COLUMNS = ("person", "day", "campaign", "kind", "credited", "points", "volume", "reached_ms")
_ARTICLE_COLUMNS = ("person", "day", "campaign", "kind", "article", "credited")
_BALANCE_COLUMNS = ("person", "points")
_TYPES = {
    "book": "int",
    "seq": "bigint",
    "person": "bigint",
    "event_id": "bytea",
    "kind": "smallint",
    "article": "bigint",
    "at_ms": "bigint",
    "day": "int",
    "campaign": "int",
    "version": "int",
    "points": "int",
    "volume": "int",
    "reason": "smallint",
    "left_today": "int",
    "unit": "int",
    "division": "int",
    "channel": "smallint",
    "ref_book": "int",
    "ref_seq": "bigint",
    "author": "bigint",
    "note": "text",
    "hash": "bytea",
    "credited": "int",
    "reached_ms": "bigint",
}
