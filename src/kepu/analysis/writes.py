"""A round's tallies and register, written as Parquet."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kepu.awards.reads.evaluating import Closed, volumes_of_late
from kepu.campaigns.rules import Published, Round
from kepu.ledger.reads import columns
from kepu.people import reads as people
from kepu.standings.rules import round_days

TALLIES = pa.schema(
    [
        ("person", pa.int64()),
        ("day", pa.int32()),
        ("campaign", pa.int32()),
        ("volume", pa.int64()),
        ("reached_ms", pa.int64()),
    ]
)
REGISTER = pa.schema(
    [
        ("person", pa.int64()),
        ("name", pa.string()),
        ("unit", pa.string()),
        ("division", pa.string()),
        ("is_certified", pa.bool_()),
    ]
)
TALLIES_FILE, REGISTER_FILE = "tallies.parquet", "register.parquet"


def write_columns(
    published: Published, round_: Round, closed: Closed | None, folder: Path, told: Callable[[int], None]
) -> None:
    """The folder holds the round's tallies and its register, each as one file, by person.

    Of those about whom something was stated after the round was closed there is one line with what counts.
    `told` hears after each piece how many tallies are written. Call it within one state of the database.
    Memory: a piece of 100,000 tallies, and the register.
    """
    folder.mkdir(parents=True, exist_ok=True)
    days = round_days(round_)
    late = volumes_of_late(published, round_, closed) if closed is not None else {}
    written = 0
    with pq.ParquetWriter(folder / TALLIES_FILE, TALLIES, compression="zstd") as tallies:
        lines = [(who, days[0], published.number, each.volume, each.reached_ms) for who, each in late.items()]
        tallies.write_table(_table(sorted(lines), TALLIES))
        for piece in columns.day_tallies(published.number, *days):
            rows = [row for row in piece if row[0] not in late]
            tallies.write_table(_table(rows, TALLIES))
            written += len(rows)
            told(written)
    register = [
        (each.account, each.name, each.unit_name, each.division, True)
        for each in people.profiles_within(published.sheet.counts_within)
    ]
    pq.write_table(_table(register, REGISTER), folder / REGISTER_FILE, compression="zstd")


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    arrays = zip(*rows, strict=True) if rows else ([] for _name in schema.names)
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(arrays, schema.types, strict=True)], schema=schema
    )
