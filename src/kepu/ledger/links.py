"""Personal links: the token itself names sharer, article and parent share; no row is needed to read it."""

from functools import lru_cache
from typing import NamedTuple

from kepu.campaigns.rules import Kind
from kepu.kit import crypto, varint
from kepu.ledger.rules import Act, Channel, day_number, own_event


class Link(NamedTuple):
    """The share a link came from (book, seq), who shared what, and the share they had come by (0: none)."""

    book: int
    seq: int
    person: int
    article: int
    parent_book: int = 0
    parent_seq: int = 0


def link_token(key: bytes, link: Link) -> str:
    """The link as signed, URL-safe text of about 40 characters."""
    return crypto.sign(key, "link", varint.pack(list(link)))


def read_link(key: bytes, token: str) -> Link | None:
    """The link in a token this site made, else None."""
    body = crypto.unsign(key, "link", token) if len(token) < 120 else None
    numbers = varint.unpack(body) if body is not None else None
    return Link(*numbers) if numbers is not None and len(numbers) == 6 else None


def parent_of(link: Link | None, article: int, person: int) -> Link | None:
    """The link as the parent of a share: of the same article and not the person's own, else None."""
    return link if link is not None and link.article == article and link.person != person else None


def opened(link: Link, reader: bytes, at_ms: int) -> Act:
    """The sharer's credit for an open: one a link, reader and calendar day, however often it is recorded."""
    parts = (b"%d" % link.book, b"%d" % link.seq, reader.hex().encode(), _day_text(day_number(at_ms)))
    return Act(
        person=link.person,
        event_id=own_event(b"open", *parts),
        kind=Kind.OPEN,
        article=link.article,
        channel=Channel.PAGE,
        at_ms=at_ms,
        ref_book=link.book,
        ref_seq=link.seq,
    )


@lru_cache(16)
def _day_text(day: int) -> bytes:
    return b"%d-%02d-%02d" % (day // 10_000, day // 100 % 100, day % 100)


class Stamp(NamedTuple):
    """Proof that a reader was served a shared page: which link, which reader, when (ms).

    `seconds`: how long the page must stay open to be read. `campaign`: the one the read would count in, 0
    for none; a reader counts once for a sharer, an article and a campaign.
    """

    book: int
    seq: int
    person: int
    article: int
    opened_ms: int
    seconds: int
    campaign: int
    reader: bytes


def stamp_token(key: bytes, stamp: Stamp) -> str:
    """The stamp as signed text, handed to the page and sent back by its beacon."""
    return crypto.sign(key, "stamp", stamp.reader + varint.pack(list(stamp[:7])))


def read_stamp(key: bytes, token: str) -> Stamp | None:
    """The stamp in a token this site made, else None."""
    body = crypto.unsign(key, "stamp", token) if len(token) < 200 else None
    if body is None or len(body) < 16:
        return None
    numbers = varint.unpack(body[16:])
    if numbers is None or len(numbers) != 7:
        return None
    book, seq, person, article, opened_ms, seconds, campaign = numbers
    return Stamp(book, seq, person, article, opened_ms, seconds, campaign, body[:16])
