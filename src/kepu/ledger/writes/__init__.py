"""What is written into the ledger: each function is one use case, durable when it returns."""

from kepu.ledger.writes.committing import commit_batch, open_book, record, record_daily
from kepu.ledger.writes.points import expire, pass_on, refund, spend
from kepu.ledger.writes.reversing import reverse_entries, reverse_entry

__all__ = [
    "commit_batch",
    "expire",
    "open_book",
    "pass_on",
    "record",
    "record_daily",
    "refund",
    "reverse_entries",
    "reverse_entry",
    "spend",
]
