"""Closed years in files: what a manifest says of one, and how an archived event is found again."""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kepu.campaigns.rules import Kind
from kepu.ledger.rules.values import Entry, entry_hash

BUCKET_BITS = 20
_PLACE = struct.Struct(">III")


class Part(NamedTuple):
    """A stretch of a book that stands in a file; up to `taken_to` the file alone has the entries.

    `before`, `hash`: the hashes of the entry before the first and of the last. `expired_to`: the last year of
    which points expired in it (0: none).
    """

    number: int
    book: int
    year: int
    first_seq: int
    last_seq: int
    before: bytes
    hash: bytes
    taken_to: int
    expired_to: int
    file: str
    sha256: str


class Place(NamedTuple):
    """An entry by the number of its part and how many stand before it there."""

    part: int
    offset: int


class Stretch:
    """What consecutive entries of a book add up to, and whether their chain fits; it sees them in order."""

    def __init__(self, first_seq: int, before: bytes) -> None:
        self.first_seq, self.before = first_seq, before
        self.last_seq, self.hash = first_seq - 1, before
        self.first_bad = 0
        self.expired_to = 0
        self.sums: dict[int, list[int]] = {}

    def see(self, entries: Iterable[Entry]) -> None:
        """These follow those before."""
        for each in entries:
            fits = each.seq == self.last_seq + 1 and entry_hash(self.hash, each) == each.hash
            if not fits and not self.first_bad:
                self.first_bad = self.last_seq + 1
            self.last_seq, self.hash = each.seq, each.hash
            kind = self.sums.setdefault(each.kind, [0, 0, 0])
            kind[0] += 1
            kind[1] += each.points
            kind[2] += each.volume
            if each.kind == Kind.EXPIRY:
                self.expired_to = max(self.expired_to, each.day // 10_000)

    @property
    def count(self) -> int:
        """How many entries it has seen."""
        return self.last_seq - self.first_seq + 1


def manifest(book: int, year: int, stretch: Stretch, file: str, sha256: str) -> dict[str, Any]:
    """What stands beside a file, for whoever has only the two: every number follows from the file's rows."""
    return {
        "book": book,
        "year": year,
        "first_seq": stretch.first_seq,
        "last_seq": stretch.last_seq,
        "count": stretch.count,
        "hash_before": stretch.before.hex(),
        "hash_last": stretch.hash.hex(),
        "kinds": {
            Kind(kind).name.lower(): {"entries": entries, "points": points, "volume": volume}
            for kind, (entries, points, volume) in sorted(stretch.sums.items())
        },
        "file": file,
        "sha256": sha256,
    }


def event_digest(person: int, event_id: bytes) -> tuple[int, int]:
    """The bucket in which an event is looked up, and the 32 bits by which it is told apart there."""
    digest = hashlib.sha256(person.to_bytes(8, "big") + event_id).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BUCKET_BITS), int.from_bytes(digest[4:8], "big")


def packed(places: Sequence[tuple[int, Place]]) -> bytes:
    """Digests of one bucket (as `event_digest` gives them second) with the places of their entries."""
    return b"".join(_PLACE.pack(rest, *place) for rest, place in places)


def places_in(bucket: bytes, rest: int) -> list[Place]:
    """The places that a bucket has for a digest: one as a rule, more where digests agree by chance."""
    return [Place(part, offset) for found, part, offset in _PLACE.iter_unpack(bucket) if found == rest]
