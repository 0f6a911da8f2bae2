"""What the app's pages decide without a database: who reads, and how an act of a day is named."""

import hashlib
from datetime import datetime
from enum import StrEnum

from kepu.kit import clock, crypto
from kepu.kit.robots import is_robot
from kepu.ledger.links import Link
from kepu.ledger.rules import Entry

READER_BYTES = 16
COMPLAINT_LENGTH_MAX = 1000
CONTACT_LENGTH_MAX = 80
COMPLAINTS_PER_NETWORK_HOUR_MAX = 5


class PartOfDay(StrEnum):
    """The four greetings of a day."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of_day(moment: datetime) -> PartOfDay:
    """The greeting that fits: morning from 5, noon from 11, afternoon from 13, evening from 18."""
    hour = moment.astimezone(clock.SHANGHAI).hour
    if 5 <= hour < 11:
        return PartOfDay.MORNING
    if 11 <= hour < 13:
        return PartOfDay.NOON
    return PartOfDay.AFTERNOON if 13 <= hour < 18 else PartOfDay.EVENING


def once(*parts: str | int) -> bytes:
    """The event id (16 bytes) of an act that can happen only once for these parts, e.g. a check-in a day.

    Asked again it is the same, so that the ledger answers with the first receipt.
    """
    return hashlib.sha256("\0".join(map(str, parts)).encode()).digest()[:READER_BYTES]


def reader_of_account(key: bytes, account: int) -> bytes:
    """The reader (16 bytes) that every browser of this account is, signed in or not any more."""
    return crypto.blind_index(key, f"account {account}")[:READER_BYTES]


def reader_token(key: bytes, reader: bytes) -> str:
    """A reader as signed text for a cookie: nobody can make readers up without asking us."""
    return crypto.sign(key, "reader", reader)


def read_reader(key: bytes, token: str) -> bytes | None:
    """The reader in a cookie this site made, else None."""
    reader = crypto.unsign(key, "reader", token) if 0 < len(token) < 80 else None
    return reader if reader is not None and len(reader) == READER_BYTES else None


def is_person(method: str, user_agent: str, purpose: str) -> bool:
    """Whether a request for a personal link is a person's: not HEAD, a preview, a prefetch or a known robot.

    `purpose`: the Purpose, X-Purpose or Sec-Purpose header. An empty user agent counts as a robot.
    """
    return method == "GET" and not is_robot(user_agent, purpose)


def link_of(share: Entry) -> Link:
    """The personal link of a share as it stands in the ledger."""
    return Link(share.book, share.seq, share.person, share.article, share.ref_book, share.ref_seq)
