"""A pytest plugin, loaded before Django's settings: tests get a data folder and an environment of their own.

pytest-django reads the settings before any conftest.py, so this is named in pyproject.toml (`-p`).
With $KEPU_HOME set, its folder `tests` is used and kept (`--reuse-db` then saves the migrations); otherwise
a new folder that is gone afterwards. Other settings of the shell do not reach the tests.
"""

import os
import shutil
import tempfile
from pathlib import Path

from kepu.config.environment import SETTINGS

KEPT = {"KEPU_HOME", "KEPU_DATABASE_URL"}


def pytest_unconfigure() -> None:
    """Nothing is left behind of a folder we made."""
    if _temporary:
        shutil.rmtree(_temporary, ignore_errors=True)


def _take_home() -> str:
    for setting in SETTINGS:
        if setting.name not in KEPT:
            os.environ.pop(setting.name, None)
    if "PYTEST_XDIST_WORKER" in os.environ:
        return ""
    chosen = os.environ.get("KEPU_HOME")
    made = "" if chosen else tempfile.mkdtemp(prefix="kepu-tests-")
    os.environ["KEPU_HOME"] = str(Path(chosen).resolve() / "tests") if chosen else made
    return made


_temporary = _take_home()
