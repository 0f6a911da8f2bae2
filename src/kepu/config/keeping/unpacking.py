"""A backup is read: every part is laid into a folder and held against the manifest. No Django."""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from kepu.config.keeping.manifests import MANIFEST, Manifest, Part, is_part, read_manifest
from kepu.config.keeping.sealing import DAMAGED, MAGIC, PIECE, Unsealer
from kepu.config.keeping.telling import Trouble, progress

FOREIGN = "{} 不是 kepu backup 做的备份文件。"
MANIFEST_MAX = 256 * 2**20
_GZIP = b"\x1f\x8b"
_BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error)


def unpack(file: Path, passphrase: Callable[[], str], folder: Path) -> Manifest:
    """Every part of the backup lies in `folder`, each with the size and SHA-256 that the manifest says.

    `passphrase` is asked only of a sealed one. `Trouble` where anything does not fit: then `folder` holds
    what must not be used.
    """
    try:
        with _opened(file, passphrase) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            said, found = _laid_out(tar, folder, file)
            while packed.read(PIECE):  # the checksum stands at the end
                pass
        manifest = read_manifest(said)
    except (*_BROKEN, EOFError, ValueError, msgspec.MsgspecError) as error:
        raise Trouble(DAMAGED) from error
    if found != {part.name: part for part in manifest.parts}:
        raise Trouble(DAMAGED)
    return manifest


@contextmanager
def _opened(file: Path, passphrase: Callable[[], str]) -> Iterator[gzip.GzipFile]:
    """The plain stream of parts, with a bar that shows how far the file was read."""
    with file.open("rb") as raw, progress("读取备份", file.stat().st_size) as bar:
        watched = io.BufferedReader(_Watched(raw, bar.update), PIECE)
        start = watched.peek(len(MAGIC))
        if start.startswith(MAGIC):
            watched.read(len(MAGIC))
            stream: IO[bytes] = io.BufferedReader(Unsealer(watched, passphrase()), PIECE)
        elif start.startswith(_GZIP):
            stream = watched
        else:
            raise Trouble(FOREIGN.format(file))
        with gzip.GzipFile(fileobj=stream, mode="rb") as packed:
            yield packed


def _laid_out(tar: tarfile.TarFile, folder: Path, file: Path) -> tuple[bytes, dict[str, Part]]:
    """The manifest's bytes (b"" without one) and what was found, by name."""
    said, found = b"", dict[str, Part]()
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is not None and member.name == MANIFEST and member.size <= MANIFEST_MAX:
            said = content.read()
        elif content is None or member.name in found or not is_part(member.name):
            raise Trouble(FOREIGN.format(file))
        else:
            found[member.name] = _laid(content, folder, member.name)
    return said, found


def _laid(content: IO[bytes], folder: Path, name: str) -> Part:
    path, digest, size = folder / name, hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        while piece := content.read(PIECE):
            size += file.write(piece)
            digest.update(piece)
    return Part(name, size, digest.hexdigest())


class _Watched(io.RawIOBase):
    """A file whose reading is told."""

    def __init__(self, file: IO[bytes], tell: Callable[[int], None]) -> None:
        self._file, self._tell = file, tell

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        """As the file's."""
        size: int = self._file.readinto(buffer)  # type: ignore[attr-defined]
        self._tell(size)
        return size
