"""A site's database as one file, taken while the site runs; and that file as a database again. No Django."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kepu.config.keeping.manifests import Book
from kepu.config.keeping.marks import DUMP, SQLITE
from kepu.config.keeping.telling import Trouble, progress

SQLITE_KIND, POSTGRES_KIND = "sqlite", "postgresql"
PAGES_AT_ONCE = 2_048
BUSY_SECONDS = 20
NOT_PREPARED = "这里还没有站点：{} 里没有账本。设好 KEPU_HOME（用 PostgreSQL 的还有 KEPU_DATABASE_URL）再试。"
_NO_TOOL = (
    "没有找到 {0}，PostgreSQL 的备份和恢复都要用它。请安装后再试，版本不能比数据库的旧。"
    "Debian、Ubuntu：apt install postgresql-client；CentOS、openEuler：dnf install postgresql。"
)
_TABLES = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""


class Copy(NamedTuple):
    """A database in a file as one moment had it: its migrations and the heads of its books."""

    kind: str
    path: Path
    migrations: list[str]
    books: list[Book]


def kind_of(url: str) -> str:
    """What a site with this KEPU_DATABASE_URL keeps its tables in."""
    return POSTGRES_KIND if url else SQLITE_KIND


def size_of(home: Path, url: str) -> int:
    """How many bytes the database takes."""
    if url:
        with psycopg.connect(url) as connection:
            return int(_row(connection.execute("SELECT pg_database_size(current_database())").fetchone())[0])
    if not (home / SQLITE).is_file():
        raise Trouble(NOT_PREPARED.format(home))
    return sum(path.stat().st_size for path in home.glob(f"{SQLITE}*"))


def take_copy(home: Path, url: str, folder: Path) -> Copy:
    """The database is in a new file in `folder`, as one moment had it; writers were not held up meanwhile."""
    return _dumped(url, folder / DUMP) if url else _copied(home / SQLITE, folder / SQLITE)


def is_empty(url: str) -> bool:
    """Whether a PostgreSQL database has no table of anybody's."""
    with psycopg.connect(url) as connection:
        return bool(_row(connection.execute(_TABLES).fetchone())[0] == 0)


def pour(url: str, dump: Path) -> None:
    """All of the dump is in the (empty) database, or nothing of it."""
    whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", url, *whole, str(dump))


def read_through(url: str) -> None:
    """Every row of a PostgreSQL database could be read; `Trouble` where one could not."""
    _run("pg_dump", url, f"--file={os.devnull}")


def _copied(live: Path, target: Path) -> Copy:
    """By SQLite's online backup of a state that a reader holds: writing meanwhile starts nothing anew."""
    with closing(_open(live)) as source, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode=OFF")
        copy.execute("PRAGMA synchronous=OFF")
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with progress("数据库", 1) as bar:

            def tell(_status: int, left: int, pages: int) -> None:
                bar.length = pages
                bar.update(pages - left - bar.pos)

            source.backup(copy, pages=PAGES_AT_ONCE, progress=tell)
    with closing(_open(target)) as copy:
        return _described(SQLITE_KIND, target, lambda sql: copy.execute(sql).fetchall())


def _open(path: Path) -> sqlite3.Connection:
    """A database that is there; none is made."""
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=BUSY_SECONDS
    )


def _dumped(url: str, target: Path) -> Copy:
    """By pg_dump, in the same state of the database as the heads are read in."""
    _tool("pg_dump")
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = _row(connection.execute("SELECT pg_export_snapshot()").fetchone())[0]
        found = _described(POSTGRES_KIND, target, lambda sql: connection.execute(sql.encode()).fetchall())
        shape = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
        _run("pg_dump", url, *shape, f"--file={target}")
    return found


def _described(kind: str, path: Path, ask: Callable[[str], Sequence[Any]]) -> Copy:
    try:
        books = ask("SELECT code, last_seq, last_hash FROM ledger_book ORDER BY code")
        migrations = ask("SELECT app, name FROM django_migrations ORDER BY app, name")
    except (sqlite3.OperationalError, psycopg.errors.UndefinedTable) as error:
        raise Trouble(NOT_PREPARED.format("数据库")) from error
    heads = [Book(code, seq, bytes(head).hex()) for code, seq, head in books]
    return Copy(kind, path, [f"{app}.{name}" for app, name in migrations], heads)


def _run(tool: str, url: str, *words: str) -> None:
    """The tool did its work on this database, whose password does not stand in the list of processes."""
    address = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    password = {"PGPASSWORD": address.pop("password")} if "password" in address else {}
    asked = [_tool(tool), f"--dbname={make_conninfo(**address)}", *words]
    done = subprocess.run(  # noqa: S603 - a tool of PostgreSQL's, found above
        asked,
        env=os.environ | password,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"{tool} 没有成功：{done.stderr.strip()}")


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Trouble(_NO_TOOL.format(name))
    return found


def _row(found: Any) -> Any:
    assert found is not None
    return found
