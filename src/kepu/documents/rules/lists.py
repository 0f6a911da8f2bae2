"""A list to be printed and signed, as a value: a roster, a payout, a publicity list."""

from dataclasses import dataclass

from kepu.documents.rules.paper import ROWS_MAX, TableColumn

SIGNED_BY = ("制表", "复核", "审批")


@dataclass(frozen=True, slots=True)
class PrintedList:
    """A table on paper with everything around it.

    `head_lines` stand under the title, `total` is a last row of the table, `total_line` a sentence under it,
    `notes` small print below, `foot` small print on each page (where the figures come from), `signatures`
    places to sign at. `row_millimetres` is at least so high that people can write in a row: 7 for reading, 10
    for signing. Each row has a text for each column.
    """

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    head_lines: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    total_line: str = ""
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = SIGNED_BY
    foot: str = ""
    landscape: bool = False
    row_millimetres: float = 7.0
    draft: bool = False

    def __post_init__(self) -> None:
        assert self.columns
        assert len(self.rows) <= ROWS_MAX
        for row in (*self.rows, *((self.total,) if self.total else ())):
            assert len(row) == len(self.columns), row
