"""Writing into one county's book as it grows, beside raw rows in a table of the same form and size.

The book is filled as a year fills it: each day other people, their acts mixed in time, all indexes alive, so
that pages are as full as a site's own. The chain is not hashed. Figures are of one process.
"""

import math
import os
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import click
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from kepu.campaigns.rules import Kind, Published
from kepu.config.bench import batches, crowd, people
from kepu.config.bench.table import machine
from kepu.kit import clock
from kepu.ledger.models import Book
from kepu.ledger.partitions import TABLES
from kepu.ledger.writes import commit_batch
from kepu.people import reads as registered
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
from kepu.standings.rules.counting import number_of

COUNTY, FIRST = crowd.COUNTY, people.FIRST
STEPS = (100_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000)
PEOPLE, ACTIVE = 50_000, 5_000  # certified; active on a day
# What each active person does on a day: five tallies for twelve entries, for an open earns nothing.
DAY = (
    Kind.SIGN_IN,
    Kind.CHECK_IN,
    *(Kind.SHARE,) * 3,
    Kind.BROWSE,
    *(Kind.SHARE,) * 3,
    Kind.OPEN,
    Kind.READ,
    Kind.BROWSE,
)
LED_TO = 2  # the place in DAY of the share that is opened and read
STRIDE = 1_237  # a prime: each entry is another person's than the one before
ROUNDS, SECONDS = 5, 2.0
RATIO_MIN, BYTES_MAX = 0.8, 250
FAR = 100_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """What was measured at one size: medians of rounds in which both were taken in turn."""

    entries: int
    acts_per_second: float
    raw_per_second: float
    of_raw: float
    act_cpu_us: float
    sizes: dict[str, int]

    @property
    def bytes_per_entry(self) -> float:
        """Everything the ledger keeps, its indexes among it."""
        return sum(self.sizes.values()) / self.entries


def run(entries: int) -> str:
    """Fill an empty site step by step up to so many entries, and measure at each; the table."""
    call_command("migrate", verbosity=0)
    regions.load_divisions(only_within=("43",))
    now = clock.now()
    plan = simulation.live_plan(50)
    simulation.prepare(plan, now)
    published = simulation.publish_edition(clock.day_of(now).year, now)
    simulation.enrol(plan, Random(plan.seed), clock.day_of(now) - timedelta(days=300))  # noqa: S311
    like = min(each.account for each in registered.profiles_within(str(COUNTY)))
    everybody = people.register(PEOPLE, like)
    batches.make_raw_table()
    steps: list[Step] = []
    with click.progressbar(length=entries, label="filling", file=sys.stderr) as bar:
        for wanted in steps_to(entries):
            crowd.hurry(on=True)
            for there in fill(published, wanted, clock.day_of(now)):
                bar.update(there - bar.pos)
            crowd.hurry(on=False)
            steps.append(_measured(wanted, everybody))
            click.echo(_line(steps[-1], steps[0]), err=True)
    where = f"{connection.vendor}, {os.cpu_count()} cores, {PEOPLE:,} people, {ACTIVE:,} active a day"
    return f"{machine()}\n{where}\n{table(steps)}"


def steps_to(entries: int) -> list[int]:
    """The sizes to measure at, the last the one that was asked."""
    return [*(step for step in STEPS if step < entries), entries]


def fill(published: Published, entries: int, last: date) -> Iterator[int]:
    """The book holds so many entries with their tallies and lots, the raw table as many rows.

    Goes on from what there is, up to a day a statement; yields how many there are. Days begin ten years
    before `last`, so that acts of today find none of their own.
    """
    a_day, there = ACTIVE * len(DAY), Book.objects.get(code=COUNTY).last_seq
    while there < entries:
        number = there // a_day
        high = min((number + 1) * a_day, entries)
        day = date(last.year - 10, 1, 1) + timedelta(days=number)
        with transaction.atomic(), connection.cursor() as cursor:
            _fill_day(cursor, published, number, day, (there + 1, high))
        there = high
        Book.objects.filter(code=COUNTY).update(last_seq=there, last_hash=bytes(32))
        yield there
    with connection.cursor() as cursor:
        for sql in _SUMS:
            cursor.execute(sql)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit=1000")
        cursor.execute("ANALYZE")


def sizes() -> dict[str, int]:
    """The bytes of each table and index of the ledger; indexes by their names."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_SIZES_POSTGRES, [list(TABLES)])
        else:
            cursor.execute(_SIZES_SQLITE)
        return {name: int(size) for name, size in cursor.fetchall() if size}


def line_to(points: Sequence[tuple[int, float]], entries: int) -> float:
    """Where the straight line through (entries, value) points would be, entries on a logarithmic scale."""
    ways = [math.log10(count) for count, _value in points]
    values = [value for _count, value in points]
    if len(set(ways)) < 2:
        return values[-1]
    slope, start = statistics.linear_regression(ways, values)
    return start + slope * math.log10(entries)


def table(steps: Sequence[Step]) -> str:
    """The steps as text, what they come to, and where they lead."""
    ratio = steps[-1].acts_per_second / steps[0].acts_per_second
    size = steps[-1].bytes_per_entry
    far = line_to([(step.entries, step.acts_per_second) for step in steps], FAR)
    aim = f", aim {BYTES_MAX}" if connection.vendor == "sqlite" else ""
    parts = sorted(steps[-1].sizes.items(), key=lambda part: -part[1])
    return "\n".join(
        [
            HEAD,
            *(_line(step, steps[0]) for step in steps),
            f"of the first step: {ratio:.2f}, aim {RATIO_MIN}",
            f"bytes an entry: {size:.0f}{aim}",
            f"at {FAR:,}, extrapolated: {far:,.0f} acts a second, {far / steps[0].acts_per_second:.2f}",
            "bytes an entry, one by one:",
            *(f"  {name:<44}{count / steps[-1].entries:>8.1f}" for name, count in parts),
        ]
    )


def _line(step: Step, first: Step) -> str:
    of_first = step.acts_per_second / first.acts_per_second
    raw_of_first = step.raw_per_second / first.raw_per_second
    return (
        f"{step.entries:>13,}{step.acts_per_second:>10,.0f}{of_first:>10.2f}{step.raw_per_second:>10,.0f}"
        f"{raw_of_first:>10.2f}{step.of_raw:>8.2f}{step.act_cpu_us:>9.0f}{step.bytes_per_entry:>8.0f}"
    )


def _measured(entries: int, everybody: Sequence[int]) -> Step:
    drawn = Random(entries)  # noqa: S311
    persons = drawn.sample(everybody, len(everybody))
    kept = sizes()
    raw, acts = [], []
    for _round in range(ROUNDS):
        raw.append(batches.pace(SECONDS, persons, batches.insert_raw))
        acts.append(batches.pace(SECONDS, persons, commit_batch))
    return Step(
        entries,
        statistics.median(each.per_second for each in acts),
        statistics.median(each.per_second for each in raw),
        statistics.median(one.per_second / other.per_second for one, other in zip(acts, raw, strict=True)),
        statistics.median(each.cpu_us for each in acts),
        kept,
    )


def _fill_day(
    cursor: CursorWrapper, published: Published, number: int, day: date, span: tuple[int, int]
) -> None:
    """Entries of one day, by their numbers from the first to the last of the span."""
    postgres = connection.vendor == "postgresql"
    low, high = span
    numbers = (
        f"SELECT generate_series({low}::bigint, {high}::bigint) AS i"
        if postgres
        else f"SELECT {low} AS i UNION ALL SELECT i + 1 FROM n WHERE i < {high}"  # noqa: S608
    )
    slots = " ".join(f"WHEN {slot} THEN {kind:d}" for slot, kind in enumerate(DAY))
    words = {
        "recursive": "" if postgres else "RECURSIVE",
        "numbers": numbers,
        "a_day": ACTIVE * len(DAY),
        "active": ACTIVE,
        "kind": f"CASE j / {ACTIVE} {slots} END",
        "person": f"{FIRST} + j % {ACTIVE} * {STRIDE} % {ACTIVE} * {PEOPLE // ACTIVE} + {number * 7 % 10}",
        "event": "decode(md5(i::text || 'event'), 'hex')" if postgres else "randomblob(16)",
        "hash": "decode(repeat('5a', 32), 'hex')" if postgres else "randomblob(32)",
        "led_to": LED_TO * ACTIVE,
        "begins": clock.milliseconds(clock.start_of(day)) + 6 * 3_600_000,
        "day": number_of(day),
        "book": COUNTY,
        "campaign": published.number,
        "version": published.sheet.version,
    }
    cursor.execute(_ENTRIES.format(**words))
    cursor.execute(_TALLIES, [COUNTY, low, high])
    cursor.execute(_RAW, [COUNTY, low, high])


HEAD = (
    f"{'entries':>13}{'acts/s':>10}{'of first':>10}{'raw/s':>10}{'of first':>10}"
    f"{'of raw':>8}{'CPU us':>9}{'bytes':>8}"
)
_OPENED = f"k.kind IN ({Kind.OPEN:d}, {Kind.READ:d})"
_UNREWARDED = f"k.kind = {Kind.OPEN:d}"
# An open earns nothing under the founding notice (reason 3), a share is one of volume.
_ENTRIES = f"""
WITH {{recursive}} n AS ({{numbers}}),
d AS (SELECT i, (i - 1) % {{a_day}} AS j FROM n),
k AS (SELECT i, j, {{kind}} AS kind, {{person}} AS person FROM d)
INSERT INTO ledger_entry (book, seq, person, event_id, kind, article, at_ms, day, campaign, version, points,
  volume, reason, left_today, unit, division, channel, ref_book, ref_seq, author, note, hash)
SELECT {{book}}, k.i, k.person, {{event}}, k.kind, CASE WHEN k.kind < 3 THEN 0 ELSE 1 + k.i % 400 END,
  {{begins}} + k.j * 1000, {{day}}, {{campaign}}, {{version}}, CASE WHEN {_UNREWARDED} THEN 0 ELSE 1 END,
  CASE WHEN k.kind = {Kind.SHARE:d} THEN 1 ELSE 0 END, CASE WHEN {_UNREWARDED} THEN 3 ELSE 0 END,
  CASE WHEN k.kind = {Kind.SHARE:d} THEN 290 ELSE 9 END, 1 + k.person % 200, {{book}} * 1000 + 100, 0,
  CASE WHEN {_OPENED} THEN {{book}} ELSE 0 END,
  CASE WHEN {_OPENED} THEN k.i - k.j + {{led_to}} + k.j % {{active}} ELSE 0 END, 0, '', {{hash}}
FROM k ORDER BY k.i
"""  # noqa: S608 - our own constants, here and below
_TALLIES = """
INSERT INTO ledger_daytally (book, person, day, campaign, kind, credited, points, volume, reached_ms)
SELECT book, person, day, campaign, kind, count(*), sum(points), sum(volume),
  max(CASE WHEN volume > 0 THEN at_ms ELSE 0 END)
FROM ledger_entry WHERE book = %s AND seq >= %s AND seq <= %s AND reason = 0
GROUP BY book, person, day, campaign, kind
ON CONFLICT (book, person, day, campaign, kind) DO UPDATE SET
  credited = ledger_daytally.credited + excluded.credited, points = ledger_daytally.points + excluded.points,
  volume = ledger_daytally.volume + excluded.volume, reached_ms = excluded.reached_ms
"""
_RAW = (
    f"INSERT INTO {batches.RAW_TABLE} SELECT * FROM ledger_entry WHERE book = %s AND seq >= %s AND seq <= %s"  # noqa: S608
)
_SUMS = (
    "INSERT INTO ledger_personbook (person, book) SELECT DISTINCT person, book FROM ledger_daytally"
    " WHERE true ON CONFLICT DO NOTHING",
    "DELETE FROM ledger_lot",
    "INSERT INTO ledger_lot (book, person, year, points, earned)"
    " SELECT book, person, day / 10000, sum(points), sum(points) FROM ledger_daytally"
    " GROUP BY book, person, day / 10000",
)
_SIZES_SQLITE = """
SELECT s.name, s.pgsize FROM sqlite_master m JOIN dbstat s ON s.name = m.name AND s.aggregate = TRUE
WHERE m.tbl_name LIKE 'ledger~_%' ESCAPE '~' AND m.rootpage > 0
"""
_SIZES_POSTGRES = """
WITH parts AS (
  SELECT t.relid::oid AS relid FROM unnest(%s::text[]) AS name, pg_partition_tree(name::regclass) t
  WHERE t.isleaf
  UNION SELECT 'ledger_personbook'::regclass::oid
)
SELECT relid::regclass::text, pg_table_size(relid) FROM parts
UNION ALL
SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index JOIN parts ON indrelid = relid
"""
