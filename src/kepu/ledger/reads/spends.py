"""The spends of a book, page by page, for whoever holds what was bought against them."""

from typing import NamedTuple

from kepu.campaigns.rules import Kind
from kepu.ledger import models
from kepu.ledger.reads import archived
from kepu.ledger.rules import Part

SPENDS_MAX = 1_000


class Spent(NamedTuple):
    """A spend that went through; `points` is above zero."""

    seq: int
    person: int
    points: int
    at_ms: int


def spends_after(book: int, seq: int) -> list[Spent]:
    """The next SPENDS_MAX spends of a book that went through, in order. One query.

    No index helps: it reads the entries it passes, by the primary key; where some of those were archived, one
    query more.
    """
    rows = models.Entry.objects.filter(book=book, seq__gt=seq, kind=Kind.SPEND, points__lt=0)
    here = rows.order_by("seq").values_list("seq", "person", "points", "at_ms")[:SPENDS_MAX]
    spends = list(here)
    # Asked after the database: what stands in both for a moment is taken from the file.
    those = archived.parts(book)
    end = max((part.taken_to for part in those), default=0)
    if seq < end:
        spends = [*_archived(those, seq), *(row for row in spends if row[0] > end)][:SPENDS_MAX]
    return [Spent(number, person, -points, at_ms) for number, person, points, at_ms in spends]


def _archived(those: list[Part], after: int) -> list[tuple[int, int, int, int]]:
    kind = int(Kind.SPEND), int(Kind.SPEND)
    found: list[tuple[int, int, int, int]] = []
    for some in archived.rows(Spent._fields, those, {"seq": (after + 1, 2**62), "kind": kind}):
        found += [(seq, person, points, at_ms) for seq, person, points, at_ms in some if points < 0]
        if len(found) >= SPENDS_MAX:
            break
    return found[:SPENDS_MAX]
