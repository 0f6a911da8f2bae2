"""The stamp of an article's page: who was served it and when; time tells what was read (decision 37)."""

import uuid
from typing import NamedTuple

from kepu.kit import clock, crypto, varint
from kepu.ledger.rules import own_event


class PageStamp(NamedTuple):
    """Proof that an account was served a page: when (ms), and how many seconds it has to stay open."""

    person: int
    article: int
    opened_ms: int
    seconds: int


def page_token(key: bytes, stamp: PageStamp) -> str:
    """The stamp as signed text, handed to the page and sent back when it was read."""
    return crypto.sign(key, "page", varint.pack(list(stamp)))


def read_page_token(key: bytes, token: str) -> PageStamp | None:
    """The stamp in a token this site made, else None."""
    body = crypto.unsign(key, "page", token) if 0 < len(token) < 120 else None
    numbers = varint.unpack(body) if body is not None else None
    return PageStamp(*numbers) if numbers is not None and len(numbers) == 4 else None


def browse_event(stamp: PageStamp) -> uuid.UUID:
    """The one event id by which an account tells that it browsed an article on the day it was served."""
    day = clock.day_of(clock.from_milliseconds(stamp.opened_ms)).isoformat()
    parts = ("browse", str(stamp.person), str(stamp.article), day)
    return uuid.UUID(bytes=own_event(*(part.encode() for part in parts)), version=5)
