"""The packaged list of divisions (see data/README.md), read row by row."""

import hashlib
import heapq
import lzma
from collections.abc import Iterator
from importlib.resources import files

from kepu.regions.rules import ancestors_of

DIVISIONS = 665_276

_FILES = ("divisions-to-town.csv.xz", "divisions-villages.csv.xz")


def edition() -> str:
    """The SHA-256 of the packaged files, in hexadecimal."""
    state = hashlib.sha256()
    for name in _FILES:
        state.update(_packaged(name))
    return state.hexdigest()


def rows(only_within: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(code, name) by code; with `only_within` those at, below and above these divisions."""
    for line in heapq.merge(*(_lines_of(name, only_within) for name in _FILES)):
        code, _, name = line.partition(",")
        yield code, name


def rows_to_town() -> Iterator[tuple[str, str]]:
    """(code, name) by code of the packaged provinces, cities, counties and towns: 44,703 rows."""
    for line in _lines_of(_FILES[0], ()):
        code, _, name = line.partition(",")
        yield code, name


def _lines_of(name: str, only_within: tuple[str, ...]) -> list[str]:
    lines = lzma.decompress(_packaged(name)).decode().splitlines()[1:]
    if not only_within:
        return lines
    above = tuple(f"{step}," for place in only_within for step in ancestors_of(place))
    return [line for line in lines if line.startswith(only_within) or line.startswith(above)]


def _packaged(name: str) -> bytes:
    return files("kepu.regions").joinpath("data", name).read_bytes()
