"""The data folder holds keys, numbers and names: nobody else on the machine reads it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from kepu.config import environment


def mode(path: Path) -> int:
    """Who may do what with a path."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_others_could_read_is_closed(tmp_path, monkeypatch):
    for folder in (tmp_path / "old", tmp_path / "new"):
        monkeypatch.setenv("KEPU_HOME", str(folder))
        if folder.name == "old":
            folder.mkdir(mode=0o755)
        assert mode(environment.home()) == 0o700


def test_a_folder_of_everybody_stays_as_it_is(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.setenv("KEPU_HOME", str(shared))
    assert mode(environment.home()) == 0o1777


def test_what_a_command_writes_is_its_owners_alone(tmp_path):
    home = tmp_path / "home"
    asked = [sys.executable, "-m", "kepu", "manage", "migrate", "regions", "-v", "0"]
    stated = os.environ | {"KEPU_HOME": str(home), "KEPU_DATABASE_URL": ""}
    subprocess.run(asked, env=stated, check=True, umask=0)
    written = {path.name: mode(path) for path in home.iterdir()}
    assert {"keys.json", "kepu.sqlite3"} <= set(written)
    assert not [name for name, bits in written.items() if bits & 0o077]
