"""The acts that staff and rooms above state: what is taken back, spent, given back, and what expires."""

from datetime import datetime

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger.rules.lots import last_day_of_year
from kepu.ledger.rules.values import Act, Channel, Entry, own_event


def reversal(entry: Entry, author: int, why: str, now: datetime) -> Act:
    """All that an entry earned is taken back, from the day, the book and the unit it was entered for."""
    return Act(
        person=entry.person,
        event_id=own_event(b"reverse", _place(entry)),
        kind=Kind.ADJUSTMENT,
        article=entry.article,
        channel=Channel.STAFF,
        at_ms=clock.milliseconds(now),
        ref_book=entry.book,
        ref_seq=entry.seq,
        points=-entry.points,
        volume=-entry.volume,
        campaign=entry.campaign,
        version=entry.version,
        day=entry.day,
        author=author,
        note=why,
        corrects=entry,
    )


def spending(person: int, event_id: bytes, points: int, author: int, note: str, now: datetime) -> Act:
    """So many points (more than 0) are spent, the oldest first."""
    assert points > 0
    at_ms = clock.milliseconds(now)
    return Act(
        person, event_id, Kind.SPEND, 0, Channel.SYSTEM, at_ms, points=-points, author=author, note=note
    )


def refunding(spend: Entry, author: int, note: str, now: datetime) -> Act:
    """A whole spend is given back; its event is the same however often, so it is given back once."""
    assert spend.kind == Kind.SPEND
    assert spend.points < 0
    return Act(
        person=spend.person,
        event_id=own_event(b"refund", _place(spend)),
        kind=Kind.REFUND,
        article=0,
        channel=Channel.SYSTEM,
        at_ms=clock.milliseconds(now),
        ref_book=spend.book,
        ref_seq=spend.seq,
        points=-spend.points,
        author=author,
        note=note,
        corrects=spend,
    )


def expiring(person: int, year: int, points: int, now: datetime) -> Act:
    """So many points (more than 0) of a year and those before it expire, once a person and year."""
    assert points > 0
    assert year <= clock.day_of(now).year, "a year that has not begun"
    event = own_event(b"expiry", year.to_bytes(4, "big"))
    at_ms, day = clock.milliseconds(now), last_day_of_year(year)
    return Act(person, event, Kind.EXPIRY, 0, Channel.SYSTEM, at_ms, points=-points, day=day)


def _place(entry: Entry) -> bytes:
    return f"{entry.book}/{entry.seq}".encode()
