"""A site goes on elsewhere from its backup, whatever was going on when it was made or restored."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import psycopg
import pytest

from kepu.config.keeping.unpacking import unpack
from tests.conftest import empty_database
from tests.live import ROOT, LiveSite

pytestmark = pytest.mark.both_databases
DIES = """
import os, signal, sys
from kepu.config.keeping import databases, packing, restoring, unpacking
def die(*_words, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
{patch}
from kepu.config.command import main
main({words!r})
"""
ENTRIES = "SELECT book, seq, person, volume, hash FROM ledger_entry ORDER BY book, seq"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A county with people, pictures and some entries."""
    with empty_database() as url:
        site = LiveSite(tmp_path_factory.mktemp("source") / "home", url)
        site.prepare(12)
        for name in ("media/images/one.jpg", "jobs/waiting"):
            path = site.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.urandom(50_000))
        site.start("--alone")
        for token in site.tokens()[:5]:
            shared(site, token)
        site.stop()
        yield site


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[LiveSite]:
    """Nothing yet, where a site may be restored."""
    with empty_database() as url:
        yield LiveSite(tmp_path / "restored", url)


def shared(site: LiveSite, token: str) -> tuple[int, int]:
    """Where an act stands that was answered."""
    body = {"event_id": str(uuid.uuid4()), "kind": "share", "article": random.choice(site.articles)}
    answer = httpx.post(
        f"{site.url}/v1/activities", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=20
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["book"], answer.json()["seq"]


def backed_up(site: LiveSite, folder: Path) -> dict[str, Any]:
    """A new backup, as the command says it."""
    done = site.kepu("backup", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rows(site: LiveSite, question: str) -> list[tuple[Any, ...]]:
    if site.database_url:
        with psycopg.connect(site.database_url) as connection:
            return connection.execute(question.encode()).fetchall()
    with closing(sqlite3.connect(site.home / "kepu.sqlite3")) as connection:
        return connection.execute(question).fetchall()


def everything(site: LiveSite) -> dict[str, list[str]]:
    """Every row of every table."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    if site.database_url:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    found = {name: sorted(map(repr, rows(site, f'SELECT * FROM "{name}"'))) for (name,) in rows(site, tables)}
    assert len(found) > 50
    return found


def files(site: LiveSite) -> dict[str, bytes]:
    kept = [site.home / "keys.json", *site.home.glob("media/**/*"), *site.home.glob("jobs/**/*")]
    return {str(path.relative_to(site.home)): path.read_bytes() for path in kept if path.is_file()}


def dying(site: LiveSite, patch: str, *words: str) -> None:
    """The command on this site, which is killed where `patch` says `die`."""
    code = DIES.format(patch=patch, words=list(words))
    done = subprocess.run(
        [sys.executable, "-c", code], env=site.environment(), cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def settled(site: LiveSite) -> None:
    """No pg_restore of a killed command goes on by itself."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    while site.database_url and rows(site, others)[0][0]:
        time.sleep(0.1)


def test_a_site_at_rest_is_the_same_elsewhere(source, empty, tmp_path):
    made = backed_up(source, tmp_path)
    done = empty.kepu("restore", made["file"], "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["good"], said["wrong"], said["books"]) == (True, [], made["books"])
    assert sum(each["seq"] for each in said["books"]) >= 5
    assert everything(empty) == everything(source)
    assert files(empty) == files(source)
    assert {path.name for path in empty.home.iterdir()} - {"kepu.sqlite3"} == {"keys.json", "media", "jobs"}
    assert empty.kepu("verify").returncode == 0
    # The keys came along: a link and a session of there are good here.
    empty.accounts, empty.articles = source.accounts, source.articles
    empty.start("--alone")
    shared(empty, source.tokens()[0])
    empty.stop()


def test_a_backup_under_full_load_is_one_moment_of_the_site(source, empty, tmp_path):
    source.start("--alone")
    stop, before = Event(), dict[tuple[int, int], None]()

    def share(token: str) -> int:
        count = 0
        while not stop.is_set():
            place = shared(source, token)
            count += 1
            if not begun.is_set():
                before[place] = None
        return count

    begun = Event()
    with ThreadPoolExecutor(12) as pool:
        sharing = [pool.submit(share, token) for token in source.tokens()]
        time.sleep(1)
        begun.set()
        first = source.number("SELECT sum(last_seq) FROM ledger_book")
        made = backed_up(source, tmp_path)
        last = source.number("SELECT sum(last_seq) FROM ledger_book")
        stop.set()
        assert min(each.result() for each in sharing) > 0
    source.stop()
    held = sum(each["seq"] for each in made["books"])
    assert first <= held < last, "it was written to all the time"
    assert empty.kepu("restore", made["file"]).returncode == 0
    assert rows(empty, "SELECT sum(last_seq) FROM ledger_book")[0][0] == held
    heads = {each["book"]: each["seq"] for each in made["books"]}
    restored = rows(empty, ENTRIES)
    assert restored == [row for row in rows(source, ENTRIES) if row[1] <= heads[row[0]]]
    assert before.keys() <= {row[:2] for row in restored}
    verified = empty.kepu("verify", "--json")
    assert verified.returncode == 0, verified.stdout


def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(source, tmp_path):
    started = time.monotonic()
    backed_up(source, tmp_path / "whole")
    takes = time.monotonic() - started
    folder = tmp_path / "backups"
    for _ in range(6):
        running = subprocess.Popen(
            [sys.executable, "-m", "kepu", "backup", str(folder)],
            env=source.environment(),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        time.sleep(random.uniform(takes / 3, takes * 1.1))
        running.kill()
        running.wait()
    for number, patch in enumerate(("packing._write = die", "packing.os.fsync = die", "packing._put = die")):
        dying(source, patch, "backup", str(folder / f"named{number}.tar.gz"))
    for number, file in enumerate(folder.glob("*.tar.gz")):
        assert not file.name.startswith("named")
        assert unpack(file, lambda: "", tmp_path / str(number)).books
    made = Path(backed_up(source, folder)["file"])
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    assert unpack(made, lambda: "", tmp_path / "last").books


POINTS = {
    "unpacking": "restoring._refuse_another = die",
    "settling": "restoring._settled = die",
    "migrating": "import django.core.management; django.core.management.call_command = die",
    "placing": "restoring._put_in_place = die",
}

# Which command is tried on the half that each leaves.
REFUSED = {
    "unpacking": ("work", "--once"),
    "settling": ("backup",),
    "migrating": ("serve", "--port", "1"),
    "placing": ("doctor",),
    "random": ("verify",),
}


@pytest.mark.parametrize("point", [*POINTS, "random"])
def test_a_restore_that_is_killed_says_so_and_can_be_done_again(source, empty, tmp_path, point):
    file = backed_up(source, tmp_path)["file"]
    if point == "random":
        running = subprocess.Popen(
            [sys.executable, "-m", "kepu", "restore", file], env=empty.environment(), cwd=ROOT
        )
        while not (empty.home / "restoring").exists() and running.poll() is None:
            time.sleep(0.001)
        time.sleep(random.uniform(0, 1.5))
        running.kill()
        running.wait()
        settled(empty)
    else:
        dying(empty, POINTS[point], "restore", file)
    refused = empty.kepu(*REFUSED[point])
    assert refused.returncode == 1
    assert "恢复" in refused.stderr + refused.stdout
    assert "一半" in refused.stderr + refused.stdout
    again = empty.kepu("restore", file)
    if empty.database_url and point in ("placing", "random", "migrating") and again.returncode:
        assert "已经有表" in again.stderr
        with psycopg.connect(empty.database_url) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        again = empty.kepu("restore", file)
    assert again.returncode == 0, again.stderr
    assert rows(empty, ENTRIES) == rows(source, ENTRIES)


def test_killed_at_the_very_last_it_asks_for_an_empty_folder(source, empty, tmp_path):
    file = backed_up(source, tmp_path)["file"]
    dying(empty, "restoring.os.sync = die", "restore", file)
    assert "只恢复了一半" in empty.kepu("verify").stderr
    refused = empty.kepu("restore", file)
    assert refused.returncode == 1
    assert "最后一步" in refused.stderr
    assert (empty.home / "keys.json").exists()


def test_what_newer_tables_need_is_refused_with_nothing_changed(source, empty, tmp_path):
    ask = "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_later', '2030-01-01')"
    write(source, ask)
    file = backed_up(source, tmp_path)["file"]
    write(source, "DELETE FROM django_migrations WHERE name = '9999_later'")
    refused = empty.kepu("restore", file)
    assert refused.returncode == 1
    assert "更新版本" in refused.stderr
    assert list(empty.home.iterdir()) == []


def test_a_backup_with_a_broken_chain_is_restored_and_says_so(source, empty, tmp_path):
    (volume,) = rows(source, "SELECT volume FROM ledger_entry WHERE book = 430623 AND seq = 2")[0]
    write(source, "UPDATE ledger_entry SET volume = 77 WHERE book = 430623 AND seq = 2")
    file = backed_up(source, tmp_path)["file"]
    write(source, f"UPDATE ledger_entry SET volume = {volume} WHERE book = 430623 AND seq = 2")
    done = empty.kepu("restore", file)
    assert done.returncode == 1
    assert "第 2 条起不符" in done.stdout
    assert rows(empty, "SELECT volume FROM ledger_entry WHERE book = 430623 AND seq = 2") == [(77,)]


def test_one_kind_of_database_does_not_go_into_the_other(source, tmp_path, postgres_url):
    file = backed_up(source, tmp_path)["file"]
    other = LiveSite(tmp_path / "other", "" if source.database_url else postgres_url)
    refused = other.kepu("restore", file)
    assert refused.returncode == 1
    assert "两种数据库之间不能恢复" in refused.stderr
    assert list(other.home.iterdir()) == []


def test_never_over_a_database_that_has_tables(source, tmp_path, postgres_url):
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE precious (x int)")
    refused = LiveSite(tmp_path / "other", postgres_url).kepu("restore", backed_up(source, tmp_path)["file"])
    assert refused.returncode == 1
    assert "已经有表" in refused.stderr


def write(site: LiveSite, sql: str) -> None:
    """A change that no command would make."""
    if site.database_url:
        with psycopg.connect(site.database_url) as connection:
            connection.execute(sql.encode())
        return
    with closing(sqlite3.connect(site.home / "kepu.sqlite3")) as connection, connection:
        connection.execute(sql)
