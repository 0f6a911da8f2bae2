"""Taking back what an entry earned, by another entry that names it."""

from collections.abc import Sequence
from datetime import datetime

from kepu.ledger import reads
from kepu.ledger.rules import Receipt, Refusal, may_be_reversed, reversal
from kepu.ledger.writes.committing import commit_batch, record


def reverse_entry(book: int, seq: int, author: int, why: str, now: datetime) -> Receipt | Refusal | None:
    """Take back what an entry earned by a new entry in its book that names it.

    None when there is no such entry or it is a reversal, a spend, a refund or an expiry. The volume leaves
    the day and the unit it was counted for. All points are taken back, whatever is left of them: what the
    balance does not reach is a debt. Of points that had expired, a second entry gives as much back.
    Reversing an entry again gets the first reversal's receipt.
    """
    entry = reads.entry(book, seq)
    if entry is None or not may_be_reversed(entry):
        return None
    return record(reversal(entry, author, why, now))


def reverse_entries(
    refs: Sequence[tuple[int, int]], author: int, why: str, now: datetime
) -> list[Receipt | Refusal]:
    """Take back several entries, (book, seq) each, in one transaction, as `reverse_entry` does one by one.

    An answer for each in the same order; they must be entries that may be reversed. One query for each
    thousand, those of a batch and one an entry.
    """
    entries = reads.entries_at(refs)
    found = {(entry.book, entry.seq): entry for entry in entries}
    assert all(map(may_be_reversed, entries)), "a reversal, spend, refund or expiry is not reversed"
    return commit_batch([reversal(found[ref], author, why, now) for ref in refs])
