"""The spends of a book, page by page, for whoever holds what was bought against them."""

from typing import NamedTuple

from kepu.campaigns.rules import Kind
from kepu.ledger import models

SPENDS_MAX = 1_000


class Spent(NamedTuple):
    """A spend that went through; `points` is above zero."""

    seq: int
    person: int
    points: int
    at_ms: int


def spends_after(book: int, seq: int) -> list[Spent]:
    """The next SPENDS_MAX spends of a book that went through, in order. One query.

    No index helps: it reads the entries it passes, by the primary key.
    """
    rows = models.Entry.objects.filter(book=book, seq__gt=seq, kind=Kind.SPEND, points__lt=0)
    found = rows.order_by("seq").values_list("seq", "person", "points", "at_ms")[:SPENDS_MAX]
    return [Spent(seq, person, -points, at_ms) for seq, person, points, at_ms in found]
