"""What the follower adds up, in plain SQL: sums and latest places whose order of arrival does not matter."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper


class ScoreRow(NamedTuple):
    """A score as it is held."""

    window: int
    person: int
    volume: int
    reached_ms: int
    town: int
    county: int
    unit: int
    city: int
    shown: bool


def held_scores(cursor: CursorWrapper, windows: Collection[int], persons: Collection[int]) -> list[ScoreRow]:
    """The scores of these people in these windows, in no order. One query.

    They stay as they are until the transaction ends, for whoever holds the campaign's row.
    """
    if not windows or not persons:
        return []
    if connection.vendor == "postgresql":
        cursor.execute(f"{_HELD} = ANY(%s) AND person = ANY(%s)", [list(windows), list(persons)])
    else:
        marks = ", ".join(["%s"] * len(windows))
        among = f"{_HELD} IN ({marks}) AND person IN (SELECT value FROM json_each(%s))"  # noqa: S608
        cursor.execute(among, [*windows, str(list(persons))])
    return list(map(ScoreRow._make, cursor.fetchall()))


def held_people(
    cursor: CursorWrapper, campaign: int, span: int, persons: Collection[int]
) -> list[tuple[int, ...]]:
    """(person, acts, reached_ms, town, county, unit) of those of them active in a span. One query."""
    is_postgres = connection.vendor == "postgresql"
    among = "= ANY(%s)" if is_postgres else "IN (SELECT value FROM json_each(%s))"
    asked = list(persons) if is_postgres else str(list(persons))
    cursor.execute(f"{_HELD_ACTIVE} AND person {among}", [campaign, span, asked])
    return list(cursor.fetchall())


def add_scores(cursor: CursorWrapper, rows: Sequence[ScoreRow]) -> None:
    """These scores are held, which were not. One statement."""
    _upsert(cursor, "standings_score", _SCORE, rows, "")


def change_scores(cursor: CursorWrapper, rows: Sequence[ScoreRow]) -> None:
    """These scores, which are held, are as the rows say. One statement."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        cursor.execute(_CHANGE_MANY, list(map(list, zip(*rows, strict=True))))
    else:
        cursor.executemany(_CHANGE, rows)


def add_to_unit_volumes(cursor: CursorWrapper, rows: Sequence[tuple[int, int, int]]) -> None:
    """Add (campaign, unit, volume) rows to the units' volumes."""
    _upsert(cursor, "standings_unitvolume", _UNIT, rows, _UNIT_CONFLICT)


def add_to_counts(cursor: CursorWrapper, rows: Sequence[tuple[int, ...]]) -> None:
    """Add (campaign, span, county, town, unit, shares, opens, reads, volume, active) rows to the counts."""
    _upsert(cursor, "standings_unitcount", _COUNT, rows, _COUNT_CONFLICT)


def add_to_article_counts(cursor: CursorWrapper, rows: Sequence[tuple[int, ...]]) -> None:
    """Add (article, day, shares, opens, reads) rows to what was done with articles."""
    _upsert(cursor, "standings_articlecount", _ARTICLE, rows, _ARTICLE_CONFLICT)


def keep_people(cursor: CursorWrapper, rows: Sequence[tuple[int, ...]]) -> None:
    """Who is active is as these (campaign, span, person, acts, reached_ms, town, county, unit) rows say."""
    _upsert(cursor, "standings_activeperson", _ACTIVE, rows, _ACTIVE_CONFLICT)


def _upsert(
    cursor: CursorWrapper,
    table: str,
    columns: dict[str, str],
    rows: Sequence[tuple[int, ...]],
    conflict: str,
) -> None:
    if not rows:
        return
    names = ", ".join(columns)
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
        cursor.execute(
            f"INSERT INTO {table} AS held ({names}) SELECT * FROM unnest({arrays}) {conflict}",  # noqa: S608
            list(map(list, zip(*rows, strict=True))),
        )
    else:
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {table} AS held ({names}) VALUES ({marks}) {conflict}",  # noqa: S608
            rows,
        )


_HELD = (
    "SELECT window_id, person, volume, reached_ms, town, county, unit, city, shown"
    " FROM standings_score WHERE window_id"
)
_HELD_ACTIVE = (
    "SELECT person, acts, reached_ms, town, county, unit FROM standings_activeperson"
    " WHERE campaign = %s AND span = %s"
)
_CHANGE = (
    "UPDATE standings_score SET volume = ?3, reached_ms = ?4, town = ?5, county = ?6, unit = ?7, city = ?8,"
    " shown = ?9 WHERE window_id = ?1 AND person = ?2"
)
_SCORE = {
    "window_id": "bigint",
    "person": "bigint",
    "volume": "int",
    "reached_ms": "bigint",
    "town": "int",
    "county": "int",
    "unit": "int",
    "city": "int",
    "shown": "bool",
}
_CHANGE_MANY = (
    "UPDATE standings_score AS held SET "  # noqa: S608
    + ", ".join(f"{column} = new.{column}" for column in list(_SCORE)[2:])
    + f" FROM unnest({', '.join(f'%s::{kind}[]' for kind in _SCORE.values())}) AS new ({', '.join(_SCORE)})"
    " WHERE held.window_id = new.window_id AND held.person = new.person"
)
_UNIT = {"campaign": "int", "unit": "int", "volume": "bigint"}
_UNIT_CONFLICT = "ON CONFLICT (campaign, unit) DO UPDATE SET volume = held.volume + excluded.volume"
_COUNT = {
    "campaign": "int",
    "span": "int",
    "county": "int",
    "town": "int",
    "unit": "int",
    "shares": "bigint",
    "opens": "bigint",
    "reads": "bigint",
    "volume": "bigint",
    "active": "int",
}
_COUNT_CONFLICT = "ON CONFLICT (campaign, span, county, town, unit) DO UPDATE SET " + ", ".join(
    f"{column} = held.{column} + excluded.{column}"
    for column in ("shares", "opens", "reads", "volume", "active")
)
_ARTICLE = {"article": "bigint", "day": "int", "shares": "bigint", "opens": "bigint", "reads": "bigint"}
_ARTICLE_CONFLICT = "ON CONFLICT (article, day) DO UPDATE SET " + ", ".join(
    f"{column} = held.{column} + excluded.{column}" for column in ("shares", "opens", "reads")
)
_ACTIVE = {
    "campaign": "int",
    "span": "int",
    "person": "bigint",
    "acts": "int",
    "reached_ms": "bigint",
    "town": "int",
    "county": "int",
    "unit": "int",
}
_ACTIVE_CONFLICT = "ON CONFLICT (campaign, span, person) DO UPDATE SET " + ", ".join(
    f"{column} = excluded.{column}" for column in ("acts", "reached_ms", "town", "county", "unit")
)
