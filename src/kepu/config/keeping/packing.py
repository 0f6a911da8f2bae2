"""A backup is made: one file that is whole, or none. No Django: a site that does not start has one too."""

import gzip
import hashlib
import io
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

import kepu
from kepu.config import environment
from kepu.config.keeping.databases import NOT_PREPARED, Copy, size_of, take_copy
from kepu.config.keeping.manifests import FORMAT, MANIFEST, Manifest, Part, settings_now
from kepu.config.keeping.marks import FILES, FOLDERS, KEYS, held
from kepu.config.keeping.sealing import Sealer
from kepu.config.keeping.telling import Trouble, progress
from kepu.kit import clock

ENDINGS = (".tar.gz", ".tar.gz.sealed")
# What the compressed database takes of its own size at most, by experience with room to spare.
PACKED_SHARE = 0.6
_WORKSHOP = ".kepu-backup-"
_DATED = r"kepu-{}-\d{{8}}-\d{{6}}\.tar\.gz(\.sealed)?"


class File(NamedTuple):
    """A file of the site: its name in the backup, where it lies, its bytes when it was looked at."""

    name: str
    path: Path
    size: int


def dated(folder: Path, is_sealed: bool, now: datetime) -> Path:
    """How a backup made now is called: county, day and time in China."""
    at = now.astimezone(clock.SHANGHAI)
    return folder / f"kepu-{environment.text('KEPU_DIVISION')}-{at:%Y%m%d-%H%M%S}{ENDINGS[is_sealed]}"


def pack(home: Path, url: str, target: Path, passphrase: str, now: datetime) -> Manifest:
    """The whole site is in the new file `target`, sealed where there is a passphrase ("": none)."""
    if not (home / KEYS).is_file():
        raise Trouble(NOT_PREPARED.format(home))
    _refuse_place(home, target, bool(passphrase))
    database = size_of(home, url)
    _ask_for_space(target.parent, database, sum(each.size for each in files_of(home)))
    with _workshop(target.parent) as shop:
        copy = take_copy(home, url, shop)
        made = shop / "whole"
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            manifest = _write(file, home, copy, passphrase, now)
            file.flush()
            os.fsync(file.fileno())
        _put(made, target)
    return manifest


def files_of(home: Path) -> list[File]:
    """What of the folder belongs in a backup, the database apart: not what is made again by itself."""
    found = [
        File(name, home / name, (home / name).stat().st_size) for name in FILES if (home / name).is_file()
    ]
    for top in FOLDERS:
        for folder, below, names in os.walk(home / top):
            linked = [name for name in below if Path(folder, name).is_symlink()]
            if linked:
                raise Trouble(f"{folder}/{linked[0]} 是一个链接，备份不跟着走。请把文件放进 {top} 里。")
            for name in sorted(names):
                path = Path(folder, name)
                with suppress(FileNotFoundError):  # somebody just deleted it
                    found.append(File(path.relative_to(home).as_posix(), path, path.stat().st_size))
    return found


def thin_out(folder: Path, newest: int) -> list[Path]:
    """Only so many of the county's dated backups are left in the folder, the newest; which ones are gone."""
    dated_here = re.compile(_DATED.format(environment.text("KEPU_DIVISION")))
    ours = [path for path in folder.iterdir() if dated_here.fullmatch(path.name)]
    gone = sorted(ours, key=lambda path: path.name.split(".")[0])[:-newest]
    for path in gone:
        path.unlink()
    return gone


def _refuse_place(home: Path, target: Path, is_sealed: bool) -> None:
    if target.exists():
        raise Trouble(f"{target} 已经有了，不覆盖。请换一个名字。")
    if not target.name.endswith(ENDINGS[is_sealed]):
        raise Trouble(
            f"{'加密的' if is_sealed else ''}备份文件的名字要以 {ENDINGS[is_sealed]} 结尾：{target.name}"
        )
    if any((home / top).resolve() in target.resolve().parents for top in FOLDERS):
        raise Trouble(f"备份不能放在 {target.parent} 里：那是要备份的内容。")


def _ask_for_space(folder: Path, database: int, files: int) -> None:
    """The copy of the database stands beside the packed one for a while, then the files are added."""
    packed = int(database * PACKED_SHARE)
    needed, free = packed + max(database, files), shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(
            f"{folder} 的磁盘空间不够：要 {in_words(needed)}，只有 {in_words(free)}。请腾出空间或换一个磁盘。"
        )


def in_words(size: int) -> str:
    """Bytes as people say them."""
    return f"{size / 2**30:,.1f} GB" if size >= 2**30 else f"{size / 2**20:,.1f} MB"


def _write(file: BinaryIO, home: Path, copy: Copy, passphrase: str, now: datetime) -> Manifest:
    sealer = Sealer(file, passphrase) if passphrase else None
    parts: list[Part] = []
    with (
        gzip.GzipFile(filename="", fileobj=sealer or file, mode="wb", compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        files = [File(copy.path.name, copy.path, copy.path.stat().st_size)]
        parts += _added(tar, files, "打包数据库")
        copy.path.unlink()
        parts += _added(tar, files_of(home), "打包文件")
        manifest = Manifest(
            format=FORMAT,
            kepu=kepu.__version__,
            made_at=now,
            division=environment.text("KEPU_DIVISION"),
            database=copy.kind,
            migrations=copy.migrations,
            books=copy.books,
            settings=settings_now(),
            parts=parts,
        )
        said = msgspec.json.format(msgspec.json.encode(manifest))
        tar.addfile(_member(MANIFEST, len(said)), io.BytesIO(said))
    if sealer is not None:
        sealer.finish()
    return manifest


def _added(tar: tarfile.TarFile, files: list[File], label: str) -> Iterator[Part]:
    with progress(label, sum(each.size for each in files)) as bar:
        for each in files:
            with suppress(FileNotFoundError), each.path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                counted = _Counted(file, bar.update)
                tar.addfile(_member(each.name, size), counted)
                yield Part(each.name, size, counted.digest.hexdigest())


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Counted:
    """A file that is read once, with its SHA-256."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], None]) -> None:
        self.digest = hashlib.sha256()
        self._file, self._tell = file, tell

    def read(self, size: int = -1) -> bytes:
        """As a file's; what was read is counted."""
        piece = self._file.read(size)
        self.digest.update(piece)
        self._tell(len(piece))
        return piece


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder for what is not whole yet, gone at the end; what runs that were cut off left is gone first."""
    for left in folder.glob(f"{_WORKSHOP}*"):
        with held(left) as is_ours:
            if is_ours:
                shutil.rmtree(left, ignore_errors=True)
    shop = Path(tempfile.mkdtemp(prefix=_WORKSHOP, dir=folder))
    try:
        with held(shop):
            yield shop
    finally:
        shutil.rmtree(shop, ignore_errors=True)


def _put(made: Path, target: Path) -> None:
    """The whole file has its name, which nobody else took meanwhile; durably."""
    try:
        os.link(made, target)
    except FileExistsError:
        raise Trouble(f"{target} 已经有了，不覆盖。请换一个名字。") from None
    except OSError:  # a stick or a share without links
        made.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
