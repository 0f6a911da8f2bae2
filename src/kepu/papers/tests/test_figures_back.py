"""Whatever the figures are: read back from the pages of the PDF, they are those of the snapshot."""

import io
import re
from dataclasses import replace
from datetime import date

import pdfplumber
from hypothesis import given, settings
from hypothesis import strategies as st

from kepu.documents.paper_pdf import pdf_of
from kepu.documents.rules.numerals import money_in_capitals
from kepu.papers.rules import Issue, Kind, Progress, ScopeFacts, UnitFacts, WinnerFacts, first_texts, paper_of
from kepu.papers.rules.facts import Target
from kepu.papers.tests.samples import AWARDS, CUT_OFF, FACTS, HEARINGS, MISSED, ORGAN

ISSUE = Issue("华科协发〔2021〕12号", date(2021, 12, 10))
COUNTS = st.integers(0, 9_999_999)
WINNERS = st.lists(
    st.tuples(st.sampled_from(["王*英", "李*", "欧*明"]), COUNTS, st.integers(1, 20_000)),
    min_size=1,
    max_size=60,
)
UNITS = st.lists(st.lists(COUNTS, min_size=6, max_size=6), min_size=1, max_size=40)


def back(kind, facts):
    """The rows of the issued PDF's tables and its text, without marks of sources, headings and blanks.

    Issued: across a draft stand two large characters, which would be read as part of a cell.
    """
    texts = replace(first_texts(kind, ORGAN, facts), deadline="2021-12-31")
    with pdfplumber.open(io.BytesIO(pdf_of(paper_of(kind, ORGAN, facts, texts, ISSUE)))) as pdf:
        tables = [row for page in pdf.pages for table in page.extract_tables() for row in table]
        text = "".join(page.extract_text() for page in pdf.pages)
    rows = [tuple(plain(cell) for cell in row) for row in tables]
    return [row for row in rows if row[0] not in ("名次", "单位")], plain(text)


def plain(text):
    return re.sub(r"\[\d+\]|[\s\u2060]", "", text or "")


def targets(unit):
    return (unit.backbones, unit.registrations, unit.volume)


@settings(max_examples=6, deadline=None)
@given(WINNERS)
def test_lists_of_people_say_what_the_evaluation_says(people):
    winners = tuple(
        WinnerFacts(rank, name, "同福村", volume, "优秀科普员", amount)
        for rank, (name, volume, amount) in enumerate(people, 1)
    )
    facts = replace(FACTS, awards=replace(AWARDS, scopes=(ScopeFacts("华容县", winners),)))
    wanted = [
        (str(each.rank), each.name, each.unit, str(each.volume), each.title, str(each.amount))
        for each in winners
    ]
    for kind in (Kind.PUBLICITY, Kind.COMMENDATION):
        rows, text = back(kind, facts)
        assert rows == wanted
    total = sum(each.amount for each in winners)
    assert f"共{len(winners)}人次受到表彰。奖励合计{total}元（大写：{money_in_capitals(total)}）" in text


@settings(max_examples=6, deadline=None)
@given(UNITS)
def test_documents_about_units_say_what_was_counted(numbers):
    units = tuple(
        UnitFacts(f"第{at}村", f"430623110{at:03}", Target(a, b), Target(c, d), Target(e, f))
        for at, (a, b, c, d, e, f) in enumerate(numbers, 1)
    )
    rows, text = back(Kind.BULLETIN, replace(FACTS, progress=Progress(CUT_OFF, units)))
    assert rows == [
        (unit.unit, *(str(n) for each in targets(unit) for n in (each.target, each.actual))) for unit in units
    ]
    done = sum(all(each.actual >= each.target for each in targets(unit)) for unit in units)
    assert f"{len(units)}个单位中有{done}个完成全部任务" in text
    for at, name in enumerate(("骨干科普员", "新注册", "传播量")):
        target = sum(targets(unit)[at].target for unit in units)
        actual = sum(targets(unit)[at].actual for unit in units)
        assert f"{name}任务{target}，实际{actual}。" in text
    missed = tuple(unit for unit in units if unit.missed)
    heard = tuple(replace(HEARINGS[0], unit=unit.unit, division=unit.division) for unit in missed)
    rows, text = back(Kind.CRITICISM, replace(MISSED, progress=Progress(CUT_OFF, missed), hearings=heard))
    assert [row for row in rows if any(row)] == [
        (unit.unit, name, str(each.target), str(each.actual), str(each.target - each.actual))
        for unit in missed
        for name, each in zip(("骨干科普员", "新注册", "传播量"), targets(unit), strict=True)
        if each.actual < each.target
    ]
    assert text.count("外出务工的人多") == len(missed)
