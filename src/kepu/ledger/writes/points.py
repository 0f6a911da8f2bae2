"""Points that leave somebody's balance or come back to it. Nothing here can be part of a transaction."""

from datetime import datetime

from kepu.campaigns.rules import Kind
from kepu.ledger import reads
from kepu.ledger.rules import (
    Receipt,
    Refusal,
    expiring,
    pass_on_event,
    passing_on,
    refunding,
    spending,
)
from kepu.ledger.writes.committing import commit_batch, record


def spend(
    person: int, event_id: bytes, points: int, author: int, note: str, now: datetime
) -> Receipt | Refusal:
    """A person has spent so many points (more than 0), the oldest first.

    BALANCE_SHORT with 0 points where they have fewer; that answer is kept too. The same event again gets the
    first receipt, with other points it is a conflict. `author`: 0 when the person acted for themself.
    """
    return record(spending(person, event_id, points, author, note, now))


def refund(book: int, seq: int, author: int, note: str, now: datetime) -> Receipt | Refusal | None:
    """A whole spend has been given back, once however often this is called; None: there is no such spend.

    Its points go back to the years they were taken from, those of years that have expired to the oldest year
    that has not. The refund stands in the book of the spend, wherever the person belongs by now. A spend that
    was refused has nothing to give back: None.
    """
    spent = reads.entry(book, seq)
    if spent is None or spent.kind != Kind.SPEND or not spent.points:
        return None
    return record(refunding(spent, author, note, now))


def expire(person: int, year: int, points: int, now: datetime) -> Receipt | Refusal:
    """So many points (more than 0) of a year and those before it have expired, once a person and year.

    Never more than what is left of them at this moment: BALANCE_SHORT with 0 points where nothing is. Called
    again it gets the first receipt, whatever was said then.
    """
    return record(expiring(person, year, points, now))


def pass_on(refund: Receipt, person: int, author: int, note: str, now: datetime) -> bool:
    """What a refund gave back to a merged account is the kept one's (`person`); whether it is, once for ever.

    Two adjustments for each year of the refund, in its book and in one transaction. What was passed on to one
    account is never passed on again to another. Three queries and those of a batch.
    """
    entry, given = reads.entry(refund.book, refund.seq), reads.years_given(refund.book, refund.seq)
    if entry is None or not given:
        return False
    if reads.is_recorded(entry.person, pass_on_event(entry.book, entry.seq, given[0].year)):
        return True
    answers = commit_batch(passing_on(entry, given, person, author, note, now))
    return all(isinstance(answer, Receipt) for answer in answers)
