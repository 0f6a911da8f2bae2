"""The acts of a campaign in their order, for trying other rules on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from kepu.campaigns.rules import COUNTED, ELSEWHERE, STATED, Kind, PastRow, Reason
from kepu.ledger import models
from kepu.ledger.reads import ENTRIES_MAX

# Entries stand in the order of the server's clock, but for moments: so much earlier nothing is overlooked.
MARGIN_MS = 3_600_000


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


def last_before(book: int, newest: int, at_ms: int) -> int:
    """The number of an entry after which everything a book received from a moment on stands; 0: the start.

    `newest`: the book's last. About twenty queries of one row each, by the primary key.
    """
    low, high = 0, newest
    with connection.cursor() as cursor:
        while low < high:
            middle = (low + high + 1) // 2
            cursor.execute(_RECEIVED, [book, middle])
            row = cursor.fetchone()
            if row is None or row[0] >= at_ms - MARGIN_MS:
                high = middle - 1
            else:
                low = middle
    return low


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
_RECEIVED = "SELECT at_ms FROM ledger_entry WHERE book = %s AND seq >= %s ORDER BY seq LIMIT 1"
