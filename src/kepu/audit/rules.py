"""What a record of the audit says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Deed:
    """One act of a member of staff, to be kept.

    `act`: a word of the interface's catalogue ("approve_certification"). `account` 0: the command line.
    `division`: whose scope sees it. `before`, `after`: only what changed, plain JSON values, no secret.
    """

    act: str
    account: int
    name: str
    network: str
    subject: str
    division: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A deed as it was kept."""

    number: int
    at: datetime
    deed: Deed


@dataclass(frozen=True, slots=True)
class Search:
    """What of the audit is asked for; empty parts ask for everything. Days are of Shanghai."""

    words: str = ""
    act: str = ""
    account: int | None = None
    since: datetime | None = None
    until: datetime | None = None
