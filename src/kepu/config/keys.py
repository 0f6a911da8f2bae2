"""The site's secrets: made once, kept in the data folder, never in the database."""

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
    return Keyring(**{field.name: bytes.fromhex(stored[field.name]) for field in fields(Keyring)})


def _create(path: Path) -> None:
    fresh = {field.name: os.urandom(32).hex() for field in fields(Keyring)}
    draft = path.with_name(f".keys-{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(fresh, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
