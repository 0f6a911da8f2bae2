"""A paper as docx: its styles and page as written, and what LibreOffice makes of it (millimetres)."""

import io
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from docx import Document
from docx.oxml.ns import qn

from kepu.documents.paper_docx import docx_of
from kepu.documents.rules.paper import Paragraph, Table, TableColumn
from kepu.documents.tests.measuring import measured
from kepu.documents.tests.office import converting
from kepu.documents.tests.papers import hold_last_words_and_date_together, notice, plain, signed_behind

LEFT, RIGHT, TOP, BOTTOM = 28, 184, 37, 262


def opened(paper):
    return Document(io.BytesIO(docx_of(paper)))


def styled(document, style):
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


def test_every_part_of_a_paper_has_a_named_style():
    document = opened(notice())
    assert styled(document, "发文机关标志") == ["插旗镇人民政府办公室文件"]
    assert styled(document, "发文字号") == ["插政办发〔2021〕12号"]
    assert styled(document, "Title")[0] == "插旗镇人民政府办公室关于开展\n2021年科普信息员评选活动的通知"
    assert styled(document, "主送机关") == ["各村（社区），机关、站所："]
    assert styled(document, "Heading 1") == ["一、目标任务", "二、奖励办法", "一、安装", "二、注册"]
    assert styled(document, "Heading 2") == ["（一）注册任务", "（二）传播任务"]
    assert styled(document, "Heading 3") == ["1.注册时间", "2.注册方式"]
    assert styled(document, "Heading 4") == ["（1）2021年11月30日前完成。", "（2）逾期不计。"]
    assert styled(document, "附件标记") == ["附件1", "附件2"]
    assert styled(document, "署名") == ["插旗镇人民政府办公室"]
    assert styled(document, "成文日期") == ["2021年6月21日"]
    assert styled(document, "附注") == ["（此件公开发布）"]
    assert styled(document, "附件说明") == [
        "附件：1.\t插旗镇2021年科普信息员工作任务分解表",
        "2.\t科普中国客户端安装、注册、实名认证和分享操作说明以及常见问题解答",
    ]
    assert styled(document, "版记") == [
        "抄送：华容县科学技术协会，镇党委、人大、政协工委办公室。",
        "插旗镇人民政府办公室\t2021年6月21日印发",
    ]
    known = {style.name for style in document.styles}
    assert {paragraph.style.name for paragraph in document.paragraphs} <= known


def test_the_page_is_that_of_the_standard():
    document = opened(notice())
    section = document.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(length.mm) for length in lengths] == [210, 297, 37, 28]
    assert (round(section.right_margin.mm), round(section.bottom_margin.mm)) == (26, 35)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert 22 * 579 / 20 / 72 * 25.4 <= 225
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (line,) = footer.paragraphs
        assert line._p.pPr.jc.get(qn("w:val")) == side
        assert line._p.pPr.ind.get(qn(f"w:{side}Chars")) == "100"
        assert line._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"


def test_fonts_are_named_with_what_to_take_instead_and_none_is_shipped():
    data = docx_of(notice())
    document = Document(io.BytesIO(data))
    parts = {part.partname: part for part in document.part.package.iter_parts()}
    table = parts["/word/fontTable.xml"].blob.decode()
    named = {
        style.element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia"))
        for style in document.styles
        if style.type == 1
    }
    assert named == {"仿宋", "楷体", "黑体", "宋体", "方正小标宋简体"}
    for name in named:
        assert f'<w:font w:name="{name}"><w:altName' in table
    assert not [name for name in parts if "font" in name.lower() and name != "/word/fontTable.xml"]
    normal = document.styles["Normal"].element
    assert normal.rPr.find(qn("w:sz")).get(qn("w:val")) == "32"
    assert document.styles["Title"].element.rPr.find(qn("w:sz")).get(qn("w:val")) == "44"


def test_tables_repeat_their_headings_and_keep_rows_whole():
    (table,) = opened(notice()).tables
    assert [cell.text for cell in table.rows[0].cells] == [
        "单位",
        "骨干科普员（人）",
        "新注册（人）",
        "传播量（次）",
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert table.rows[-1].cells[0].text == "合计"


def test_figures_lead_to_their_source():
    document = opened(notice())
    anchors = [link.get(qn("w:anchor")) for link in document.element.iter(qn("w:hyperlink"))]
    marks = [mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))]
    assert marks == ["source1", "source2"]
    assert anchors[:2] == ["source1", "source2"]
    assert set(anchors) == set(marks)
    assert styled(document, "来源条目")[0].startswith("[1] 评选办法第3版")


def test_a_draft_says_so_on_odd_and_even_pages_and_an_issued_paper_nowhere():
    for draft, said in ((True, ["草稿，未签发"] * 2), (False, ["", ""])):
        section = opened(notice(draft=draft)).sections[0]
        assert [header.paragraphs[0].text for header in (section.header, section.even_page_header)] == said


def test_whatever_people_type_makes_a_file_that_opens():
    hostile = '<w:p/> & "引号" \x00\x0b\x1f {ns} \ud7ff 𠮷'
    paper = notice(
        title=hostile, addressee=hostile, copies=hostile, blocks=(Paragraph(hostile),), sources=(), annexes=()
    )
    document = opened(paper)
    assert styled(document, "Body Text") == ['<w:p/> & "引号"  {ns} \ud7ff 𠮷']


def test_the_same_paper_is_the_same_bytes():
    assert docx_of(notice()) == docx_of(notice())


def test_long_tables_do_not_take_the_square_of_their_length():
    columns = (TableColumn("单位"), TableColumn("次"))
    rows = tuple(("同福村", str(count)) for count in range(1_500))
    document = opened(replace(plain(1), blocks=(Table(columns, rows),)))
    assert len(document.tables[0]._tbl.findall(qn("w:tr"))) == 1_501


@pytest.fixture(scope="module")
def soffice(tmp_path_factory):
    """Converts a paper with LibreOffice to another form."""
    return converting(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def pages(soffice):
    return measured(soffice(docx_of(notice()), "pdf", "notice"), tall=60)


def test_libreoffice_keeps_margins_lines_and_characters(soffice):
    data = docx_of(plain(28 * 44, copies="县科协", printed_by="办公室", printed_on=date(2021, 6, 1)))
    full = measured(soffice(data, "pdf", "plain"))[1]
    lines, number = full.lines[:-1], full.lines[-1]
    assert [len(line.text) for line in lines] == [28] * 22
    assert min(line.left for line in lines) == pytest.approx(LEFT, abs=0.6)
    assert max(line.right for line in lines) == pytest.approx(RIGHT, abs=1.0)
    assert lines[0].top > TOP
    assert lines[-1].baseline < BOTTOM
    apart = [after.baseline - before.baseline for before, after in pairwise(lines)]
    assert apart == pytest.approx([225 / 22] * 21, abs=0.15)
    assert number.text == "—2—"
    assert number.left == pytest.approx(LEFT + 4.9, abs=0.9)
    assert number.baseline - BOTTOM == pytest.approx(7 + 0.38 * 14 / 72 * 25.4, abs=0.7)


def test_libreoffice_keeps_head_title_and_annexes(pages):
    mark, number, *title = pages[0].lines[:4]
    assert mark.top == pytest.approx(TOP + 35, abs=1)
    rule = pages[0].rules[0]
    assert rule.colour == (0xDA, 0x25, 0x1D)
    assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=0.3)
    assert rule.middle - number.baseline == pytest.approx(4 + 0.7, abs=0.7)
    assert [line.size for line in title] == pytest.approx([22, 22], abs=0.2)
    for line in (mark, *title):
        assert (line.left + line.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    tops = [page.lines[0].text for page in pages]
    assert "附件1" in tops
    assert "附件2" in tops
    day = next(line for page in pages for line in page.lines if line.text == "2021年6月21日")
    name = next(line for page in pages for line in page.lines if line.text == "插旗镇人民政府办公室")
    assert day.right == pytest.approx(
        RIGHT - 4 * 156 / 28, abs=4
    )  # LibreOffice puts air between figures and characters
    assert (name.left + name.right) / 2 == pytest.approx((day.left + day.right) / 2, abs=0.6)


@pytest.mark.parametrize("lines", [15, 16, 17, 18])
def test_libreoffice_leaves_no_signature_alone(lines, soffice):
    data = docx_of(signed_behind(lines))
    hold_last_words_and_date_together(measured(soffice(data, "pdf", f"signed{lines}")))


def test_libreoffice_cuts_no_number(soffice):
    """Wherever a line ends, a number stands whole on one side."""
    said = tuple(Paragraph("字" * count + "20211231次。") for count in range(15, 27))
    pages = measured(soffice(docx_of(replace(plain(1), blocks=said)), "pdf", "numbers"))
    assert sum("20211231" in line.text for page in pages for line in page.lines) == len(said)


def test_libreoffice_keeps_the_imprint_at_the_foot(pages):
    assert [round(rule.thickness, 2) for rule in pages[-1].rules] == [0.35, 0.26, 0.35]
    assert pages[-1].rules[-1].middle == pytest.approx(BOTTOM, abs=0.6)
    assert (pages[-1].rules[0].left, pages[-1].rules[0].right) == pytest.approx((LEFT, RIGHT), abs=0.3)


def test_a_round_trip_through_libreoffice_keeps_text_and_styles(soffice):
    before = opened(notice())
    after = Document(io.BytesIO(soffice(docx_of(notice()), "docx", "round")))
    for style in ("Title", "Heading 1", "Heading 2", "署名", "附件标记", "版记", "成文日期"):
        assert styled(after, style) == styled(before, style)
    assert round(after.sections[0].top_margin.mm) == 37
    assert round(after.sections[0].left_margin.mm) == 28
