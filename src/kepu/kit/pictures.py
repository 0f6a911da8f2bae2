"""PNG pictures of drawings: painted in a child process, kept in a folder that does not grow without end."""

import hashlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

PAINTING_SECONDS_MAX = 8.0
# One paints, one waits: two page threads at most are held, whatever people ask for; one for each asker.
_places = threading.BoundedSemaphore(2)
_askers: set[int] = set()
_of_askers = threading.Lock()
_painting = threading.Lock()
WAIT_SECONDS_MAX = 2.0
log = logging.getLogger("kepu.pictures")


class Unpainted(StrEnum):
    """Why there is no picture."""

    BUSY = "busy"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What to paint: SVG text, the width in pixels, and a photo that shows through in `box`.

    `box`: x, y, width, height as parts of the picture's width.
    """

    svg: str
    width: int
    photo: str = ""
    box: tuple[float, float, float, float] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where pictures are kept; of more than `most` the longest unused ones go."""

    path: Path
    most: int

    def picture(self, drawing: Drawing, asker: int = 0) -> bytes | Unpainted:
        """The drawing as PNG: as kept, or painted now for `asker` (about a second for an A4 page)."""
        file = self.path / f"{_name(drawing)}.png"
        try:
            kept = file.read_bytes()
            os.utime(file)
        except FileNotFoundError:
            kept = b""
        return kept or self._painted(drawing, file, asker)

    def _painted(self, drawing: Drawing, file: Path, asker: int) -> bytes | Unpainted:
        made = painted(drawing, asker)
        if isinstance(made, bytes):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.new")
            unfinished.write_bytes(made)
            unfinished.replace(file)
            self._forget()
        return made

    def _forget(self) -> None:
        files = ((_mark(each), each) for each in self.path.glob("*.png"))
        for _, each in sorted(files)[: -self.most]:
            each.unlink(missing_ok=True)


def painted(drawing: Drawing, asker: int = 0) -> bytes | Unpainted:
    """The drawing as PNG, by a child process of lower priority; BUSY where others are at it already.

    BUSY too where one of the same `asker` (an account; 0: nobody's) is being painted or waits. The renderer
    holds Python's lock while it works: in this process it would stop every page and the ledger's line.
    """
    with _place(asker) as has_place:
        if not has_place or not _painting.acquire(timeout=WAIT_SECONDS_MAX):
            return Unpainted.BUSY
        try:
            return _by_child(drawing)
        finally:
            _painting.release()


@contextmanager
def _place(asker: int) -> Iterator[bool]:
    """Whether there is a place, held until the end: one of two, and one for each asker."""
    with _of_askers:
        has_place = asker not in _askers and _places.acquire(blocking=False)
        if has_place and asker:
            _askers.add(asker)
    try:
        yield has_place
    finally:
        if has_place:
            with _of_askers:
                _askers.discard(asker)
            _places.release()


def _by_child(drawing: Drawing) -> bytes | Unpainted:
    asked = json.dumps(asdict(drawing)).encode()
    command = [sys.executable, "-m", "kepu.kit.painter"]
    try:
        ended = subprocess.run(  # noqa: S603 our own module
            command, input=asked, capture_output=True, timeout=PAINTING_SECONDS_MAX, check=True
        )
    except (subprocess.SubprocessError, OSError) as trouble:
        log.warning("a picture could not be painted: %s %s", type(trouble).__name__, _last_words(trouble))
        return Unpainted.FAILED
    return ended.stdout


def _last_words(trouble: Exception) -> str:
    said = getattr(trouble, "stderr", None) or b""
    return said.decode(errors="replace").strip().rpartition("\n")[2][:200]


def _name(drawing: Drawing) -> str:
    """A name that is another one when anything on the picture is."""
    whole = json.dumps([_mark(Path(drawing.photo)) if drawing.photo else 0, asdict(drawing)])
    return hashlib.sha256(whole.encode()).hexdigest()[:40]


def _mark(file: Path) -> int:
    """When the file was last written or used; 0 when it is gone."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
