"""The acts that staff and rooms above state: what is taken back, spent, given back, and what expires."""

from collections.abc import Sequence
from datetime import datetime

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger.rules.lots import YearPoints, last_day_of_year
from kepu.ledger.rules.values import Act, Channel, Entry, day_number, own_event


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
        event_id=refund_event(spend.book, spend.seq),
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


def refund_event(book: int, seq: int) -> bytes:
    """The event by which the spend at this place is given back, once."""
    return own_event(b"refund", f"{book}/{seq}".encode())


def passing_on(
    refund: Entry, given: Sequence[YearPoints], person: int, author: int, note: str, now: datetime
) -> list[Act]:
    """What a refund gave back is another account's of the same person, year by year: taken here, given there.

    Both stand in the book of the refund, so that neither is refused where the other is not.
    """
    assert refund.kind == Kind.REFUND
    at_ms, acts = clock.milliseconds(now), []
    for year, points in given:
        out = Act(
            person=refund.person,
            event_id=pass_on_event(refund.book, refund.seq, year),
            kind=Kind.ADJUSTMENT,
            article=0,
            channel=Channel.SYSTEM,
            at_ms=at_ms,
            points=-points,
            day=min(last_day_of_year(year), day_number(at_ms)),
            author=author,
            note=note,
            corrects=refund,
        )
        acts += [out, out._replace(person=person, points=points)]
    return acts


def pass_on_event(book: int, seq: int, year: int) -> bytes:
    """The event by which what a refund gave back of a year is passed on, once."""
    return own_event(b"pass on", f"{book}/{seq}/{year}".encode())


def expiring(person: int, year: int, points: int, now: datetime) -> Act:
    """So many points (more than 0) of a year and those before it expire, once a person and year."""
    assert points > 0
    assert year <= clock.day_of(now).year, "a year that has not begun"
    event = own_event(b"expiry", year.to_bytes(4, "big"))
    at_ms, day = clock.milliseconds(now), last_day_of_year(year)
    return Act(person, event, Kind.EXPIRY, 0, Channel.SYSTEM, at_ms, points=-points, day=day)


def _place(entry: Entry) -> bytes:
    return f"{entry.book}/{entry.seq}".encode()
