"""PDF from layouts: a layout is a Typst file of ours, what people wrote is handed to it as data.

A layout begins with `#import "/ground.typ": *` and finds what it was given in `values`. Text in `values` is
shown as it stands, whatever is in it: it is never read as markup. A child process does the work (decision
28): the compiler keeps its caches for good and knows neither a limit of time nor one of memory.
"""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from importlib import resources

# Two at a time in a process: a setter takes a whole core and, for a long paper, a few hundred megabytes.
_places = threading.BoundedSemaphore(2)
WAIT_SECONDS_MAX = 20.0
SETTING_SECONDS_MAX = 60.0
SCREEN_PPI = 96.0


class TypesettingError(Exception):
    """A document could not be set: too long, too large, or a layout is wrong. The text is for a log."""


class TypesettingBusyError(TypesettingError):
    """Others had documents set for all of WAIT_SECONDS_MAX: ask again."""


def layout(room: str, name: str) -> str:
    """The text of a layout kept as package data at kepu/<room>/layouts/<name>."""
    return resources.files(f"kepu.{room}").joinpath("layouts", name).read_text(encoding="utf-8")


def pdf_from_typst(
    source: str,
    values: object,
    files: Mapping[str, bytes] | None = None,
    seconds: float = SETTING_SECONDS_MAX,
) -> bytes:
    """`values` laid out by `source` as PDF with embedded fonts; the same bytes for the same values.

    `source` is the text of a layout of ours (`layout`), never text of people. `values` is whatever JSON
    can hold. `files` are pictures the layout names, `image("qr.svg")`: their bytes by name.
    Raises TypesettingBusyError when others keep the compiler busy, TypesettingError when it gives up.
    Costs about 0.3 s and 50 MB in a child process for a page, 1 s and 125 MB for 130 pages of text.
    """
    return _set(source, values, files or {}, "pdf", SCREEN_PPI, seconds)[0]


def typst_png(
    source: str, values: object, files: Mapping[str, bytes] | None = None, ppi: float = SCREEN_PPI
) -> list[bytes]:
    """The pages `pdf_from_typst` would give, each as a PNG picture. Errors as there."""
    return _set(source, values, files or {}, "png", ppi, SETTING_SECONDS_MAX)


def _set(
    source: str, values: object, files: Mapping[str, bytes], form: str, ppi: float, seconds: float
) -> list[bytes]:
    assert '"@' not in source, "layouts import no packages: a server has no business on the network here"
    asked = {
        "source": source,
        "values": values,
        "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
        "format": form,
        "ppi": ppi,
    }
    if not _places.acquire(timeout=WAIT_SECONDS_MAX):
        raise TypesettingBusyError("no place at the compiler")
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "kepu.documents.setter"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            env={**os.environ, "RUST_BACKTRACE": "0"},
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired as late:
        raise TypesettingError(f"not set after {seconds:g} seconds") from late
    except subprocess.CalledProcessError as ended_badly:
        said = ended_badly.stderr.decode(errors="replace").strip()
        raise TypesettingError(
            said[-1000:] or f"the setter ended with {ended_badly.returncode}"
        ) from ended_badly
    finally:
        _places.release()
    lengths, _, whole = ended.stdout.partition(b"\n")
    made, start = [], 0
    for length in json.loads(lengths):
        made.append(whole[start : start + length])
        start += length
    return made
