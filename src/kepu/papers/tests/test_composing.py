"""From fixed facts come the expected figures, each with its source, and no person where none may be."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.documents.rules.paper import Paper, Table, runs, runs_of
from kepu.papers.rules import (
    Facts,
    Hearing,
    Issue,
    Kind,
    PaperNo,
    Progress,
    Target,
    Texts,
    facts_bytes,
    facts_of,
    first_texts,
    paper_of,
    persons_in,
    progress_digest,
    said_in,
    texts_trouble,
)
from kepu.papers.rules.phrases import fingerprint
from kepu.papers.tests.samples import (
    AWARDS,
    CAMPAIGN,
    CUT_OFF,
    DONE,
    FACTS,
    HEARINGS,
    MISSED,
    OFFICES,
    ORGAN,
    PROGRESS,
    REMINDED,
    SHORT,
    WINNERS,
)

OF = dict.fromkeys(Kind, FACTS) | {Kind.CRITICISM: MISSED, Kind.REMINDER: REMINDED}
DAY = date(2021, 12, 31)


def composed(kind: Kind, facts: Facts | None = None, **changes: str) -> Paper:
    facts = facts or OF[kind]
    texts = replace(first_texts(kind, ORGAN, facts), deadline="2021-12-31")
    return paper_of(kind, ORGAN, facts, replace(texts, **changes))


def said(paper: Paper) -> str:
    return "".join(run.text for run in runs_of(paper))


def rows(paper: Paper) -> list[list[str]]:
    blocks = (*paper.blocks, *(block for annex in paper.annexes for block in annex.blocks))
    return [
        ["".join(run.text for run in runs(cell)) for cell in row]
        for block in blocks
        if isinstance(block, Table)
        for row in (*block.rows, *((block.total,) if block.total else ()))
    ]


def test_a_notice_states_the_rules_and_the_tasks_with_their_sum():
    paper = composed(Kind.NOTICE)
    for words in (
        "2021年1月1日至2021年11月30日，首尾两天都算",
        "传播量按分享次数计",
        "共2个单位，任务见附件1。",
        "基本任务是传播量2200",
        "全县第1至10名：华容县优秀科普员，每人500元，由华容县科学技术协会奖励。",
        "全市第1至100名：市科协奖励，由岳阳市科学技术协会奖励。",
        "评选结果公示不少于5个工作日",
        "湘评组函〔2021〕8号",
        "根据华科协发〔2021〕2号",
    ):
        assert words in said(paper), words
    assert [annex.title for annex in paper.annexes] == ["各单位任务表", "积分标准表"]
    assert rows(paper) == [
        ["1", "同福村", "2", "45", "4400"],
        ["2", "注北村", "2", "45", "4400"],
        ["", "合计", "4", "90", "8800"],
        ["分享文章", "1", "300"],
        ["签到", "1", "1"],
    ]
    assert paper.draft
    assert paper.number == ""


def test_a_voluntary_campaigns_notice_has_no_tasks():
    paper = composed(Kind.NOTICE, replace(FACTS, campaign=replace(CAMPAIGN, units=(), is_voluntary=True)))
    assert "任务见附件" not in said(paper)
    assert [annex.title for annex in paper.annexes] == ["积分标准表"]


def test_a_bulletin_tells_units_in_the_sheets_order_and_ranks_nobody():
    paper = composed(Kind.BULLETIN)
    assert rows(paper) == [
        ["同福村", "2", "2", "45", "45", "4400", "4400"],
        ["注北村", "2", "1", "45", "45", "4400", "3900"],
        ["机关、站所", "2", "2", "45", "40", "4400", "4500"],
    ]
    assert "截至2021年11月30日23时59分，3个单位中有1个完成全部任务。" in said(paper)
    assert "传播量任务13200，实际12800。" in said(paper)
    assert fingerprint(progress_digest(PROGRESS)) in paper.sources[0].text


def test_a_list_for_publicity_is_masked_and_names_its_days():
    paper = composed(Kind.PUBLICITY)
    assert rows(paper) == [
        ["1", "王*英", "同福村", "5200", "华容县优秀科普员", "500"],
        ["2", "李*", "注北村", "5100", "华容县优秀科普员", "500"],
    ]
    assert "2021年12月2日至2021年12月8日，不少于5个工作日" in said(paper)
    assert "没有人达到条件。" in said(paper), "the city's list is empty, and it says so"
    assert fingerprint(AWARDS.sha256) in paper.sources[0].text


def test_a_commendation_adds_the_money_up_in_words():
    paper = composed(Kind.COMMENDATION)
    assert "共2人次受到表彰。奖励合计1000元（大写：壹仟元整）。批准文号：湘评组函〔2021〕8号。" in said(paper)


def test_a_criticism_tells_target_actual_gap_hearing_and_deadline():
    paper = composed(Kind.CRITICISM)
    assert rows(paper) == [
        ["注北村", "骨干科普员", "2", "1", "1"],
        ["注北村", "传播量", "4400", "3900", "500"],
        ["机关、站所", "新注册", "45", "40", "5"],
    ]
    assert "注北村（2021年12月3日10时00分听取）：外出务工的人多，正在补。" in said(paper)
    assert "请于2021年12月31日前完成" in said(paper)
    assert "周审" not in said(paper), "who heard them is on record, not on paper"


def test_a_reminder_asks_a_village_softly():
    village = composed(Kind.REMINDER)
    assert village.addressee == "注北村"
    assert "骨干科普员任务2，现有1，还差1。传播量任务4400，现有3900，还差500。" in said(village)
    assert "希望2021年12月31日前补上。如有困难，请告诉我们，我们一起想办法。" in said(village)
    offices = composed(Kind.REMINDER, replace(REMINDED, progress=Progress(CUT_OFF, (OFFICES,))))
    assert "请于2021年12月31日前完成。如有困难，请及时说明。" in said(offices)


@pytest.mark.parametrize("kind", Kind)
def test_every_figure_of_a_table_and_every_sum_has_its_source(kind):
    paper = composed(kind)
    keys = {source.key for source in paper.sources}
    assert keys
    figures = [run for run in runs_of(paper) if run.text.isdigit() and run.source]
    assert figures
    assert {run.source for run in figures} <= keys
    bare = [run.text for run in runs_of(paper) if run.text.isdigit() and not run.source]
    # The rows of the task table are counted, and an annex has a number: neither is a figure of the campaign.
    assert set(bare) <= {"1", "2"}


@pytest.mark.parametrize("kind", Kind)
def test_facts_come_back_from_their_bytes_and_make_the_same_paper(kind):
    facts = OF[kind]
    assert facts_of(facts_bytes(facts)) == facts
    assert facts_bytes(facts_of(facts_bytes(facts))) == facts_bytes(facts)
    assert composed(kind, facts_of(facts_bytes(facts))) == composed(kind, facts)


def test_an_issue_gives_number_and_day_and_takes_the_draft_mark_away():
    issue = Issue("华科协发〔2021〕3号", DAY)
    paper = paper_of(Kind.BULLETIN, ORGAN, FACTS, first_texts(Kind.BULLETIN, ORGAN, FACTS), issue)
    assert (paper.number, paper.issued_on, paper.printed_on, paper.draft) == (issue.number, DAY, DAY, False)
    assert (paper.mark, paper.signature) == ("华容县科学技术协会文件", "华容县科学技术协会")


PEOPLE = st.text("王李张刘陈杨赵黄周吴秀英建国小明芳伟", min_size=2, max_size=4)
COUNTS = st.integers(0, 9_999)


@given(st.lists(PEOPLE, min_size=1, max_size=8), st.lists(COUNTS, min_size=6, max_size=6))
def test_no_candidates_name_stands_in_a_document_about_units(names, counts):
    """Whatever the list holds: criticism and reminders are made of units alone."""
    winners = tuple(replace(WINNERS[0], name=name, rank=at) for at, name in enumerate(names, 1))
    awards = replace(AWARDS, scopes=(replace(AWARDS.scopes[1], winners=winners),))
    missing = replace(SHORT, volume=Target(counts[0] + counts[1] + 1, counts[1]))
    facts = replace(MISSED, awards=awards, progress=Progress(CUT_OFF, (missing,)), hearings=HEARINGS)
    for kind in (Kind.CRITICISM, Kind.REMINDER):
        paper = composed(kind, facts)
        assert persons_in(kind, paper, names, ["注北村"]) == ()
        assert not any(name in said_in(paper) for name in names)
        assert str(missing.volume.gap) in said(paper)


@given(PEOPLE, st.sampled_from(["opening", "closing", "title", "note"]))
def test_a_name_that_is_typed_or_was_said_is_found(name, where):
    typed = composed(Kind.CRITICISM, **{where: f"批评{name}"})
    assert persons_in(Kind.CRITICISM, typed, [name], ["注北村"]) == (name,)
    heard = Hearing("注北村", f"{name}没有做。", "周审", HEARINGS[0].at)
    paper = composed(Kind.CRITICISM, replace(MISSED, hearings=(heard,)))
    assert persons_in(Kind.CRITICISM, paper, [name], ["注北村"]) == (name,)
    assert persons_in(Kind.COMMENDATION, paper, [name], []) == ()


def test_a_person_called_like_a_part_of_a_unit_is_not_meant_by_it():
    paper = composed(Kind.CRITICISM)
    assert persons_in(Kind.CRITICISM, paper, ["注北"], ["注北村", "机关、站所"]) == ()


@pytest.mark.parametrize(
    ("kind", "title", "deadline", "trouble"),
    [
        (Kind.BULLETIN, "通报", "", None),
        (Kind.BULLETIN, "  ", "", PaperNo.NO_TITLE),
        (Kind.CRITICISM, "通报", "", PaperNo.NO_DEADLINE),
        (Kind.CRITICISM, "通报", "明天", PaperNo.NO_DEADLINE),
        (Kind.REMINDER, "提醒", "2021-12-30", PaperNo.DEADLINE_PAST),
        (Kind.REMINDER, "提醒", "2021-12-31", PaperNo.DEADLINE_PAST),
        (Kind.CRITICISM, "通报", "2022-01-01", None),
    ],
)
def test_what_is_missing_before_a_draft_goes_further(kind, title, deadline, trouble):
    assert texts_trouble(kind, Texts(title, deadline=deadline), DAY) is trouble


def test_a_unit_that_did_everything_misses_nothing():
    assert not DONE.missed
    assert SHORT.missed
    assert DONE.is_village
    assert not OFFICES.is_village
