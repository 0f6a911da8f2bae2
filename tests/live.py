"""A real site in a folder of its own: begun as a copy, served by the real server, killed at will."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from kepu.config.tests import migrated
from kepu.config.tests.as_migrated import KEPT
from kepu.ledger import process
from tests.interpreter import Interpreter
from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
MIGRATED = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
COUNTY = (
    MIGRATED
    + """
from kepu.config.command import serve
from kepu.kit import clock
from kepu.regions import writes as regions
from kepu.simulation import writes as simulation
regions.load_divisions(only_within=("43",))
now = clock.now()
simulation.prepare(simulation.live_plan(0), now)
simulation.publish_edition(clock.day_of(now).year, now)
serve.collect_static()
"""
)
PEOPLE = """
import json
from datetime import timedelta
from random import Random
from kepu.content import reads as content
from kepu.kit import clock
from kepu.people import reads as people
from kepu.simulation import writes as simulation
opened = clock.day_of(clock.now()) - timedelta(days=400)
simulation.enrol(simulation.live_plan({people}), Random(1), opened)
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


def new_database(name: str, like: str = "template1") -> str:
    """The address of a PostgreSQL database of this name that is a copy of another; an older one is gone."""
    server = postgres.reachable()
    assert server is not None
    drop_database(name)
    with psycopg.connect(server, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(like)))
    return postgres.named(server, name)


def drop_database(name: str) -> None:
    """There is no PostgreSQL database of this name."""
    server = postgres.reachable()
    assert server is not None
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def database_name(url: str) -> str:
    """The name of the database at an address."""
    return str(conninfo_to_dict(url)["dbname"])


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
    _tokens: list[str] = field(default_factory=list)
    _interpreter: Interpreter | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def prepare(self, people: int) -> None:
        """A county with certified communicators and a campaign open today."""
        BEGINNINGS.copy(COUNTY, self)
        made = json.loads(self.python(PEOPLE.format(people=people)))
        self.accounts, self.articles = made["accounts"], made["articles"]

    def migrate(self) -> None:
        """Every table is there; nothing of a county is."""
        BEGINNINGS.copy(MIGRATED, self)

    def tokens(self) -> list[str]:
        """A session token for each account; asked for again, the same ones."""
        if not self._tokens:
            self._tokens = json.loads(self.python(TOKENS.format(accounts=self.accounts)))
        return self._tokens

    def python(self, code: str) -> str:
        """What `code` prints, run with this site's settings."""
        if self._interpreter is None:
            self._interpreter = Interpreter(self.environment(), ROOT)
        return self._interpreter.run(code)

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
        until = time.monotonic() + 300
        while time.monotonic() < until:
            assert self.server.poll() is None, "the server stopped"
            try:
                httpx.get(self.url + "/v1/articles", timeout=5)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        self.kill()
        raise AssertionError("the server did not answer within five minutes")

    def leave(self) -> None:
        """No Python of ours is there any more."""
        if self._interpreter is not None:
            self._interpreter.close()
            self._interpreter = None

    def ledger_process(self) -> int:
        """The process in which the server's ledger runs."""
        assert self.server is not None
        named = [int(comm.parent.name) for comm in Path("/proc").glob("[0-9]*/comm") if _reads(comm)]
        (found,) = [pid for pid in named if os.getpgid(pid) == self.server.pid]
        return found

    def kill(self) -> None:
        """Every process of the server is gone at once, as in a power cut (the machine's caches stay)."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait(10)

    def stop(self) -> None:
        """The server ends in good order."""
        self.leave()
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


class Beginnings:
    """Sites on which nobody is yet, each made once a run and copied: migrating takes longer than a test."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, bool], LiveSite] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="kepu-beginnings-"))

    def copy(self, code: str, site: LiveSite) -> None:
        """`site` is as it would be had it run `code`; whatever its database held before is gone."""
        made = self._of(code, bool(site.database_url))
        shutil.copytree(made.home, site.home, dirs_exist_ok=True)
        if site.database_url:
            new_database(database_name(site.database_url), like=database_name(made.database_url))

    def clear(self) -> None:
        """Nothing of them is left."""
        for made in self._made.values():
            if made.database_url:
                drop_database(database_name(made.database_url))
        self._made.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _of(self, code: str, is_postgres: bool) -> LiveSite:
        if (code, is_postgres) not in self._made:
            made = LiveSite(self._folder / str(len(self._made)))
            if is_postgres:
                name = f"kepu_beginning_{os.getpid()}_{len(self._made)}"
                made.database_url = new_database(name, like=_tests_own())
                with psycopg.connect(made.database_url) as own:
                    own.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(KEPT)))
            else:
                made.home.mkdir()
                migrated.copy(made.home / "kepu.sqlite3")
            made.python(code)
            made.leave()
            self._made[code, is_postgres] = made
        return self._made[code, is_postgres]


def _reads(comm: Path) -> bool:
    """Whether a ledger runs there; a process may end while it is looked at."""
    try:
        return comm.read_text().strip() == process.NAME
    except OSError:
        return False


def _tests_own() -> str:
    """The PostgreSQL database of the tests, where one is there and migrated already: nobody else is on it."""
    name = str(connection.settings_dict["NAME"])
    connection.close()
    return name if name.startswith("test_") else "template1"


BEGINNINGS = Beginnings()
