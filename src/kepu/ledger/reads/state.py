"""One state of the database for several questions."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_held = ContextVar("one state is held", default=False)


@contextmanager
def one_state() -> Iterator[None]:
    """Everything read inside sees the same state, and no writer waits for it; nothing can be written.

    Inside another one, or a transaction that is open already, that one decides.
    """
    if connection.in_atomic_block or _is_begun():
        yield
        return
    token = _held.set(True)
    try:
        with _begun():
            yield
    finally:
        _held.reset(token)


def is_state_held() -> bool:
    """Whether what is read here may be of a while ago: inside `one_state`, where that began it."""
    return _held.get()


@contextmanager
def _begun() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django would begin an IMMEDIATE transaction and hold every writer up; a deferred one only reads.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _is_begun() -> bool:
    return connection.vendor == "sqlite" and bool(getattr(connection.connection, "in_transaction", False))
