"""What the worker does for clubs."""

from datetime import datetime

from kepu.clubs import writes
from kepu.clubs.writes.forgetting import sweep_pictures


def each_minute(now: datetime) -> None:
    """What a crash cut off between a row and its entry is finished."""
    writes.catch_up(now)


def hourly(now: datetime) -> None:
    """Boards and tasks of clubs are counted anew; files that belong to nothing go."""
    writes.count_clubs(now)
    sweep_pictures(now)
