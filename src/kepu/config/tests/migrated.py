"""The migrated SQLite database, kept in `.migrated/` of the checkout: to migrate takes longer than a room.

It is named after all the migrations there are, so another one is made where any of them changed. Of two runs
that begin together one migrates, and the other waits for it.
"""

import fcntl
import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.db import connection

import kepu

FOLDER = Path(kepu.__file__).resolve().parents[2] / ".migrated"


_lock: list[int] = []


def take(into: Path) -> bool:
    """Whether a database with these migrations was kept; it lies at `into` then. If not, `keep` follows."""
    kept = _kept()
    FOLDER.mkdir(exist_ok=True)
    _lock.append(os.open(FOLDER / "lock", os.O_CREAT | os.O_RDWR))
    fcntl.flock(_lock[0], fcntl.LOCK_EX)
    if not kept.exists():
        return False
    os.close(_lock.pop())
    return copy(into)


def copy(into: Path) -> bool:
    """Whether one was kept, which lies at `into` then; nobody is waited for."""
    kept = _kept()
    if not kept.exists():
        return False
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(into)) as target:
        source.backup(target)
    return True


def keep() -> None:
    """The database as it is now, just migrated, is there for the next run; those of other migrations not."""
    FOLDER.mkdir(exist_ok=True)
    draft = FOLDER / f"{os.getpid()}.draft"
    connection.ensure_connection()
    with closing(sqlite3.connect(draft)) as target:
        connection.connection.backup(target)
    for older in FOLDER.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    draft.replace(_kept())
    while _lock:
        os.close(_lock.pop())


def _kept() -> Path:
    state = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            state.update(f"{app.label}/{file.name}\n".encode())
            state.update(file.read_bytes())
    return FOLDER / f"{state.hexdigest()[:20]}.sqlite3"
