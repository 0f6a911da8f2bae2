"""What the follower adds up, in plain SQL: sums and latest places whose order of arrival does not matter."""

from collections.abc import Sequence

from django.db import connection
from django.db.backends.utils import CursorWrapper

ScoreRow = tuple[int, int, int, int, int, int, int, int]


def add_to_scores(cursor: CursorWrapper, rows: Sequence[ScoreRow]) -> None:
    """Add (window id, person, volume, reached_ms, town, county, unit, city) rows to the scores."""
    _upsert(cursor, "standings_score", _SCORE, rows, _SCORE_CONFLICT)


def add_to_unit_volumes(cursor: CursorWrapper, rows: Sequence[tuple[int, int, int]]) -> None:
    """Add (campaign, unit, volume) rows to the units' volumes."""
    _upsert(cursor, "standings_unitvolume", _UNIT, rows, _UNIT_CONFLICT)


def add_to_counts(cursor: CursorWrapper, rows: Sequence[tuple[int, ...]]) -> None:
    """Add (campaign, span, county, town, unit, shares, opens, reads, volume, active) rows to the counts."""
    _upsert(cursor, "standings_unitcount", _COUNT, rows, _COUNT_CONFLICT)


def add_to_article_counts(cursor: CursorWrapper, rows: Sequence[tuple[int, ...]]) -> None:
    """Add (article, day, shares, opens, reads) rows to what was done with articles."""
    _upsert(cursor, "standings_articlecount", _ARTICLE, rows, _ARTICLE_CONFLICT)


def add_to_people(cursor: CursorWrapper, rows: Sequence[tuple[int, ...]]) -> None:
    """Add (campaign, span, person, acts, reached_ms, town, county, unit) rows to who is active."""
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


_SCORE = {
    "window_id": "bigint",
    "person": "bigint",
    "volume": "int",
    "reached_ms": "bigint",
    "town": "int",
    "county": "int",
    "unit": "int",
    "city": "int",
}
_UNIT = {"campaign": "int", "unit": "int", "volume": "bigint"}
_IS_LATER = (
    "(excluded.reached_ms, excluded.town, excluded.county, excluded.unit)"
    " > (held.reached_ms, held.town, held.county, held.unit)"
)
_SCORE_CONFLICT = (
    "ON CONFLICT (window_id, person) DO UPDATE SET volume = held.volume + excluded.volume, "
    + ", ".join(
        f"{column} = CASE WHEN {_IS_LATER} THEN excluded.{column} ELSE held.{column} END"
        for column in ("reached_ms", "town", "county", "unit", "city")
    )
)
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
_ACTIVE_CONFLICT = (
    "ON CONFLICT (campaign, span, person) DO UPDATE SET acts = held.acts + excluded.acts, "
    + ", ".join(
        f"{column} = CASE WHEN {_IS_LATER} THEN excluded.{column} ELSE held.{column} END"
        for column in ("reached_ms", "town", "county", "unit")
    )
)
