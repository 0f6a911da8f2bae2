"""How fast one person may write and like. No Django, no clock."""

from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from kepu.clubs.rules.values import Refusal

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Deed(StrEnum):
    """What is counted: everything of its kind that a person did, whatever became of it."""

    POST = "post"
    COMMENT = "comment"
    LIKE = "like"
    REPORT = "report"
    CLUB = "club"
    PICTURES = "pictures"


class Limit(NamedTuple):
    """How many in a minute, and in 24 hours."""

    minute_max: int
    day_max: int


LIMITS = {
    Deed.POST: Limit(2, 20),
    Deed.COMMENT: Limit(6, 100),
    Deed.LIKE: Limit(30, 300),
    Deed.REPORT: Limit(5, 30),
    Deed.CLUB: Limit(2, 5),
    # Sendings, not pictures: those that are refused cost the server as much.
    Deed.PICTURES: Limit(6, 60),
}


def too_many(deed: Deed, in_minute: int, in_day: int) -> Refusal | None:
    """Why one more is too many now: TOO_FAST passes in a minute, DAY_FULL within a day."""
    limit = LIMITS[deed]
    if in_day >= limit.day_max:
        return Refusal.DAY_FULL
    return Refusal.TOO_FAST if in_minute >= limit.minute_max else None
