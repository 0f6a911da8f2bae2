"""`kepu bench`: the recorder beside its floors and its plain peer, in one run."""

import importlib
import json
import os
import subprocess
import sys
import tempfile

import click
from django.core.management import call_command
from django.db import connection

from kepu.config.bench import crowd, growth, recording
from kepu.config.bench import office as staff_pages
from kepu.config.bench import ranks as boards
from kepu.config.bench import rules as tried
from kepu.config.bench.table import machine, table
from kepu.kit import clock
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
from kepu.standings import writes as standings

INSIDE = "KEPU_BENCH_INSIDE"


@click.command()
@click.option("--seconds", default=5.0, show_default=True, help="Length of one measurement.")
@click.option("--rounds", default=5, show_default=True, help="Measurements of each target, taken in turn.")
@click.option("--connections", default=64, show_default=True, help="Connections kept open.")
@click.option("--people", default=1_000_000, show_default=True, help="Registered communicators.")
@click.option("--port", default=8765, show_default=True, help="Port for the server that is measured.")
@click.option("--postgres", default="", help="Address of an empty PostgreSQL database to measure as well.")
@click.option("--workers", default=1, show_default=True, help="Server processes on PostgreSQL.")
@click.option("--office", is_flag=True, help="Measure every staff page instead, on a crowded site.")
@click.option("--entries", default=5_000_000, show_default=True, help="Entries of the crowded site.")
@click.option("--ranks", default=0, help="Measure ranks among that many people instead, at least 20,000.")
@click.option("--rules", is_flag=True, help="Measure trials of other rules on the last 90 days instead.")
@click.option("--columns", default=0, help="Measure a year's lists by DuckDB among that many people instead.")
@click.option(
    "--growth", "grows", is_flag=True, help="Measure writing as the ledger grows to --entries instead."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(
    *,
    postgres: str,
    office: bool,
    ranks: int,
    columns: int,
    entries: int,
    rules: bool,
    grows: bool,
    as_json: bool,
    **plan_of: float,
) -> None:
    """Measure shares over HTTP beside a no-op, raw rows and a plain view, e.g.: kepu bench --seconds 5

    With --office: every staff page on a site with many people and entries, e.g.:
    kepu bench --office --people 100000 --entries 5000000

    With --ranks: ranks on boards of that many people, e.g.: kepu bench --ranks 10000000

    With --rules: other rules tried on many entries, e.g.: kepu bench --rules --people 30000

    With --columns: a year's lists from columns, e.g.: kepu bench --columns 1000000

    With --growth: writing as a book grows, bytes an entry, e.g.: kepu bench --growth --entries 20000000

    Uses a data folder of its own, which is removed afterwards.
    """
    if columns:
        click.echo(importlib.import_module("kepu.config.bench.columns").run(columns))
        return
    if os.environ.get(INSIDE) == "1" and ranks:
        click.echo(boards.run(ranks))
        return
    if os.environ.get(INSIDE) == "1" and rules:
        click.echo(tried.run(int(plan_of["people"]), entries))
        return
    if os.environ.get(INSIDE) == "1" and grows:
        click.echo(growth.run(entries))
        return
    if os.environ.get(INSIDE) == "1":
        plan = recording.Plan(plan_of.pop("seconds"), *(int(plan_of[name]) for name in PLAN))
        _office(plan.people, entries) if office else click.echo(json.dumps(recording.measure(plan)))
        return
    if office or ranks or rules or grows:
        sys.exit(_inside(sys.argv[1:], {}).returncode)
    named = machine()
    words = ["bench", *(f"--{name}={value}" for name, value in plan_of.items())]
    runs = [_inside([*words, "--workers=1"], {"KEPU_DATABASE_URL": ""}, stdout=subprocess.PIPE)]
    if postgres:
        runs.append(_inside(words, {"KEPU_DATABASE_URL": postgres}, stdout=subprocess.PIPE))
    if any(run.returncode for run in runs):
        raise click.ClickException("the figures are not to be trusted: see above")
    rows = [row for run in runs for row in json.loads(run.stdout)]
    if as_json:
        click.echo(json.dumps({"machine": named, "figures": rows}, indent=1))
        return
    click.echo(f"{named}; {plan_of['people']:,} registered; medians of {plan_of['rounds']} rounds")
    click.echo(table(rows))
    click.echo("\nAfter the runs and after kill -9: tallies, lots of points and chains fit the entries.")


PLAN = ("rounds", "connections", "people", "port", "workers")


def _inside(words: list[str], settings: dict[str, str], **how: int) -> "subprocess.CompletedProcess[bytes]":
    """The same command with settings of its own, in a data folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kepu-bench-") as folder:
        environment = os.environ | settings | {"KEPU_HOME": folder, INSIDE: "1"}
        return subprocess.run([sys.executable, "-m", "kepu", *words], env=environment, check=False, **how)  # type: ignore[call-overload, no-any-return]  # noqa: S603


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
