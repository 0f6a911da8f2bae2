"""The acts of a campaign in their order, for trying other rules on them."""

from django.db import connection

from kepu.campaigns.rules import Kind, PastAct
from kepu.ledger import models
from kepu.ledger.reads import ENTRIES_MAX


def taken_back(book: int, campaign: int, first_day: int, last_day: int) -> frozenset[int]:
    """The numbers of a book's entries of these days (yyyymmdd) that were reversed later. One query."""
    rows = models.Entry.objects.filter(
        book=book,
        campaign=campaign,
        kind=Kind.ADJUSTMENT,
        ref_book=book,
        ref_seq__gt=0,
        day__gte=first_day,
        day__lte=last_day,
    )
    return frozenset(rows.values_list("ref_seq", flat=True).iterator(chunk_size=ENTRIES_MAX))


def past_acts(
    book: int, after: int, campaign: int, days: tuple[int, int], reversed_: frozenset[int]
) -> list[PastAct]:
    """The campaign's acts among the ENTRIES_MAX entries of a book that follow `after`, in order. One query.

    Only those of `days` (yyyymmdd, both ends); no corrections and no spends. `reversed_`: as `taken_back`.
    It walks the entries by the primary key, whatever campaign they are of.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAST, [book, after, after + ENTRIES_MAX, campaign, *days])
        return [PastAct._make((*row[1:], row[0] not in reversed_)) for row in cursor.fetchall()]


_PAST = f"""
SELECT seq, person, kind, article, at_ms, day, points, volume, reason FROM ledger_entry
WHERE book = %s AND seq > %s AND seq <= %s AND campaign = %s AND day >= %s AND day <= %s
AND kind NOT IN ({Kind.ADJUSTMENT:d}, {Kind.SPEND:d}) ORDER BY seq
"""  # noqa: S608 - our own constants
