"""What people send as a table (xlsx, xls, ods, csv in UTF-8 or GBK) as plain rows."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Cell = str | int | float | bool | date | datetime | None
FILE_BYTES_MAX = 10 * 1024 * 1024
UNPACKED_BYTES_MAX = 256 * 1024 * 1024
COLUMNS_MAX = 100
SECONDS_MAX = 120
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class SheetTrouble(StrEnum):
    """Why a file is no table for us."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NOT_A_SHEET = "not_a_sheet"


def read_sheet(content: bytes, rows_max: int) -> list[tuple[Cell, ...]] | SheetTrouble:
    """The rows of the first sheet that has any, each as long as the widest; trailing empty rows left out.

    A merged cell's value stands in every cell it covers. Whole numbers are `int`; text is stripped, and
    empty text is None. Memory grows with the file, bounded by FILE_BYTES_MAX, `rows_max` and COLUMNS_MAX; a
    workbook is unpacked by a child process with limits of its own, which takes about a tenth of a second.
    """
    if len(content) > FILE_BYTES_MAX:
        return SheetTrouble.TOO_LARGE
    if content.startswith((_ZIP, _OLE)):
        rows = _workbook_rows(content, rows_max)
    else:
        rows = _csv_rows(content, rows_max)
    if isinstance(rows, SheetTrouble):
        return rows
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    if not rows:
        return SheetTrouble.EMPTY
    return rows


def read_sheets(
    content: bytes, rows_max: int, sheets_max: int
) -> list[tuple[str, list[tuple[Cell, ...]]]] | SheetTrouble:
    """Name and rows of a workbook's first `sheets_max` sheets that have any, in order; cells and cost as in
    `read_sheet`.
    """
    if len(content) > FILE_BYTES_MAX:
        return SheetTrouble.TOO_LARGE
    return _by_child(content, rows_max, sheets_max)


def _workbook_rows(content: bytes, rows_max: int) -> list[tuple[Cell, ...]] | SheetTrouble:
    sheets = _by_child(content, rows_max, 1)
    return sheets if isinstance(sheets, SheetTrouble) else sheets[0][1]


def _by_child(
    content: bytes, rows_max: int, sheets_max: int
) -> list[tuple[str, list[tuple[Cell, ...]]]] | SheetTrouble:
    """Whatever a file claims, only the child process that unpacks it runs out of time or memory."""
    if content.startswith(_ZIP) and not unpacks_small(content):
        return SheetTrouble.TOO_LARGE
    limits = map(str, (rows_max, COLUMNS_MAX, sheets_max))
    try:
        ended = subprocess.run(  # noqa: S603 our own module
            [sys.executable, "-m", "kepu.documents.unpacker", *limits],
            input=content,
            capture_output=True,
            timeout=SECONDS_MAX,
            check=True,
        )
        said: list[tuple[str, list[list[Any]]]] | str = json.loads(ended.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        return SheetTrouble.TOO_LARGE
    if isinstance(said, str):
        return SheetTrouble(said)
    return [(name, [tuple(_cell(_unpacked(cell)) for cell in row) for row in rows]) for name, rows in said]


def _unpacked(value: Any) -> str | float | bool | date | datetime:
    """A cell as the parser gave it: days and moments came in lists."""
    if isinstance(value, list):
        kind, text = value
        return date.fromisoformat(text) if kind == "day" else datetime.fromisoformat(text)
    kept: str | float | bool = value
    return kept


def _csv_rows(content: bytes, rows_max: int) -> list[tuple[Cell, ...]] | SheetTrouble:
    text = _decoded(content)
    if text is None or "\x00" in text:
        return SheetTrouble.NOT_A_SHEET
    delimiter = "\t" if text.partition("\n")[0].count("\t") > text.partition("\n")[0].count(",") else ","
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= rows_max:
                return SheetTrouble.TOO_MANY_ROWS
            if len(row) > COLUMNS_MAX:
                return SheetTrouble.TOO_MANY_COLUMNS
            rows.append([_cell(value) for value in row])
    except csv.Error:
        return SheetTrouble.NOT_A_SHEET
    width = max((len(row) for row in rows), default=0)
    return [tuple(row + [None] * (width - len(row))) for row in rows]


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def unpacks_small(content: bytes) -> bool:
    """Whether a zip says that it unpacks to no more than we would hold: an honest bomb is not even opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return sum(part.file_size for part in parts.infolist()) <= UNPACKED_BYTES_MAX
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        # Damaged, of a version Python does not list, or with names in no encoding: it declares no size, so no
        # bomb either. The reader's child, which has limits of its own, answers that it is no sheet.
        return True


def _cell(value: str | float | bool | date | datetime) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
