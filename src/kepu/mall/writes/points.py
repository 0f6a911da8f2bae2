"""What an order takes from the ledger and gets back from it."""

from datetime import datetime

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import reads, writes
from kepu.ledger.rules import Act, Channel, Receipt, Refusal, own_event


def spend(
    person: int, event_id: bytes, points: int, author: int, note: str, now: datetime
) -> Receipt | Refusal:
    """Take points once for this event; the receipt says 0 points where they are short."""
    at_ms = clock.milliseconds(now)
    act = Act(person, event_id, Kind.SPEND, 0, Channel.PAGE, at_ms, points=-points, author=author, note=note)
    return writes.record(act)


def refund(book: int, seq: int, author: int, note: str, now: datetime) -> Receipt | Refusal | None:
    """Give a whole spend back once."""
    entry = reads.entry(book, seq)
    if entry is None or entry.kind != Kind.SPEND:
        return None
    event = own_event(b"refund", f"{book}/{seq}".encode())
    at_ms = clock.milliseconds(now)
    act = Act(
        entry.person,
        event,
        Kind.ADJUSTMENT,
        0,
        Channel.STAFF,
        at_ms,
        points=-entry.points,
        author=author,
        note=note,
    )
    return writes.record(act)


def left_to_spend(person: int) -> int:
    """The points a person has, below zero where they owe some. One query."""
    return reads.balance(person)
