"""SQLite's write-ahead log in the ledger's process: synced and shortened beside the batches, not within one.

A commit with `synchronous=FULL` waits for the disk while nobody works, and every thousand pages it carries
the log into the database as well. Here a commit only writes into the log; what makes it durable is called by
whoever answers, before the answer.
"""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import sleep

import structlog
from django.db import DatabaseError, connection

SHORTENED_BYTES, LOOK_SECONDS = 4 << 20, 0.1

log = structlog.get_logger("kepu.ledger")


def taken_over() -> Callable[[], None]:
    """A function that makes durable what this thread's connection committed before it was called.

    From now on the commits of this process are durable only by it, and the log is kept short.
    """
    file = Path(f"{connection.settings_dict['NAME']}-wal")
    connection.settings_dict["OPTIONS"]["init_command"] += " PRAGMA synchronous=NORMAL;"
    Thread(target=_keep_short, args=(file,), daemon=True).start()
    return Synced(file)


class Synced:
    """The log is on the disk as it is now, under its name."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._named = 0

    def __call__(self) -> None:
        """Raises OSError when the disk does not take it."""
        try:
            # Opened each time: it is another file when every connection was closed in between.
            log_file = os.open(self._file, os.O_RDWR)
        except FileNotFoundError:
            return  # the last connection took it into the database, durably, and removed it
        try:
            os.fdatasync(log_file)
            inode = os.fstat(log_file).st_ino
        finally:
            os.close(log_file)  # SQLite's locks are on other files
        if inode != self._named:
            self._name()
            self._named = inode

    def _name(self) -> None:
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _keep_short(file: Path) -> None:
    """What the log holds goes into the database again and again.

    A commit that finds the log past its size all the same (`wal_autocheckpoint`) does what is left, by which
    the log begins anew.
    """
    while True:
        sleep(LOOK_SECONDS)
        try:
            if file.exists() and file.stat().st_size > SHORTENED_BYTES:
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except (DatabaseError, OSError):
            log.exception("log_not_shortened")
