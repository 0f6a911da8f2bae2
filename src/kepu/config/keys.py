"""The site's secrets: made once, kept in the data folder, never in the database."""

import fcntl
import json
import os
from dataclasses import fields
from pathlib import Path

from kepu.kit.crypto import Keyring


def keyring(home: Path) -> Keyring:
    """The keys in `home`/keys.json; made there (mode 600) the first time they are asked for.

    Two processes starting together end up with the same file: only one can create it.
    """
    path = home / "keys.json"
    if not path.exists():
        _create(path)
    stored = json.loads(path.read_text("utf-8"))
    if any(field.name not in stored for field in fields(Keyring)):
        stored = _completed(path)
    return Keyring(**{field.name: bytes.fromhex(stored[field.name]) for field in fields(Keyring)})


def _create(path: Path) -> None:
    draft = _written(path, {field.name: os.urandom(32).hex() for field in fields(Keyring)})
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _completed(path: Path) -> dict[str, str]:
    """The keys of a site older than some of them, with those that were missing; one process adds them."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        stored: dict[str, str] = json.loads(path.read_text("utf-8"))
        missing = [field.name for field in fields(Keyring) if field.name not in stored]
        if missing:
            stored |= {name: os.urandom(32).hex() for name in missing}
            _written(path, stored).replace(path)
    finally:
        os.close(folder)
    return stored


def _written(path: Path, keys: dict[str, str]) -> Path:
    draft = path.with_name(f".keys-{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(keys, file)
        file.flush()
        os.fsync(file.fileno())
    return draft
