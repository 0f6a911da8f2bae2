"""The whole suite on SQLite and, where one can be reached, on PostgreSQL: `python -m tools.suite`.

On PostgreSQL run those tests that another database can make pass or fail (`conftest.py` says which).
Further words go to pytest. Where there are two cores all runs go on at the same time, and without further
words SQLite's is cut in two: the rooms (`src`), and the tests of the whole site (`tests`), which mostly wait
for a browser. What the first says is shown at once, what the others say after it.
$KEPU_REQUIRE_POSTGRES=1 makes a missing PostgreSQL a failure.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tools import postgres


@dataclass(frozen=True, slots=True)
class Run:
    """One run of pytest, already going; what it says goes to `output` (None: straight to the terminal)."""

    title: str
    process: "subprocess.Popen[bytes]"
    report: Path
    output: Path | None
    started: float

    def passed(self) -> bool:
        """Wait for its end; whether it tested anything and all of it passed."""
        status = self.process.wait()
        seconds = time.monotonic() - self.started
        if self.output is not None:
            print(self.output.read_text("utf-8", errors="replace"), end="")
        executed = executed_tests(self.report)
        verdict = "passed" if status == 0 and executed else "FAILED"
        print(f"== {self.title}: {verdict}, {executed} tests ran in {seconds:.0f} s", flush=True)
        return verdict == "passed"


def start(title: str, words: list[str], database_url: str, folder: Path, *, aside: bool) -> Run:
    """pytest runs on the database; `aside` keeps what it says until it is asked."""
    report = folder / f"{title}.xml"
    environment = {name: value for name, value in os.environ.items() if name != "KEPU_HOME"}
    output = folder / f"{title}.txt" if aside else None
    with ExitStack() as files:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", f"--junitxml={report}", *words],
            env={**environment, "KEPU_DATABASE_URL": database_url},
            stdin=subprocess.DEVNULL,
            stdout=files.enter_context(output.open("wb")) if output else None,
            stderr=subprocess.STDOUT,
        )
    return Run(title, process, report, output, time.monotonic())


def executed_tests(report: Path) -> int:
    """How many tests a run's report counts, skipped ones left out; 0 without a report."""
    if not report.exists():
        return 0
    suites = ElementTree.parse(report).iter("testsuite")  # noqa: S314 (pytest's own file)
    return sum(int(suite.get("tests", 0)) - int(suite.get("skipped", 0)) for suite in suites)


def planned(words: list[str], address: str, *, side_by_side: bool) -> list[tuple[str, list[str], str]]:
    """(title, words for pytest, database) of each run; `address`: that of PostgreSQL's, "" for none."""
    runs = [("SQLite", words, "")]
    if side_by_side and not words:
        runs = [("SQLite, rooms", ["src"], ""), ("SQLite, site", ["tests"], "")]
    return [*runs, ("PostgreSQL", ["--database-only", *words], address)] if address else runs


def passed(runs: list[tuple[str, list[str], str]], folder: Path, *, side_by_side: bool) -> bool:
    """Whether every run passed; all at the same time, or one after another."""
    started: list[Run] = []
    verdicts: list[bool] = []
    try:
        for place, (title, words, address) in enumerate(runs):
            started.append(start(title, words, address, folder, aside=side_by_side and place > 0))
            if not side_by_side:
                verdicts.append(started[-1].passed())
        return all(verdicts + [run.passed() for run in started if side_by_side])
    finally:
        for run in started:
            run.process.terminate()  # still going only when we were stopped
            run.process.wait()


def without(server: str, database: str) -> None:
    """The database is gone."""
    with psycopg.connect(server, autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(database)))


def main() -> int:
    """0 when every run passed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    server, name = postgres.reachable(), f"kepu_suite_{os.getpid()}"
    side_by_side = (os.cpu_count() or 1) > 1
    address = "" if server is None else postgres.named(server, name)
    runs = planned(sys.argv[1:], address, side_by_side=side_by_side)
    with tempfile.TemporaryDirectory(prefix="kepu-suite-") as folder:
        try:
            good = passed(runs, Path(folder), side_by_side=side_by_side)
        finally:
            if server is not None:
                without(server, f"test_{name}")
    if server is not None:
        return int(not good)
    required = os.environ.get("KEPU_REQUIRE_POSTGRES") == "1"
    print("== PostgreSQL: not reached, so NOT tested ($KEPU_TEST_POSTGRES_URL can name one)", flush=True)
    return int(required or not good)


if __name__ == "__main__":
    sys.exit(main())
