"""The whole suite on SQLite and, where one can be reached, on PostgreSQL: `python -m tools.suite`.

On PostgreSQL run those tests that touch a database; the others could only say the same again.
Further words go to pytest. Both run at the same time where there are two cores; what PostgreSQL's run says is
shown after SQLite's. $KEPU_REQUIRE_POSTGRES=1 makes a missing PostgreSQL a failure.
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


def both(words: list[str], server: str, folder: Path) -> bool:
    """Whether the suite passed on SQLite and on a database of its own on `server`."""
    name = f"kepu_suite_{os.getpid()}"
    started: list[Run] = []
    try:
        again = ["--database-only", *words]
        if (os.cpu_count() or 1) > 1:
            started.append(start("PostgreSQL", again, postgres.named(server, name), folder, aside=True))
            started.append(start("SQLite", words, "", folder, aside=False))
            first, other = started[1].passed(), started[0].passed()
            return first and other
        started.append(start("SQLite", words, "", folder, aside=False))
        first = started[0].passed()
        started.append(start("PostgreSQL", again, postgres.named(server, name), folder, aside=False))
        return started[1].passed() and first
    finally:
        for run in started:
            run.process.terminate()  # still going only when we were stopped
            run.process.wait()
        with psycopg.connect(server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(f"test_{name}")))


def main() -> int:
    """0 when every run passed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    words = sys.argv[1:]
    server = postgres.reachable()
    with tempfile.TemporaryDirectory(prefix="kepu-suite-") as folder:
        if server is not None:
            return int(not both(words, server, Path(folder)))
        passed = start("SQLite", words, "", Path(folder), aside=False).passed()
    required = os.environ.get("KEPU_REQUIRE_POSTGRES") == "1"
    print("== PostgreSQL: not reached, so NOT tested ($KEPU_TEST_POSTGRES_URL can name one)", flush=True)
    return int(required or not passed)


if __name__ == "__main__":
    sys.exit(main())
