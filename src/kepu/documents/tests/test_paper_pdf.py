"""The PDF of a paper held against GB/T 9704-2012, measured from the file itself (millimetres)."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pypdfium2
import pytest

from kepu.documents.paper_pdf import pdf_of, pictures_of
from kepu.documents.rules.paper import Paragraph, Run, Source, Table, TableColumn
from kepu.documents.tests.measuring import measured
from kepu.documents.tests.papers import (
    SOURCES,
    VILLAGES,
    hold_last_words_and_date_together,
    notice,
    plain,
    signed_behind,
)

LEFT, RIGHT, TOP, BOTTOM = 28, 184, 37, 262
RED = (0xDA, 0x25, 0x1D)


@pytest.fixture(scope="module")
def pages():
    return measured(pdf_of(notice()), tall=60)


def test_a_full_page_has_22_lines_of_28_characters_within_the_margins():
    first, full, rest = measured(pdf_of(plain(28 * 44)))
    assert (round(full.width), round(full.height)) == (210, 297)
    lines, number = full.lines[:-1], full.lines[-1]
    assert [len(line.text) for line in lines] == [28] * 22
    assert min(line.left for line in lines) == pytest.approx(LEFT, abs=0.5)
    assert max(line.right for line in lines) == pytest.approx(RIGHT, abs=0.5)
    assert lines[0].top > TOP
    assert lines[-1].baseline < BOTTOM
    apart = [after.baseline - before.baseline for before, after in pairwise(lines)]
    assert apart == pytest.approx([225 / 22] * 21, abs=0.11)
    assert number.text == "—2—"
    assert len(first.lines[1].text) == 26  # the first line of a paragraph is two characters in
    assert first.lines[1].left == pytest.approx(LEFT + 2 * 156 / 28, abs=0.6)
    assert [len(line.text) for line in rest.lines[:-1]] == [28, 28, 2]


def test_the_red_head(pages):
    mark, number = pages[0].lines[:2]
    (rule,) = pages[0].rules
    assert mark.text == "插旗镇人民政府办公室文件"
    assert mark.top == pytest.approx(TOP + 35, abs=0.5)
    assert (mark.left + mark.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.6)
    assert (number.left + number.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.6)
    assert number.top - mark.baseline > 2 * 225 / 22 - 3  # two lines are left between them
    assert rule.colour == RED
    assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=0.2)
    assert rule.middle - number.baseline == pytest.approx(
        4 + 0.7, abs=0.3
    )  # 4 mm under the foot of the characters


def test_the_number_of_a_paper_to_a_higher_organ_stands_beside_its_signer():
    page = measured(pdf_of(notice(signer="李某")), tall=60)[0]
    line = next(line for line in page.lines if "签发人" in line.text)
    assert line.text == "插政办发〔2021〕12号签发人：李某"
    assert line.left == pytest.approx(LEFT + 5.6, abs=0.6)
    assert line.right == pytest.approx(RIGHT - 5.6, abs=0.6)


def test_the_title_is_2hao_centred_and_breaks_between_words(pages):
    title = pages[0].lines[2:4]
    assert [line.text for line in title] == ["插旗镇人民政府办公室关于开展", "2021年科普信息员评选活动的通知"]
    for line in title:
        assert line.size == pytest.approx(22, abs=0.1)
        assert (line.left + line.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.6)
    assert title[0].top - pages[0].rules[0].middle > 2 * 225 / 22
    addressee = pages[0].lines[4]
    assert addressee.text == "各村（社区），机关、站所："
    assert addressee.left == pytest.approx(LEFT, abs=0.6)
    assert addressee.baseline - title[-1].baseline == pytest.approx(2 * 225 / 22, abs=1)


def test_marks_of_four_levels(pages):
    said = [line.text for page in pages[:2] for line in page.lines]
    for mark in (
        "一、目标任务",
        "（一）注册任务",
        "1.注册时间",
        "（1）2021年11月30日前完成。",
        "（2）逾期不计。",
        "2.注册方式",
    ):
        assert mark in said
    assert said.index("（二）传播任务") < said.index("二、奖励办法")


def test_annexes_are_listed_without_stops_and_start_on_pages_of_their_own(pages):
    first, second, wrapped = (line for line in pages[1].lines if line.baseline > 170 and line.baseline < 200)
    assert first.text == "附件：1.插旗镇2021年科普信息员工作任务分解表"
    assert second.text.startswith("2.科普中国")
    assert wrapped.text.endswith("解答")
    name_starts = LEFT + (5 + 1.2) * 156 / 28
    assert wrapped.left == pytest.approx(name_starts, abs=0.7)
    for page, mark in ((pages[3], "附件1"), (pages[4], "附件2")):
        assert page.lines[0].text == mark
        assert page.lines[0].left == pytest.approx(LEFT, abs=0.6)
        assert page.lines[1].baseline - page.lines[0].baseline == pytest.approx(2 * 225 / 22, abs=1.5)


def test_the_signature_is_centred_on_the_date_which_ends_four_characters_from_the_right(pages):
    name = next(line for line in pages[1].lines if line.text == "插旗镇人民政府办公室")
    day = next(line for line in pages[1].lines if line.text == "2021年6月21日")
    assert day.right == pytest.approx(RIGHT - 4 * 156 / 28, abs=1)
    assert (name.left + name.right) / 2 == pytest.approx((day.left + day.right) / 2, abs=0.8)
    assert any(line.text == "（此件公开发布）" and line.left > LEFT + 10 for line in pages[1].lines)


def test_a_long_signature_stays_on_the_page():
    name = "华容县全民科学素质工作领导小组办公室插旗镇工作站"
    page = measured(pdf_of(notice(signature=name)), tall=60)[1]
    line = next(line for line in page.lines if line.text == name)
    day = next(line for line in page.lines if line.text == "2021年6月21日")
    assert line.right <= RIGHT + 0.2
    assert (line.left + line.right) / 2 == pytest.approx((day.left + day.right) / 2, abs=0.8)


@pytest.mark.parametrize("lines", range(14, 21))
def test_signature_and_date_never_stand_on_a_page_without_text(lines):
    hold_last_words_and_date_together(measured(pdf_of(signed_behind(lines))))


def test_page_numbers_stand_outside_seven_millimetres_under_the_text(pages):
    for count, page in enumerate(pages, 1):
        number = page.lines[-1]
        assert number.text == f"—{count}—"
        assert number.size == pytest.approx(14, abs=0.1)
        dash_top = number.baseline - 0.38 * 14 / 72 * 25.4
        assert dash_top - BOTTOM == pytest.approx(7, abs=0.5)
        if count % 2:
            assert number.right == pytest.approx(RIGHT - 4.9, abs=0.9)
        else:
            assert number.left == pytest.approx(LEFT + 4.9, abs=0.9)


def test_the_imprint_ends_an_even_page_on_the_foot_of_the_text(pages):
    assert len(pages) % 2 == 0
    first, middle, last = pages[-1].rules
    assert [round(rule.thickness, 2) for rule in (first, middle, last)] == [0.35, 0.25, 0.35]
    assert last.middle == pytest.approx(BOTTOM, abs=0.3)
    for rule in (first, middle, last):
        assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=0.2)
    copies, printed, _ = pages[-1].lines
    assert copies.text == "抄送：华容县科学技术协会，镇党委、人大、政协工委办公室。"
    assert copies.size == pytest.approx(14, abs=0.1)
    assert printed.text == "插旗镇人民政府办公室2021年6月21日印发"
    assert printed.right == pytest.approx(RIGHT - 4.9, abs=0.9)


IMPRINT = {"copies": "县科协", "printed_by": "办公室", "printed_on": date(2021, 6, 1)}


@pytest.mark.parametrize(
    ("lines", "numbered"),
    [
        (5, ["—1—", "—2—"]),  # text on one page: the imprint on the back
        (25, ["—1—", "—2—"]),  # room on the second page
        (41, ["—1—", "—2—", None, None]),  # no room there: an empty page before, neither has a number
        (44, ["—1—", "—2—", "—3—", "—4—"]),
    ],
)
def test_an_empty_page_before_the_imprint_and_the_imprints_have_no_number(lines, numbered):
    pages = measured(pdf_of(plain(28 * lines - 2, **IMPRINT)))
    assert len(pages) == len(numbered)
    assert [
        page.lines[-1].text if page.lines and "—" in page.lines[-1].text else None for page in pages
    ] == numbered
    assert [len(page.rules) for page in pages] == [0] * (len(pages) - 1) + [3]


def test_figures_refer_to_their_source_and_the_sources_stand_at_the_end(pages):
    said = [line.text for page in pages for line in page.lines]
    assert "[1][2]" in said  # the raised marks behind 39600次 and 18240次
    assert any(text.startswith("[1]评选办法第3版") for text in said)
    assert any(text.startswith("[2]年终评选第2次快照") for text in said)


def test_a_source_nobody_knows_is_a_mistake_of_ours():
    with pytest.raises(AssertionError):
        notice(sources=SOURCES[:1])
    with pytest.raises(AssertionError):
        notice(sources=(*SOURCES, Source("round", "又一次")))


def test_a_draft_says_so_on_every_page_and_an_issued_paper_nowhere():
    with pypdfium2.PdfDocument(pdf_of(notice(draft=True))) as pdf:
        texts = [page.get_textpage().get_text_bounded() for page in pdf]
    assert all("草稿，未签发" in text for text in texts)
    with pypdfium2.PdfDocument(pdf_of(notice())) as pdf:
        assert not any("草稿" in page.get_textpage().get_text_bounded() for page in pdf)


def test_a_long_table_repeats_its_headings():
    rows = tuple((village, str(place)) for place in range(20) for village in VILLAGES)
    table = Table((TableColumn("单位"), TableColumn("传播量")), rows, total=("合计", "1"))
    pages = measured(pdf_of(replace(plain(1), blocks=(table,))))
    assert len(pages) > 4
    assert all(any(line.text == "单位传播量" for line in page.lines) for page in pages)


def test_text_of_people_is_text():
    hostile = '#panic("x") *粗* $x$ <a> @b \\ 《书》'
    paper = replace(
        notice(draft=False),
        title=hostile,
        addressee=hostile,
        signature=hostile,
        blocks=(Paragraph((Run(hostile, "sheet"),)),),
    )
    with pypdfium2.PdfDocument(pdf_of(paper)) as pdf:
        text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert text.count("#panic") >= 4


def test_the_same_paper_is_the_same_bytes_and_a_picture_a_page():
    assert pdf_of(notice()) == pdf_of(notice())
    assert len(pictures_of(notice(), ppi=20)) == 6
