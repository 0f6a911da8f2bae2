"""The one place that asks the machine for the time; everything else has it passed in."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

# China has kept one offset without summer time since 1992, so a fixed offset is exact and fast.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def now_ms() -> int:
    """The present moment in whole milliseconds since 1970 (UTC), for paths where `now` costs too much."""
    return time.time_ns() // 1_000_000


def day_of(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai on which `moment` (aware) falls."""
    assert moment.tzinfo is not None
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first moment of a calendar day in Asia/Shanghai, as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970 (UTC), rounded down, without float error."""
    assert moment.tzinfo is not None
    return (moment - _EPOCH) // timedelta(milliseconds=1)


@lru_cache(4_096)
def from_milliseconds(value: int) -> datetime:
    """The aware UTC moment `value` milliseconds after 1970."""
    return _EPOCH + timedelta(milliseconds=value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
