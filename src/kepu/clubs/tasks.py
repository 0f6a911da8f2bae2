"""What the worker does for clubs."""

from datetime import datetime

from kepu.clubs import writes


def each_minute(now: datetime) -> None:
    """What a crash cut off between a row and its entry is finished."""
    writes.catch_up(now)


def hourly(now: datetime) -> None:
    """Boards and tasks of clubs are counted anew."""
    writes.count_clubs(now)
