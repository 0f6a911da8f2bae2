"""Unpacks one workbook and ends: the child process behind `reading`, so that time and memory have an end.

A workbook of 5 KB may claim a cell in its last row and column, for which the parser asks for half a terabyte
and takes the process with it; a zip may say less than it holds. What a file says of itself is not believed.
"""

import io
import json
import os
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

# Address space. A sheet of 100,000 rows in 20 columns takes about 400 MB, code and stacks 200 MB.
ADDRESS_SPACE_BYTES_MAX = 1024**3
CPU_SECONDS_MAX = 60


def sheets_of(
    content: bytes, rows_max: int, columns_max: int, sheets_max: int
) -> list[tuple[str, list[list[Any]]]] | str:
    """Name and rows of the first sheets that have any, or the value of a `SheetTrouble`.

    Days and moments are [kind, text].
    """
    found: list[tuple[str, list[list[Any]]]] = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.end is None:
                continue
            rows = _rows(sheet, rows_max, columns_max)
            if isinstance(rows, str):
                return rows
            found.append((name, rows))
            if len(found) == sheets_max:
                break
    except (CalamineError, ValueError, OSError):
        return "not_a_sheet"
    return found or "empty"


def _rows(sheet: CalamineSheet, rows_max: int, columns_max: int) -> list[list[Any]] | str:
    last_row, last_column = sheet.end or (0, 0)  # from 0; total_height of one row would be 0
    if last_row >= rows_max:
        return "too_many_rows"
    if last_column >= columns_max:
        return "too_many_columns"
    rows = [[_plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    return rows


def _plain(value: str | float | bool | time | date | datetime | timedelta) -> Any:
    if isinstance(value, datetime):
        return ["moment", value.isoformat()]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    return str(value) if isinstance(value, time | timedelta) else value


def main() -> None:
    """Standard input: the workbook. Arguments: most rows, columns, sheets. Output: `sheets_of` as JSON."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES_MAX, ADDRESS_SPACE_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(sheets_of(sys.stdin.buffer.read(), *map(int, sys.argv[1:4])), sys.stdout)


if __name__ == "__main__":
    main()
