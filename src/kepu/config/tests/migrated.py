"""The migrated SQLite database, kept in `.migrated/` of the checkout: to migrate takes longer than a room.

It is named after all the migrations there are, so another one is made where any of them changed; what was
made by hand in it never comes here.
"""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.db import connection

import kepu

FOLDER = Path(kepu.__file__).resolve().parents[2] / ".migrated"


def take(into: Path) -> bool:
    """Whether a database with these migrations was kept; it lies at `into` then."""
    kept = _kept()
    if not kept.exists():
        return False
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(into)) as copy:
        source.backup(copy)
    return True


def keep() -> None:
    """The database as it is now, just migrated, is there for the next run; one of other migrations is gone."""
    FOLDER.mkdir(exist_ok=True)
    draft = FOLDER / f"{os.getpid()}.draft"
    connection.ensure_connection()
    with closing(sqlite3.connect(draft)) as copy:
        connection.connection.backup(copy)
    for older in FOLDER.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    draft.replace(_kept())


def _kept() -> Path:
    state = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            state.update(f"{app.label}/{file.name}\n".encode())
            state.update(file.read_bytes())
    return FOLDER / f"{state.hexdigest()[:20]}.sqlite3"
