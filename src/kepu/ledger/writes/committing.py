"""The one way into the ledger: a batch of acts becomes entries in one durable transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind, Published
from kepu.kit import clock
from kepu.ledger import partitions, store
from kepu.ledger.models import Book
from kepu.ledger.reads import archived
from kepu.ledger.rules import (
    GENESIS,
    Act,
    Channel,
    Facts,
    Needs,
    Receipt,
    Refusal,
    Settled,
    day_number,
    last_day_of_year,
    needs_of,
    own_event,
    settle,
)
from kepu.ledger.writes.asking import ask_for_needs
from kepu.ledger.writes.reaching import keep_reached
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.rules import Standing

COVERING_MAX = 100_000
NOWHERE = (0,)  # no book has that code


def open_book(book: int, now: datetime) -> bool:
    """The county's book exists, with room in every table; True when this call opened it.

    No batch of another book waits for it, and two that open one at once open it once.
    """
    if Book.objects.filter(code=book).exists():
        return False
    with transaction.atomic():
        partitions.make_room(book)
        _book, opened = Book.objects.get_or_create(
            code=book, defaults={"last_hash": GENESIS, "opened_at": now, "last_seq": 0}
        )
    return opened


def record(act: Act) -> Receipt | Refusal:
    """Record one act and answer when it is durable."""
    return commit_batch([act])[0]


def commit_batch(acts: Sequence[Act]) -> list[Receipt | Refusal]:
    """Record the acts in order, in one transaction; an answer for each, in the same order.

    Durable when it returns; on SQLite in the ledger's process when `sqlite_log` says so. On PostgreSQL three
    round trips and the commit, whatever the number of acts.
    """
    with transaction.atomic(durable=True):
        facts = _gather(acts)
        settled = settle(list(acts), facts)
        if settled.entries:
            corrected = [act.corrects for act in acts if act.corrects and act.kind is not Kind.REFUND]
            store.ask([*_changes(facts, settled), *map(store.renew_reached, corrected)])
            keep_reached(corrected)
    return settled.answers


def record_daily(person: int, kind: Kind, now: datetime, session_version: int = 0) -> Receipt | Refusal:
    """Record an act that happens once a day (sign-in, check-in); a second one gets the first receipt."""
    at_ms = clock.milliseconds(now)
    event = own_event(b"daily", bytes([kind]), day_number(at_ms).to_bytes(4, "big"))
    return record(Act(person, event, kind, 0, Channel.PAGE, at_ms, session_version=session_version))


def _gather(acts: Sequence[Act]) -> Facts:
    # Standings are held and heads locked first: what is read after them is as the last batch left it. Every
    # person's home book is among them, so no two batches at once write anything of one person; a batch that
    # writes into other books than those holds its persons alone (decision 46).
    standings, entered = _standings(acts)
    books = _books(standings, entered)
    heads_of = {standing.book for standing in standings.values()}
    heads_of |= {act.corrects.book for act in acts if act.corrects}
    days = {
        (book, act.person, act.day or day_number(act.at_ms))
        for act in acts
        for book in books.get(act.person, NOWHERE)
    }
    events = {(book, act.person, act.event_id) for act in acts for book in books.get(act.person, NOWHERE)}
    questions = [
        store.lock_heads(heads_of or NOWHERE),
        store.Statement(campaigns.NEWEST_SHEETS, (), tuple),
        store.known_events(events),
        store.credited_counts(days),
    ]
    heads, newest, known, credited = store.ask(questions)
    known |= archived.known_events({(act.person, act.event_id) for act in acts} - known.keys())
    published, needs, covering = _sheets(newest)
    if len(covering) > COVERING_MAX:
        covering.clear()
    facts = Facts(
        published=published,
        standings=standings,
        heads=heads,
        known=known,
        credited=credited,
        needs=needs,
        covering=covering,
        books=books,
        entered=entered,
    )
    if needs.article_days:
        facts.credited_articles = store.ask([store.credited_article_counts(days)])[0]
    if needs.refined:
        ask_for_needs(acts, facts)
    moving = [act for act in acts if act.points < 0 or act.kind is Kind.REFUND]
    if moving:
        _ask_for_points(moving, facts)
    return facts


def _ask_for_points(moving: Sequence[Act], facts: Facts) -> None:
    """What can be taken from or given back to those whose points are moved."""
    holders = {(book, act.person) for act in moving for book in facts.books.get(act.person, NOWHERE)}
    facts.lots = store.ask([store.lots(holders)])[0]
    refunded = {(act.ref_book, act.ref_seq) for act in moving if act.kind is Kind.REFUND}
    if refunded:
        facts.taken, expired_to = store.ask([store.spent_lines(refunded), store.expired_to()])
        facts.expired_to = max(expired_to, archived.expired_to())
    years = {
        (book, act.person, last_day_of_year(year))
        for act in moving
        if act.corrects and act.kind is Kind.ADJUSTMENT
        for book in facts.books.get(act.person, NOWHERE)
        for year in range(act.day // 10_000, day_number(act.at_ms) // 10_000 + 1)
    }
    if years:
        facts.expired = store.ask([store.expired_points(years)])[0]


@lru_cache(2)
def _sheets(
    newest: tuple[tuple[int, int, str], ...],
) -> tuple[tuple[Published, ...], Needs, dict[tuple[str, int], Published | None]]:
    """What follows from the newest versions alone: sheets, what they want counted, which covers where."""
    published = campaigns.published_in(newest)
    return published, needs_of(published), {}


def _standings(acts: Sequence[Act]) -> tuple[dict[int, Standing], set[tuple[int, int]]]:
    """Where these people belong, and the (person, book) pairs that have entries."""
    persons = {act.person for act in acts}
    holding = people_writes.holding_statement(persons, alone=any(act.corrects for act in acts))
    asked = [] if holding is None else [store.Statement(*holding)]
    asked.append(store.Statement(*people.standing_question(persons), people.standings_in))
    asked.append(store.person_books(persons))
    standings, entered = store.ask(asked)[-2:]
    return standings, entered


def _books(standings: dict[int, Standing], entered: set[tuple[int, int]]) -> dict[int, set[int]]:
    """In which books there may be anything of each: whoever wrote at the same time wrote into the home's."""
    books = {person: {standing.book} for person, standing in standings.items()}
    for person, book in entered:
        books.setdefault(person, set()).add(book)
    return books


def _changes(facts: Facts, settled: Settled) -> Iterator[store.Statement]:
    yield from store.add_entries(settled.entries)
    yield from store.add_person_books({(each.person, each.book) for each in settled.entries} - facts.entered)
    yield from store.add_to_tallies(settled.tallies)
    yield from store.add_to_article_tallies(settled.article_tallies)
    yield from store.add_to_lots(settled.lots)
    yield from store.add_lines(settled.lines)
    moved = {entry.book for entry in settled.entries}
    yield from store.move_heads([facts.heads[book] for book in sorted(moved)])
