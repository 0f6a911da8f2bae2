"""The floor below the web server: batches of a hundred, in this process, raw and through the ledger."""

import time
import uuid
from collections.abc import Callable, Sequence

from django.db import connection, transaction

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import store
from kepu.ledger.rules import Act, Channel, Entry
from kepu.ledger.writes import commit_batch

SIZE = 100
RAW_TABLE = "bench_raw"


def make_raw_table() -> None:
    """A table like the ledger's with its two unique indexes, for rows nobody judges."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {RAW_TABLE} AS SELECT * FROM ledger_entry WHERE 0 = 1")  # noqa: S608
        cursor.execute(f"CREATE UNIQUE INDEX bench_raw_seq ON {RAW_TABLE} (book, seq)")
        cursor.execute(f"CREATE UNIQUE INDEX bench_raw_event ON {RAW_TABLE} (person, event_id)")


def raw_rate(seconds: float, people: Sequence[int]) -> float:
    """Rows a second when batches of them are only inserted and committed."""
    return _rate(seconds, people, _insert_raw)


def ledger_rate(seconds: float, people: Sequence[int]) -> float:
    """Acts a second when batches of them go through `commit_batch`."""
    return _rate(seconds, people, commit_batch)


def _rate(seconds: float, people: Sequence[int], write: Callable[[list[Act]], object]) -> float:
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        now_ms = clock.now_ms()
        persons = [people[(done + n) % len(people)] for n in range(SIZE)]
        write(
            [
                Act(person, uuid.uuid4().bytes, Kind.SHARE, 7, Channel.PAGE, now_ms, session_version=1)
                for person in persons
            ]
        )
        done += SIZE
    return done / (time.perf_counter() - began)


def _insert_raw(acts: list[Act]) -> None:
    first = time.time_ns()
    rows = [
        _BLANK._replace(seq=first + n, person=act.person, event_id=act.event_id, at_ms=act.at_ms)
        for n, act in enumerate(acts)
    ]
    with transaction.atomic():
        store.ask(list(store.add_rows(RAW_TABLE, rows)))


_BLANK = Entry(1, 0, 0, b"", 4, 7, 0, 20260101, 1, 1, 1, 1, 0, 299, 1, 430623100, 0, 0, 0, 0, "", bytes(32))
