"""The one way into the ledger: a batch of acts becomes entries in one durable transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import reads, store
from kepu.ledger.models import Book
from kepu.ledger.rules import (
    GENESIS,
    Act,
    Channel,
    Entry,
    Facts,
    Receipt,
    Refusal,
    Settled,
    article_capped,
    day_number,
    own_event,
    settle,
    takes_back,
)
from kepu.people import reads as people
from kepu.people import writes as people_writes
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

    Durable when it returns. At most twelve statements whatever the number of acts, and one for each
    correction; on SQLite each added row is one run of a prepared statement.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        persons = {act.person for act in acts}
        people_writes.hold_accounts(persons)
        standings = people.standing_many(persons)
        facts = _gather(cursor, acts, standings)
        settled = settle(list(acts), facts)
        _write(cursor, facts, settled)
        for corrected in filter(None, (act.corrects for act in acts)):
            store.renew_reached(cursor, corrected)
    return settled.answers


def record_daily(person: int, kind: Kind, now: datetime, session_version: int = 0) -> Receipt | Refusal:
    """Record an act that happens once a day (sign-in, check-in); a second one gets the first receipt."""
    at_ms = clock.milliseconds(now)
    event = own_event(b"daily", bytes([kind]), day_number(at_ms).to_bytes(4, "big"))
    return record(Act(person, event, kind, 0, Channel.PAGE, at_ms, session_version=session_version))


def reverse_entry(book: int, seq: int, author: int, why: str, now: datetime) -> Receipt | Refusal | None:
    """Take back what an entry earned by a new entry in its book that names it.

    None when there is no such entry or it is a reversal itself. The volume leaves the day and the unit it
    was counted for; points are taken only as far as the balance reaches. Reversing an entry again gets the
    first reversal's receipt.
    """
    entry = reads.entry(book, seq)
    if entry is None or takes_back(entry):
        return None
    return record(_reversal(entry, author, why, now))


def reverse_entries(
    refs: Sequence[tuple[int, int]], author: int, why: str, now: datetime
) -> list[Receipt | Refusal]:
    """Take back several entries, (book, seq) each, in one transaction, as `reverse_entry` does one by one.

    An answer for each in the same order; they must be entries and no reversals. One query for each
    thousand, those of a batch and one an entry.
    """
    entries = reads.entries_at(refs)
    found = {(entry.book, entry.seq): entry for entry in entries}
    assert not any(map(takes_back, entries)), "a reversal is not reversed"
    return commit_batch([_reversal(found[ref], author, why, now) for ref in refs])


def _reversal(entry: Entry, author: int, why: str, now: datetime) -> Act:
    return Act(
        person=entry.person,
        event_id=own_event(b"reverse", f"{entry.book}/{entry.seq}".encode()),
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


def _gather(cursor: CursorWrapper, acts: Sequence[Act], standings: dict[int, Standing]) -> Facts:
    # Standings are held and heads locked first: what is read after them is as the last batch left it.
    books = {standing.book for standing in standings.values()}
    books |= {act.corrects.book for act in acts if act.corrects}
    heads = store.lock_heads(cursor, books or {0})
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
