"""Printed lists: headings on each page, places to sign, all rows, bounded time and memory."""

import time

import pypdfium2
import pytest

from kepu.documents.list_pdf import table_pdf, table_pictures, values_of
from kepu.documents.rules.lists import PrintedList
from kepu.documents.rules.numerals import money_in_capitals
from kepu.documents.rules.paper import Align, TableColumn
from kepu.documents.tests.measuring import measured, set_alone
from kepu.documents.typesetting import layout

COLUMNS = (
    TableColumn("序号", 3),
    TableColumn("姓名", 4),
    TableColumn("单位", 7, Align.LEFT),
    TableColumn("名次", 3),
    TableColumn("传播量", 4, Align.RIGHT),
    TableColumn("标准（元）", 4, Align.RIGHT),
    TableColumn("金额（元）", 4, Align.RIGHT),
    TableColumn("手机号", 6),
    TableColumn("签字", 5),
    TableColumn("备注", 4, Align.LEFT),
)


TOTAL = "合计：25000 元（大写：贰万伍仟元整）"
COUNTED = ("合计", "", "", "", "", "", "25000", "", "", "")


def payout(count, **changes):
    """A payout roster of so many people."""
    rows = tuple(
        (str(n), "张三", "插旗镇同福村", str(n), str(90_000 - n), "200", "200", "138****5678", "", "")
        for n in range(1, count + 1)
    )
    parts = {
        "title": "华容县优秀科普员话费补贴发放表",
        "columns": COLUMNS,
        "rows": rows,
        "head_lines": ("活动：插旗镇2021年科普信息员评选　轮次：年终评选　单位：元",),
        "total": ("合计", "", "", "", "", "", str(200 * count), "", "", ""),
        "total_line": f"合计：{200 * count} 元（大写：{money_in_capitals(200 * count)}）",
        "foot": "数据来源：年终评选第2次快照，摘要 5be2a7c41d",
        "landscape": True,
        "row_millimetres": 10,
    }
    return PrintedList(**{**parts, **changes})


@pytest.mark.parametrize(("landscape", "size"), [(True, (297, 210)), (False, (210, 297))])
def test_a_list_repeats_its_headings_and_counts_its_pages(landscape, size):
    pages = measured(table_pdf(payout(60, landscape=landscape)))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        said = [line.text for line in page.lines]
        assert (round(page.width), round(page.height)) == size
        assert f"第{number}页，共{len(pages)}页" in said[-1]
        assert said[-1].startswith("数据来源：年终评选第2次快照")
        assert any(text.startswith("序号姓名单位名次传播量") for text in said), said
        assert min(line.left for line in page.lines) >= 15
        assert max(line.right for line in page.lines) <= size[0] - 15


@pytest.mark.parametrize("count", [124, 125, 126, 127])
def test_the_last_page_has_rows_total_and_places_to_sign(count):
    said = [
        line.text for line in measured(table_pdf(payout(count, total_line=TOTAL, total=COUNTED)))[-1].lines
    ]
    assert any(text.startswith(f"{count}张三") for text in said)
    assert "合计25000" in said
    assert "合计：25000元（大写：贰万伍仟元整）" in said
    assert "制表：复核：审批：" in said


def test_rows_to_sign_in_are_high_enough():
    page = measured(table_pdf(payout(10)))[0]
    rows = [line.baseline for line in page.lines if line.text.endswith("138****5678")]
    assert len(rows) == 10
    assert (rows[-1] - rows[0]) / 9 == pytest.approx(10, abs=0.6)


def test_every_row_is_there_once_and_text_is_text():
    people = tuple((str(n), f"#甲{n} *x*") for n in range(200))
    printed = PrintedList("名单 $x$", (TableColumn("序号"), TableColumn("姓名")), people)
    with pypdfium2.PdfDocument(table_pdf(printed)) as pdf:
        text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert [text.count(f"#甲{n} *x*") for n in range(200)] == [1] * 200
    assert "名单 $x$" in text


def test_an_empty_list_is_a_page_that_says_so_by_its_headings():
    (page,) = measured(table_pdf(PrintedList("名单", COLUMNS, ())))
    assert any(line.text.startswith("序号姓名") for line in page.lines)
    assert len(table_pictures(payout(1, draft=True), ppi=30)) == 1


def test_a_thousand_rows_stay_within_time_and_memory():
    started = time.monotonic()
    _, kilobytes = set_alone(layout("documents", "table.typ"), values_of(payout(1_000)))
    assert time.monotonic() - started < 30
    assert kilobytes < 300_000
