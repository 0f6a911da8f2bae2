"""Rows of the ledger's tables, asked in the books that have any, and as values."""

from collections.abc import Collection
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from kepu.ledger import rules, store
from kepu.ledger.models import Entry, PersonBook

Table = TypeVar("Table", bound=Model)


def rows_of(model: type[Table], person: int) -> QuerySet[Table]:
    """A person's rows of a table whose key begins with the book, as `rows_of_all`."""
    return rows_of_all(model, (person,))


def rows_of_all(model: type[Table], persons: Collection[int]) -> QuerySet[Table]:
    """The rows of some persons, of a table whose key begins with the book.

    On SQLite entries have an index by person, and the books are not named: a list of persons would have it
    walk them. On PostgreSQL the books are asked at once, one query by key, for only partitions that are named
    stay out of the plan.
    """
    if connection.vendor == "postgresql":
        return model._default_manager.filter(book__in=books_of(persons), person__in=persons)
    if model is Entry:
        return model._default_manager.filter(person__in=persons)
    books = PersonBook.objects.filter(person__in=persons).values("book")
    return model._default_manager.filter(book__in=books, person__in=persons)


def books_of(persons: Collection[int]) -> list[int]:
    """The books that hold entries of any of these, in order. One query, none for nobody."""
    if not persons:
        return []
    connection.ensure_connection()
    (pairs,) = store.ask([store.person_books(persons)])
    return sorted({book for _person, book in pairs})


def in_books_of(persons: Collection[int], table: str = "ledger_entry") -> str:
    """What plain SQL about entries of some persons says after AND, so that it stays in their books.

    No query on SQLite, where an index by person finds them; else one.
    """
    if connection.vendor != "postgresql":
        return "true"
    return f"{table}.book IN ({', '.join(map(str, [0, *books_of(persons)]))})"


def entry_of(row: tuple[Any, ...]) -> rules.Entry:
    """The entry that a row of all its columns states, in their order."""
    *before, event_id, kind, article, at_ms, day = row[:8]
    whole = (*before, bytes(event_id), kind, article, at_ms, day, *row[8:-1], bytes(row[-1]))
    return rules.Entry._make(whole)
