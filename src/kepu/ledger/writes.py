"""The one way into the ledger: a batch of acts becomes entries in one durable transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind
from kepu.kit import clock, crypto
from kepu.ledger import reads, store
from kepu.ledger.models import Book
from kepu.ledger.rules import (
    GENESIS,
    Act,
    Channel,
    Facts,
    Receipt,
    Refusal,
    Settled,
    article_capped,
    day_number,
    settle,
)
from kepu.people import reads as people
from kepu.people.rules import Standing


def open_book(book: int, now: datetime) -> bool:
    """The county's book exists; True when this call opened it."""
    _book, opened = Book.objects.get_or_create(
        code=book, defaults={"last_hash": GENESIS, "opened_at": now, "last_seq": 0}
    )
    return opened


def record(act: Act) -> Receipt | Refusal:
    """Record one act and answer when it is durable."""
    return commit_batch([act])[0]


def commit_batch(acts: Sequence[Act]) -> list[Receipt | Refusal]:
    """Record the acts in order, in one transaction; an answer for each, in the same order.

    Durable when it returns. At most eleven statements whatever the number of acts; on SQLite each
    added row is one run of a prepared statement.
    """
    with transaction.atomic(durable=not connection.in_atomic_block), connection.cursor() as cursor:
        standings = people.standing_many(act.person for act in acts)
        facts = _gather(cursor, acts, standings)
        settled = settle(list(acts), facts)
        _write(cursor, facts, settled)
    return settled.answers


def record_daily(person: int, kind: Kind, now: datetime) -> Receipt | Refusal:
    """Record an act that happens once a day (sign-in, check-in); a second one gets the first receipt."""
    at_ms = clock.milliseconds(now)
    event = crypto.digest(b"daily", bytes([kind]), day_number(at_ms).to_bytes(4, "big"))[:16]
    return record(Act(person, event, kind, 0, Channel.PAGE, at_ms))


def reverse_entry(book: int, seq: int, author: int, why: str, now: datetime) -> Receipt | Refusal | None:
    """Take back what an entry earned by a new entry that names it; None when there is no such entry.

    The volume leaves the day it was counted on; points are taken only as far as the balance reaches.
    Reversing an entry again gets the first reversal's receipt.
    """
    entry = reads.entry(book, seq)
    if entry is None:
        return None
    return record(
        Act(
            person=entry.person,
            event_id=crypto.digest(b"reverse", f"{book}/{seq}".encode())[:16],
            kind=Kind.ADJUSTMENT,
            article=entry.article,
            channel=Channel.STAFF,
            at_ms=clock.milliseconds(now),
            ref_book=book,
            ref_seq=seq,
            points=-entry.points,
            volume=-entry.volume,
            campaign=entry.campaign,
            version=entry.version,
            day=entry.day,
            author=author,
            note=why,
        )
    )


def _gather(cursor: CursorWrapper, acts: Sequence[Act], standings: dict[int, Standing]) -> Facts:
    # The heads are locked first: everything read after them is as the last batch left it.
    heads = store.lock_heads(cursor, {standing.book for standing in standings.values()} or {0})
    standings = {person: each for person, each in standings.items() if each.book in heads}
    published = campaigns.published()
    person_days = {(act.person, act.day or day_number(act.at_ms)) for act in acts}
    capped = article_capped(published)
    losing = {act.person for act in acts if act.points < 0}
    return Facts(
        published=published,
        standings=standings,
        heads=heads,
        known=store.known_events(cursor, {(act.person, act.event_id) for act in acts}),
        credited=store.credited_counts(cursor, person_days),
        credited_articles=store.credited_article_counts(cursor, person_days) if capped else {},
        balances=store.balances(cursor, losing) if losing else {},
        article_capped=capped,
    )


def _write(cursor: CursorWrapper, facts: Facts, settled: Settled) -> None:
    if not settled.entries:
        return
    store.add_entries(cursor, settled.entries)
    store.add_to_tallies(cursor, settled.tallies)
    store.add_to_article_tallies(cursor, settled.article_tallies)
    store.add_to_balances(cursor, settled.points)
    moved = {entry.book for entry in settled.entries}
    store.move_heads(cursor, [facts.heads[book] for book in sorted(moved)])
