"""`kepu bench`: the recorder beside its floor and its plain peer, in one run."""

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from random import Random

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from kepu.config.bench import crowd, load
from kepu.config.bench import office as staff_pages
from kepu.config.bench import ranks as boards
from kepu.content import reads as content
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people import reads as people
from kepu.people.rules import Session, session_token
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
from kepu.standings import writes as standings

PORT = 8765
GRANIAN = ("--workers", "1", "--backlog", "2048", "--log-level", "warning")
APPLICATION = "kepu.config.bench.entry:application"
TARGETS = ("/bench/noop", "/v1/activities", "/bench/plain")


@click.command()
@click.option("--seconds", default=5.0, show_default=True, help="Length of one measurement.")
@click.option("--rounds", default=5, show_default=True, help="Measurements of each target, taken in turn.")
@click.option("--connections", default=64, show_default=True, help="Connections kept open.")
@click.option("--people", "count", default=2000, show_default=True, help="Communicators who share.")
@click.option("--office", is_flag=True, help="Measure every staff page instead, on a crowded site.")
@click.option("--entries", default=5_000_000, show_default=True, help="Entries of the crowded site.")
@click.option("--ranks", default=0, help="Measure ranks among that many people instead, at least 20,000.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(count: int, office: bool, ranks: int, entries: int, as_json: bool, **load_of: float) -> None:
    """Measure shares over HTTP beside a no-op and a plain view, e.g.: kepu bench --seconds 5

    With --office: every staff page on a site with many people and entries, e.g.:
    kepu bench --office --people 100000 --entries 5000000

    With --ranks: ranks on boards of that many people, e.g.: kepu bench --ranks 10000000

    Uses a data folder of its own, which is removed afterwards.
    """
    if os.environ.get("KEPU_BENCH_INSIDE") != "1":
        with tempfile.TemporaryDirectory(prefix="kepu-bench-") as folder:
            environment = os.environ | {"KEPU_HOME": folder, "KEPU_BENCH_INSIDE": "1"}
            sys.exit(subprocess.call([sys.executable, "-m", "kepu", *sys.argv[1:]], env=environment))  # noqa: S603
    if ranks:
        click.echo(boards.run(ranks))
        return
    if office:
        _office(count, entries)
        return
    seconds, rounds, connections = load_of["seconds"], int(load_of["rounds"]), int(load_of["connections"])
    tokens = _prepare(count)
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(PORT), *GRANIAN, APPLICATION]
    )
    try:
        _wait_for(server)
        runs = _measure(tokens, seconds, rounds, connections)
    finally:
        server.terminate()
        server.wait(20)
    click.echo(json.dumps(_figures(runs), indent=1) if as_json else _table(runs, connections))
    if ledger.tallies_off() or ledger.balances_off():
        raise click.ClickException("the tallies differ from the entries after the run")


def _office(count: int, entries: int) -> None:
    """Fill an empty site, ask every staff page, print what each costs; fails where one is over."""
    call_command("migrate", verbosity=0)
    regions.load_divisions(only_within=("43",))
    now = clock.now()
    plan = simulation.live_plan(count)
    simulation.prepare(plan, now)
    published = simulation.publish_edition(clock.day_of(now).year, now)
    standings.follow()
    whole = crowd.Crowd(published, count, entries, clock.day_of(now))
    crowd.hurry(on=True)
    crowd.enrol(whole, now)
    with click.progressbar(length=entries, label="filling", file=sys.stderr) as bar:
        for done in crowd.fill(whole):
            bar.update(done - bar.pos)
    crowd.follow(whole)
    crowd.hurry(on=False)
    measured = staff_pages.measured_pages(now)
    click.echo(f"{count:,} communicators, {entries:,} entries, {connection.vendor}, {os.cpu_count()} cores")
    click.echo(staff_pages.table(measured))
    over = sum(each.is_over for each in measured)
    if over:
        limits = f"{staff_pages.QUERIES_MAX} queries or {staff_pages.MILLISECONDS_MAX} ms"
        raise click.ClickException(f"{over} pages are over {limits}")


def _prepare(count: int) -> list[str]:
    call_command("migrate", verbosity=0)
    regions.load_divisions(only_within=("43",))
    now = clock.now()
    plan = simulation.live_plan(count)
    simulation.prepare(plan, now)
    simulation.publish_edition(clock.day_of(now).year, now)
    simulation.enrol(plan, Random(plan.seed), clock.day_of(now) - timedelta(days=300))  # noqa: S311
    issued = int(now.timestamp())
    return [
        session_token(settings.KEPU_KEYS.session, Session(each.account, 1, issued))
        for each in people.profiles_within("43")
    ]


def _requests(path: str, tokens: list[str], articles: list[int]) -> Iterator[bytes]:
    pairs = zip(itertools.cycle(tokens), itertools.cycle(articles), strict=False)
    for token, article in pairs:
        body = b'{"event_id":"%s","kind":"share","article":%d,"channel":"page"}'
        yield load.post(path, token, body % (str(uuid.uuid4()).encode(), article))


def _measure(tokens: list[str], seconds: float, rounds: int, connections: int) -> dict[str, list[load.Load]]:
    articles = sorted(content.published_ids())
    requests = {path: _requests(path, tokens, articles) for path in TARGETS}
    runs: dict[str, list[load.Load]] = {path: [] for path in TARGETS}
    for path in TARGETS:
        asyncio.run(load.run(PORT, requests[path], connections, 1))
    with click.progressbar(range(rounds), label="measuring", file=sys.stderr) as bar:
        for _ in bar:
            for path in TARGETS:
                runs[path].append(asyncio.run(load.run(PORT, requests[path], connections, seconds)))
    return runs


def _figures(runs: dict[str, list[load.Load]]) -> dict[str, dict[str, float]]:
    medians = {path: statistics.median(run.per_second for run in taken) for path, taken in runs.items()}
    noop, plain = medians["/bench/noop"], medians["/bench/plain"]
    return {
        path: {
            "per_second": round(medians[path]),
            "of_noop": round(medians[path] / noop, 3),
            "times_plain": round(medians[path] / plain, 1),
            "p50_ms": round(statistics.median(run.p50_ms for run in taken), 1),
            "p99_ms": round(statistics.median(run.p99_ms for run in taken), 1),
            "not_201": sum(n for run in taken for status, n in run.statuses.items() if status != 201),
        }
        for path, taken in runs.items()
    }


def _table(runs: dict[str, list[load.Load]], connections: int) -> str:
    lines = [
        f"{os.cpu_count()} cores, load generator on the same cores, {connections} connections, "
        f"{connection.vendor}, medians of {len(runs['/bench/noop'])} measurements of each",
        f"{'target':<16}{'a second':>10}{'of no-op':>10}{'x plain':>9}"
        f"{'p50 ms':>9}{'p99 ms':>9}{'not 201':>9}",
    ]
    for path, row in _figures(runs).items():
        lines.append(
            f"{path:<16}{row['per_second']:>10.0f}{row['of_noop']:>10.2f}{row['times_plain']:>9.1f}"
            f"{row['p50_ms']:>9.1f}{row['p99_ms']:>9.1f}{row['not_201']:>9.0f}"
        )
    return "\n".join(lines)


def _wait_for(server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise click.ClickException("the server did not start")
        try:
            HTTPConnection("127.0.0.1", PORT, timeout=1).connect()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise click.ClickException("the server did not answer")
