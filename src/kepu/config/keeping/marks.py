"""What lies in the data folder: what a backup holds, and small files that say what goes on. No Django."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

KEYS, SQLITE, DUMP = "keys.json", "kepu.sqlite3", "kepu.dump"
FILES = (KEYS, "holidays.toml", "sample-staff.txt")
FOLDERS = ("media", "jobs", "archive")
RESTORING = "restoring"
_WORKER, _BACKUP = "worker.beat", "last-backup.json"
HALF_RESTORED = (
    "{0} 只恢复了一半，不能使用。请再运行一次 kepu restore 备份文件；"
    "不想恢复了，就把 {0} 清空（PostgreSQL 的数据库也清空）再重新开始。"
)


def is_half_restored(home: Path) -> bool:
    """Whether a restore began here and did not come to its end."""
    return (home / RESTORING).exists()


def beat(home: Path) -> None:
    """The worker is known to be alive at this moment."""
    (home / _WORKER).touch(0o600)


def last_beat(home: Path) -> float | None:
    """When the worker last said that it is alive (seconds since 1970); None where it never did."""
    path = home / _WORKER
    return path.stat().st_mtime if path.exists() else None


def note_backup(home: Path, file: Path, now: datetime) -> None:
    """The folder knows of its newest backup."""
    draft = home / f".{_BACKUP}-{os.getpid()}"
    draft.write_text(json.dumps({"at": now.isoformat(), "file": str(file)}), "utf-8")
    draft.replace(home / _BACKUP)


def last_backup(home: Path) -> tuple[datetime, Path] | None:
    """When the newest backup was made and where it was put; None where none is known."""
    try:
        noted: dict[str, Any] = json.loads((home / _BACKUP).read_text("utf-8"))
        return datetime.fromisoformat(noted["at"]), Path(noted["file"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Whether the folder is this process's until the end; a process that was killed holds nothing."""
    descriptor = os.open(folder, os.O_RDONLY)
    is_ours = False
    try:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        yield is_ours
    finally:
        os.close(descriptor)
