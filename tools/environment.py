"""Make the virtual environment with nothing but a Python: `python3 tools/environment.py FOLDER`.

Debian keeps pip's wheel (ensurepip) in a package of its own, python3-venv. Where that is missing, pip comes
from the package index ($PIP_INDEX_URL, PyPI by default), so that no system package has to be installed.
"""

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
import venv
from pathlib import Path
from urllib.parse import urljoin, urlsplit

OLDEST = (3, 11)
PIP_WHEEL = "pip-25.3-py3-none-any.whl"
PIP_SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"


def make(folder: Path) -> None:
    """A virtual environment with pip stands in `folder`; one that is there already stays."""
    if importlib.util.find_spec("ensurepip"):
        venv.create(folder, with_pip=True, symlinks=os.name != "nt")
        return
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    if (folder / "bin" / "pip").exists():
        return
    with tempfile.TemporaryDirectory() as room:
        wheel = Path(room) / PIP_WHEEL
        wheel.write_bytes(fetched_pip())
        python = str(folder / "bin" / "python")
        subprocess.run([python, f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel)], check=True)


def fetched_pip() -> bytes:
    """pip's wheel from the package index, its digest checked."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    if urlsplit(index).scheme not in {"http", "https"}:
        raise SystemExit(f"$PIP_INDEX_URL is no web address: {index}")
    page = urllib.request.urlopen(index, timeout=60).read().decode()  # noqa: S310 (scheme checked)
    link = re.search(rf'href="([^"]*/{re.escape(PIP_WHEEL)}[^"]*)"', page)
    if link is None:
        raise SystemExit(f"{index} has no {PIP_WHEEL}; install python3-venv and try again")
    wheel: bytes = urllib.request.urlopen(urljoin(index, link[1]), timeout=60).read()  # noqa: S310
    if hashlib.sha256(wheel).hexdigest() != PIP_SHA256:
        raise SystemExit(f"{urljoin(index, link[1])} is not the {PIP_WHEEL} we know; nothing was installed")
    return wheel


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        raise SystemExit(f"Kepu needs Python 3.11 or newer; {sys.executable} is {found}. Try: make PYTHON=…")
    make(Path(sys.argv[1]))
