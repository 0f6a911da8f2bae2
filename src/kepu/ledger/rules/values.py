"""What stands in a book and how it is hashed. No Django, no clock."""

import hashlib
import re
import struct
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

from kepu.campaigns.rules import Kind, Reason
from kepu.kit import clock, crypto


class Channel(IntEnum):
    """How an act reached us. The numbers are in the chain hash: never change or reuse one."""

    PAGE = 0
    COPY_LINK = 1
    SYSTEM = 2
    WECHAT = 3
    POSTER = 4
    OFFLINE = 5
    STAFF = 6


class Entry(NamedTuple):
    """One line of a book, as stored; the order of fields is the order of columns and of the chain hash.

    `left_today` is -1 where no cap applies; `campaign` is 0 where no campaign was open; `unit` and
    `division` are the person's at that moment, in a correction those of what it corrects; `author` is 0
    when the person acted for themself.
    """

    book: int
    seq: int
    person: int
    event_id: bytes
    kind: int
    article: int
    at_ms: int
    day: int
    campaign: int
    version: int
    points: int
    volume: int
    reason: int
    left_today: int
    unit: int
    division: int
    channel: int
    ref_book: int
    ref_seq: int
    author: int
    note: str
    hash: bytes


class Act(NamedTuple):
    """What someone did, as reported; nothing is decided yet.

    `event_id`: 16 bytes, unique for the person. `article`: 0 when there is none. `ref_book`, `ref_seq`:
    the entry this one answers to (the share that was opened, the entry that is reversed). `points`,
    `volume`, `campaign`, `version` and `day` (yyyymmdd) are stated only by adjustments, spends and imports.
    `corrects`: the entry that is reversed, or one of the figure that an import changes; the correction
    stands in its book and for its unit, wherever the person belongs by now. `session_version`: 0 when no
    session is involved.
    """

    person: int
    event_id: bytes
    kind: Kind
    article: int
    channel: Channel
    at_ms: int
    ref_book: int = 0
    ref_seq: int = 0
    session_version: int = 0
    points: int = 0
    volume: int = 0
    campaign: int = 0
    version: int = 0
    day: int = 0
    author: int = 0
    note: str = ""
    corrects: Entry | None = None


class Receipt(NamedTuple):
    """The answer to a recorded act; a retry gets the first one again, with `repeated` set.

    `counts_in`: the campaign in which this person's acts count at that moment, 0 for none; of no act that
    states what it is worth.
    """

    book: int
    seq: int
    points: int
    volume: int
    reason: Reason
    left_today: int | None
    repeated: bool = False
    counts_in: int = 0


class Refusal(IntEnum):
    """Why an act was not recorded at all."""

    CONFLICT = 1
    SIGNED_OUT = 2
    UNKNOWN_PERSON = 3
    NO_BOOK = 4  # the person's county has no open book on this site


class Known(NamedTuple):
    """What must agree for an act to be a retry of an entry, and that entry's receipt."""

    kind: int
    article: int
    channel: int
    ref_book: int
    ref_seq: int
    receipt: Receipt


class Head(NamedTuple):
    """The end of a book: how many entries it has and the hash of the last one."""

    book: int
    seq: int
    hash: bytes


class Spot(NamedTuple):
    """Where a person's statement is cut; newer entries come before it."""

    at_ms: int
    book: int
    seq: int


class TallyKey(NamedTuple):
    """One person's day in one campaign for one kind of act."""

    person: int
    day: int
    campaign: int
    kind: int


@dataclass(slots=True)
class Tally:
    """What a `TallyKey` adds up to; `reached_ms` is when volume last grew (0: never)."""

    credited: int = 0
    points: int = 0
    volume: int = 0
    reached_ms: int = 0


@dataclass(slots=True)
class Lot:
    """What one person's points of a year add up to, and what of that was earned rather than spent."""

    points: int = 0
    earned: int = 0


def own_event(*parts: bytes) -> bytes:
    """The event id (16 bytes) of an act that the site itself records once for these parts.

    It is no UUID of RFC 9562, and only those are taken from phones: nobody can book it ahead.
    """
    made = bytearray(crypto.digest(*parts)[:16])
    made[8] |= 0xC0
    return bytes(made)


def is_reported_event(event_id: bytes) -> bool:
    """Whether a phone may choose this event id: a UUID of RFC 9562, whatever its version."""
    return len(event_id) == 16 and event_id[8] & 0xC0 == 0x80


def entry_hash(previous: bytes, entry: Entry) -> bytes:
    """SHA-256 over the previous hash and every other field of the entry, in fixed binary form."""
    return chain_hash(previous, entry[:20], entry.note)


def receipt_of(entry: Entry) -> Receipt:
    """The receipt of a stored entry, as it was first given."""
    left = None if entry.left_today < 0 else entry.left_today
    return Receipt(entry.book, entry.seq, entry.points, entry.volume, Reason(entry.reason), left)


def spot_of(entry: Entry) -> str:
    """The place of an entry in its person's statement, as text for an address."""
    return f"{entry.at_ms}-{entry.book}-{entry.seq}"


def read_spot(text: str) -> Spot | None:
    """The place that `spot_of` wrote, None when it wrote no such thing."""
    parts = text.split("-")
    if len(parts) != 3 or not all(re.fullmatch("[0-9]{1,15}", part) for part in parts):
        return None
    return Spot(*map(int, parts))


def takes_back(entry: Entry) -> bool:
    """Whether an entry is a reversal: it names the one it takes back."""
    return entry.kind == Kind.ADJUSTMENT and entry.ref_seq > 0


def may_be_reversed(entry: Entry) -> bool:
    """Whether an entry can be taken back by one that names it: no reversal, and nothing that moves points
    between years (a spend is refunded; a refund and an expiry stand)."""
    return not takes_back(entry) and entry.kind not in UNEARNED_KINDS


def day_number(at_ms: int) -> int:
    """The calendar day in Asia/Shanghai as yyyymmdd."""
    days = (at_ms + _SHANGHAI_MS) // _DAY_MS
    number = _DAYS.get(days)
    if number is None:
        day = clock.day_of(clock.from_milliseconds(at_ms))
        number = _DAYS[days] = day.year * 10_000 + day.month * 100 + day.day
    return number


@lru_cache(4_096)
def day_before(day: int) -> int:
    """The calendar day (yyyymmdd) before another."""
    before = date(day // 10_000, day // 100 % 100, day % 100) - timedelta(days=1)
    return before.year * 10_000 + before.month * 100 + before.day


def chain_hash(previous: bytes, fields: tuple[Any, ...], note: str) -> bytes:
    """SHA-256 over the previous hash, an entry's first twenty fields in fixed binary form, and its note."""
    text = note.encode()
    return hashlib.sha256(previous + _FIXED.pack(*fields, len(text)) + text).digest()


# They move points that were earned; what somebody earned in all their years does not change by them.
UNEARNED_KINDS = frozenset({Kind.SPEND, Kind.REFUND, Kind.EXPIRY})
# They state what they are worth; no sheet judges them.
STATED_KINDS = UNEARNED_KINDS | {Kind.ADJUSTMENT, Kind.IMPORT}
GENESIS = bytes(32)
_FIXED = struct.Struct(">IQQ16sBQqIIIiiBiIIBIQQI")
_SHANGHAI_MS = 8 * 3_600_000
_DAY_MS = 86_400_000
_DAYS: dict[int, int] = {}
