"""The write path over HTTP beside its floors, in turn; afterwards the books are held against the entries."""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from random import Random

import click
from django.conf import settings
from django.core.management import call_command

from kepu.config.bench import batches, load, people, targets
from kepu.config.bench.targets import ARTICLE, BOARD, NOOP, PLAIN, READS, SHARED, SHARES
from kepu.content import reads as content
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people import reads as registered
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation

APPLICATION = "kepu.config.bench.entry:application"
SHARERS_MAX = 50_000  # of all who are registered, drawn at random
RAW, LEDGER = "raw batches", "ledger batches"
CROWD = 256
# Each figure with its floor; rounds take both one after the other.
FLOORS = {SHARES: NOOP, READS: NOOP, SHARED: NOOP, PLAIN: NOOP, LEDGER: RAW}
TAKEN = (NOOP, SHARES, READS, SHARED, PLAIN)
RECORDED = {SHARED: 200, BOARD: 200, ARTICLE: 200}  # what a good answer is; 201 elsewhere
PAGES_OPEN, PAGES_PAUSE = 2, 0.05  # so few ask for pages, each so many seconds after the last answer began


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure and for how long."""

    seconds: float
    rounds: int
    connections: int
    people: int
    port: int
    workers: int


@dataclass(slots=True)
class Taken:
    """Everything measured of one target at one number of connections, a value a round."""

    per_second: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    recorded: int = 0
    other: int = 0

    def add(self, run: load.Load, status: int) -> None:
        """One more run is counted; `status` answers what was recorded."""
        self.per_second.append(run.per_second)
        self.p50_ms.append(run.p50_ms)
        self.p95_ms.append(run.p95_ms)
        self.p99_ms.append(run.p99_ms)
        made = run.statuses.get(status, 0)
        self.recorded += made
        self.other += sum(run.statuses.values()) - made


Runs = dict[tuple[str, int], Taken]


def measure(plan: Plan) -> list[dict[str, object]]:
    """The figures of one database, a row each. Raises ClickException when books and entries differ."""
    campaign, everybody = _prepare(plan)
    sharers = Random(7).sample(everybody, min(len(everybody), SHARERS_MAX))  # noqa: S311
    articles = sorted(content.published_ids())
    requests = {
        path: targets.requests_of(path, sharers, articles, campaign) for path in (*TAKEN, BOARD, ARTICLE)
    }
    runs: Runs = {}
    server = _started(plan)
    try:
        for path in requests:
            asyncio.run(load.run(plan.port, requests[path], plan.connections, 1))
        with click.progressbar(range(plan.rounds), label="measuring", file=sys.stderr) as bar:
            for _ in bar:
                _round(plan, requests, sharers, runs)
        _pages_meanwhile(plan, requests, runs)
        answered = _killed(plan, server, requests[SHARES])
    finally:
        _kill(server)
    recorded = answered + sum(
        each.recorded for (path, _), each in runs.items() if path in (SHARES, READS, SHARED)
    )
    _reconcile(recorded)
    return [_row(target, runs) for target in runs]


def _round(plan: Plan, requests: dict[str, Iterator[bytes]], sharers: list[int], runs: Runs) -> None:
    for connections in (plan.connections, CROWD):
        for path in TAKEN if connections == plan.connections else (NOOP, SHARES):
            run = asyncio.run(load.run(plan.port, requests[path], connections, plan.seconds))
            runs.setdefault((path, connections), Taken()).add(run, RECORDED.get(path, 201))
    runs.setdefault((RAW, 0), Taken()).per_second.append(batches.raw_rate(plan.seconds, sharers))
    runs.setdefault((LEDGER, 0), Taken()).per_second.append(batches.ledger_rate(plan.seconds, sharers))


def _pages_meanwhile(plan: Plan, requests: dict[str, Iterator[bytes]], runs: Runs) -> None:
    """A board and articles are asked for while half as many shares as were possible come in.

    The worker follows beside, as on a site.
    """
    half = statistics.median(runs[SHARES, plan.connections].per_second) / 2
    worker = subprocess.Popen([sys.executable, "-m", "kepu", "work"], start_new_session=True)
    try:
        for path in (BOARD, ARTICLE):
            for _ in range(plan.rounds):
                shares, pages = asyncio.run(_both(plan, half, requests[SHARES], requests[path]))
                runs[SHARES, plan.connections].recorded += shares.statuses.get(201, 0)
                runs.setdefault((path, PAGES_OPEN), Taken()).add(pages, 200)
    finally:
        _kill(worker)


async def _both(
    plan: Plan, half: float, shares: Iterator[bytes], pages: Iterator[bytes]
) -> tuple[load.Load, load.Load]:
    return await asyncio.gather(
        load.run(plan.port, shares, plan.connections, plan.seconds, plan.connections / half),
        load.run(plan.port, pages, PAGES_OPEN, plan.seconds, PAGES_PAUSE),
    )


def _prepare(plan: Plan) -> tuple[int, range]:
    """The campaign's number and the accounts of everybody who is registered."""
    call_command("migrate", verbosity=0)
    regions.load_divisions(only_within=("43",))
    now = clock.now()
    first = simulation.live_plan(50)
    simulation.prepare(first, now)
    published = simulation.publish_edition(clock.day_of(now).year, now)
    simulation.enrol(first, Random(first.seed), clock.day_of(now) - timedelta(days=300))  # noqa: S311
    like = min(each.account for each in registered.profiles_within("43"))
    batches.make_raw_table()
    return published.number, people.register(plan.people, like)


def _started(plan: Plan) -> "subprocess.Popen[bytes]":
    words = ("--interface", "asgi", "--port", str(plan.port), "--workers", str(plan.workers))
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "granian", *words, "--backlog", "2048", "--log-level", "warning", APPLICATION],
        start_new_session=True,
    )
    for _ in range(200):
        if server.poll() is not None:
            raise click.ClickException("the server did not start")
        try:
            HTTPConnection("127.0.0.1", plan.port, timeout=1).connect()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise click.ClickException("the server did not answer")


def _killed(plan: Plan, server: "subprocess.Popen[bytes]", requests: Iterator[bytes]) -> int:
    """Kill -9 in the middle of a run; how many shares were answered before."""

    async def scene() -> load.Load:
        running = asyncio.create_task(load.run(plan.port, requests, plan.connections, plan.seconds + 5))
        await asyncio.sleep(plan.seconds)
        _kill(server)
        return await running

    return asyncio.run(scene()).statuses.get(201, 0)


def _kill(server: "subprocess.Popen[bytes]") -> None:
    """The server is gone at once with its workers, as in a power cut."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(10)


def _reconcile(answered: int) -> None:
    """Tallies, lots and chain fit the entries, and whatever was answered is there."""
    if ledger.tallies_off() or ledger.lots_off():
        raise click.ClickException("the tallies differ from the entries after the run")
    heads = ledger.heads()
    checks = [step for head in heads for step in ledger.verify_book(head.book)]
    if any(each.first_bad or not each.head_fits for each in checks if isinstance(each, ledger.BookCheck)):
        raise click.ClickException("the chain of a book does not fit")
    kept = sum(head.seq for head in heads)
    if kept < answered:
        raise click.ClickException(f"{answered} acts were answered, {kept} are in the books")


def _row(target: tuple[str, int], runs: Runs) -> dict[str, object]:
    path, connections = target
    taken = runs[target]
    floor = FLOORS.get(path)
    below = runs[floor, connections].per_second if floor else taken.per_second
    row: dict[str, object] = {
        "database": "PostgreSQL" if settings.DATABASE_URL else "SQLite",
        "figure": path,
        "connections": connections or None,
        "per_second": round(statistics.median(taken.per_second)),
        "floor": floor,
        "of_floor": round(_ratio(taken.per_second, below), 3) if floor else None,
    }
    if connections:
        row |= {
            "p50_ms": round(statistics.median(taken.p50_ms), 1),
            "p95_ms": round(statistics.median(taken.p95_ms), 1),
            "p99_ms": round(statistics.median(taken.p99_ms), 1),
            "refused": taken.other,
        }
    if path == SHARES and connections != CROWD:
        row["times_plain"] = round(_ratio(taken.per_second, runs[PLAIN, connections].per_second), 1)
    return row


def _ratio(values: list[float], floors: list[float]) -> float:
    """The median of the rounds' own ratios: what else the machine does falls on both of a round."""
    return statistics.median(value / floor for value, floor in zip(values, floors, strict=True))
