"""A county with many communicators and entries, made in bulk as the ledger and its follower would leave it.

Plain SQL over the tables, a statement a day: five million entries take minutes. A test holds what it leaves
against a follower that starts over. The chain is not hashed: this is no site to be verified.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper

from kepu.campaigns.rules import Kind, Published
from kepu.kit import clock
from kepu.ledger.models import Book
from kepu.people.models import Account, Association, Certification, Communicator, Unit
from kepu.people.rules import ApplicantType, CertificationState
from kepu.standings.models import Cursor, Window
from kepu.standings.rules import ALL, first_day_kept, round_days, windows_of
from kepu.standings.rules.counting import WHOLE, first_count_day, number_of, week_of

COUNTY = 430623
FIRST = 1_000_000  # the first account's number
DAYS = 200
STRIDE = 7919  # a prime: each entry is another person's than the one before
KINDS = (Kind.SHARE,) * 6 + (Kind.SIGN_IN, Kind.OPEN, Kind.READ, Kind.BROWSE)
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people and entries, in which campaign, up to which day."""

    published: Published
    people: int
    entries: int
    last: date


def enrol(crowd: Crowd, now: datetime) -> None:
    """The county's units have `people` certified communicators, spread evenly; every hundredth waits."""
    units = list(Unit.objects.filter(division__startswith=str(COUNTY)).order_by("pk"))
    association = Association.objects.filter(division=str(COUNTY)).first()
    assert association is not None
    for start in range(0, crowd.people, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, crowd.people))
        Account.objects.bulk_create(
            Account(
                pk=FIRST + n, phone_index=f"crowd{n}", display_name=f"王{n}明", book=COUNTY, created_at=now
            )
            for n in numbers
        )
        rows = [(n, units[n % len(units)], now - timedelta(days=n % DAYS, minutes=n % 600)) for n in numbers]
        Communicator.objects.bulk_create(
            Communicator(
                account_id=FIRST + n,
                name=f"王{n}明",
                unit=unit,
                division=unit.division,
                association=association,
                is_backbone=n // len(units) < 2,
                certified_at=at,
            )
            for n, unit, at in rows
        )
        Certification.objects.bulk_create(
            Certification(
                account_id=FIRST + n,
                name=f"王{n}明",
                town=unit.division[:9],
                unit=unit,
                applicant_type=ApplicantType.TOWN,
                association=association,
                state=CertificationState.SUBMITTED if n % 100 == 0 else CertificationState.APPROVED,
                submitted_at=at,
                review_due_at=at + timedelta(days=3),
                decided_at=None if n % 100 == 0 else at,
            )
            for n, unit, at in rows
        )


def hurry(*, on: bool) -> None:
    """SQLite does not wait for the disk while the crowd is made, and afterwards stands as a site has it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={'OFF' if on else 'FULL'}")
            cursor.execute(f"PRAGMA cache_size={-1_500_000 if on else -65_536}")


def fill(crowd: Crowd) -> Iterator[int]:
    """The entries are in the ledger with their tallies and lots, day by day; yields how many are."""
    per_day = -(-crowd.entries // DAYS)
    with connection.cursor() as cursor:
        for day in range(DAYS):
            low, high = day * per_day + 1, min((day + 1) * per_day, crowd.entries)
            if low <= high:
                _fill_day(cursor, crowd, crowd.last - timedelta(days=DAYS - 1 - day), low, high)
                yield high
        cursor.execute(_LOTS)
        cursor.execute(_PERSON_BOOKS)
    Book.objects.filter(code=COUNTY).update(last_seq=crowd.entries, last_hash=bytes(32))


def follow(crowd: Crowd) -> None:
    """Everything the follower keeps is there, summed up from tallies and entries in a few statements.

    The follower has run once before the entries came, so that the campaign's row is there.
    """
    number, newest = crowd.published.number, number_of(crowd.last)
    rounds = tuple((each.id, *round_days(each)) for each in crowd.published.sheet.rounds)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT day FROM ledger_entry ORDER BY day")
        days = [row[0] for row in cursor.fetchall()]
        windows: dict[str, list[int]] = {}
        spans: dict[int, list[int]] = {}
        for day in days:
            for name in windows_of(rounds, day):
                if len(name) != 10 or day >= first_day_kept(newest):
                    windows.setdefault(name, []).append(day)
            for span in (WHOLE, week_of(day), *((day,) if day >= first_count_day(newest) else ())):
                spans.setdefault(span, []).append(day)
        for name, held in windows.items():
            window = Window.objects.create(campaign=number, name=name)
            cursor.execute(_SCORES.format(window=window.pk), [number, min(held), max(held)])
        for span, held in spans.items():
            cursor.execute(_COUNTS.format(span=span), [number, min(held), max(held)])
            if span >= 0:
                cursor.execute(_ACTIVE.format(span=span), [number, min(held), max(held)])
                cursor.execute(_ACTIVE_COUNTS.format(span=span, campaign=number))
        cursor.execute(_UNIT_VOLUMES, [number])
        cursor.execute(_ARTICLES)
        cursor.execute("SELECT max(at_ms) FROM ledger_entry")
        (at_ms,) = cursor.fetchone()
        cursor.execute(_NEWEST, [newest] * 2)
        cursor.execute("ANALYZE")
    Cursor.objects.update_or_create(book=COUNTY, defaults={"seq": crowd.entries, "at_ms": at_ms})
    assert ALL in windows


def _fill_day(cursor: CursorWrapper, crowd: Crowd, day: date, low: int, high: int) -> None:
    postgres = connection.vendor == "postgresql"
    kinds = " ".join(f"WHEN {place} THEN {kind:d}" for place, kind in enumerate(KINDS))
    words = {
        "kind": f"CASE ((n.i / {crowd.people}) + n.i) % 10 {kinds} END",
        "event": "decode(md5(n.i::text), 'hex')" if postgres else "randomblob(16)",
        "hash": "decode(repeat('00', 32), 'hex')" if postgres else "zeroblob(32)",
        "numbers": f"SELECT generate_series({low}::bigint, {high}::bigint) AS i"
        if postgres
        else f"SELECT {low} AS i UNION ALL SELECT i + 1 FROM n WHERE i < {high}",  # noqa: S608
        "recursive": "" if postgres else "RECURSIVE",
        "at": f"{clock.milliseconds(clock.start_of(day)) + 21_600_000} + (n.i - {low}) % 50000000",
        "day": number_of(day),
        "person": f"{FIRST} + (n.i * {STRIDE}) % {crowd.people}",
        "campaign": crowd.published.number,
        "version": crowd.published.sheet.version,
        "book": COUNTY,
        "not_rewarded": f"CASE WHEN k.kind = {Kind.OPEN:d} THEN",
    }
    cursor.execute(_ENTRIES.format(**words))
    cursor.execute(_TALLIES, [number_of(day)])


# An open earns nothing under the founding notice (reason 3), a share is one of volume.
_ENTRIES = """
WITH {recursive} n AS ({numbers}),
k AS (
  SELECT n.i, {kind} AS kind, {event} AS event_id, {hash} AS hash, {at} AS at_ms, {person} AS person FROM n
)
INSERT INTO ledger_entry (book, seq, person, event_id, kind, article, at_ms, day, campaign, version, points,
  volume, reason, left_today, unit, division, channel, ref_book, ref_seq, author, note, hash)
SELECT {book}, k.i, k.person, k.event_id, k.kind, 7, k.at_ms, {day}, {campaign}, {version},
  {not_rewarded} 0 ELSE 1 END, CASE WHEN k.kind = 4 THEN 1 ELSE 0 END, {not_rewarded} 3 ELSE 0 END, -1,
  c.unit_id, CAST(substr(c.division, 1, 9) AS int), 0, 0, 0, 0, '', k.hash
FROM k JOIN people_communicator c ON c.account_id = k.person
"""
_TALLIES = """
INSERT INTO ledger_daytally (book, person, day, campaign, kind, credited, points, volume, reached_ms)
SELECT book, person, day, campaign, kind, sum(CASE reason WHEN 0 THEN 1 ELSE 0 END), sum(points), sum(volume),
  max(CASE WHEN volume > 0 THEN at_ms ELSE 0 END)
FROM ledger_entry WHERE day = %s AND reason = 0 GROUP BY book, person, day, campaign, kind
"""
_LOTS = """
INSERT INTO ledger_lot (book, person, year, points, earned)
SELECT book, person, day / 10000, sum(points), sum(points) FROM ledger_daytally
GROUP BY book, person, day / 10000
"""
_PERSON_BOOKS = """
INSERT INTO ledger_personbook (person, book) SELECT DISTINCT person, book FROM ledger_entry
"""
_SCORES = """
INSERT INTO standings_score (window_id, person, volume, reached_ms, unit, town, county, city, shown)
SELECT {window}, t.person, t.volume, t.reached_ms, c.unit_id, CAST(substr(c.division, 1, 9) AS int),
  CAST(substr(c.division, 1, 6) AS int), CAST(substr(c.division, 1, 4) AS int), true
FROM (SELECT person, sum(volume) AS volume, max(reached_ms) AS reached_ms FROM ledger_daytally
  WHERE campaign = %s AND day >= %s AND day <= %s AND kind = 4 GROUP BY person) AS t
JOIN people_communicator c ON c.account_id = t.person
"""
_COUNTS = """
INSERT INTO standings_unitcount (campaign, span, county, town, unit, shares, opens, reads, volume, active)
SELECT campaign, {span}, division / 1000, division, unit, sum(CASE kind WHEN 4 THEN 1 ELSE 0 END),
  sum(CASE kind WHEN 5 THEN 1 ELSE 0 END), sum(CASE kind WHEN 6 THEN 1 ELSE 0 END), sum(volume), 0
FROM ledger_entry WHERE campaign = %s AND day >= %s AND day <= %s GROUP BY campaign, division, unit
"""
_ACTIVE = """
INSERT INTO standings_activeperson (campaign, span, person, acts, reached_ms, town, county, unit)
SELECT campaign, {span}, person, count(*), max(at_ms), max(division), max(division) / 1000, max(unit)
FROM ledger_entry WHERE campaign = %s AND day >= %s AND day <= %s AND kind IN (1, 2, 3, 4, 7, 8)
GROUP BY campaign, person
"""
_ACTIVE_COUNTS = """
UPDATE standings_unitcount SET active = (SELECT count(*) FROM standings_activeperson p
  WHERE p.campaign = {campaign} AND p.span = {span} AND p.unit = standings_unitcount.unit)
WHERE campaign = {campaign} AND span = {span}
"""
_UNIT_VOLUMES = """
INSERT INTO standings_unitvolume (campaign, unit, volume)
SELECT campaign, unit, sum(volume) FROM ledger_entry WHERE campaign = %s GROUP BY campaign, unit
"""
_NEWEST = "UPDATE standings_followedcampaign SET latest_day = %s, counted_day = %s"
_ARTICLES = """
INSERT INTO standings_articlecount (article, day, shares, opens, reads)
SELECT article, day, sum(CASE kind WHEN 4 THEN 1 ELSE 0 END), sum(CASE kind WHEN 5 THEN 1 ELSE 0 END),
  sum(CASE kind WHEN 6 THEN 1 ELSE 0 END)
FROM ledger_entry WHERE kind IN (4, 5, 6) GROUP BY article, day
"""
