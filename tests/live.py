"""A real site in a folder of its own: prepared once, served by the real server, killed at will."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

ROOT = Path(__file__).resolve().parent.parent
PREPARE = """
import json
from random import Random
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people import reads as people
from kepu.content import reads as content
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
from datetime import timedelta
from django.core.management import call_command
call_command("migrate", verbosity=0)
regions.load_divisions(only_within=("43",))
now = clock.now()
plan = simulation.live_plan({people})
simulation.prepare(plan, now)
simulation.publish_edition(clock.day_of(now).year, now)
simulation.enrol(plan, Random(1), clock.day_of(now) - timedelta(days=400))
print(json.dumps({{"accounts": [each.account for each in people.profiles_within("43")],
                  "articles": sorted(content.published_ids())}}))
"""
TOKENS = """
import json, sys
from django.conf import settings
from kepu.kit import clock
from kepu.people.rules import Session, session_token
now = int(clock.now().timestamp())
print(json.dumps([session_token(settings.KEPU_KEYS.session, Session(each, 1, now)) for each in {accounts}]))
"""


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class LiveSite:
    """One site's folder, database and server process."""

    home: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    accounts: list[int] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    server: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def prepare(self, people: int) -> None:
        """A county with certified communicators and a campaign open today."""
        made = json.loads(self.python(PREPARE.format(people=people)))
        self.accounts, self.articles = made["accounts"], made["articles"]

    def tokens(self) -> list[str]:
        """A session token for each account."""
        found: list[str] = json.loads(self.python(TOKENS.format(accounts=self.accounts)))
        return found

    def python(self, code: str) -> str:
        """What `code` prints, run with this site's settings."""
        setup = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", setup + code],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def number(self, question: str) -> int:
        """The one number a SQL question gives, asked of the site's database directly."""
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                row = connection.execute(question.encode()).fetchone()
        else:
            with closing(sqlite3.connect(self.home / "kepu.sqlite3")) as connection:
                row = connection.execute(question).fetchone()
        assert row is not None
        return int(row[0])

    def kepu(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """The `kepu` command on this site."""
        return subprocess.run(
            [sys.executable, "-m", "kepu", *words],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *words: str) -> None:
        """The server answers (the worker beside it too, unless `--alone` is among `words`)."""
        self.server = subprocess.Popen(
            [sys.executable, "-m", "kepu", "serve", "--port", str(self.port), *words],
            env=self.environment(),
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert self.server.poll() is None, "the server stopped"
            try:
                httpx.get(self.url + "/v1/articles", timeout=5)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server did not answer within a minute")

    def kill(self) -> None:
        """Every process of the server is gone at once, as in a power cut (the machine's caches stay)."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait(10)

    def stop(self) -> None:
        """The server ends in good order."""
        if self.server is not None and self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def environment(self) -> dict[str, str]:
        """The settings this site runs with."""
        return os.environ | {
            "KEPU_HOME": str(self.home),
            "KEPU_DATABASE_URL": self.database_url,
            "KEPU_DEVELOPMENT": "1",
            "DJANGO_SETTINGS_MODULE": "kepu.config.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }

    def copy_to(self, folder: Path) -> "LiveSite":
        """A second site that starts from the same (SQLite) state."""
        shutil.copytree(self.home, folder)
        return LiveSite(folder, accounts=self.accounts, articles=self.articles)
