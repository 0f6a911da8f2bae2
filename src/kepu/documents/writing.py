"""Tables as xlsx files with real types, written row by row so that memory does not grow with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from kepu.documents.reading import Cell

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHEET_ROWS_MAX = 1_048_576
A4 = 9  # as Excel numbers papers
PRINTED_ROW_POINTS = 24  # high enough to sign in


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


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, columns and rows; with `to_print` it is for paper (`write_xlsx`)."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    to_print: str = ""


def write_xlsx(
    path: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, to_print: str = ""
) -> int:
    """The table is at `path` as one sheet named `title`; the number of rows below the headings.

    With `to_print`, which then stands above the table, it is for paper: A4 across, as wide as one page, a
    grid, title and headings again on each page.

    Text is never read as a formula or a link, whatever somebody typed. Moments are shown in Shanghai's time.
    Raises OSError when the disk is full, ValueError past what a sheet can hold.
    """
    return write_book(path, [Sheet(title, columns, rows, to_print)])


def write_book(path: Path, sheets: Iterable[Sheet]) -> int:
    """The sheets are at `path` as one workbook, in order; how many rows they have. As `write_xlsx`."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        return sum(_write_sheet(book, each) for each in sheets)


def _write_sheet(book: xlsxwriter.Workbook, of: Sheet) -> int:
    columns, to_print = of.columns, of.to_print
    sheet = book.add_worksheet(_sheet_name(of.title))
    grid: dict[str, Any] = {"border": 1, "text_wrap": True, "valign": "vcenter"} if to_print else {}
    forms = [book.add_format({"num_format": _NUMBER_FORMATS[each.form], **grid}) for each in columns]
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", **grid})
    above = 1 if to_print else 0
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, None if to_print else forms[number])
    if to_print:
        _for_paper(sheet)
        large = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        sheet.merge_range(0, 0, 0, len(columns) - 1, "", large)
        sheet.write_string(0, 0, to_print, large)
    for number, column in enumerate(columns):
        sheet.write_string(above, number, column.heading, bold)
    sheet.freeze_panes(above + 1, 0)
    written = 0
    for written, row in enumerate(of.rows, 1):
        if written + above >= SHEET_ROWS_MAX:
            raise ValueError("more rows than a sheet can hold")
        if to_print:
            sheet.set_row(written + above, PRINTED_ROW_POINTS)
            for number in range(len(columns)):
                sheet.write_blank(written + above, number, None, forms[number])
        for number, cell in enumerate(row):
            _write(sheet, written + above, number, cell, forms[number])
    if not to_print:
        sheet.autofilter(0, 0, written, max(0, len(columns) - 1))
    return written


def _for_paper(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    """The page a printed table stands on: all columns on it, as many pages as the rows need."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.repeat_rows(0, 1)
    sheet.set_row(0, 30)
    sheet.set_footer("&C&P / &N")


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
