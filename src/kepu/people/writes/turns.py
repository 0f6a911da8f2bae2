"""Turns at hashing passwords: each costs a third of a second, and four page threads serve everybody."""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore, local
from typing import ParamSpec, TypeVar

from kepu.people.rules.values import Refusal, Refused

AT_ONCE_MAX = 2
WAITING_MAX = 1

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_hashing = BoundedSemaphore(AT_ONCE_MAX)
_line = BoundedSemaphore(AT_ONCE_MAX + WAITING_MAX)
_mine = local()


def in_turn(write: Callable[Asked, Answer]) -> Callable[Asked, Answer | Refused]:
    """`write`, at most AT_ONCE_MAX at a time with WAITING_MAX in line; whoever comes then is told BUSY.

    That is told at once, and nothing is counted or spent. A write that calls another one keeps its turn.
    """

    @wraps(write)
    def waited(*asked: Asked.args, **named: Asked.kwargs) -> Answer | Refused:
        if getattr(_mine, "turn", False):
            return write(*asked, **named)
        if not _line.acquire(blocking=False):
            return Refused(Refusal.BUSY)
        try:
            with _hashing:
                _mine.turn = True
                try:
                    return write(*asked, **named)
                finally:
                    _mine.turn = False
        finally:
            _line.release()

    return waited
