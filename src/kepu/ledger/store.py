"""The hot file: everything the write path asks of the database, in plain SQL, a batch at a time.

SQLite serialises batches by BEGIN IMMEDIATE, PostgreSQL by the locked heads of the books concerned. The
statements go to the driver itself: Django's cursors cost more than what they ask. What can be asked together
is one call of `ask`, on PostgreSQL one round trip. Rows travel to SQLite one by one, for a statement that is
prepared once (many in one statement take twice as long), to PostgreSQL as one array a column.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
    """One statement with its values, and what its rows say with those of `more`, SQL and values each.

    `is_rows`: `values` are those of many rows, for each of which SQLite runs the statement.
    """

    sql: str
    values: Sequence[Any]
    read: Callable[[list[Row]], Any] = list
    more: Sequence[tuple[str, Sequence[Any]]] = ()
    is_rows: bool = False


def ask(statements: Sequence[Statement]) -> list[Any]:
    """Run the statements in order, in the transaction that is open, and read the rows of each."""
    driver = connection.connection
    with connection.wrap_database_errors:
        if not _postgres():
            return [_asked_of_sqlite(driver, each) for each in statements]
        driver.prepare_threshold, driver.prepared_max = _PREPARED_AFTER, _PREPARED_MAX
        with driver.pipeline():
            cursors = [
                [psycopg.Cursor(driver).execute(*asked) for asked in (each[:2], *each.more)]
                for each in statements
            ]
        return [
            each.read([row for cursor in own for row in cursor.fetchall()]) if own[0].description else None
            for each, own in zip(statements, cursors, strict=True)
        ]


def _asked_of_sqlite(driver: sqlite3.Connection, asked: Statement) -> Any:
    sql = _for_sqlite(asked.sql)
    if asked.is_rows:
        driver.executemany(sql, asked.values)
        return None
    return asked.read(driver.execute(sql, asked.values).fetchall())


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


def person_books(persons: Collection[int]) -> Statement:
    """The books that hold entries of these persons, as (person, book) pairs."""
    marks, wanted = _listed(persons)
    sql = f"SELECT person, book FROM ledger_personbook WHERE person IN ({marks})"  # noqa: S608
    return Statement(sql, wanted, set)


def known_events(keys: Collection[tuple[int, int, bytes]]) -> Statement:
    """Those of the (book, person, event id) that are recorded with their receipts, by person and event id."""
    return _matching(
        "SELECT e.person, e.event_id, e.kind, e.article, e.channel, e.ref_book, e.ref_seq, e.book, e.seq,"
        " e.points, e.volume, e.reason, e.left_today FROM ledger_entry e",
        ("book", "person", "event_id"),
        list(keys),
        lambda rows: {(row[0], bytes(row[1])): _known(row[2:]) for row in rows},
    )


def credited_counts(days: Collection[tuple[int, int, int]]) -> Statement:
    """How many acts were credited on these days, (book, person, day) each, by person, campaign and kind."""
    return _matching(
        "SELECT e.book, e.person, e.day, e.campaign, e.kind, e.credited FROM ledger_daytally e",
        ("book", "person", "day"),
        list(days),
        lambda rows: _added((TallyKey(*row[1:5]), row[5]) for row in set(rows)),
    )


def credited_article_counts(days: Collection[tuple[int, int, int]]) -> Statement:
    """How many acts on one article were credited on these days, (book, person, day) each."""
    return _article_counts(("book", "person", "day"), list(days))


def whole_article_counts(places: Collection[tuple[int, TallyKey, int]]) -> Statement:
    """How many acts on an article (the last) were credited, by a book's tallies of day 0 (the campaign)."""
    keys = [(book, *key, article) for book, key, article in places]
    return _article_counts(_ARTICLE_COLUMNS[:-1], keys)


def _article_counts(columns: tuple[str, ...], wanted: list[Row]) -> Statement:
    return _matching(
        "SELECT e.book, e.person, e.day, e.campaign, e.kind, e.article, e.credited"
        " FROM ledger_articletally e",
        columns,
        wanted,
        lambda rows: _added(((TallyKey(*row[1:5]), row[5]), row[6]) for row in set(rows)),
    )


def points_of_days(days: Collection[tuple[int, int, int]]) -> Statement:
    """What these days, (book, person, day) each, earned by judged acts of all kinds, in whatever campaign."""
    return _matching(
        "SELECT e.book, e.person, e.day, e.campaign, e.kind, e.points FROM ledger_daytally e",
        ("book", "person", "day"),
        list(days),
        lambda rows: _added((row[1:3], row[5]) for row in set(rows) if row[4] not in STATED_KINDS),
    )


def credited_days(wanted: Collection[tuple[int, int, int]], first: int, last: int) -> Statement:
    """On which days from first to last (yyyymmdd) an act was credited to these (book, person, kind).

    As (person, kind, day); it looks at every tally of those persons' days.
    """
    return _matching(
        "SELECT e.person, e.kind, e.day, e.credited FROM ledger_daytally e",
        ("book", "person", "kind"),
        list(wanted),
        lambda rows: {row[:3] for row in rows if row[3]},
        f"e.day >= {first:d} AND e.day <= {last:d}",
    )


def lots(holders: Collection[tuple[int, int]]) -> Statement:
    """What these (book, person) pairs hold of each year, by person and year; {} for whoever has nothing."""
    return _matching(
        "SELECT e.book, e.person, e.year, e.points FROM ledger_lot e",
        ("book", "person"),
        list(holders),
        lambda rows: _by_person(rows, [person for _book, person in holders]),
    )


def expired_points(days: Collection[tuple[int, int, int]]) -> Statement:
    """How much expired of a year, by person and year; `days`: their last days, (book, person, day) each."""
    return _matching(
        "SELECT e.book, e.person, e.day / 10000, -e.points FROM ledger_daytally e",
        ("book", "person", "day"),
        list(days),
        lambda rows: _by_person(rows, ()),
        f"e.kind = {Kind.EXPIRY:d}",
    )


def expired_to() -> Statement:
    """The last year of which points have expired (0: none), by an index of its own, a look a book."""
    last = f"SELECT max(e.day) FROM ledger_entry e WHERE e.book = b.code AND e.kind = {Kind.EXPIRY:d}"  # noqa: S608
    sql = f"SELECT max(({last})) FROM ledger_book b"  # noqa: S608
    return Statement(sql, (), lambda rows: (rows[0][0] or 0) // 10_000)


def spent_lines(refs: Collection[tuple[int, int]]) -> Statement:
    """The years, with points above zero, that the spends at these (book, seq) places took, by place."""
    return _matching(
        "SELECT e.book, e.seq, e.year, -e.points FROM ledger_lotline e",
        ("book", "seq"),
        list(refs),
        _by_spend,
    )


def add_entries(entries: Sequence[Entry], table: str = "ledger_entry") -> Iterator[Statement]:
    """Append the entries, to the ledger or to a table of that form beside it."""
    return _insert(table, _ENTRY_COLUMNS, entries, "")


def add_person_books(pairs: Collection[tuple[int, int]]) -> Iterator[Statement]:
    """These (person, book) pairs are there."""
    return _insert("ledger_personbook", ("person", "book"), sorted(pairs), " ON CONFLICT DO NOTHING")


def add_to_tallies(tallies: dict[tuple[int, TallyKey], Tally]) -> Iterator[Statement]:
    """Add these amounts to the tallies of their books and days."""
    rows = [
        (book, *key, tally.credited, tally.points, tally.volume, tally.reached_ms)
        for (book, key), tally in sorted(tallies.items())
    ]
    larger = "greatest" if _postgres() else "max"
    return _insert(
        "ledger_daytally",
        _TALLY_COLUMNS,
        rows,
        " ON CONFLICT (book, person, day, campaign, kind) DO UPDATE SET"
        " credited = ledger_daytally.credited + excluded.credited,"
        " points = ledger_daytally.points + excluded.points,"
        " volume = ledger_daytally.volume + excluded.volume,"
        f" reached_ms = {larger}(ledger_daytally.reached_ms, excluded.reached_ms)",
    )


def add_to_article_tallies(tallies: dict[tuple[int, TallyKey, int], int]) -> Iterator[Statement]:
    """Add these counts to a book's tallies of single articles."""
    return _insert(
        "ledger_articletally",
        _ARTICLE_COLUMNS,
        [(book, *key, article, credited) for (book, key, article), credited in sorted(tallies.items())],
        " ON CONFLICT (book, person, day, campaign, kind, article) DO UPDATE SET"
        " credited = ledger_articletally.credited + excluded.credited",
    )


def add_to_lots(lots: dict[tuple[int, int, int], Lot]) -> Iterator[Statement]:
    """Add these points (below zero they take away) to the lots of (book, person, year)."""
    return _insert(
        "ledger_lot",
        _LOT_COLUMNS,
        [(*key, lot.points, lot.earned) for key, lot in sorted(lots.items())],
        " ON CONFLICT (book, person, year) DO UPDATE SET"
        " points = ledger_lot.points + excluded.points, earned = ledger_lot.earned + excluded.earned",
    )


def add_lines(lines: Sequence[tuple[int, int, int, int]]) -> Iterator[Statement]:
    """Append the years that spends took and refunds gave back."""
    return _insert("ledger_lotline", _LINE_COLUMNS, lines, "")


def renew_reached(corrected: Entry) -> Statement:
    """The day of a corrected entry was reached by the last act of it that was not taken back.

    What takes an entry back stands in its book.
    """
    whose = (corrected.book, corrected.person)
    return Statement(
        "UPDATE ledger_daytally SET reached_ms = coalesce((SELECT max(e.at_ms) FROM ledger_entry e"
        " WHERE e.book = %s AND e.person = %s AND e.day = ledger_daytally.day"
        " AND e.campaign = ledger_daytally.campaign AND e.kind = ledger_daytally.kind AND e.volume > 0"
        " AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.book = e.book AND r.person = e.person"
        " AND r.kind = %s AND r.ref_book = e.book AND r.ref_seq = e.seq)), 0)"
        " WHERE book = %s AND person = %s AND day = %s AND campaign = %s",
        (*whose, int(Kind.ADJUSTMENT), *whose, corrected.day, corrected.campaign),
    )


def _known(row: Row) -> Known:
    kind, article, channel, ref_book, ref_seq, book, seq, points, volume, reason, left = row
    receipt = Receipt(book, seq, points, volume, Reason(reason), None if left < 0 else left)
    return Known(kind, article, channel, ref_book, ref_seq, receipt)


def _added(amounts: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    """What there is of each, all books together."""
    found: dict[Any, int] = {}
    for what, amount in amounts:
        found[what] = found.get(what, 0) + amount
    return found


def _by_person(rows: list[Row], persons: Collection[int]) -> dict[int, dict[int, int]]:
    """Points by person and year, all books together."""
    found: dict[int, dict[int, int]] = {person: {} for person in persons}
    for _book, person, year, points in set(rows):
        years = found.setdefault(person, {})
        years[year] = years.get(year, 0) + points
    return found


def _by_spend(rows: list[Row]) -> dict[tuple[int, int], tuple[YearPoints, ...]]:
    found: dict[tuple[int, int], tuple[YearPoints, ...]] = {}
    for book, seq, year, points in sorted(set(rows)):
        found[book, seq] = (*found.get((book, seq), ()), YearPoints(year, points))
    return found


def _matching(
    select: str, columns: tuple[str, ...], wanted: list[Row], read: Callable[[list[Row]], Any], also: str = ""
) -> Statement:
    """Rows whose columns, the book first, equal those of one wanted (at least one) and where `also` is so.

    PostgreSQL is asked once a book, its number in the text: it plans for one partition. Asked for several it
    may walk them instead of searching. SQLite brings the last row of a padded list again and again.
    """
    also = also and f" AND {also}"
    if _postgres():
        names = ", ".join(columns[1:])
        types = ", ".join(f"%s::{_TYPES[column]}[]" for column in columns[1:])
        sql = f"{select} JOIN unnest({types}) AS wanted({names}) USING ({names}) WHERE e.book = "
        by_book: dict[int, list[Row]] = {}
        for row in wanted:
            by_book.setdefault(row[0], []).append(row[1:])
        first, *more = [(f"{sql}{book}{also}", _columns(columns[1:], by_book[book])) for book in by_book]
        return Statement(*first, read, more)
    names = ", ".join(columns)
    padded = _padded(wanted)
    marks = ",".join([f"({','.join(['%s'] * len(columns))})"] * len(padded))
    # Not `IN (VALUES …)`: for that SQLite 3.40 scans the whole table instead of searching the index.
    sql = f"WITH wanted({names}) AS (VALUES {marks}) {select} JOIN wanted USING ({names}) WHERE true{also}"
    return Statement(sql, list(chain.from_iterable(padded)), read)


def _insert(table: str, columns: tuple[str, ...], rows: Sequence[Row], then: str) -> Iterator[Statement]:
    """The statement that adds the rows, if there are any."""
    if rows:
        sql = _insertion(table, columns, then, postgres=_postgres())
        yield Statement(sql, _columns(columns, rows)) if _postgres() else Statement(sql, rows, is_rows=True)


@lru_cache(32)
def _insertion(table: str, columns: tuple[str, ...], then: str, *, postgres: bool) -> str:
    source = f"VALUES ({', '.join(['%s'] * len(columns))})"
    if postgres:
        arrays = ", ".join(f"%s::{_TYPES[column]}[]" for column in columns)
        source = f"SELECT * FROM unnest({arrays})"  # noqa: S608
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
# Statements whose plans a connection keeps: some of them for each book it writes into.
_PREPARED_MAX = 500
_ENTRY_COLUMNS = Entry._fields
_TALLY_COLUMNS = ("book", "person", "day", "campaign", "kind", "credited", "points", "volume", "reached_ms")
_ARTICLE_COLUMNS = ("book", "person", "day", "campaign", "kind", "article", "credited")
_LOT_COLUMNS = ("book", "person", "year", "points", "earned")
_LINE_COLUMNS = ("book", "seq", "year", "points")
_TYPES = {
    column: kind
    for kind, columns in (
        ("bytea", "event_id hash"),
        ("text", "note"),
        ("smallint", "kind reason channel"),
        ("bigint", "seq person article at_ms ref_seq author reached_ms"),
        ("int", "book day year campaign version points earned volume credited left_today"),
        ("int", "unit division ref_book"),
    )
    for column in columns.split()
}
