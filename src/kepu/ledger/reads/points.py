"""积分: what somebody has, owes and has earned, and what is about to expire."""

from collections import Counter
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from kepu.campaigns.rules import Kind
from kepu.ledger import models
from kepu.ledger.reads import archived
from kepu.ledger.reads.rows import entry_of, rows_of
from kepu.ledger.rules import (
    Entry,
    Receipt,
    YearPoints,
    balance_of,
    debt_of,
    held,
    last_day_of_year,
    receipt_of,
    refund_event,
)

PERSONS_MAX = 10_000


class PointsAccount(NamedTuple):
    """A person's points: what they can spend, what later earnings are netted with first, what they earned.

    Balance or debt is 0. `earned` is what all years brought in, whatever was spent or expired since. `lots`:
    what of the balance is of which year, the oldest first; together the balance.
    """

    balance: int
    debt: int
    earned: int
    lots: tuple[YearPoints, ...]


class Spend(NamedTuple):
    """A spend that went through, the years it took (points above zero), and its refund where there is one."""

    entry: Entry
    taken: tuple[YearPoints, ...]
    refund: Entry | None


def account_of_points(person: int) -> PointsAccount:
    """A person's points; all 0 where they have none yet. One query."""
    rows = list(rows_of(models.Lot, person).values_list("year", "points", "earned"))
    lots: Counter[int] = Counter()
    for year, points, _earned in rows:
        lots[year] += points
    return PointsAccount(balance_of(lots), debt_of(lots), sum(row[2] for row in rows), held(lots))


def balance(person: int) -> int:
    """The points a person can spend. One query."""
    total = rows_of(models.Lot, person).aggregate(total=Sum("points"))["total"]
    return max(0, int(total or 0))


def expiring(year: int, after: int, limit: int) -> list[tuple[int, int]]:
    """Who can still spend points of a year or of those before it, with how many; by person, from the one
    that follows `after` on. One query.

    Whoever had that year's points expire before is left out. It looks at every lot of the persons it passes.
    """
    assert 0 < limit <= PERSONS_MAX
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRING, [year, after, last_day_of_year(year), limit])
        return [(person, int(rest)) for person, rest in cursor.fetchall()]


def spend_of(book: int, seq: int) -> Spend | None:
    """The spend at this place; None where there is none or it was refused. Three queries, one for None.

    Where anything was archived up to two more for a spend that the database has not, and for its refund.
    """
    row = models.Entry.objects.filter(book=book, seq=seq).values_list(*Entry._fields).first()
    entry = entry_of(row) if row is not None else next(iter(archived.entries_at([(book, seq)])), None)
    if entry is None or entry.kind != Kind.SPEND or entry.points >= 0:
        return None
    back = models.Entry.objects.exclude(ref_seq=0).filter(ref_book=book, ref_seq=seq, kind=Kind.REFUND)
    there = back.values_list(*Entry._fields).first()
    refund = entry_of(there) if there is not None else archived.event(entry.person, refund_event(book, seq))
    lines = models.LotLine.objects.filter(book=book, seq=seq).order_by("year").values_list("year", "points")
    taken = tuple(YearPoints(year, -points) for year, points in lines)
    return Spend(entry, taken, refund)


def spend_recorded(person: int, event_id: bytes) -> Receipt | None:
    """The receipt of a spend that went through under this event; None: there is none. One query.

    Where anything was archived up to two more for an event that the database has not; so it is below.
    """
    row = rows_of(models.Entry, person).filter(event_id=event_id).values_list(*Entry._fields).first()
    entry = entry_of(row) if row is not None else archived.event(person, event_id)
    if entry is None or entry.kind != Kind.SPEND or entry.points >= 0:
        return None
    return receipt_of(entry)


def is_recorded(person: int, event_id: bytes) -> bool:
    """Whether the person's event stands in the ledger. One query."""
    found = rows_of(models.Entry, person).filter(event_id=event_id).exists()
    return found or archived.event(person, event_id) is not None


def years_given(book: int, seq: int) -> tuple[YearPoints, ...]:
    """The years that a refund gave its points back to; () where it is none. One query."""
    lines = models.LotLine.objects.filter(book=book, seq=seq, points__gt=0).order_by("year")
    return tuple(YearPoints(*line) for line in lines.values_list("year", "points"))


# What lots below zero take is taken of the oldest points: as `rules.rest_up_to`.
_EXPIRING = f"""
SELECT r.person, r.rest FROM (
  SELECT person, sum(CASE WHEN points < 0 OR year <= %s THEN points ELSE 0 END) AS rest FROM (
    SELECT p.person, l.year, sum(l.points) AS points FROM ledger_personbook p
    JOIN ledger_lot l ON l.book = p.book AND l.person = p.person
    WHERE p.person > %s GROUP BY p.person, l.year
  ) AS years GROUP BY person
) AS r
WHERE r.rest > 0 AND NOT EXISTS (SELECT 1 FROM ledger_personbook p
  JOIN ledger_daytally t ON t.book = p.book AND t.person = p.person
  WHERE p.person = r.person AND t.day = %s AND t.kind = {Kind.EXPIRY:d})
ORDER BY r.person LIMIT %s
"""  # noqa: S608 - our own constants
