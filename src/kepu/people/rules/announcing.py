"""Whom an announcement is for, how many texts it may take, what becomes of each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kepu.kit import clock

ANNOUNCED_LENGTH_MAX = 200
# Operators bill a text of up to 70 characters as one, longer ones by pieces of 67.
TEXT_LENGTH, PIECE_LENGTH = 70, 67
# Hours of the night in which a text message wakes people: from, to.
NIGHT_HOURS = (22, 7)


def is_night(now: datetime) -> bool:
    """Whether a text message sent now wakes people."""
    hour = now.astimezone(clock.SHANGHAI).hour
    return hour >= NIGHT_HOURS[0] or hour < NIGHT_HOURS[1]


class Audience(StrEnum):
    """To whom in a place: those certified, those not certified yet, those behind their basic task, all."""

    COMMUNICATORS = "communicators"
    UNCERTIFIED = "uncertified"
    BEHIND = "behind"
    EVERYBODY = "everybody"


class TextState(StrEnum):
    """What became of one person's text message; nobody's is sent twice, whatever becomes of the worker.

    UNSURE: handed over, but whether it arrived nobody knows (no answer, or the worker died meanwhile).
    UNWILLING: wants no announcements any more by the time it was their turn. CLOSED: the announcement was
    closed unfinished before.
    """

    NONE = ""
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNSURE = "unsure"
    OVER_BUDGET = "over"
    NO_PHONE = "no_phone"
    UNWILLING = "unwilling"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Announced:
    """What is to be announced; `division` "" is everywhere, `unit` 0 the whole division.

    `goal` (campaign, window, volume) belongs to BEHIND alone.
    """

    text: str
    link: str
    audience: Audience
    division: str
    unit: int
    by_text: bool
    goal: tuple[int, str, int] | None = None


def text_pieces(text: str) -> int:
    """How many messages an operator makes, and bills, of a text."""
    return 1 if len(text) <= TEXT_LENGTH else -(-len(text) // PIECE_LENGTH)


def texts_left(sent_today: int, per_day_max: int) -> int:
    """How many texts announcements may still take today: half of a day's stay for codes to sign in with."""
    return max(0, per_day_max - per_day_max // 2 - sent_today)
