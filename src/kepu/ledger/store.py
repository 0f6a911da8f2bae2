"""The hot file: everything the write path asks of the database, in plain SQL, a batch at a time.

SQLite serialises batches by BEGIN IMMEDIATE, PostgreSQL by the locked heads of the books concerned. The
statements go to the driver itself: Django's cursors cost more than what they ask. What can be asked together
is one call of `ask`, on PostgreSQL one round trip. Rows travel to SQLite as the values of a few prepared
statements (a statement for each row would hand over Python's lock each time), to PostgreSQL as one array a
column.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import psycopg
from django.db import connection

from kepu.campaigns.rules import Kind, Reason
from kepu.ledger.rules import (
    STATED_KINDS,
    Entry,
    Head,
    Known,
    Lot,
    Receipt,
    Tally,
    TallyKey,
    YearPoints,
)

Row = tuple[Any, ...]


class Statement(NamedTuple):
    """One statement with its values, and what its rows say."""

    sql: str
    values: Sequence[Any]
    read: Callable[[list[Row]], Any] = list


def ask(statements: Sequence[Statement]) -> list[Any]:
    """Run the statements in order, in the transaction that is open, and read the rows of each."""
    driver = connection.connection
    with connection.wrap_database_errors:
        if not _postgres():
            return [
                each.read(driver.execute(_for_sqlite(each.sql), each.values).fetchall())
                for each in statements
            ]
        driver.prepare_threshold = _PREPARED_AFTER
        with driver.pipeline():
            cursors = [psycopg.Cursor(driver).execute(each.sql, each.values) for each in statements]
        return [
            each.read(cursor.fetchall()) if cursor.description else None
            for each, cursor in zip(statements, cursors, strict=True)
        ]


def lock_heads(books: Collection[int]) -> Statement:
    """The heads of these books, held until the transaction ends; a book that is not open is absent."""
    marks, wanted = _listed(books)
    lock = " FOR UPDATE" if _postgres() else ""
    return Statement(
        f"SELECT code, last_seq, last_hash FROM ledger_book WHERE code IN ({marks}) ORDER BY code{lock}",  # noqa: S608
        wanted,
        lambda rows: {code: Head(code, seq, bytes(last)) for code, seq, last in rows},
    )


def move_heads(heads: Collection[Head]) -> list[Statement]:
    """Make these the heads of their books."""
    sql = "UPDATE ledger_book SET last_seq = %s, last_hash = %s WHERE code = %s"
    return [Statement(sql, (head.seq, head.hash, head.book)) for head in heads]


def known_events(keys: Collection[tuple[int, bytes]]) -> Statement:
    """Those of the (person, event id) pairs that are recorded already, with their first receipts."""
    return _matching(
        "SELECT e.person, e.event_id, e.kind, e.article, e.channel, e.ref_book, e.ref_seq, e.book, e.seq,"
        " e.points, e.volume, e.reason, e.left_today FROM ledger_entry e",
        ("person", "event_id"),
        list(keys),
        lambda rows: {(row[0], bytes(row[1])): _known(row[2:]) for row in rows},
    )


def credited_counts(person_days: Collection[tuple[int, int]]) -> Statement:
    """How many acts were credited on these (person, day) pairs, by campaign and kind."""
    return _matching(
        "SELECT e.person, e.day, e.campaign, e.kind, e.credited FROM ledger_daytally e",
        ("person", "day"),
        list(person_days),
        lambda rows: {TallyKey(*row[:4]): row[4] for row in rows},
    )


def credited_article_counts(person_days: Collection[tuple[int, int]]) -> Statement:
    """How many acts on one article were credited on these (person, day) pairs."""
    return _matching(
        "SELECT e.person, e.day, e.campaign, e.kind, e.article, e.credited FROM ledger_articletally e",
        ("person", "day"),
        list(person_days),
        lambda rows: {(TallyKey(*row[:4]), row[4]): row[5] for row in rows},
    )


def whole_article_counts(keys: Collection[tuple[TallyKey, int]]) -> Statement:
    """How many acts on an article were credited, by tallies of day 0 (the whole campaign)."""
    return _matching(
        "SELECT e.person, e.day, e.campaign, e.kind, e.article, e.credited FROM ledger_articletally e",
        ("person", "day", "campaign", "kind", "article"),
        [(*key, article) for key, article in keys],
        lambda rows: {(TallyKey(*row[:4]), row[4]): row[5] for row in rows},
    )


def points_of_days(person_days: Collection[tuple[int, int]]) -> Statement:
    """What these (person, day) pairs earned by judged acts of all kinds, in whatever campaign."""
    return _matching(
        "SELECT e.person, e.day, e.campaign, e.kind, e.points FROM ledger_daytally e",
        ("person", "day"),
        list(person_days),
        _judged_points,
    )


def credited_days(wanted: Collection[tuple[int, int]], first: int, last: int) -> Statement:
    """On which days from first to last (yyyymmdd) an act was credited to these (person, kind) pairs.

    As (person, kind, day); it looks at every tally of those persons' days.
    """
    matching = _matching(
        "SELECT e.person, e.kind, e.day, e.credited FROM ledger_daytally e",
        ("person", "kind"),
        list(wanted),
        lambda rows: {row[:3] for row in rows if row[3]},
    )
    sql = f"{matching.sql} WHERE e.day >= %s AND e.day <= %s"
    return matching._replace(sql=sql, values=[*matching.values, first, last])


def lots(persons: Collection[int]) -> Statement:
    """The lots of these persons, by person and year; they stay as they are until the transaction ends.

    The locked head of the home book would do, but for whoever moved where no book is open.
    """
    marks, wanted = _listed(persons)
    lock = " FOR UPDATE" if _postgres() else ""
    sql = f"SELECT person, year, points FROM ledger_lot WHERE person IN ({marks}) ORDER BY person, year{lock}"  # noqa: S608
    return Statement(sql, wanted, lambda rows: _by_person(rows, persons))


def expired_points(person_days: Collection[tuple[int, int]]) -> Statement:
    """How much expired of a year, by person and year, for these persons and last days of years."""
    matching = _matching(
        "SELECT e.person, e.day / 10000, -e.points FROM ledger_daytally e",
        ("person", "day"),
        list(person_days),
        lambda rows: _by_person(rows, ()),
    )
    return matching._replace(sql=f"{matching.sql} WHERE e.kind = {Kind.EXPIRY:d}")


def expired_to() -> Statement:
    """The last year of which points have expired (0: none), by an index of its own."""
    sql = f"SELECT max(day) FROM ledger_entry WHERE kind = {Kind.EXPIRY:d}"  # noqa: S608
    return Statement(sql, (), lambda rows: (rows[0][0] or 0) // 10_000)


def spent_lines(refs: Collection[tuple[int, int]]) -> Statement:
    """The years, with points above zero, that the spends at these (book, seq) places took, by place."""
    return _matching(
        "SELECT e.book, e.seq, e.year, -e.points FROM ledger_lotline e",
        ("book", "seq"),
        list(refs),
        _by_spend,
    )


def add_entries(entries: Sequence[Entry]) -> Iterator[Statement]:
    """Append the entries."""
    return add_rows("ledger_entry", entries)


def add_rows(table: str, entries: Sequence[Entry]) -> Iterator[Statement]:
    """Append the entries to a table of that form: the ledger's, or the benchmark's beside it."""
    return _insert(table, _ENTRY_COLUMNS, entries, "")


def add_to_tallies(tallies: dict[TallyKey, Tally]) -> Iterator[Statement]:
    """Add these amounts to the tallies of their days."""
    rows = [
        (*key, tally.credited, tally.points, tally.volume, tally.reached_ms)
        for key, tally in sorted(tallies.items())
    ]
    larger = "greatest" if _postgres() else "max"
    return _insert(
        "ledger_daytally",
        _TALLY_COLUMNS,
        rows,
        " ON CONFLICT (person, day, campaign, kind) DO UPDATE SET"
        " credited = ledger_daytally.credited + excluded.credited,"
        " points = ledger_daytally.points + excluded.points,"
        " volume = ledger_daytally.volume + excluded.volume,"
        f" reached_ms = {larger}(ledger_daytally.reached_ms, excluded.reached_ms)",
    )


def add_to_article_tallies(tallies: dict[tuple[TallyKey, int], int]) -> Iterator[Statement]:
    """Add these counts to the tallies of single articles."""
    return _insert(
        "ledger_articletally",
        _ARTICLE_COLUMNS,
        [(*key, article, credited) for (key, article), credited in sorted(tallies.items())],
        " ON CONFLICT (person, day, campaign, kind, article) DO UPDATE SET"
        " credited = ledger_articletally.credited + excluded.credited",
    )


def add_to_lots(lots: dict[tuple[int, int], Lot]) -> Iterator[Statement]:
    """Add these points (below zero they take away) to the lots of (person, year)."""
    return _insert(
        "ledger_lot",
        _LOT_COLUMNS,
        [(*key, lot.points, lot.earned) for key, lot in sorted(lots.items())],
        " ON CONFLICT (person, year) DO UPDATE SET"
        " points = ledger_lot.points + excluded.points, earned = ledger_lot.earned + excluded.earned",
    )


def add_lines(lines: Sequence[tuple[int, int, int, int]]) -> Iterator[Statement]:
    """Append the years that spends took and refunds gave back."""
    return _insert("ledger_lotline", _LINE_COLUMNS, lines, "")


def renew_reached(corrected: Entry) -> Statement:
    """The day of a corrected entry was reached by the last act of it that was not taken back."""
    return Statement(
        "UPDATE ledger_daytally SET reached_ms = coalesce((SELECT max(e.at_ms) FROM ledger_entry e"
        " WHERE e.person = ledger_daytally.person AND e.day = ledger_daytally.day"
        " AND e.campaign = ledger_daytally.campaign AND e.kind = ledger_daytally.kind AND e.volume > 0"
        " AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.person = e.person AND r.kind = %s"
        " AND r.ref_book = e.book AND r.ref_seq = e.seq)), 0)"
        " WHERE person = %s AND day = %s AND campaign = %s",
        (int(Kind.ADJUSTMENT), corrected.person, corrected.day, corrected.campaign),
    )


def _known(row: Row) -> Known:
    kind, article, channel, ref_book, ref_seq, book, seq, points, volume, reason, left = row
    receipt = Receipt(book, seq, points, volume, Reason(reason), None if left < 0 else left)
    return Known(kind, article, channel, ref_book, ref_seq, receipt)


def _judged_points(rows: list[Row]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for person, day, _campaign, kind, points in set(rows):
        if kind not in STATED_KINDS:
            found[person, day] = found.get((person, day), 0) + points
    return found


def _by_person(rows: list[Row], persons: Collection[int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {person: {} for person in persons}
    for person, year, points in rows:
        found.setdefault(person, {})[year] = points
    return found


def _by_spend(rows: list[Row]) -> dict[tuple[int, int], tuple[YearPoints, ...]]:
    found: dict[tuple[int, int], tuple[YearPoints, ...]] = {}
    for book, seq, year, points in sorted(set(rows)):
        found[book, seq] = (*found.get((book, seq), ()), YearPoints(year, points))
    return found


def _matching(
    select: str, columns: tuple[str, ...], wanted: list[Row], read: Callable[[list[Row]], Any]
) -> Statement:
    """Rows whose columns equal those of one wanted (at least one)."""
    names = ", ".join(columns)
    if _postgres():
        types = ", ".join(f"%s::{_TYPES[column]}[]" for column in columns)
        sql = f"{select} JOIN unnest({types}) AS wanted({names}) USING ({names})"
        return Statement(sql, _columns(columns, wanted), read)
    padded = _padded(wanted)
    marks = ",".join([f"({','.join(['%s'] * len(columns))})"] * len(padded))
    # Not `IN (VALUES …)`: for that SQLite 3.40 scans the whole table instead of searching the index.
    sql = f"WITH wanted({names}) AS (VALUES {marks}) {select} JOIN wanted USING ({names})"
    return Statement(sql, list(chain.from_iterable(padded)), read)


def _insert(table: str, columns: tuple[str, ...], rows: Sequence[Row], then: str) -> Iterator[Statement]:
    """The statements that add the rows: one on PostgreSQL, on SQLite one a power of two in their number."""
    start = 0
    while start < len(rows):
        count = len(rows)
        if not _postgres():
            count = min(1 << ((len(rows) - start).bit_length() - 1), _ROWS_MAX)
        piece = rows[start : start + count]
        values = _columns(columns, piece) if _postgres() else list(chain.from_iterable(piece))
        yield Statement(_insertion(table, columns, then, count, postgres=_postgres()), values)
        start += count


@lru_cache(256)
def _insertion(table: str, columns: tuple[str, ...], then: str, rows: int, *, postgres: bool) -> str:
    if postgres:
        arrays = ", ".join(f"%s::{_TYPES[column]}[]" for column in columns)
        source = f"SELECT * FROM unnest({arrays})"  # noqa: S608
    else:
        source = "VALUES " + ", ".join([f"({', '.join(['%s'] * len(columns))})"] * rows)
    return f"INSERT INTO {table} ({', '.join(columns)}) {source}{then}"


def _columns(names: Sequence[str], rows: Sequence[Row]) -> list[Any]:
    """The rows as one PostgreSQL array a column, spelt here: the driver looks at each element for quotes."""
    return [_array(_TYPES[name], column) for name, column in zip(names, zip(*rows, strict=True), strict=True)]


def _array(kind: str, column: Row) -> Any:
    if kind == "text":
        return list(column)
    if kind == "bytea":
        return "{" + ",".join([f'"\\\\x{value.hex()}"' for value in column]) + "}"
    return "{" + ",".join(map(str, column)) + "}"


def _listed(numbers: Collection[int]) -> tuple[str, list[int]]:
    """Marks and values for a list of numbers (at least one) in a statement."""
    wanted = _padded(sorted(numbers))
    return ",".join(["%s"] * len(wanted)), wanted


def _padded(values: list[Any]) -> list[Any]:
    """The last again and again up to a power of two: so the different statements, and the parses, are few."""
    return values + [values[-1]] * ((1 << (len(values) - 1).bit_length()) - len(values))


@lru_cache(512)
def _for_sqlite(sql: str) -> str:
    return sql.replace("%s", "?")


def _postgres() -> bool:
    return connection.vendor == "postgresql"


# Runs of a statement before PostgreSQL keeps its plan.
_PREPARED_AFTER = 3
# Rows of one statement to SQLite: fewer parses of long statements, and far from its 32,766 values.
_ROWS_MAX = 128
_ENTRY_COLUMNS = Entry._fields
_TALLY_COLUMNS = ("person", "day", "campaign", "kind", "credited", "points", "volume", "reached_ms")
_ARTICLE_COLUMNS = ("person", "day", "campaign", "kind", "article", "credited")
_LOT_COLUMNS = ("person", "year", "points", "earned")
_LINE_COLUMNS = ("book", "seq", "year", "points")
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
    "earned": "int",
    "year": "int",
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
