"""The acts of a campaign in their order, for trying other rules on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from kepu.campaigns.rules import COUNTED, ELSEWHERE, STATED, Kind, PastRow, Reason
from kepu.ledger import models
from kepu.ledger.reads import ENTRIES_MAX


@dataclass(frozen=True, slots=True)
class ActsAsked:
    """Which acts are asked: those of a campaign and of days (yyyymmdd, both ends).

    `earlier`: kinds asked from an earlier day on. `is_elsewhere_asked`: what counted in other campaigns comes
    as well, with ELSEWHERE added to its kind and the reason ADJUSTED.
    """

    campaign: int
    days: tuple[int, int]
    earlier: Mapping[Kind, int] = field(default_factory=dict)
    is_elsewhere_asked: bool = False

    @property
    def first_day(self) -> int:
        """The earliest day of any."""
        return min((self.days[0], *self.earlier.values()))


def taken_back(book: int, asked: ActsAsked) -> frozenset[int]:
    """The numbers of a book's entries among those asked that were reversed later. One query."""
    rows = models.Entry.objects.filter(
        book=book,
        campaign=asked.campaign,
        kind=Kind.ADJUSTMENT,
        ref_book=book,
        ref_seq__gt=0,
        day__gte=asked.first_day,
        day__lte=asked.days[1],
    )
    return frozenset(rows.values_list("ref_seq", flat=True).iterator(chunk_size=ENTRIES_MAX))


def last_before(book: int, newest: int, day: int) -> int:
    """The number of a book's entry after which everything of `day` (yyyymmdd) and later stands; 0: the start.

    `newest`: the book's last. One query that reads the entries up to the first of such a day, one after the
    other: numbers do not rise with moments, for an act may be entered long after it was done, so nothing
    shorter could be sure.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_SINCE, [book, day])
        row = cursor.fetchone()
    return row[0] - 1 if row is not None else newest


def past_acts(book: int, after: int, asked: ActsAsked) -> list[PastRow]:
    """The acts asked among the ENTRIES_MAX entries of a book that follow `after`, in order. One query.

    No corrections, spends, refunds and expiries. It walks the entries by the primary key, whatever campaign
    they are of.
    """
    values = [book, after, after + ENTRIES_MAX, asked.campaign, *asked.days]
    if asked.is_elsewhere_asked:
        values = [asked.campaign, asked.campaign, *values]
    with connection.cursor() as cursor:
        cursor.execute(_question(asked), values)
        rows: list[PastRow] = cursor.fetchall()
        return rows


def _question(asked: ActsAsked) -> str:
    kind, reason, elsewhere = "kind", "reason", ""
    if asked.is_elsewhere_asked:
        kind = f"CASE WHEN campaign = %s THEN kind ELSE kind + {ELSEWHERE} END"
        reason = f"CASE WHEN campaign = %s THEN reason ELSE {Reason.ADJUSTED:d} END"
        elsewhere = f" OR reason IN ({', '.join(f'{each:d}' for each in sorted(COUNTED))})"
    earlier = "".join(f" OR (kind = {kind:d} AND day >= {day:d})" for kind, day in asked.earlier.items())
    return f"""
SELECT seq, person, {kind}, article, at_ms, day, points, volume, {reason} FROM ledger_entry
WHERE book = %s AND seq > %s AND seq <= %s AND (campaign = %s{elsewhere}) AND (day >= %s{earlier})
AND day <= %s AND kind IN ({_TRIED}) ORDER BY seq
"""  # noqa: S608 - our own constants and numbers


_TRIED = ", ".join(str(kind.value) for kind in Kind if kind not in STATED or kind is Kind.IMPORT)
_FIRST_SINCE = "SELECT seq FROM ledger_entry WHERE book = %s AND day >= %s ORDER BY seq LIMIT 1"
