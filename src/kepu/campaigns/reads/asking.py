"""What one request asks of campaigns again and again is asked of the database once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Value = TypeVar("Value")
# What the request being answered has learned; None outside of requests, where every question is asked anew.
_LEARNED: ContextVar[dict[str, Any] | None] = ContextVar("kepu_campaigns", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside, `once` asks once: for the length of one request."""
    before = _LEARNED.set({})
    try:
        yield
    finally:
        _LEARNED.reset(before)


def ask_again() -> None:
    """What this request has learned is no longer so."""
    learned = _LEARNED.get()
    if learned is not None:
        learned.clear()


def once(question: str, ask: Callable[[], Value]) -> Value:
    """The answer, as this request got it before."""
    learned = _LEARNED.get()
    if learned is None:
        return ask()
    if question not in learned:
        learned[question] = ask()
    answer: Value = learned[question]
    return answer
