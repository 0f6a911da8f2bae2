"""Ranks among many people beside what databases need for one, and following where that many stand.

Scores are made in bulk, skewed as volumes are: every seventh person or so has the least, few have thousands.
Numbers are of one process; people asked for are drawn with a seed.
"""

import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

from django.core.management import call_command
from django.db import connection

from kepu.campaigns.rules import Published, TieRule
from kepu.config.bench import crowd
from kepu.kit import clock
from kepu.ledger.models import Book
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
from kepu.standings import reads, writes
from kepu.standings.models import Cursor, Score, Window
from kepu.standings.reads import ranks
from kepu.standings.rules import ALL
from kepu.standings.rules.counting import number_of

COUNTY = 430623
FIRST = 1_000_000
COUNTIES, TOWNS = 10, 20  # counties of the city, towns of a county
VOLUMES = 3_000
REDIS_MOST = 1_000_000
ENTRIES = 50_000
SECONDS, TIMES = 1.0, 5


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what was done how often a second, or how long it took, or how much it needs."""

    name: str
    amount: float
    unit: str


def run(people: int) -> str:
    """Fill an empty site with scores, measure, and say what was found as a table."""
    call_command("migrate", verbosity=0)
    regions.load_divisions(only_within=("43",))
    now = clock.now()
    simulation.prepare(simulation.live_plan(100), now)
    published = simulation.publish_edition(clock.day_of(now).year, now)
    writes.follow()
    crowd.hurry(on=True)
    filled = _seconds(lambda: fill(published, people))
    crowd.hurry(on=False)
    return table([Line("filling", filled, "s"), *measured(published, people, now)], people)


def fill(published: Published, people: int) -> int:
    """The window of the whole campaign holds that many people of one city; its id."""
    window = Window.objects.create(campaign=published.number, name=ALL, version=1, scores=people)
    postgres = connection.vendor == "postgresql"
    numbers = (
        f"SELECT generate_series(0, {people - 1}) AS i"
        if postgres
        else f"SELECT 0 AS i UNION ALL SELECT i + 1 FROM n WHERE i < {people - 1}"  # noqa: S608
    )
    words = {
        "recursive": "" if postgres else "RECURSIVE",
        "numbers": numbers,
        "window": window.pk,
        "people": people,
        "now": clock.milliseconds(clock.now()),
    }
    with connection.schema_editor() as editor:
        for index in Score._meta.indexes:
            editor.remove_index(Score, index)
    with connection.cursor() as cursor:
        cursor.execute(_SCORES.format(**words))
    with connection.schema_editor() as editor:
        for index in Score._meta.indexes:
            editor.add_index(Score, index)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return window.pk


def measured(published: Published, people: int, now: datetime) -> Iterator[Line]:
    """The lines of the table, in the order of reading, each as soon as it is measured."""
    drawn = Random(33)  # noqa: S311
    persons = [FIRST + drawn.randrange(people) for _ in range(20_000)]
    shared, earlier = _with_ties(published, TieRule.SHARED), _with_ties(published, TieRule.EARLIER)
    ranks.forget_trees()
    yield Line(
        "restart: first rank in three scopes", _seconds(lambda: ranks.my_ranks(shared, ALL, persons[0])), "s"
    )
    yield Line("trees of the three scopes", _tree_bytes(shared, persons[0]) / 2**20, "MiB")
    for person in persons[:300]:
        ranks.my_ranks(shared, ALL, person)  # every town has its tree
    yield Line("trees of all scopes", ranks.trees_bytes() / 2**20, "MiB")
    known = _known(shared, persons)
    window = ranks.window_of(published.number, ALL)
    assert window is not None

    def in_memory(at: int) -> None:
        volume, *codes = known[at % len(known)]
        for code in codes:
            tree = ranks.tree_of(window, code)
            assert tree is not None
            tree.above(volume)

    yield Line("ranks in three scopes, volume known", _rate(in_memory), "/s")
    yield Line(
        "my_ranks, equals share a rank",
        _rate(lambda at: ranks.my_ranks(shared, ALL, persons[at % 20_000])),
        "/s",
    )
    yield Line(
        "my_ranks, the earlier is ahead",
        _rate(lambda at: ranks.my_ranks(earlier, ALL, persons[at % 20_000])),
        "/s",
    )
    yield Line(
        "floor: the score's row alone, plain SQL",
        _rate(lambda at: _row(window.id, persons[at % 20_000])),
        "/s",
    )
    yield Line(
        "peer: count(*) in three scopes", _rate(lambda at: _counted(window.id, persons[at % 20_000])), "/s"
    )
    yield from _redis(people, drawn)
    deep = min(500_000, people // 2)
    page = _seconds_each(lambda: reads.board(published.number, ALL, "4306", deep, 20))
    yield Line(f"page of 20 at place {deep:,}", 1000 * page, "ms")
    yield from _followed(published, people, now, drawn)


def table(lines: list[Line], people: int) -> str:
    """The lines as text."""
    places = f"one city of {COUNTIES} counties and {COUNTIES * TOWNS} towns"
    head = f"{people:,} people, {places}, {connection.vendor}, {os.cpu_count()} cores"
    return "\n".join([head, *(f"{line.name:<44}{line.amount:>14,.1f} {line.unit}" for line in lines)])


def _with_ties(published: Published, rule: TieRule) -> Published:
    return replace(published, sheet=replace(published.sheet, tie_rule=rule))


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _seconds_each(act: Callable[[], object]) -> float:
    return statistics.median(_seconds(act) for _ in range(TIMES))


def _rate(act: Callable[[int], object]) -> float:
    """The median of TIMES runs of about SECONDS."""
    rates = []
    at = 0
    for _ in range(TIMES):
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < SECONDS:
            for _ in range(10):
                act(at)
                at += 1
            done += 10
        rates.append(done / (time.perf_counter() - began))
    return statistics.median(rates)


def _tree_bytes(published: Published, person: int) -> int:
    ranks.forget_trees()
    ranks.my_ranks(published, ALL, person)
    return ranks.trees_bytes()


def _known(published: Published, persons: list[int]) -> list[tuple[int, ...]]:
    """(volume, city, county, town) of the first people drawn."""
    held = Score.objects.filter(window__campaign=published.number, window__name=ALL)
    drawn = held.filter(person__in=persons[:5_000])
    return list(drawn.values_list("volume", "city", "county", "town"))


def _row(window: int, person: int) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT volume, city, county, town FROM standings_score WHERE window_id = %s AND person = %s",
            [window, person],
        )
        return tuple(cursor.fetchone())


def _counted(window: int, person: int) -> None:
    volume, *codes = _row(window, person)
    with connection.cursor() as cursor:
        for column, code in zip(("city", "county", "town"), codes, strict=True):
            cursor.execute(
                f"SELECT count(*) FROM standings_score WHERE window_id = %s AND shown AND {column} = %s"  # noqa: S608
                " AND volume > %s",
                [window, code, volume],
            )
            cursor.fetchone()


def _followed(published: Published, people: int, now: datetime, drawn: Random) -> Iterator[Line]:
    """Shares of drawn people in one book are followed, all windows, in batches as the worker takes them."""
    book = Book.objects.get(code=COUNTY)
    day, at_ms = number_of(clock.day_of(now)), clock.milliseconds(now)
    rows = [
        (
            COUNTY,
            seq,
            FIRST + drawn.randrange(people) // COUNTIES * COUNTIES,
            seq.to_bytes(16, "big"),
            at_ms + seq,
            day,
            bytes(32),
        )
        for seq in range(book.last_seq + 1, book.last_seq + ENTRIES + 1)
    ]
    Cursor.objects.update_or_create(book=COUNTY, defaults={"seq": book.last_seq, "at_ms": at_ms})
    with connection.cursor() as cursor:
        cursor.executemany(_ENTRY.format(campaign=published.number, division=COUNTY * 1000 + 100), rows)
    Book.objects.filter(code=COUNTY).update(last_seq=book.last_seq + ENTRIES)
    rates = []
    while True:
        began, cpu = time.perf_counter(), time.process_time()
        followed = writes.follow()
        if not followed:
            break
        rates.append((followed / (time.perf_counter() - began), followed / (time.process_time() - cpu)))
    yield Line("following, entries", statistics.median(wall for wall, _ in rates), "/s")
    yield Line("following, entries a second of processor", statistics.median(cpu for _, cpu in rates), "/s")
    yield Line("boards that differ from the database after it", len(ranks.boards_off(writes.follow)), "")


@contextmanager
def _redis_server() -> Iterator[socket.socket]:
    with tempfile.TemporaryDirectory(prefix="kepu-redis-") as folder:
        path = str(Path(folder) / "socket")
        command = ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
        try:
            for _ in range(100):
                if Path(path).exists():
                    break
                time.sleep(0.05)
            with socket.socket(socket.AF_UNIX) as asked:
                asked.connect(path)
                yield asked
        finally:
            server.terminate()
            server.wait(20)


def _redis(people: int, drawn: Random) -> Iterator[Line]:
    """ZREVRANK in three sorted sets, a call each, where Redis is installed; at most REDIS_MOST members."""
    if shutil.which("redis-server") is None:
        return
    members = min(people, REDIS_MOST)
    with _redis_server() as asked:
        for board in (b"city", b"county", b"town"):
            for start in range(0, members, 1_000):
                parts = [b"ZADD", board]
                for person in range(start, min(start + 1_000, members)):
                    parts += [b"%d" % _volume(person, members), b"%d" % person]
                _call(asked, parts)

        def three(_at: int) -> None:
            person = b"%d" % drawn.randrange(members)
            for board in (b"city", b"county", b"town"):
                _call(asked, [b"ZREVRANK", board, person])

        yield Line(f"peer: Redis ZREVRANK in three sets of {members:,}", _rate(three), "/s")


def _volume(number: int, people: int) -> int:
    share = (number * 7919 % people) / people
    return 1 + int(VOLUMES * share**4)


def _call(asked: socket.socket, parts: list[bytes]) -> None:
    asked.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in parts))
    answer = asked.recv(4096)
    assert answer.startswith(b":"), answer


_SCORES = """
WITH {recursive} n AS ({numbers}),
k AS (SELECT i, (CAST(i AS bigint) * 7919 % {people}) * 1.0 / {people} AS r FROM n)
INSERT INTO standings_score (window_id, person, volume, reached_ms, unit, town, county, city, shown)
SELECT {window}, 1000000 + i, 1 + CAST(3000 * r * r * r * r AS int),
  {now} - (CAST(i AS bigint) * 104729) % 20000000000,
  1 + i % 2000, (430623 + i % 10) * 1000 + 100 + (i / 10) % 20, 430623 + i % 10, 4306, true
FROM k
"""
_ENTRY = """
INSERT INTO ledger_entry (book, seq, person, event_id, at_ms, day, kind, article, points, volume, reason,
  left_today, unit, channel, ref_book, ref_seq, author, note, campaign, version, division, hash)
VALUES (%s, %s, %s, %s, %s, %s, 4, 7, 1, 1, 0, -1, 1, 0, 0, 0, 0, '', {campaign}, 1, {division}, %s)
"""
