"""What was done with each article, day by day. Pure."""

from collections import Counter
from collections.abc import Iterable

from kepu.campaigns.rules import Kind
from kepu.ledger.rules import Entry

COUNTED = (Kind.SHARE, Kind.OPEN, Kind.READ)


def rows_by_article(entries: Iterable[Entry]) -> list[tuple[int, ...]]:
    """(article, day, shares, opens, reads) of these entries, sorted; whatever they earned, as it happened."""
    counts = Counter((entry.article, entry.day, entry.kind) for entry in entries if entry.kind in COUNTED)
    found = {key[:2] for key in counts if key[0]}
    return sorted((*key, *(counts[*key, kind] for kind in COUNTED)) for key in found)
