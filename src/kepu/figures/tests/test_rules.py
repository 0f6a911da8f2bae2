"""Cells, headings and verdicts of an export, row by row."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.documents.reading import read_sheet
from kepu.figures.rules import (
    Headings,
    Known,
    Layout,
    Line,
    Match,
    Period,
    Person,
    Place,
    Role,
    Span,
    Trouble,
    Verdict,
    by_name,
    day_of,
    figure_of,
    find_headings,
    guessed_columns,
    judged,
    layout_digest,
    may_stand_beside,
    places_by_name,
    with_deltas,
)
from kepu.figures.tests import exports

MARCH = Period(20210301, 20210331)
WANG = Person(1, "王秀英", 10, "同福村", "插旗镇", "430623110215", is_certified=True)
TWIN = Person(2, "王秀英", 11, "注北村", "插旗镇", "430623110203", is_certified=True)
FAR = Person(3, "李远", 12, "洞庭社区", "岳阳楼街道", "430602001001", is_certified=True)
NEW = Person(4, "", 0, "", "", "430623", is_certified=False)
PHONES = {"13900000001": WANG, "13900000002": TWIN, "13900000003": FAR, "13900000004": NEW}
COLUMNS = {Role.NAME: 0, Role.PHONE: 1, Role.UNIT: 2, Role.REGION: 3, Role.VOLUME: 4, Role.DAY: 5}


@pytest.mark.parametrize(
    ("cell", "becomes"),
    [
        (0, 0),
        (321, 321),
        (321.0, 321),
        ("1,234", 1234),
        ("１２３", 123),
        ("1，234", 1234),
        (" 55 ", 55),
        ("12,34", Verdict.FIGURE_NOT_A_NUMBER),
        ("1.2万", Verdict.FIGURE_ROUNDED),
        ("3万+", Verdict.FIGURE_ROUNDED),
        ("2w", Verdict.FIGURE_ROUNDED),
        (3.5, Verdict.FIGURE_NOT_WHOLE),
        ("3.5", Verdict.FIGURE_NOT_WHOLE),
        (-4, Verdict.FIGURE_NEGATIVE),
        ("-4", Verdict.FIGURE_NEGATIVE),
        ("−4", Verdict.FIGURE_NEGATIVE),
        (10**9, Verdict.FIGURE_TOO_LARGE),
        ("9" * 30, Verdict.FIGURE_NOT_A_NUMBER),
        (None, Verdict.FIGURE_MISSING),
        ("无", Verdict.FIGURE_NOT_A_NUMBER),
        (True, Verdict.FIGURE_NOT_A_NUMBER),
        (date(2021, 3, 1), Verdict.FIGURE_NOT_A_NUMBER),
        (float("inf"), Verdict.FIGURE_TOO_LARGE),
    ],
)
def test_a_figure_is_whole_or_refused_and_never_guessed(cell, becomes):
    assert figure_of(cell) == becomes


@pytest.mark.parametrize(
    "cell", [date(2021, 3, 5), "2021-03-05", "2021/3/5", "2021年3月5日", 20210305, "2021.3.5"]
)
def test_a_day_is_read_in_the_forms_people_write(cell):
    assert day_of(cell) == 20210305


@pytest.mark.parametrize("cell", ["3月5日", "2021-13-01", None, 5, "20210399", True, ""])
def test_what_is_no_whole_day_is_none(cell):
    assert day_of(cell) is None


def headings_of(content: bytes) -> Headings | Trouble:
    rows = read_sheet(content, 1000)
    assert isinstance(rows, list)
    return find_headings(rows)


def test_headings_are_found_below_titles_and_over_two_rows():
    row = (1, "王秀英", "13900000001", "同福村", 9)
    assert headings_of(exports.xlsx([row])) == Headings(exports.PLAIN, 1)
    assert headings_of(exports.xlsx([row], title="三月统计")) == Headings(exports.PLAIN, 2)
    merged = headings_of(exports.merged([(*row, 3)], "2021年3月"))
    texts = (*exports.PLAIN[:4], "2021年3月/传播量(次)", "2021年3月/阅读量(次)")
    assert merged == Headings(texts, 3)
    csv = (
        "单位：华容县,,制表：王,,\n序号,姓名,手机号,2021年3月,\n,,,分享量,阅读量\n1,王秀英,13900000001,5,6\n"
    )
    assert headings_of(csv.encode("gbk")) == Headings(
        ("序号", "姓名", "手机号", "2021年3月/分享量", "2021年3月/阅读量"), 3
    )
    assert headings_of("甲,乙\n丙,丁".encode()) is Trouble.NO_HEADINGS


def test_the_next_months_headings_are_the_same_layout():
    march, april = (
        headings_of(exports.merged([(1, "王", "13900000001", "同福村", 9, 3)], month))
        for month in ("2021年3月", "2021年4月")
    )
    assert layout_digest(march.texts) == layout_digest(april.texts)
    assert guessed_columns(march.texts) == {Role.NAME: 1, Role.PHONE: 2, Role.UNIT: 3, Role.VOLUME: 4}


def lines(rows, match=Match.PHONE, span=Span.PERIOD, within=("430623",)):
    layout = Layout("月报", (), COLUMNS, match, span, "传播量")
    places = [
        Place("430623110215", 10, "同福村民委员会", "插旗镇"),
        Place("430623110", 0, "插旗镇", "插旗镇"),
    ]
    known = Known(PHONES, by_name([WANG, TWIN, FAR]), places_by_name(places), within)
    return judged(enumerate(rows, 2), layout, MARCH, known)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (("王秀英", "139 0000 0001", "", "", 5, None), Verdict.SAME),
        (("", 13900000001, "", "", 5, None), Verdict.SAME),
        (("李错", "13900000001", "", "", 5, None), Verdict.NAME_DIFFERS),
        (("王秀英", "13900000009", "", "", 5, None), Verdict.NO_PERSON),
        (("王秀英", "139****0001", "", "", 5, None), Verdict.PHONE_WRONG),
        (("李远", "13900000003", "", "", 5, None), Verdict.OUTSIDE),
        (("新人", "13900000004", "", "", 5, None), Verdict.NOT_CERTIFIED),
        (("王秀英", "13900000001", "", "", "1.2万", None), Verdict.FIGURE_ROUNDED),
        (("合计", "", "", "", 5, None), Verdict.SUM_ROW),
    ],
)
def test_a_row_finds_its_person_by_phone(row, verdict):
    assert [line.verdict for line in lines([row])] == [verdict]


@pytest.mark.parametrize(
    ("row", "verdict", "person"),
    [
        (("王秀英", "", "同福村", "", 5, None), Verdict.SAME, 1),
        (("王 秀英", "", "同福村民委员会", "", 5, None), Verdict.SAME, 1),
        (("王秀英", "", "插旗镇注北村", "", 5, None), Verdict.SAME, 2),
        (("王秀英", "", "三封寺镇同福村", "", 5, None), Verdict.NO_PERSON, 0),
        (("王秀英", "", "", "", 5, None), Verdict.UNIT_MISSING, 0),
        (("", "", "同福村", "", 5, None), Verdict.NAME_WRONG, 0),
        (("李远", "", "洞庭社区", "", 5, None), Verdict.OUTSIDE, 0),
    ],
)
def test_a_row_finds_its_person_by_name_and_unit(row, verdict, person):
    (line,) = lines([row], Match.NAME_UNIT)
    assert (line.verdict, line.person) == (verdict, person)


def test_two_of_one_name_in_one_unit_are_not_told_apart():
    layout = Layout("月报", (), COLUMNS, Match.NAME_UNIT, Span.PERIOD, "传播量")
    twin = Person(9, "王秀英", 10, "同福村", "插旗镇", "430623110215", is_certified=True)
    known = Known(by_name=by_name([WANG, twin]), within=("430623",))
    (line,) = judged([(2, ("王秀英", "", "同福村", "", 5, None))], layout, MARCH, known)
    assert line.verdict is Verdict.TWO_FIT


@pytest.mark.parametrize(
    ("unit", "verdict", "who"),
    [
        ("同乐村", Verdict.SAME, 1),
        ("同乐村民委员会", Verdict.SAME, 1),
        ("三封寺镇同乐村", Verdict.SAME, 1),
        ("插旗镇同乐村", Verdict.NO_PERSON, 0),
        ("注北村", Verdict.SAME, 2),
    ],
)
def test_a_unit_is_found_by_names_it_bore_where_nobody_bears_them_now(unit, verdict, who):
    """同福村 was 同乐村 in another town once, and 注北村 for a while; 注北村 is another's name now."""
    layout = Layout("月报", (), COLUMNS, Match.NAME_UNIT, Span.PERIOD, "传播量")
    former = [
        Place("430623110215", 10, "同乐村", "三封寺镇"),
        Place("430623110215", 10, "同乐村", "三封寺镇"),
        Place("430623110215", 10, "注北村", "插旗镇"),
    ]
    present = [Place("430623110203", 11, "注北村", "插旗镇")]
    known = Known(
        by_name=by_name([WANG, TWIN]),
        places=places_by_name(present),
        former=places_by_name(former),
        within=("430623",),
    )
    (line,) = judged([(2, ("王秀英", "", unit, "", 5, None))], layout, MARCH, known)
    assert (line.verdict, line.person) == (verdict, who)
    totals = Layout("月报", (), COLUMNS, Match.TOTALS, Span.PERIOD, "传播量")
    (line,) = judged([(2, ("", "", unit, "", 5, None))], totals, MARCH, known)
    assert line.unit == {1: 10, 2: 11, 0: 0}[who]


def test_totals_find_units_and_towns_and_are_compared():
    rows = [("", "", "同福村", "", 5, None), ("", "", "", "插旗镇", 9, None), ("", "", "无名村", "", 1, None)]
    found = lines(rows, Match.TOTALS)
    assert [(line.verdict, line.unit, line.division) for line in found] == [
        (Verdict.COMPARED, 10, "430623110215"),
        (Verdict.COMPARED, 0, "430623110"),
        (Verdict.NO_UNIT, 0, ""),
    ]


def test_of_equal_rows_one_counts_and_of_contradicting_ones_none():
    same, other = ("", "13900000001", "", "", 5, None), ("", "13900000001", "", "", 6, None)
    assert [line.verdict for line in lines([same, same])] == [Verdict.SAME, Verdict.DUPLICATE]
    contradicting = lines([same, other, ("", "13900000002", "", "", 5, None)])
    assert [(line.verdict, line.other_row) for line in contradicting] == [
        (Verdict.CONFLICTING, 3),
        (Verdict.CONFLICTING, 2),
        (Verdict.SAME, 0),
    ]


def test_figures_by_day_stand_on_their_days():
    rows = [("", "13900000001", "", "", 5, day) for day in ("2021-03-02", "2021-03-03", "2021-04-01", "昨天")]
    assert [(line.verdict, line.day) for line in lines(rows, span=Span.DAILY)] == [
        (Verdict.SAME, 20210302),
        (Verdict.SAME, 20210303),
        (Verdict.DAY_OUTSIDE, 20210331),
        (Verdict.DAY_WRONG, 20210331),
    ]


def test_nobodys_name_or_number_is_kept_whole():
    (line,) = lines([("王秀英", "13900000001", "同福村", "", 5, None)])
    assert line.who == "王*英 139****0001 同福村"


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 5000)), min_size=1, max_size=20))
def test_cumulative_files_in_any_order_and_corrected_add_up_to_what_they_said_last(sent):
    """Entered one after another, the sum up to each month with a file is what its last file said."""
    counted: dict[tuple[int, int], int] = {}
    said: dict[int, int] = {}
    for month, total in sent:
        later = {1: min(each for each in said if each > month)} if any(each > month for each in said) else {}
        row = Line(2, Verdict.SAME, "", person=1, day=month, stated=total)
        (line,) = with_deltas([row], counted, later, Span.CUMULATIVE)
        counted[1, month] = counted.get((1, month), 0) + line.delta
        if line.carried_day:
            counted[1, line.carried_day] = counted.get((1, line.carried_day), 0) - line.delta
        said[month] = total
        for day, stated in said.items():
            assert sum(volume for (_, at), volume in counted.items() if at <= day) == stated


@pytest.mark.parametrize(
    ("span", "period", "other_span", "other", "fits"),
    [
        (Span.PERIOD, (301, 331), Span.PERIOD, (401, 430), True),
        (Span.PERIOD, (301, 331), Span.PERIOD, (301, 331), True),
        (Span.PERIOD, (301, 331), Span.PERIOD, (301, 315), False),
        (Span.DAILY, (301, 331), Span.DAILY, (315, 415), True),
        (Span.DAILY, (301, 331), Span.PERIOD, (301, 331), False),
        (Span.CUMULATIVE, (101, 331), Span.CUMULATIVE, (101, 228), True),
        (Span.CUMULATIVE, (101, 331), Span.PERIOD, (401, 430), False),
    ],
)
def test_which_files_may_stand_beside_one_another(span, period, other_span, other, fits):
    assert may_stand_beside(Period(*period), span, Period(*other), other_span) is fits
