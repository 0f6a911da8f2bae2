"""The one way into the ledger: a batch of acts becomes entries in one durable transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind, Published
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

COVERING_MAX = 100_000


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

    Durable when it returns. On PostgreSQL three round trips and the commit, whatever the number of acts.
    """
    with transaction.atomic(durable=True):
        facts = _gather(acts)
        settled = settle(list(acts), facts)
        if settled.entries:
            corrected = [act.corrects for act in acts if act.corrects]
            store.ask([*_changes(facts, settled), *map(store.renew_reached, corrected)])
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


def _gather(acts: Sequence[Act]) -> Facts:
    # Standings are held and heads locked first: what is read after them is as the last batch left it.
    standings = _standings({act.person for act in acts})
    books = {standing.book for standing in standings.values()}
    books |= {act.corrects.book for act in acts if act.corrects}
    person_days = {(act.person, act.day or day_number(act.at_ms)) for act in acts}
    losing = {act.person for act in acts if act.points < 0}
    questions = [
        store.lock_heads(books or {0}),
        store.Statement(campaigns.NEWEST_SHEETS, (), tuple),
        store.known_events({(act.person, act.event_id) for act in acts}),
        store.credited_counts(person_days),
    ]
    heads, newest, known, credited = store.ask(questions)
    published, capped, covering = _sheets(newest)
    if len(covering) > COVERING_MAX:
        covering.clear()
    return Facts(
        published=published,
        standings=standings,
        heads=heads,
        known=known,
        credited=credited,
        credited_articles=store.ask([store.credited_article_counts(person_days)])[0] if capped else {},
        balances=store.ask([store.balances(losing)])[0] if losing else {},
        article_capped=capped,
        covering=covering,
    )


@lru_cache(2)
def _sheets(
    newest: tuple[tuple[int, int, str], ...],
) -> tuple[tuple[Published, ...], frozenset[tuple[int, int]], dict[tuple[str, int], Published | None]]:
    """What follows from the newest versions alone: sheets, caps an article, which sheet covers where."""
    published = campaigns.published_in(newest)
    return published, article_capped(published), {}


def _standings(persons: set[int]) -> dict[int, Standing]:
    question = store.Statement(*people.standing_question(persons), people.standings_in)
    holding = people_writes.holding_statement(persons)
    asked = [question] if holding is None else [store.Statement(*holding), question]
    standings: dict[int, Standing] = store.ask(asked)[-1]
    return standings


def _changes(facts: Facts, settled: Settled) -> Iterator[store.Statement]:
    yield from store.add_entries(settled.entries)
    yield from store.add_to_tallies(settled.tallies)
    yield from store.add_to_article_tallies(settled.article_tallies)
    yield from store.add_to_balances(settled.points)
    moved = {entry.book for entry in settled.entries}
    yield from store.move_heads([facts.heads[book] for book in sorted(moved)])
