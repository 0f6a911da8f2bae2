"""The migration that lays the tables by book: nothing is lost, and whoever moved has tallies in each book."""

from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import models, partitions, writes
from kepu.ledger.rules import Act, Channel
from kepu.ledger.tests.test_writes import sound
from kepu.people.models import Communicator
from kepu.standings.tests import town

MIGRATION = import_module("kepu.ledger.migrations.0008_tables_by_book")
MARCH = clock.start_of(date(2021, 3, 5)) + timedelta(hours=9)
# How the tables that had no book added up what they held.
SUMS = {
    "ledger_daytally": "sum(credited), sum(points), sum(volume), max(reached_ms)",
    "ledger_articletally": "sum(credited)",
    "ledger_lot": "sum(points), sum(earned)",
}


def as_it_was() -> None:
    """The tables lie as they did before, with the same rows; a book stands only where one always did."""
    kinds = {"bytes": "bytea" if connection.vendor == "postgresql" else "BLOB"}
    with connection.cursor() as cursor:
        for table in MIGRATION.TABLES:
            held = [column for column in table.columns if table.name not in SUMS or column[0] != "book"]
            key = ", ".join(part for part in table.key.split(", ") if (part, "") not in held)
            names = ", ".join(name for name, _kind in held)
            if table.name in SUMS:
                key = key.removeprefix("book, ")
                rows = f"SELECT {key}, {SUMS[table.name]} FROM {table.name}_new GROUP BY {key}"
            else:
                rows = f"SELECT {names} FROM {table.name}_new"
            columns = ", ".join(f"{name} {kinds.get(kind, kind)} NOT NULL" for name, kind in held)
            cursor.execute(f"ALTER TABLE {table.name} RENAME TO {table.name}_new")
            cursor.execute(
                f"CREATE TABLE {table.name} ({columns}, CONSTRAINT was_{table.name} PRIMARY KEY ({key}))"
            )
            cursor.execute(f"INSERT INTO {table.name} ({names}) {rows}")
            cursor.execute(f"DROP TABLE {table.name}_new")
        cursor.execute("DROP TABLE ledger_personbook")
        cursor.execute("CREATE UNIQUE INDEX event_once_a_person ON ledger_entry (person, event_id)")


def everything() -> list[list[tuple[object, ...]]]:
    """All rows of all tables but the tallies of articles, which are not divided."""
    tables = (models.Entry, models.PersonBook, models.DayTally, models.Lot, models.LotLine)
    found = []
    for table in tables:
        rows = table.objects.order_by(*table._meta.pk.field_names).values_list()
        found.append([tuple(map(_plain, row)) for row in rows])
    return found


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def lived() -> None:
    """Two who stay and one who moves, with shares, spends, corrections and an article's cap on both sides."""
    town.build(town.SAMPLE.replace("per_day_max = 300", "per_day_max = 300\nper_article_day_max = 2", 1))
    mover, here = town.enrol(2)
    (there,) = town.enrol(1, town.ELSEWHERE)
    number = 0

    def batch(person: int, hour: int) -> None:
        nonlocal number
        acts = []
        for article in (7, 7, 8, 9):
            number += 1
            at_ms = clock.milliseconds(MARCH + timedelta(hours=hour)) + number
            acts.append(Act(person, number.to_bytes(16, "big"), Kind.SHARE, article, Channel.PAGE, at_ms))
        writes.commit_batch(acts)

    for person in (mover, here, there):
        batch(person, 0)
    spent = writes.spend(mover, bytes(15) + b"\xff", 3, 0, "", MARCH + timedelta(hours=1))
    Communicator.objects.filter(account=mover).update(division=town.ELSEWHERE)
    batch(mover, 2)
    writes.spend(mover, bytes(15) + b"\xfe", 2, 0, "", MARCH + timedelta(hours=3))
    writes.refund(spent.book, spent.seq, 1, "", MARCH + timedelta(hours=4))
    writes.reverse_entry(430623, 4, 1, "重复", MARCH + timedelta(hours=5))


@pytest.mark.django_db
def test_the_tables_by_book_hold_what_the_tables_before_held():
    lived()
    before = everything()
    assert sound()
    as_it_was()
    MIGRATION.rebuild(None, SimpleNamespace(connection=connection))
    assert everything() == before
    assert sound()
    with connection.cursor() as cursor:
        names = partitions_of(cursor)
    assert names == ({"ledger_entry_430602", "ledger_entry_430623"} if names else set())
    assert writes.open_book(430681, MARCH)
    partitions.make_room(430623)


def partitions_of(cursor) -> set[str]:
    """The partitions of the entries, none on SQLite."""
    if connection.vendor != "postgresql":
        return set()
    cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree('ledger_entry') WHERE isleaf")
    return {row[0] for row in cursor.fetchall()}
