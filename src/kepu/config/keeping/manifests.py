"""What a backup says of itself: the last part of the file, so one that was cut off has none."""

from datetime import datetime

import msgspec

import kepu
from kepu.config import environment
from kepu.config.keeping.marks import DUMP, FILES, FOLDERS, SQLITE
from kepu.config.keeping.telling import Trouble

MANIFEST = "manifest.json"
FORMAT = 1
NEWER = "这份备份是更新版本的 Kepu（{0}）做的，这里是 {1}。请先升级 Kepu 再恢复。"
# Values that open something by themselves, or hold on one machine only.
_LEFT_OUT = ("KEPU_HOME", "KEPU_DATABASE_URL", "KEPU_SMS_GATEWAY_TOKEN", "KEPU_WECHAT_SECRET")


class Book(msgspec.Struct, frozen=True):
    """A book's head as the backup holds it: last sequence number, last hash (hex)."""

    book: int
    seq: int
    hash: str


class Part(msgspec.Struct, frozen=True):
    """One file of the backup."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """Which site, when, by which version; `settings`: what was set in the environment and is no secret."""

    format: int
    kepu: str
    made_at: datetime
    division: str
    database: str
    migrations: list[str]
    books: list[Book]
    settings: dict[str, str]
    parts: list[Part]


class _Maker(msgspec.Struct, frozen=True):
    """What every edition of a manifest says."""

    format: int
    kepu: str


def read_manifest(said: bytes) -> Manifest:
    """The manifest of these bytes; `msgspec.MsgspecError` where it is none, `Trouble` where it is newer."""
    maker = msgspec.json.decode(said, type=_Maker)
    if maker.format > FORMAT or version_of(maker.kepu) > version_of(kepu.__version__):
        raise Trouble(NEWER.format(maker.kepu, kepu.__version__))
    return msgspec.json.decode(said, type=Manifest)


def settings_now() -> dict[str, str]:
    """The settings of this environment that are set, without secrets and places."""
    every = {setting.name: environment.text(setting.name) for setting in environment.SETTINGS}
    unset = {setting.name: setting.otherwise for setting in environment.SETTINGS}
    return {name: value for name, value in every.items() if value != unset[name] and name not in _LEFT_OUT}


def is_part(name: str) -> bool:
    """Whether a backup may hold a file of this name: nothing outside the folder it is put into."""
    if name in (*FILES, SQLITE, DUMP):
        return True
    top, *below = name.split("/")
    return top in FOLDERS and bool(below) and not {"", ".", ".."} & set(below) and "\0" not in name


def version_of(text: str) -> tuple[int, ...]:
    """A version to compare: 0.10.2 comes after 0.9."""
    return tuple(int(part) if part.isdigit() else 0 for part in text.split("."))
