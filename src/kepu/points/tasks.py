"""What the worker does for points, a little each minute."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from kepu.kit.apart import by_itself
from kepu.points import writes

PAGES_A_MINUTE = 10


def each_minute(now: datetime) -> None:
    """A few pages of each: certifications credited, quizzes booked, people told, points expired.

    One that raises is logged, and the next goes on.
    """
    for act in (writes.credit_certifications, writes.book_passed, writes.tell_of_expiry, writes.expire_due):
        by_itself(f"{act.__name__}_failed", partial(_pages, act, now))


def _pages(act: Callable[[datetime], bool], now: datetime) -> None:
    """Bounded, so that boards do not wait long; the next minute goes on."""
    for _page in range(PAGES_A_MINUTE):
        if not act(now):
            return
