"""What sending a text message means, whichever way it goes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Trouble(StrEnum):
    """Why a message did not go out."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Sent:
    """The way out took the message; `reference` is its own name for it (may be empty)."""

    reference: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The message is not known to have gone out: after a time-out it still may arrive."""

    trouble: Trouble


class SmsWay(Protocol):
    """One way for a text message to leave."""

    def send(self, phone: str, text: str, now: datetime) -> Sent | Failed:
        """`text` is on its way to `phone` (11 digits), or why not. Never raises, never logs either."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message kept in the outbox."""

    phone: str
    text: str
    sent_at: datetime
