"""Filling the table of divisions from the packaged facts."""

from collections.abc import Callable, Iterator
from itertools import islice

from django.db import connection, transaction

from kepu.regions import facts
from kepu.regions.models import Division, LoadedEdition

Row = tuple[str, str]
Progress = Callable[[int, int], None]

BATCH_ROWS = 5_000


def load_divisions(progress: Progress | None = None, *, only_within: tuple[str, ...] = ()) -> int:
    """Every packaged division is in the table; how many that is.

    `only_within` loads just the divisions at, below and above these codes. `progress` is told the
    rows done and the rows there are, after each batch. Loading again corrects names and adds codes;
    it costs one query when this edition is already loaded whole. Retired codes stay: people and past
    lists refer to them.
    """
    edition = facts.edition()
    known = LoadedEdition.objects.filter(pk=edition).first()
    if known is not None:
        return known.divisions
    with transaction.atomic():
        batches = _told(_batches(facts.rows(only_within)), progress)
        done = _copy(batches) if connection.vendor == "postgresql" else _insert(batches)
        if not only_within:
            LoadedEdition.objects.create(sha256=edition, divisions=done)
    return done


def name_division(code: str, name: str) -> None:
    """The division bears this name, and is there if it was not: a village founded or named anew. Two queries.

    A later edition of the packaged facts has the last word.
    """
    Division.objects.update_or_create(code=code, defaults={"name": name})


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch


def _told(batches: Iterator[list[Row]], progress: Progress | None) -> Iterator[list[Row]]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        if progress is not None:
            progress(done, facts.DIVISIONS)


def _insert(batches: Iterator[list[Row]]) -> int:
    done = 0
    with connection.cursor() as cursor:
        for batch in batches:
            cursor.executemany(_UPSERT.format(rows="VALUES (%s, %s)"), batch)
            done += len(batch)
    return done


def _copy(batches: Iterator[list[Row]]) -> int:
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE arriving (code text, name text) ON COMMIT DROP")
        with cursor.copy("COPY arriving FROM STDIN") as copy:
            for batch in batches:
                copy.write("".join(f"{code}\t{name}\n" for code, name in batch))
                done += len(batch)
        # WHERE true: without it the parser would take ON for a join's.
        cursor.execute(_UPSERT.format(rows="SELECT code, name FROM arriving WHERE true"))
        cursor.execute("DROP TABLE arriving")
        cursor.execute("ANALYZE regions_division")
    return done


_UPSERT = """
INSERT INTO regions_division (code, name) {rows}
ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE regions_division.name <> excluded.name
"""
