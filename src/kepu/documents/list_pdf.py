"""A printed list as PDF: rosters to sign, payouts, lists to put up."""

from typing import Any

from kepu.documents.rules.geometry import MILLIMETRE
from kepu.documents.rules.lists import PrintedList
from kepu.documents.typesetting import layout, pdf_from_typst, typst_png

TEXT_SIZE = 10.5  # 五号


def table_pdf(printed: PrintedList) -> bytes:
    """The list as PDF, its headings again on each page, 第 x 页，共 y 页 below; the same bytes for the same.

    1,000 rows of ten columns took 2 s and 200 MB in a child process. Raises TypesettingError.
    """
    return pdf_from_typst(layout("documents", "table.typ"), values_of(printed))


def table_pictures(printed: PrintedList, ppi: float = 96.0) -> list[bytes]:
    """The pages of `table_pdf` as PNG pictures."""
    return typst_png(layout("documents", "table.typ"), values_of(printed), ppi=ppi)


def values_of(printed: PrintedList) -> dict[str, Any]:
    """What the layout is handed."""
    return {
        "title": printed.title,
        "head-lines": printed.head_lines,
        "columns": [
            {"heading": column.heading, "width": column.width, "align": column.align}
            for column in printed.columns
        ],
        "rows": printed.rows,
        "total": printed.total,
        "total-line": printed.total_line,
        "notes": printed.notes,
        "signatures": printed.signatures,
        "foot": printed.foot,
        "landscape": printed.landscape,
        "draft": printed.draft,
        "size": TEXT_SIZE,
        "air": max(1.5, (printed.row_millimetres * MILLIMETRE - TEXT_SIZE) / 2),
    }
