"""Rows of the ledger's tables as values."""

from typing import Any

from kepu.ledger.rules import Entry


def entry_of(row: tuple[Any, ...]) -> Entry:
    """The entry that a row of all its columns states, in their order."""
    *before, event_id, kind, article, at_ms, day = row[:8]
    return Entry._make((*before, bytes(event_id), kind, article, at_ms, day, *row[8:-1], bytes(row[-1])))
