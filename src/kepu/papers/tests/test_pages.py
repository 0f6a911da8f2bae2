"""Each kind as its pages stand, PDF and docx through LibreOffice, held against GB/T 9704 (millimetres)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from kepu.documents.paper_docx import docx_of
from kepu.documents.paper_pdf import pdf_of
from kepu.documents.tests.measuring import measured
from kepu.documents.tests.office import converting
from kepu.papers.rules import GuardMemo, Issue, Kind, MemoClause, first_texts, memo_paper, paper_of
from kepu.papers.tests.samples import ORGAN
from kepu.papers.tests.test_composing import OF

LEFT, RIGHT, TOP, BOTTOM, LINE = 28, 184, 37, 262, 225 / 22
RED = (0xDA, 0x25, 0x1D)
MEMO = GuardMemo(
    title="插旗镇2021年科普信息传播活动",
    version=1,
    sha256="ab" * 32,
    is_voluntary=False,
    published_by="王秀英",
    published_at=datetime(2021, 6, 21, 1, tzinfo=UTC),
    signed_off_by="李建国",
    tested=tuple(
        MemoClause("《某办法》", f"第{number}条", "不得把应用程序当作考核的主要载体。" * 4, "给单位派了任务")
        for number in range(1, 31)
    ),
    rule_book="cd" * 32,
)


def issued(kind):
    """The kind's document with two pages and more of plain characters before what it says itself."""
    texts = first_texts(kind, ORGAN, OF[kind])
    texts = replace(texts, opening="字" * 28 * 60, deadline="2021-12-31", copies="岳阳市科学技术协会")
    issue = Issue("华科协发〔2021〕12号", date(2021, 12, 10))
    return paper_of(kind, ORGAN, OF[kind], texts, issue)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """LibreOffice."""
    return converting(tmp_path_factory.mktemp("office"))


def hold_within(pages, slack, letter=False):
    """Nothing but page numbers stands outside the text area; those stand outside, odd right and even left.

    A letter's first page has none, and its mark above the text area.
    """
    for count, page in enumerate(pages, 1):
        first_of_letter = letter and count == 1
        assert (round(page.width), round(page.height)) == (210, 297)
        inside = [line for line in page.lines if line.baseline <= BOTTOM + 1]
        assert min(line.left for line in inside) >= LEFT - slack
        assert max(line.right for line in inside) <= RIGHT + slack
        assert min(line.top for line in inside[first_of_letter:]) >= TOP - slack
        outside = [line for line in page.lines if line.baseline > BOTTOM + 1]
        if first_of_letter:
            assert outside == []
            continue
        (number,) = outside
        assert number.text == f"—{count}—"
        assert number.size == pytest.approx(14, abs=0.1)
        assert number.baseline - 0.38 * 14 / 72 * 25.4 - BOTTOM == pytest.approx(7, abs=0.7)
        assert (number.right if count % 2 else number.left) == pytest.approx(
            RIGHT - 4.9 if count % 2 else LEFT + 4.9, abs=0.9
        )


def hold_head(page, slack):
    """Mark, number, red rule and title of the first page."""
    mark, number, *title = page.lines[:4]
    assert mark.text == ORGAN.mark
    assert mark.top == pytest.approx(TOP + 35, abs=slack)
    assert number.text == "华科协发〔2021〕12号"
    rule = page.rules[0]
    assert rule.colour == RED
    assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=0.3)
    assert rule.middle - number.baseline == pytest.approx(4.7, abs=0.7)
    assert title[0].top - rule.middle > 2 * LINE
    assert title[0].size == pytest.approx(22, abs=0.2)
    for line in (mark, number, *title):
        assert (line.left + line.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def hold_letter_head(page, slack):
    """信函格式 (10.1): mark at 30 mm, double lines of 170 mm, the number at the right."""
    mark, number, *title = page.lines[:4]
    assert mark.text == ORGAN.name
    assert mark.top == pytest.approx(30, abs=slack)
    assert (mark.left + mark.right) / 2 == pytest.approx(105, abs=1)
    upper = [rule for rule in page.rules if rule.middle < 100]
    lower = [rule for rule in page.rules if rule.middle > BOTTOM]
    for lines, strong in ((upper, 0), (lower, 1)):
        assert [rule.colour for rule in lines] == [RED, RED]
        assert max(lines, key=lambda rule: rule.thickness) is lines[strong]
        for rule in lines:
            assert (rule.left, rule.right) == pytest.approx((20, 190), abs=0.5)
    assert upper[0].middle - mark.baseline == pytest.approx(4 + 1.5, abs=slack + 0.5)
    assert lower[1].middle == pytest.approx(297 - 20, abs=0.7)
    assert number.text == "华科协发〔2021〕12号"
    assert number.right == pytest.approx(RIGHT, abs=1)
    assert number.top - upper[1].middle == pytest.approx(7 / 8 * 16 / 72 * 25.4, abs=slack + 0.5)
    assert title[0].size == pytest.approx(22, abs=0.2)
    assert title[0].top - number.baseline > 2 * LINE
    for line in title:
        assert (line.left + line.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def hold_grid(page):
    """A full page of text has 22 lines of 28 characters."""
    lines = page.lines[:-1]
    assert [len(line.text) for line in lines] == [28] * 22
    apart = [after.baseline - before.baseline for before, after in pairwise(lines)]
    assert apart == pytest.approx([LINE] * 21, abs=0.15)


def hold_imprint(page):
    """版记 ends the text of its page: two strong rules and a thin one between."""
    first, middle, last = page.rules[-3:]
    assert [rule.thickness for rule in (first, middle, last)] == pytest.approx([0.35, 0.25, 0.35], abs=0.02)
    assert last.middle == pytest.approx(BOTTOM, abs=0.6)
    for rule in (first, middle, last):
        assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=0.3)


def hold_letter_foot(page):
    """A letter ends with its copies at the foot of the text, without rules (10.1)."""
    assert page.rules == []
    copies = [line for line in page.lines if line.baseline <= BOTTOM + 1][-1]
    assert copies.text == "抄送：岳阳市科学技术协会。"
    assert copies.baseline == pytest.approx(BOTTOM - 2, abs=2)


@pytest.mark.parametrize("kind", Kind)
def test_the_pdf_of_each_kind_keeps_the_page_of_the_standard(kind):
    pages, letter = measured(pdf_of(issued(kind)), tall=60), kind is Kind.REMINDER
    hold_within(pages, 0.7, letter)
    (hold_letter_head if letter else hold_head)(pages[0], slack=0.5)
    hold_grid(pages[1])
    (hold_letter_foot if letter else hold_imprint)(pages[-1])
    assert letter or len(pages) % 2 == 0


@pytest.mark.parametrize("kind", Kind)
def test_libreoffice_keeps_the_page_of_each_kind(kind, office):
    pages, letter = measured(office(docx_of(issued(kind)), "pdf", kind.value), tall=60), kind is Kind.REMINDER
    # A stop at the end of a line hangs out by half its width there.
    hold_within(pages, 3.0, letter)
    (hold_letter_head if letter else hold_head)(pages[0], slack=1.0)
    hold_grid(pages[1])
    (hold_letter_foot if letter else hold_imprint)(pages[-1])


def test_the_memo_keeps_margins_and_whole_rows_in_both_forms(office):
    paper = memo_paper(MEMO)
    for pages, slack in (
        (measured(pdf_of(paper)), 0.7),
        (measured(office(docx_of(paper), "pdf", "memo")), 3.0),
    ):
        assert len(pages) > 3
        hold_within(pages, slack)
        assert pages[0].lines[0].size == pytest.approx(22, abs=0.2)
        marks = [sum("《某办法》" in line.text for line in page.lines) for page in pages]
        says = [sum("不得把应用程序" in line.text for line in page.lines) for page in pages]
        assert sum(marks) == 30
        assert all(bool(mark) == bool(said) for mark, said in zip(marks, says, strict=True))
