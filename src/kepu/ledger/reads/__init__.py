"""Questions to the ledger. Every answer is a frozen value.

On PostgreSQL whatever is asked about persons asks for their books first (`rows`): one query more.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import add
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet, Sum

from kepu.campaigns.rules import Kind
from kepu.ledger import models
from kepu.ledger.reads import archived
from kepu.ledger.reads.checking import article_tallies_off, lots_off, person_books_off, tallies_off
from kepu.ledger.reads.points import (
    PointsAccount,
    Spend,
    account_of_points,
    balance,
    expiring,
    is_recorded,
    spend_of,
    spend_recorded,
    years_given,
)
from kepu.ledger.reads.rows import entry_of as _entry
from kepu.ledger.reads.rows import in_books_of, rows_of
from kepu.ledger.rules import GENESIS, Entry, Head, Spot, entry_hash, takes_back

__all__ = [
    "PointsAccount",
    "Spend",
    "account_of_points",
    "article_tallies_off",
    "balance",
    "expiring",
    "is_recorded",
    "lots_off",
    "person_books_off",
    "spend_of",
    "spend_recorded",
    "tallies_off",
    "years_given",
]
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


class Reach(NamedTuple):
    """How often the link of a share was opened and how often what it shows was read."""

    opens: int
    reads: int


class BookCheck(NamedTuple):
    """What `verify` found in a book: `first_bad` is the first entry that does not fit the chain (0: none)."""

    book: int
    entries: int
    first_bad: int
    head_fits: bool


def heads(within: str = "") -> list[Head]:
    """The heads of the books within a division (all for ""), by code. One query."""
    books = models.Book.objects.order_by("code")
    rows = [Head(book.code, book.last_seq, bytes(book.last_hash)) for book in books]
    return [head for head in rows if _fits(str(head.book), within)]


def last_entries(within: str, first_day: int, last_day: int, before_ms: int | None = None) -> list[Entry]:
    """Of each book within a division the last entry that counts on these days (yyyymmdd, both ends), by book.

    Books without one are absent. A correction counts on the day of what it corrects; `before_ms` leaves out
    what was entered from that moment on. One query and one a book; it reads backwards over what came later.
    Where anything was archived, one query more for a book that has none in the database.
    """
    found = []
    for head in heads(within):
        rows = models.Entry.objects.filter(book=head.book, day__gte=first_day, day__lte=last_day)
        if before_ms is not None:
            rows = rows.filter(at_ms__lt=before_ms)
        newest = [_entry(row) for row in rows.order_by("-seq").values_list(*Entry._fields)[:1]]
        found += newest or archived.last_entry(head.book, (first_day, last_day), before_ms)
    return found


def entry(book: int, seq: int) -> Entry | None:
    """One entry. One query; where anything was archived, another one for what the database has not."""
    row = models.Entry.objects.filter(book=book, seq=seq).values_list(*Entry._fields).first()
    if row:
        return _entry(row)
    return next(iter(archived.entries_at([(book, seq)])), None)


def entries_after(book: int, seq: int, limit: int) -> list[Entry]:
    """The entries of a book that follow `seq`, in order, at most `limit` of them. One query.

    Those that were archived come from their files; then it is two.
    """
    assert 0 < limit <= ENTRIES_MAX
    rows = models.Entry.objects.filter(book=book, seq__gt=seq, seq__lte=seq + limit).order_by("seq")
    found = [_entry(row) for row in rows.values_list(*Entry._fields)]
    if found and found[0].seq == seq + 1:
        return found
    return archived.filled(book, seq, limit, found)


def reversed_by(entries: Sequence[Entry]) -> dict[tuple[int, int], Entry]:
    """The entries that the reversals among these take back, by (book, seq). One query, none without any.

    Where some of those were archived it is two.
    """
    refs = sorted({(each.ref_book, each.ref_seq) for each in entries if takes_back(each)})
    found = {(each.book, each.seq): each for each in entries}
    for each in entries_at([ref for ref in refs if ref not in found]):
        found[each.book, each.seq] = each
    return {ref: found[ref] for ref in refs if ref in found}


def entries_at(refs: Sequence[tuple[int, int]]) -> list[Entry]:
    """The entries at these (book, seq) places, in no order; unknown ones are absent. One query a thousand.

    Where anything was archived, one query more for those that the database has not.
    """
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(refs), 1_000):
        rows += _of_refs(_ENTRIES_AT, list(refs[start : start + 1_000]), [])
    found = [_entry(row) for row in rows]
    missing = set(refs) - {(each.book, each.seq) for each in found}
    return found + archived.entries_at(missing)


def statement(person: int, before: Spot | None, limit: int) -> list[Entry]:
    """A person's entries, newest first, from `before` on where it is given. One query.

    Not those that were archived: `archived.held_of` says how many those are and where they lie.
    """
    assert 0 < limit <= ENTRIES_MAX
    rows = _older(rows_of(models.Entry, person), before)
    return [
        _entry(row) for row in rows.order_by("-at_ms", "-book", "-seq").values_list(*Entry._fields)[:limit]
    ]


def shares_of(person: int, limit: int, before: Spot | None = None) -> list[Entry]:
    """A person's shares, newest first, from `before` on where it is given; not archived ones. One query."""
    assert 0 < limit <= ENTRIES_MAX
    rows = _older(rows_of(models.Entry, person).filter(kind=Kind.SHARE), before)
    return [
        _entry(row) for row in rows.order_by("-at_ms", "-book", "-seq").values_list(*Entry._fields)[:limit]
    ]


def reach_of(shares: Sequence[Entry]) -> dict[tuple[int, int], Reach]:
    """What came of these shares (at most 100), by (book, seq); one nobody followed is absent. One query."""
    assert len(shares) <= 100
    counts: dict[tuple[int, int], Counter[int]] = {}
    for book, seq, kind, count in _of_refs(_REACH, [(each.book, each.seq) for each in shares], []):
        counts.setdefault((book, seq), Counter())[kind] = count
    return {ref: Reach(found[Kind.OPEN], found[Kind.READ]) for ref, found in counts.items()}


def shares_led_to_by(person: int, limit: int) -> list[Entry]:
    """The newest shares of others that came by a person's links, newest first. One query.

    It looks at each share of the person once, in an index.
    """
    assert 0 < limit <= ENTRIES_MAX
    with connection.cursor() as cursor:
        cursor.execute(_LED_TO.replace("@books", in_books_of([person], "w")), [person, limit])
        return [_entry(row) for row in cursor.fetchall()]


def shares_that_followed(shares: Sequence[Entry], limit: int) -> list[Entry]:
    """The newest shares that came by the links of these (at most 200), newest first. One query."""
    assert len(shares) <= 200
    assert 0 < limit <= ENTRIES_MAX
    refs = [(each.book, each.seq) for each in shares]
    return [_entry(row) for row in _of_refs(_FOLLOWED, refs, [limit])]


def sharers(article: int, book: int, after: int, limit: int) -> tuple[set[int], int]:
    """Who shared an article in the next `limit` entries of a book, and the last entry looked at.

    The last is `after` itself at the book's end. Two queries; one walks `limit` entries by the primary key.
    Where some of those were archived it is three.
    """
    last = models.Entry.objects.filter(book=book, seq__gt=after, seq__lte=after + limit)
    ends = last.aggregate(first=Min("seq"), last=Max("seq"))
    shares = last.filter(kind=Kind.SHARE, article=article)
    persons, reached = set(shares.values_list("person", flat=True).distinct()), ends["last"] or after
    if ends["first"] != after + 1:
        those = archived.parts(book)
        spans, among = {"seq": (after + 1, after + limit)}, {"kind": {int(Kind.SHARE)}, "article": {article}}
        persons |= {who for rows in archived.rows(("person",), those, spans, among) for (who,) in rows}
        end = max((part.taken_to for part in those), default=0)
        reached = max(reached, min(end, after + limit))
    return persons, reached


def volumes(campaign: int, first_day: int, last_day: int) -> list[PersonVolume]:
    """Everyone's volume in a campaign over days (yyyymmdd, both ends counted), by person. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_VOLUMES, [campaign, first_day, last_day])
        return [PersonVolume(row[0], int(row[1]), row[2]) for row in cursor.fetchall()]


def day_volumes(campaign: int, first_day: int, last_day: int) -> dict[tuple[int, int], int]:
    """Everyone's volume over days (yyyymmdd, both ends) by (person, day); days of 0 are absent. One query.

    A line for each person's day: for campaigns by imported figures, which have few days.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DAY_VOLUMES, [campaign, first_day, last_day])
        return {(row[0], row[1]): int(row[2]) for row in cursor.fetchall()}


def reached_ms(person: int, campaign: int, first_day: int, last_day: int) -> int:
    """When a person's volume over days last grew by an act that stands (ms; 0: never). One query."""
    rows = rows_of(models.DayTally, person).filter(campaign=campaign, day__gte=first_day, day__lte=last_day)
    return rows.aggregate(at=Max("reached_ms"))["at"] or 0


def volume_by_day(person: int, campaign: int, first_day: int, last_day: int) -> dict[int, int]:
    """One person's volume by day (days without any are absent). One query."""
    rows = rows_of(models.DayTally, person).filter(campaign=campaign, day__gte=first_day, day__lte=last_day)
    days = rows.values("day").annotate(total=Sum("volume")).order_by("day")
    return {row["day"]: row["total"] for row in days if row["total"]}


def reason_counts(person: int, campaign: int, first_day: int, last_day: int) -> list[ReasonCount]:
    """One person's entries over days by kind and reason, in that order. One query.

    Where anything was archived it is two, and reads who did what in the files of those days.
    """
    spans = {"person": (person, person), "campaign": (campaign, campaign), "day": (first_day, last_day)}
    columns = ("kind", "reason", "points", "volume")
    with archived.together(), connection.cursor() as cursor:
        cursor.execute(
            _REASONS.replace("@books", in_books_of([person])), [person, campaign, first_day, last_day]
        )
        rows = [(kind, reason, *map(int, sums)) for kind, reason, *sums in cursor.fetchall()]
        for some in archived.rows(columns, archived.parts(), spans):
            rows += [(kind, reason, 1, points, volume) for kind, reason, points, volume in some]
    sums_of: dict[tuple[int, int], list[int]] = {}
    for kind, reason, *sums in rows:
        held = sums_of.setdefault((kind, reason), [0, 0, 0])
        held[:] = map(add, held, sums)
    return [ReasonCount(*key, *sums) for key, sums in sorted(sums_of.items())]


def credited_days(person: int, kind: Kind, since: int, limit: int) -> list[int]:
    """The days (yyyymmdd) from `since` on that credited an act of this kind, newest first. One query."""
    assert 0 < limit <= ENTRIES_MAX
    rows = rows_of(models.DayTally, person).filter(day__gte=since, kind=kind, credited__gt=0)
    return list(rows.order_by("-day").values_list("day", flat=True).distinct()[:limit])


def last_browsed(person: int) -> int | None:
    """The article a person browsed last, or None. One query: a look a book, by an index of its own."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_BROWSED, [person])
        row = cursor.fetchone()
    return int(row[0]) if row and row[0] else None


def credited_on(person: int, campaign: int, day: int) -> dict[Kind, int]:
    """How many acts of each kind were credited to a person on a day. One query."""
    rows = rows_of(models.DayTally, person).filter(campaign=campaign, day=day, credited__gt=0)
    counts: Counter[Kind] = Counter()
    for kind, credited in rows.values_list("kind", "credited"):
        counts[Kind(kind)] += credited
    return dict(counts)


def verify_book(book: int) -> Iterator[int | BookCheck]:
    """Walk a book and recompute its chain: yields how many entries were walked, at last a `BookCheck`.

    What is written while it walks is left for the next time. Archived entries come from their files; where
    one cannot be read, its first entry does not fit, and nothing after it is looked at.
    """
    head = next(each for each in heads() if each.book == book)
    previous, walked, first_bad = GENESIS, 0, 0
    while batch := _batch_after(book, walked, min(ENTRIES_MAX, max(1, head.seq - walked))):
        for each in batch:
            walked += 1
            fits = each.seq == walked and entry_hash(previous, each) == each.hash
            if not fits and not first_bad:
                first_bad = each.seq
            previous = each.hash
        yield walked
        if walked >= head.seq:
            break
    if not batch and walked < head.seq:
        first_bad = first_bad or walked + 1
    yield BookCheck(book, walked, first_bad, head_fits=head == Head(book, walked, previous))


def _batch_after(book: int, seq: int, limit: int) -> list[Entry]:
    try:
        return entries_after(book, seq, limit)
    except archived.ArchiveUnreadableError:
        return []


def _older(rows: QuerySet[models.Entry], before: Spot | None) -> QuerySet[models.Entry]:
    if before is None:
        return rows
    older = Q(book__lt=before.book) | Q(book=before.book, seq__lt=before.seq)
    return rows.filter(Q(at_ms__lt=before.at_ms) | Q(at_ms=before.at_ms) & older)


def _of_refs(sql: str, refs: list[tuple[int, int]], more: list[int]) -> list[tuple[Any, ...]]:
    """Rows of entries that name one of these; no query for none."""
    if not refs:
        return []
    marks = ",".join(["(CAST(%s AS bigint), CAST(%s AS bigint))"] * len(refs))
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("@refs", marks), [number for ref in refs for number in ref] + more)
        return list(cursor.fetchall())


def _fits(book: str, within: str) -> bool:
    """Whether a county's book lies within a division, or the division within the county."""
    return book.startswith(within) or within.startswith(book)


# The kind stands in the text: a partial index is not used for a parameter.
_LAST_BROWSED = f"""
SELECT e.article FROM ledger_personbook p JOIN ledger_entry e ON e.book = p.book AND e.seq = (
  SELECT w.seq FROM ledger_entry w WHERE w.book = p.book AND w.person = p.person
  AND w.kind = {int(Kind.BROWSE)} ORDER BY w.at_ms DESC LIMIT 1)
WHERE p.person = %s ORDER BY e.at_ms DESC LIMIT 1
"""  # noqa: S608 - our own constant
_VOLUMES = """
SELECT person, sum(volume), max(reached_ms) FROM ledger_daytally
WHERE campaign = %s AND day >= %s AND day <= %s
GROUP BY person HAVING sum(volume) <> 0 ORDER BY person
"""
_DAY_VOLUMES = """
SELECT person, day, sum(volume) FROM ledger_daytally
WHERE campaign = %s AND day >= %s AND day <= %s
GROUP BY person, day HAVING sum(volume) <> 0
"""
_REASONS = """
SELECT kind, reason, count(*), sum(points), sum(volume) FROM ledger_entry
WHERE person = %s AND @books AND campaign = %s AND day >= %s AND day <= %s
GROUP BY kind, reason ORDER BY kind, reason
"""
# CROSS JOIN and literals: SQLite is to walk the few refs, and to see that the partial index holds the rest.
_REACH = f"""
WITH wanted(book, seq) AS (VALUES @refs)
SELECT e.ref_book, e.ref_seq, e.kind, count(*) FROM wanted w CROSS JOIN ledger_entry e
WHERE e.ref_book = w.book AND e.ref_seq = w.seq AND NOT (e.ref_seq = 0)
AND e.kind IN ({Kind.OPEN:d}, {Kind.READ:d})
GROUP BY e.ref_book, e.ref_seq, e.kind
"""  # noqa: S608
_COLUMNS = ", ".join(f"e.{column}" for column in Entry._fields)
_ENTRIES_AT = f"""
WITH wanted(book, seq) AS (VALUES @refs)
SELECT {_COLUMNS} FROM wanted w CROSS JOIN ledger_entry e WHERE e.book = w.book AND e.seq = w.seq
"""  # noqa: S608
_FOLLOWED = f"""
WITH wanted(book, seq) AS (VALUES @refs)
SELECT {_COLUMNS} FROM wanted w CROSS JOIN ledger_entry e
WHERE e.ref_book = w.book AND e.ref_seq = w.seq AND NOT (e.ref_seq = 0) AND e.kind = {Kind.SHARE:d}
ORDER BY e.at_ms DESC, e.book DESC, e.seq DESC LIMIT %s
"""  # noqa: S608
_LED_TO = f"""
SELECT {_COLUMNS} FROM ledger_entry w CROSS JOIN ledger_entry e
WHERE w.person = %s AND @books AND w.kind = {Kind.SHARE:d} AND e.ref_book = w.book AND e.ref_seq = w.seq
AND NOT (e.ref_seq = 0) AND e.kind = {Kind.SHARE:d} AND e.person <> w.person
ORDER BY e.at_ms DESC, e.book DESC, e.seq DESC LIMIT %s
"""  # noqa: S608
