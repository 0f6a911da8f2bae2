"""The reference sheet says what the notice says, and every trouble of a file is told with its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.rules import (
    DoubleAward,
    Earning,
    Kind,
    Measure,
    Policy,
    RuleSheet,
    Streak,
    Switch,
    TieRule,
    Weight,
)
from kepu.campaigns.sheet import Allowed, Caution, SheetTrouble, cautions_on, edition_of, parse_sheet
from kepu.campaigns.sheet.schema import is_field
from kepu.campaigns.tests.samples import REFINED, VOLUNTARY, reference, reference_text
from kepu.kit.clock import start_of

TEXT = reference_text()


def troubles_of(text: str) -> list[SheetTrouble]:
    found = parse_sheet(text)
    assert isinstance(found, list), "this sheet has no trouble"
    return found


def test_the_reference_sheet_is_the_notice():
    sheet = reference()
    assert (sheet.campaign, sheet.document, sheet.based_on) == (
        "chaqi-2021",
        "插政办发〔2021〕12号",
        "华科协发〔2021〕2号",
    )
    assert (sheet.place, sheet.counts_within) == ("430623110", "4306")
    assert (sheet.opens_at, sheet.closes_at) == (start_of(date(2021, 1, 1)), start_of(date(2021, 12, 1)))
    assert (sheet.policy, sheet.measure) == (Policy.NOTICE, Measure.SHARES)
    assert (sheet.tie_rule, sheet.double_award) == (TieRule.EARLIER, DoubleAward.BOTH)
    assert sheet.earnings[Kind.SHARE] == Earning(1, 300, None)
    assert set(sheet.earnings) == {
        *(Kind.SIGN_IN, Kind.CHECK_IN, Kind.BROWSE, Kind.SHARE, Kind.READ, Kind.CLUB_POST, Kind.LIKE),
        *(Kind.LIKED, Kind.QUIZ, Kind.CERTIFICATION),
    }
    assert [(t.unit, t.backbones, t.registrations, t.volume) for t in sheet.tasks] == [
        ("机关、站所", 2, 10, 4400),
        *(
            (f"{v}", 2, 45, 4400)
            for v in ["同福村", "注北村", "插旗村", "大湾村", "曙光村", "众城村", "千和村", "向阳街社区"]
        ),
    ]
    assert [(r.id, r.basic_task, r.judged_on, r.closes_at) for r in sheet.rounds] == [
        ("midyear", 1400, date(2021, 7, 31), start_of(date(2021, 8, 1))),
        ("annual", 2200, date(2021, 11, 30), start_of(date(2021, 12, 1))),
    ]
    assert [(t.scope, t.rank_from, t.rank_to, t.amount, t.certificate) for t in sheet.rounds[1].tiers] == [
        ("city", 1, 100, None, False),
        ("county", 1, 10, 500, True),
        ("county", 11, 30, 300, True),
        ("county", 31, 100, 200, True),
    ]
    assert {t.title for t in sheet.rounds[1].tiers if t.scope == "county"} == {"华容县优秀科普员"}


@pytest.mark.parametrize(
    "open_point",
    [
        "rounds.basic_task",
        "tie_rule",
        "double_award",
        "rounds.tiers",
        "earnings.share.per_article_day_max",
        "publicity_days_min",
        "boards_may_hide",
    ],
)
def test_what_the_notice_leaves_open_is_declared_with_a_reason(open_point):
    (declared,) = [each for each in reference().declared if each.field == open_point]
    assert len(declared.why) > 20


def test_a_sheet_states_everything_that_is_asked_when_points_are_given():
    sheet = parse_sheet(REFINED)
    assert isinstance(sheet, RuleSheet), sheet
    assert (sheet.points_per_day_max, sheet.designated_times) == (60, 2)
    assert sheet.switched_off == {Switch.MALL, Switch.CLUBS}
    assert sheet.earnings[Kind.CHECK_IN] == Earning(1, 1, streaks=(Streak(3, 1), Streak(7, 3)))
    assert sheet.earnings[Kind.READ] == Earning(1, 50, 5, 20)
    festival, month = sheet.weights
    days = (start_of(date(2026, 9, 12)), start_of(date(2026, 9, 21)))
    assert festival == Weight("2026年科普日", *days, 2, frozenset({Kind.READ, Kind.QUIZ}))
    assert month.kinds == {Kind.QUIZ}


def test_a_sheet_that_says_nothing_of_it_asks_nothing_of_it():
    sheet = reference()
    assert (sheet.points_per_day_max, sheet.designated_times, sheet.weights) == (None, 1, ())
    assert sheet.switched_off == frozenset()


def test_the_days_of_weights_move_with_an_edition():
    sheet = parse_sheet(edition_of(REFINED, 2027))
    assert isinstance(sheet, RuleSheet), sheet
    festival = sheet.weights[0]
    assert (festival.title, festival.opens_at) == ("2027年科普日", start_of(date(2027, 9, 12)))
    assert festival.closes_at == start_of(date(2027, 9, 21))


def test_boards_name_everybody_unless_the_sheet_says_otherwise():
    silent = parse_sheet(VOLUNTARY)
    assert isinstance(silent, RuleSheet)
    assert not silent.boards_may_hide
    stated = parse_sheet(
        VOLUNTARY.replace("publicity_days_min = 5", "publicity_days_min = 5\nboards_may_hide = true")
    )
    assert isinstance(stated, RuleSheet)
    assert stated.boards_may_hide


def test_late_entries_count_until_the_round_is_closed_unless_the_sheet_gives_them_days():
    silent = parse_sheet(VOLUNTARY)
    assert isinstance(silent, RuleSheet)
    assert silent.late_days is None
    stated = parse_sheet(
        VOLUNTARY.replace("publicity_days_min = 5", "publicity_days_min = 5\nlate_days = 10")
    )
    assert isinstance(stated, RuleSheet)
    assert stated.late_days == 10


def test_a_windows_editors_marks_do_no_harm():
    assert parse_sheet("\ufeff" + TEXT.replace("\n", "\r\n")) == reference()


def test_an_empty_file_lacks_every_required_field():
    told = troubles_of("")
    assert {each.allowed for each in told} == {Allowed.PRESENT}
    assert "policy" not in {each.field for each in told}


def test_a_new_sheet_is_voluntary():
    sheet = parse_sheet(VOLUNTARY)
    assert isinstance(sheet, RuleSheet)
    assert (sheet.policy, sheet.certified_only, sheet.rounds, sheet.tasks) == (Policy.VOLUNTARY, True, (), ())
    assert sheet.dwell_seconds_min == 15


@pytest.mark.parametrize("measure", ["opens", "imported"])
def test_a_voluntary_sheet_counts_readers(measure):
    (trouble,) = troubles_of(VOLUNTARY.replace('"reads"', f'"{measure}"'))
    assert (trouble.allowed, trouble.field) == (Allowed.BY_READS, "measure")


def test_a_voluntary_sheet_may_thank_sharers_without_points():
    assert isinstance(parse_sheet(VOLUNTARY + "[earnings.share]\npoints = 0\nper_day_max = 3\n"), RuleSheet)


@pytest.mark.parametrize(("scope", "allowed"), [("city", Allowed.SCOPE_WIDE), ("town", Allowed.SCOPE_DEEP)])
def test_a_scope_lies_between_where_volume_counts_and_the_place(scope, allowed):
    tier = f'scope = "{scope}"\nrank_from = 1\nrank_to = 3\ntitle = "好"\ncertificate = true\n'
    window = "opens_on = 2026-01-01\ncloses_on = 2026-12-31\njudged_on = 2026-12-31\nbasic_task = 0\n"
    text = VOLUNTARY + f'[[rounds]]\nid = "annual"\ntitle = "全年"\n{window}[[rounds.tiers]]\n{tier}'
    (trouble,) = troubles_of(text)
    assert (trouble.field, trouble.allowed, trouble.values) == (
        "rounds[1].tiers[1].scope",
        allowed,
        (scope, "county"),
    )


@given(st.integers(2000, 2100))
def test_an_edition_for_any_year_is_a_sheet_of_that_year(year):
    text = edition_of(TEXT, year)
    sheet = parse_sheet(text)
    assert isinstance(sheet, RuleSheet), sheet
    assert sheet.campaign == f"chaqi-{year}"
    assert str(year) in sheet.title
    period = (start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1)))
    assert (sheet.opens_at, sheet.closes_at) == period
    midyear, annual = sheet.rounds
    assert (annual.opens_at, annual.closes_at, annual.judged_on) == (*period, date(year, 12, 31))
    assert (midyear.opens_at, midyear.closes_at) == (period[0], start_of(date(year, 8, 1)))
    assert midyear.judged_on == date(year, 7, 31)
    assert all(str(year) in each.title for each in sheet.rounds)
    assert (sheet.tasks, sheet.earnings) == (reference().tasks, reference().earnings)
    assert sheet.declared[: len(reference().declared)] == reference().declared
    assert str(year) in sheet.declared[-1].why
    assert "# " in text


@given(st.integers(2000, 2100), st.integers(2000, 2100))
def test_an_edition_of_an_edition_is_the_edition(first, second):
    twice = parse_sheet(edition_of(edition_of(TEXT, first), second))
    assert isinstance(twice, RuleSheet)
    once = parse_sheet(edition_of(TEXT, second))
    assert (twice.rounds, twice.opens_at, twice.title) == (once.rounds, once.opens_at, once.title)


def test_a_leap_day_moves_to_the_28th():
    text = TEXT.replace("2021-", "2024-").replace("2024-07-31", "2024-02-29")
    assert isinstance(parse_sheet(text), RuleSheet)
    sheet = parse_sheet(edition_of(text, 2026))
    assert sheet.rounds[0].judged_on == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("rounds.tiers.amount", True),
        ("earnings.share.per_article_day_max", True),
        ("tie_rule", True),
        ("rounds.tiers.amount.x", False),
        ("tie_rule.x", False),
        ("", False),
        ("rounds..id", False),
    ],
)
def test_what_can_be_declared_is_a_field(name, there):
    assert is_field(name) is there


@pytest.mark.parametrize(
    ("raw", "cautions"),
    [
        ({"measure": "imported", "tie_rule": "earlier"}, [Caution.ALL_TIED]),
        ({"measure": "imported", "tie_rule": "shared"}, []),
        ({"measure": "shares", "tie_rule": "earlier"}, []),
        ({"measure": 7}, []),
        ({}, []),
    ],
)
def test_who_was_first_decides_nothing_where_everybody_is_entered_at_once(raw, cautions):
    assert cautions_on(raw) == cautions


@pytest.mark.parametrize(
    ("measure", "earning", "asks"),
    [("shares", "share", False), ("shares", "read", True), ("reads", "share", True)],
)
def test_the_seconds_of_a_reader_are_asked_for_where_readers_count(
    measure: str, earning: str, asks: bool
) -> None:
    begun = f'measure = "{measure}"\n[earnings.{earning}]\npoints = 1\nper_day_max = 5\n'
    troubles = parse_sheet(begun)
    assert isinstance(troubles, list)
    assert ("dwell_seconds_min" in {each.field for each in troubles}) is asks
