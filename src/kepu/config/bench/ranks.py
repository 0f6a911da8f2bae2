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
    """One line of the table: what was done how often a second, or how long it took, or how much it needs.

    `amount` is by the clock on the wall, `of_processor` by the time this process had a processor; None where
    that makes no difference.
    """

    name: str
    unit: str
    amount: float
    of_processor: float | None = None


Spent = tuple[float, float]  # by the clock on the wall and of processor


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
    return table([Line("filling", "s", *filled), *measured(published, people, now)], people)


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
    first = _seconds(lambda: ranks.my_ranks(shared, ALL, persons[0]))
    yield Line("restart: first rank in three scopes", "s", *first)
    yield Line("trees of the three scopes", "MiB", _tree_bytes(shared, persons[0]) / 2**20)
    window = ranks.window_of(published.number, ALL)
    assert window is not None
    every = _seconds(lambda: [ranks.tree_of(window, code) for code in _divisions()])
    yield Line("trees of all scopes: reading them", "s", *every)
    yield Line("trees of all scopes", "MiB", ranks.trees_bytes() / 2**20)
    yield from _ranked(shared, earlier, window, persons)
    yield from _redis(people, drawn)
    yield from _pages(published, people)
    yield from _followed(published, people, now, drawn)


def _divisions() -> Iterator[int]:
    yield COUNTY // 100
    for county in range(COUNTY, COUNTY + COUNTIES):
        yield county
        yield from (county * 1000 + 100 + town for town in range(TOWNS))


def _ranked(
    shared: Published, earlier: Published, window: ranks.Followed, persons: list[int]
) -> Iterator[Line]:
    """Ranks a second, and what the row alone and counting cost."""
    known = _known(shared, persons)

    def in_memory(at: int) -> None:
        volume, *codes = known[at % len(known)]
        for code in codes:
            tree = ranks.tree_of(window, code)
            assert tree is not None
            tree.above(volume)

    asked: list[tuple[str, Callable[[int], object]]] = [
        ("my_ranks, equals share a rank", lambda person: ranks.my_ranks(shared, ALL, person)),
        ("my_ranks, the earlier is ahead", lambda person: ranks.my_ranks(earlier, ALL, person)),
        ("floor: the row alone, asked of the driver", lambda person: _bare_row(window.id, person)),
        ("floor: the row alone, by Django's cursor", lambda person: _row(window.id, person)),
        ("peer: count(*) in three scopes", lambda person: _counted(window.id, person)),
    ]
    yield Line("ranks in three scopes, volume known", "/s", *_rate(in_memory))
    for name, ask in asked:
        yield Line(name, "/s", *_rate(lambda at, ask=ask: ask(persons[at % len(persons)])))  # type: ignore[misc]


def _pages(published: Published, people: int) -> Iterator[Line]:
    """A page of 20 at the top and far down, of the city, its first county and its first town."""
    for division in ("4306", str(COUNTY), f"{COUNTY}100"):
        among = people // {4: 1, 6: COUNTIES, 9: COUNTIES * TOWNS}[len(division)]
        for start in (0, min(500_000, among // 2)):
            wall, cpu = _seconds_each(
                lambda division=division, start=start: reads.board(published.number, ALL, division, start, 20)  # type: ignore[misc]
            )
            yield Line(f"page of 20 at place {start:,} of {division}", "ms", 1000 * wall, 1000 * cpu)


def table(lines: list[Line], people: int) -> str:
    """The lines as text."""
    places = f"one city of {COUNTIES} counties and {COUNTIES * TOWNS} towns"
    head = f"{people:,} people, {places}, {connection.vendor}, {os.cpu_count()} cores"
    return "\n".join([head, f"{'':<48}{'on the wall':>14}{'of processor':>14}", *map(_text, lines)])


def _text(line: Line) -> str:
    of_processor = "" if line.of_processor is None else f"{line.of_processor:,.1f}"
    return f"{line.name:<48}{line.amount:>14,.1f}{of_processor:>14} {line.unit}"


def _with_ties(published: Published, rule: TieRule) -> Published:
    return replace(published, sheet=replace(published.sheet, tie_rule=rule))


def _seconds(act: Callable[[], object]) -> Spent:
    began, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - cpu


def _seconds_each(act: Callable[[], object]) -> Spent:
    return _medians([_seconds(act) for _ in range(TIMES)])


def _rate(act: Callable[[int], object]) -> Spent:
    """The medians of TIMES runs of about SECONDS."""
    rates = []
    at = 0
    for _ in range(TIMES):
        began, cpu, done = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - began < SECONDS:
            for _ in range(10):
                act(at)
                at += 1
            done += 10
        rates.append((done / (time.perf_counter() - began), done / (time.process_time() - cpu)))
    return _medians(rates)


def _medians(found: list[Spent]) -> Spent:
    return statistics.median(wall for wall, _ in found), statistics.median(cpu for _, cpu in found)


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
        cursor.execute(_ROW, [window, person])
        return tuple(cursor.fetchone())


def _bare_row(window: int, person: int) -> None:
    if connection.vendor == "sqlite":
        connection.connection.execute(_ROW.replace("%s", "?"), (window, person)).fetchone()
    else:
        connection.connection.execute(_ROW, (window, person), prepare=True).fetchone()


def _counted(window: int, person: int) -> None:
    volume, _, county, town = _row(window, person)
    everywhere = [COUNTY + number for number in range(COUNTIES)]
    marks = ", ".join(["%s"] * COUNTIES)
    places: list[tuple[str, list[int]]] = [
        (f"county IN ({marks})", everywhere),
        ("county = %s", [county]),
        ("county = %s AND town = %s", [county, town]),
    ]
    with connection.cursor() as cursor:
        for place, codes in places:
            cursor.execute(
                f"SELECT count(*) FROM standings_score WHERE window_id = %s AND shown AND {place}"  # noqa: S608
                " AND volume > %s",
                [window, *codes, volume],
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
    yield Line("following, entries", "/s", *_medians(rates))
    yield Line("boards that differ from the database after it", "", len(ranks.boards_off(writes.follow)))


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

        yield Line(f"peer: Redis ZREVRANK in three sets of {members:,}", "/s", *_rate(three))


def _volume(number: int, people: int) -> int:
    share = (number * 7919 % people) / people
    return 1 + int(VOLUMES * share**4)


def _call(asked: socket.socket, parts: list[bytes]) -> None:
    asked.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in parts))
    answer = asked.recv(4096)
    assert answer.startswith(b":"), answer


_ROW = "SELECT volume, city, county, town FROM standings_score WHERE window_id = %s AND person = %s"
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
