"""What the worker does for boards, for as long as it runs."""

from collections.abc import Callable

from kepu.standings import writes

IDLE_SECONDS = 0.5


def catch_up() -> int:
    """The boards hold every entry there was; how many were followed."""
    total = 0
    while followed := writes.follow():
        total += followed
    return total


def keep_up(wait: Callable[[float], bool]) -> None:
    """Boards follow the ledger until `wait` (given seconds, like `threading.Event.wait`) says to stop.

    While there is nothing to follow, a part of the people is checked each time, so that someone
    whose certification was revoked soon has no place.
    """
    checked = 0
    stopped = False
    while not stopped:
        followed = writes.follow()
        if not followed:
            checked = writes.refresh_places(checked)
        stopped = wait(0 if followed else IDLE_SECONDS)
