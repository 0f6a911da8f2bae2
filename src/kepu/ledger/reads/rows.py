"""Rows of the ledger's tables as values."""

from typing import Any

from kepu.ledger.rules import Entry


def entry_of(row: tuple[Any, ...]) -> Entry:
    """The entry that a row of all its columns states, in their order."""
    found = Entry(*row)
    return found._replace(event_id=bytes(found.event_id), hash=bytes(found.hash))
