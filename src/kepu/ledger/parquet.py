"""Entries as Parquet: all columns exact, by number, in groups of rows of which one fits in memory at a time.

It needs pyarrow, which comes with the `columns` extra; whoever reads the ledger loads this module only when
something was archived (`reads.archived`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kepu.ledger.rules import Entry

GROUP_ROWS = 16_384
SCHEMA = pa.schema(
    [
        ("book", pa.int32()),
        ("seq", pa.int64()),
        ("person", pa.int64()),
        ("event_id", pa.binary(16)),
        ("kind", pa.int16()),
        ("article", pa.int64()),
        ("at_ms", pa.int64()),
        ("day", pa.int32()),
        ("campaign", pa.int32()),
        ("version", pa.int32()),
        ("points", pa.int32()),
        ("volume", pa.int32()),
        ("reason", pa.int16()),
        ("left_today", pa.int32()),
        ("unit", pa.int32()),
        ("division", pa.int32()),
        ("channel", pa.int16()),
        ("ref_book", pa.int32()),
        ("ref_seq", pa.int64()),
        ("author", pa.int64()),
        ("note", pa.string()),
        ("hash", pa.binary(32)),
    ]
)
assert tuple(SCHEMA.names) == Entry._fields
# What rises by small steps; what is random has no statistics either, for nobody can leave a group out by it.
_STEPS = ("seq", "at_ms")
_RANDOM = ("event_id", "hash")
_PLAIN = ("ref_seq",)
TROUBLE = (OSError, pa.ArrowException)
Span = tuple[int, int]
Row = tuple[int, ...]


class Writer:
    """A file that grows by groups of GROUP_ROWS entries; memory holds one group."""

    def __init__(self, path: Path) -> None:
        names = SCHEMA.names
        self._rows: list[Entry] = []
        self._file = pq.ParquetWriter(
            path,
            SCHEMA,
            compression="zstd",
            use_dictionary=[name for name in names if name not in (*_STEPS, *_RANDOM, *_PLAIN)],
            column_encoding=dict.fromkeys(_STEPS, "DELTA_BINARY_PACKED"),
            write_statistics=[name for name in names if name not in (*_RANDOM, "note")],
            write_page_checksum=True,
        )

    def add(self, entries: Sequence[Entry]) -> None:
        """The entries follow those before."""
        self._rows += entries
        while len(self._rows) >= GROUP_ROWS:
            self._write(self._rows[:GROUP_ROWS])
            del self._rows[:GROUP_ROWS]

    def close(self) -> None:
        """Everything added stands in the file."""
        if self._rows:
            self._write(self._rows)
        self._file.close()

    def _write(self, rows: Sequence[Entry]) -> None:
        columns = zip(*rows, strict=True)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, SCHEMA.types, strict=True)]
        self._file.write_table(pa.table(arrays, schema=SCHEMA), row_group_size=GROUP_ROWS)


class Reader:
    """One file of entries, read a group at a time. One of TROUBLE is raised where it is not as written."""

    def __init__(self, path: Path) -> None:
        self._file = pq.ParquetFile(path, memory_map=True, page_checksum_verification=True)
        if not self._file.schema_arrow.equals(SCHEMA):
            raise pa.ArrowInvalid("not the columns of an entry")

    def entries(self, first: int, last: int) -> Iterator[list[Entry]]:
        """The entries from `first` to `last`, in order, in pieces of a group at most."""
        for group in self._groups({"seq": (first, last)}):
            table = self._file.read_row_group(group)
            numbers = table["seq"]
            table = table.filter(pc.and_(pc.greater_equal(numbers, first), pc.less_equal(numbers, last)))
            if table.num_rows:
                yield _entries(table)

    def entries_at(self, numbers: Collection[int]) -> list[Entry]:
        """The entries of these numbers, in order; those the file has not are absent."""
        wanted, found = sorted(numbers), []
        for group in self._groups({"seq": (wanted[0], wanted[-1])}):
            low, high = self._span(group, "seq")
            some = [number for number in wanted if low <= number <= high]
            if some:
                table = self._file.read_row_group(group)
                found += _entries(table.filter(pc.is_in(table["seq"], pa.array(some, pa.int64()))))
        return found

    def rows(
        self,
        columns: Sequence[str],
        spans: Mapping[str, Span],
        among: Mapping[str, Collection[int]],
        *,
        backwards: bool = False,
    ) -> Iterator[list[Row]]:
        """Those columns of the entries whose columns lie in the spans (both ends) and among the values.

        In order, a group at a time (`backwards`: the last group first, each still in order). Groups that hold
        nothing of a span are not read, nor are the other columns of a group where nothing fits.
        """
        wide = {name: (min(values), max(values)) for name, values in among.items() if values}
        groups = list(self._groups(dict(spans) | {k: v for k, v in wide.items() if k not in spans}))
        sought = list(dict.fromkeys([*spans, *among]))
        for group in reversed(groups) if backwards else groups:
            mask = _mask(self._file.read_row_group(group, columns=sought), spans, among)
            if not pc.any(mask).as_py():
                continue
            table = self._file.read_row_group(group, columns=list(columns)).select(list(columns))
            yield list(zip(*(part.to_pylist() for part in table.filter(mask).columns), strict=True))

    def _groups(self, spans: Mapping[str, Span]) -> Iterator[int]:
        for group in range(self._file.metadata.num_row_groups):
            bounds = ((self._span(group, name), span) for name, span in spans.items())
            if all(low <= span[1] and high >= span[0] for (low, high), span in bounds):
                yield group

    def _span(self, group: int, name: str) -> Span:
        """The least and the greatest of a column of numbers in a group."""
        held = self._file.metadata.row_group(group).column(SCHEMA.get_field_index(name)).statistics
        return held.min, held.max


def _mask(
    table: pa.Table, spans: Mapping[str, Span], among: Mapping[str, Collection[int]]
) -> pa.ChunkedArray:
    parts = [
        pc.and_(pc.greater_equal(table[name], low), pc.less_equal(table[name], high))
        for name, (low, high) in spans.items()
    ]
    parts += [
        pc.is_in(table[name], pa.array(sorted(values), SCHEMA.field(name).type))
        for name, values in among.items()
    ]
    mask = parts[0]
    for part in parts[1:]:
        mask = pc.and_(mask, part)
    return mask


def _entries(table: pa.Table) -> list[Entry]:
    return list(map(Entry._make, zip(*(column.to_pylist() for column in table.columns), strict=True)))
