"""The floor below the web server: batches of a hundred, in this process, raw and through the ledger."""

import time
import uuid
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db import connection, transaction

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import store
from kepu.ledger.rules import Act, Channel, Entry
from kepu.ledger.writes import commit_batch

SIZE = 100
RAW_TABLE = "bench_raw"


def make_raw_table() -> None:
    """A table like the ledger's with its two unique keys, for rows nobody judges."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TABLE {RAW_TABLE} (LIKE ledger_entry, PRIMARY KEY (book, seq))")
            cursor.execute(f"CREATE UNIQUE INDEX bench_raw_event ON {RAW_TABLE} (book, person, event_id)")
            return
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE name IN ('ledger_entry', 'event_once') ORDER BY type DESC"
        )
        for (sql,) in cursor.fetchall():
            own = sql.replace("ledger_entry", RAW_TABLE).replace("event_once", "bench_raw_event")
            cursor.execute(own)


class Pace(NamedTuple):
    """How many acts a second by the clock on the wall, and what one takes of the process's own time."""

    per_second: float
    cpu_us: float


def raw_rate(seconds: float, people: Sequence[int]) -> float:
    """Rows a second when batches of them are only inserted and committed."""
    return pace(seconds, people, insert_raw).per_second


def ledger_rate(seconds: float, people: Sequence[int]) -> float:
    """Acts a second when batches of them go through `commit_batch`."""
    return pace(seconds, people, commit_batch).per_second


def pace(seconds: float, people: Sequence[int], write: Callable[[list[Act]], object]) -> Pace:
    """How fast batches of shares by these people in turn are written, over so many seconds."""
    began, cpu, done = time.perf_counter(), time.process_time(), 0
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
    return Pace(done / (time.perf_counter() - began), 1e6 * (time.process_time() - cpu) / done)


def insert_raw(acts: list[Act]) -> None:
    """The acts are rows of the raw table, durable and nothing else."""
    first = time.time_ns()
    rows = [
        _BLANK._replace(seq=first + n, person=act.person, event_id=act.event_id, at_ms=act.at_ms)
        for n, act in enumerate(acts)
    ]
    with transaction.atomic():
        store.ask(list(store.add_entries(rows, RAW_TABLE)))


_BLANK = Entry(
    430623, 0, 0, b"", 4, 7, 0, 20260101, 1, 1, 1, 1, 0, 299, 1, 430623100, 0, 0, 0, 0, "", bytes(32)
)
