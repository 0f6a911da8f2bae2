"""Questions to the ledger. Every answer is a frozen value."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Sum

from kepu.campaigns.rules import Kind
from kepu.ledger import models
from kepu.ledger.rules import GENESIS, Entry, Head, entry_hash

ENTRIES_MAX = 10_000


class PersonVolume(NamedTuple):
    """One person's volume in a window, and when it last grew (ms)."""

    person: int
    volume: int
    reached_ms: int


class ReasonCount(NamedTuple):
    """How many entries of one kind had one reason, and what they earned."""

    kind: int
    reason: int
    entries: int
    points: int
    volume: int


class BookCheck(NamedTuple):
    """What `verify` found in a book: `first_bad` is the first entry that does not fit the chain (0: none);
    `tallies_off` counts days whose tally differs from its entries."""

    book: int
    entries: int
    first_bad: int
    head_fits: bool


def heads(within: str = "") -> list[Head]:
    """The heads of the books within a division (all for ""), by code. One query."""
    books = models.Book.objects.order_by("code")
    rows = [Head(book.code, book.last_seq, bytes(book.last_hash)) for book in books]
    return [head for head in rows if _fits(str(head.book), within)]


def entry(book: int, seq: int) -> Entry | None:
    """One entry. One query."""
    row = models.Entry.objects.filter(book=book, seq=seq).values_list(*Entry._fields).first()
    return _entry(row) if row else None


def entries_after(book: int, seq: int, limit: int) -> list[Entry]:
    """The entries of a book that follow `seq`, in order, at most `limit` of them. One query."""
    assert 0 < limit <= ENTRIES_MAX
    rows = models.Entry.objects.filter(book=book, seq__gt=seq, seq__lte=seq + limit).order_by("seq")
    return [_entry(row) for row in rows.values_list(*Entry._fields)]


def balance(person: int) -> int:
    """The points a person can spend. One query."""
    row = models.Balance.objects.filter(person=person).first()
    return row.points if row else 0


def statement(person: int, before: int, limit: int) -> list[Entry]:
    """A person's entries, newest first, older than `before` (ms; 0: from the newest). One query."""
    assert 0 < limit <= ENTRIES_MAX
    rows = models.Entry.objects.filter(person=person)
    if before:
        rows = rows.filter(at_ms__lt=before)
    return [_entry(row) for row in rows.order_by("-at_ms", "-seq").values_list(*Entry._fields)[:limit]]


def shares_of(person: int, limit: int) -> list[Entry]:
    """A person's newest shares, newest first. One query."""
    assert 0 < limit <= ENTRIES_MAX
    rows = models.Entry.objects.filter(person=person, kind=Kind.SHARE).order_by("-at_ms", "-seq")
    return [_entry(row) for row in rows.values_list(*Entry._fields)[:limit]]


def volumes(campaign: int, first_day: int, last_day: int) -> list[PersonVolume]:
    """Everyone's volume in a campaign over days (yyyymmdd, both ends counted), by person. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_VOLUMES, [campaign, first_day, last_day])
        return [PersonVolume(row[0], int(row[1]), row[2]) for row in cursor.fetchall()]


def volume_by_day(person: int, campaign: int, first_day: int, last_day: int) -> dict[int, int]:
    """One person's volume by day (days without any are absent). One query."""
    rows = models.DayTally.objects.filter(
        person=person, campaign=campaign, day__gte=first_day, day__lte=last_day
    )
    days = rows.values("day").annotate(total=Sum("volume")).order_by("day")
    return {row["day"]: row["total"] for row in days if row["total"]}


def reason_counts(person: int, campaign: int, first_day: int, last_day: int) -> list[ReasonCount]:
    """One person's entries over days by kind and reason, in that order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [person, campaign, first_day, last_day])
        rows = cursor.fetchall()
    return [
        ReasonCount(kind, reason, n, int(points), int(volume)) for kind, reason, n, points, volume in rows
    ]


def credited_on(person: int, campaign: int, day: int) -> dict[Kind, int]:
    """How many acts of each kind were credited to a person on a day. One query."""
    rows = models.DayTally.objects.filter(person=person, campaign=campaign, day=day)
    return {Kind(kind): credited for kind, credited in rows.values_list("kind", "credited") if credited}


def verify_book(book: int) -> Iterator[int | BookCheck]:
    """Walk a book and recompute its chain: yields how many entries were walked, at last a `BookCheck`."""
    previous, walked, first_bad = GENESIS, 0, 0
    while batch := entries_after(book, walked, ENTRIES_MAX):
        for each in batch:
            walked += 1
            fits = each.seq == walked and entry_hash(previous, each) == each.hash
            if not fits and not first_bad:
                first_bad = each.seq
            previous = each.hash
        yield walked
    head = next(each for each in heads() if each.book == book)
    yield BookCheck(book, walked, first_bad, head_fits=head == Head(book, walked, previous))


def tallies_off() -> int:
    """How many person-days, campaigns and kinds have a tally that differs from its entries. One query."""
    return _count(_TALLIES_OFF)


def balances_off() -> int:
    """How many persons have a balance that differs from the sum of their entries. One query."""
    return _count(_BALANCES_OFF)


def _count(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def _entry(row: tuple[Any, ...]) -> Entry:
    found = Entry(*row)
    return found._replace(event_id=bytes(found.event_id), hash=bytes(found.hash))


def _fits(book: str, within: str) -> bool:
    """Whether a county's book lies within a division, or the division within the county."""
    return book.startswith(within) or within.startswith(book)


_VOLUMES = """
SELECT person, sum(volume), max(reached_ms) FROM ledger_daytally
WHERE campaign = %s AND day >= %s AND day <= %s
GROUP BY person HAVING sum(volume) <> 0 ORDER BY person
"""
_REASONS = """
SELECT kind, reason, count(*), sum(points), sum(volume) FROM ledger_entry
WHERE person = %s AND campaign = %s AND day >= %s AND day <= %s
GROUP BY kind, reason ORDER BY kind, reason
"""
_TALLIES_OFF = """
SELECT count(*) FROM (
  SELECT person, day, campaign, kind, sum(credited) AS credited, sum(points) AS points, sum(volume) AS volume
  FROM (
    SELECT person, day, campaign, kind, CASE reason WHEN 0 THEN 1 ELSE 0 END AS credited, points, volume
    FROM ledger_entry
    UNION ALL
    SELECT person, day, campaign, kind, -credited, -points, -volume FROM ledger_daytally
  ) AS lines GROUP BY person, day, campaign, kind
) AS sums WHERE credited <> 0 OR points <> 0 OR volume <> 0
"""
_BALANCES_OFF = """
SELECT count(*) FROM (
  SELECT person, sum(points) AS points FROM (
    SELECT person, points FROM ledger_entry UNION ALL SELECT person, -points FROM ledger_balance
  ) AS lines GROUP BY person
) AS sums WHERE points <> 0
"""
