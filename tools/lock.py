"""The lock files hold a satisfying version of everything pyproject.toml asks for; needs no network."""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


def pinned(lock: Path) -> dict[str, list[str]]:
    """Name → versions of everything in a lock file; there are several where Pythons need different ones."""
    versions: dict[str, list[str]] = {}
    for name, version in PINNED.findall(lock.read_text("utf-8")):
        versions.setdefault(canonicalize_name(name), []).append(version)
    return versions


def troubles() -> list[str]:
    """What pyproject.toml asks for and a lock file does not give, a line each."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    site = project["project"]["dependencies"]
    build = project["project"]["optional-dependencies"]["build"]
    columns = project["project"]["optional-dependencies"]["columns"]
    developing = project["dependency-groups"]["dev"]
    asked = {
        "requirements.lock": site + build,
        "requirements-columns.lock": site + columns,
        "requirements-dev.lock": site + developing,
    }
    found = []
    for file, lines in asked.items():
        have = pinned(ROOT / file)
        for requirement in map(Requirement, lines):
            locked = have.get(canonicalize_name(requirement.name), [])
            if not locked or not all(map(requirement.specifier.contains, locked)):
                versions = ", ".join(locked) or "nothing"
                found.append(f"{file}: {requirement} is asked for, {versions} is locked: make lock")
    return found


if __name__ == "__main__":
    print("\n".join(troubles()) or "lock files: everything asked for is there")
    sys.exit(1 if troubles() else 0)
