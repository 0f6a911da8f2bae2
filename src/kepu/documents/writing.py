"""Tables as xlsx files with real types, written row by row so that memory does not grow with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter

from kepu.documents.reading import Cell

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHEET_ROWS_MAX = 1_048_576


class Form(StrEnum):
    """How a column's values are typed and shown."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"  # 0.5 is shown as 50%
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the form of its values and its width in characters."""

    heading: str
    form: Form = Form.TEXT
    width: int = 14


_NUMBER_FORMATS = {
    Form.TEXT: "@",
    Form.NUMBER: "0",
    Form.SHARE: "0.0%",
    Form.DAY: "yyyy-mm-dd",
    Form.MOMENT: "yyyy-mm-dd hh:mm",
}


def write_xlsx(path: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """The table is at `path` as one sheet named `title`; the number of rows below the headings.

    Text is never read as a formula or a link, whatever somebody typed. Moments are shown in Shanghai's time.
    Raises OSError when the disk is full, ValueError past what a sheet can hold.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        forms = [book.add_format({"num_format": _NUMBER_FORMATS[column.form]}) for column in columns]
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width, forms[number])
            sheet.write_string(0, number, column.heading, bold)
        sheet.freeze_panes(1, 0)
        written = 0
        for written, row in enumerate(rows, 1):
            if written >= SHEET_ROWS_MAX:
                raise ValueError("more rows than a sheet can hold")
            for number, cell in enumerate(row):
                _write(sheet, written, number, cell, forms[number])
        sheet.autofilter(0, 0, written, max(0, len(columns) - 1))
        return written


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    form: xlsxwriter.format.Format,
) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, form)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, form)
    elif isinstance(cell, datetime):
        local = cell.astimezone(SHANGHAI).replace(tzinfo=None) if cell.tzinfo else cell
        sheet.write_datetime(row, column, local, form)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), form)  # noqa: DTZ001
    else:
        sheet.write_string(row, column, cell, form)


def _sheet_name(title: str) -> str:
    """A sheet's name knows no []:*?/\\ and no more than 31 characters."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\")[:31] or "表"
