"""The whole suite on SQLite, then again on PostgreSQL where one can be reached: `python -m tools.suite`.

Further words go to pytest. $KEPU_REQUIRE_POSTGRES=1 makes a missing PostgreSQL a failure.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import psycopg
from psycopg import sql

from tools import postgres


def ran(title: str, words: list[str], database_url: str) -> bool:
    """Whether a run of pytest passed and tested anything; its counts and seconds are printed."""
    with tempfile.TemporaryDirectory(prefix="kepu-suite-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *words]
        started = time.monotonic()
        print(f"== {title}", flush=True)
        status = subprocess.run(
            command,
            env={**os.environ, "KEPU_DATABASE_URL": database_url},
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
        executed = _executed(report)
    print(f"== {title}: {executed} tests ran in {time.monotonic() - started:.0f} s", flush=True)
    return status == 0 and executed > 0


def _executed(report: Path) -> int:
    if not report.exists():
        return 0
    suites = ElementTree.parse(report).iter("testsuite")  # noqa: S314 (pytest's own file)
    return sum(int(suite.get("tests", 0)) - int(suite.get("skipped", 0)) for suite in suites)


def main() -> int:
    """0 when every run passed."""
    words = sys.argv[1:]
    passed = [ran("SQLite", words, "")]
    server = postgres.reachable()
    if server is None:
        required = os.environ.get("KEPU_REQUIRE_POSTGRES") == "1"
        print("== PostgreSQL: not reached, so NOT tested ($KEPU_TEST_POSTGRES_URL can name one)", flush=True)
        return 1 if required else int(not all(passed))
    name = f"kepu_suite_{os.getpid()}"
    try:
        passed.append(ran("PostgreSQL", words, postgres.named(server, name)))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(f"test_{name}")))
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main())
