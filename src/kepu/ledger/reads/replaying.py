"""The acts of a campaign in their order, for trying other rules on them; those of files are among them.

Where anything was archived each question is one query more, and reads the files of those days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from kepu.campaigns.rules import COUNTED, ELSEWHERE, STATED, Kind, PastRow, Reason
from kepu.ledger import models
from kepu.ledger.reads import ENTRIES_MAX, archived


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
    found = frozenset(rows.values_list("ref_seq", flat=True).iterator(chunk_size=ENTRIES_MAX))
    kind = int(Kind.ADJUSTMENT)
    spans = {
        "kind": (kind, kind),
        "ref_book": (book, book),
        "ref_seq": (1, 2**62),
        "campaign": (asked.campaign, asked.campaign),
        "day": (asked.first_day, asked.days[1]),
    }
    pieces = archived.rows(("ref_seq",), archived.parts(book), spans)
    return found | {number for rows in pieces for (number,) in rows}


def last_before(book: int, newest: int, day: int) -> int:
    """The number of a book's entry after which everything of `day` (yyyymmdd) and later stands; 0: the start.

    `newest`: the book's last. One query that reads the entries up to the first of such a day, one after the
    other: numbers do not rise with moments, for an act may be entered long after it was done, so nothing
    shorter could be sure.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_SINCE, [book, day])
        row = cursor.fetchone()
    for rows in archived.rows(("seq",), archived.parts(book), {"day": (day, 99_999_999)}):
        return int(rows[0][0]) - 1
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
    those = archived.parts(book)
    end = max((part.taken_to for part in those), default=0)
    if after >= end:
        return rows
    spans = {"seq": (after + 1, after + ENTRIES_MAX), "day": (asked.first_day, asked.days[1])}
    pieces = archived.rows((*_ASKED, "campaign"), those, spans, {"kind": _TRIED})
    taken_out = [found for some in pieces for row in some if (found := _past(row, asked)) is not None]
    return [*taken_out, *(row for row in rows if row[0] > end)]


def _past(row: tuple[int, ...], asked: ActsAsked) -> PastRow | None:
    """An archived entry as `_question` would give it; None where it is not asked."""
    seq, person, kind, article, at_ms, day, points, volume, reason, campaign = row
    if day < asked.days[0] and day < asked.earlier.get(Kind(kind), day + 1):
        return None
    if campaign != asked.campaign:
        if not asked.is_elsewhere_asked or reason not in COUNTED:
            return None
        kind, reason = kind + ELSEWHERE, int(Reason.ADJUSTED)
    return seq, person, kind, article, at_ms, day, points, volume, reason


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
AND day <= %s AND kind IN ({", ".join(map(str, _TRIED))}) ORDER BY seq
"""  # noqa: S608 - our own constants and numbers


_TRIED = [kind.value for kind in Kind if kind not in STATED or kind is Kind.IMPORT]
_ASKED = ("seq", "person", "kind", "article", "at_ms", "day", "points", "volume", "reason")
_FIRST_SINCE = "SELECT seq FROM ledger_entry WHERE book = %s AND day >= %s ORDER BY seq LIMIT 1"
