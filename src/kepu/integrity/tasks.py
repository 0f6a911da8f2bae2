"""What the worker does about signals, a minute at a time."""

from datetime import datetime

from kepu.integrity import writes

PIECES_A_MINUTE = 25


def each_minute(now: datetime) -> int:
    """Signals rest on what came since, and what does not count is being taken back; old likes are forgotten.

    How many entries were walked. A bounded piece of work: a site that lags far behind takes some minutes.
    """
    walked = 0
    for _piece in range(PIECES_A_MINUTE):
        step = writes.follow()
        walked += step
        if not step:
            break
    for _piece in range(PIECES_A_MINUTE):
        if not writes.take_back(now):
            break
    writes.forget_likes(now)
    return walked


def catch_up() -> int:
    """Signals rest on every entry there was; how many were walked."""
    total = 0
    while walked := writes.follow():
        total += walked
    return total
