"""Invented exports in the shapes that the national app's back office and its offspring give."""

import csv
import io
from collections.abc import Sequence
from random import Random

import xlsxwriter

PLAIN = ("序号", "姓名", "手机号", "单位", "传播量")
Row = tuple[object, ...]


def xlsx(rows: Sequence[Row], headings: Sequence[str] = PLAIN, title: str = "") -> bytes:
    """One sheet; a title runs over the whole width above the headings."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("导出")
        first = 0
        if title:
            sheet.merge_range(0, 0, 0, len(headings) - 1, title)
            first = 1
        for number, row in enumerate([tuple(headings), *rows], first):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def merged(rows: Sequence[Row], month: str) -> bytes:
    """Title, then headings over two rows: the month over 分享量 and 阅读量, the rest merged downwards.

    Rows are (序号, 姓名, 手机号, 单位, 分享量, 阅读量).
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("导出")
        sheet.merge_range(0, 0, 0, 5, f"科普员传播情况统计表（{month}）")
        for place, heading in enumerate(PLAIN[:4]):
            sheet.merge_range(1, place, 2, place, heading)
        sheet.merge_range(1, 4, 1, 5, month)
        sheet.write_row(2, 4, ("传播量（次）", "阅读量（次）"))
        for number, row in enumerate(rows, 3):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def gbk(rows: Sequence[Row], headings: Sequence[str] = PLAIN) -> bytes:
    """A csv as old spreadsheets in China save it, numbers with thousands separators."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows])
    return out.getvalue().encode("gbk")


SAMPLE_UNITS = ("同福村", "注北村", "插旗村", "向阳街社区")
SAMPLE_NAMES = (
    "王秀英",
    "李建国",
    "张桂兰",
    "刘志强",
    "陈玉梅",
    "杨国庆",
    "赵春花",
    "黄卫东",
    "周小燕",
    "吴长生",
)


def sample(month: int) -> bytes:
    """What docs/samples holds for a month of 2026: forty invented people, four of the reference town's units.

    The last row is one that cannot be matched: a rounded figure.
    """
    random = Random(month)
    rows: list[Row] = [
        (n + 1, SAMPLE_NAMES[n % 10], f"139000002{n:02d}", SAMPLE_UNITS[n // 10], random.randint(20, 600))
        for n in range(40)
    ]
    rows.append((41, "郑大明", "13900000240", "同福村", "1.2万"))
    rows.append(("合计", "", "", "", sum(int(str(row[4])) for row in rows[:40])))
    return xlsx(rows, title=f"华容县科普员传播量统计（2026年{month}月）")
