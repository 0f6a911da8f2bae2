"""What was done with each article, day by day. Pure."""

from collections import Counter
from collections.abc import Iterable

from kepu.campaigns.rules import Kind
from kepu.ledger.rules import Entry

COUNTED = (Kind.SHARE, Kind.OPEN, Kind.READ)


def rows_by_article(entries: Iterable[Entry]) -> list[tuple[int, ...]]:
    """(article, day, shares, opens, reads) of these entries, sorted; whatever they earned, as it happened."""
    counts: dict[tuple[int, int], Counter[int]] = {}
    for entry in entries:
        if entry.kind in COUNTED and entry.article:
            counts.setdefault((entry.article, entry.day), Counter())[entry.kind] += 1
    return sorted((*key, *(found[kind] for kind in COUNTED)) for key, found in counts.items())
