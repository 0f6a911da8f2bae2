"""The same sheet as a file and as forms: nothing is lost or bent, and the same checks find the same."""

import tomllib
from copy import deepcopy
from datetime import date
from importlib.resources import files

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.reads import words
from kepu.campaigns.rules import Kind, RuleSheet
from kepu.campaigns.sheet import (
    SECTIONS,
    SHEET,
    Allowed,
    Form,
    differences,
    entered,
    made_voluntary,
    parse_sheet,
    path_of,
    table_of,
    text_differences,
    text_of,
    typed_of,
    with_row,
    without_row,
)
from kepu.campaigns.tests.samples import REFINED, VOLUNTARY, reference_text

SAMPLES = {
    "chaqi": reference_text(),
    "imported": files("kepu.campaigns").joinpath("samples/imported-2026.toml").read_text("utf-8"),
    "voluntary": VOLUNTARY,
    "refined": REFINED,
}
texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20)
scalars = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**62), 2**62), st.booleans(), st.dates()
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


def through_the_forms(raw):
    """Every section opened and saved as it is."""
    for section in SECTIONS:
        raw = entered(raw, section, typed_of(raw, section))
    return raw


def found(text):
    """The troubles of a text without their lines; the sheet where there are none."""
    parsed = parse_sheet(text)
    if isinstance(parsed, RuleSheet):
        return parsed
    return sorted((each.field, each.allowed, each.found, each.values) for each in parsed)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_file_through_the_forms_means_the_same_sheet(sample):
    text = SAMPLES[sample]
    again = text_of(through_the_forms(table_of(text)))
    assert parse_sheet(again) == parse_sheet(text)
    assert text_of(table_of(again)) == again, "saving once more changes no letter"


@given(st.dictionaries(st.sampled_from(list(SHEET)) | texts, anything, max_size=8))
def test_whatever_a_table_holds_its_text_says(raw):
    assert tomllib.loads(text_of(raw)) == raw


CHANGES = st.one_of(
    st.tuples(
        st.sampled_from(["title", "issuer", "place", "campaign", "opens_on", "measure", "policy"]), texts
    ),
    st.tuples(st.just("dwell_seconds_min"), st.integers(0, 700)),
    st.tuples(st.sampled_from(["opens_on", "closes_on"]), st.dates(date(1999, 1, 1), date(2102, 1, 1))),
)


@given(st.sampled_from(sorted(SAMPLES)), st.lists(CHANGES, max_size=4), st.integers(0, 500))
def test_right_or_wrong_the_forms_say_of_a_sheet_what_the_file_says(sample, changes, volume):
    raw = table_of(SAMPLES[sample]) | dict(changes)
    for unit in raw.get("tasks", {}).get("units", ())[:1]:
        unit["volume"] = volume
    assert found(text_of(through_the_forms(raw))) == found(text_of(raw))


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_form_lacks_what_an_empty_file_lacks(section):
    missing = [
        each for each in parse_sheet("") if each.field.split(".")[0].split("[")[0] in SECTIONS[section]
    ]
    parsed = parse_sheet(text_of(entered({}, section, {})))
    own = [each for each in parsed if each.field.split(".")[0].split("[")[0] in SECTIONS[section]]
    assert [each.field for each in own if each.allowed is Allowed.PRESENT] == [
        each.field for each in missing if each.field != "earnings"
    ]


@pytest.mark.parametrize(
    ("name", "typed", "stands"),
    [
        ("dwell_seconds_min", " １5 ", 15),
        ("dwell_seconds_min", "1,000", 1000),
        ("dwell_seconds_min", "十五", "十五"),
        ("dwell_seconds_min", "-3", "-3"),
        ("opens_on", "2026年3月5日", date(2026, 3, 5)),
        ("opens_on", "2026/03/05", date(2026, 3, 5)),
        ("opens_on", "2026-02-30", "2026-02-30"),
        ("certified_only", "false", False),
        ("certified_only", "perhaps", "perhaps"),
        ("place", "４３０６２３", "430623"),
        ("title", " 插旗镇\r\n活动 ", "插旗镇 活动"),
        ("title", "  ", None),
    ],
)
def test_what_people_type_is_read_kindly_and_never_bent(name, typed, stands):
    assert entered({}, "basics", {name: typed}).get(name) == stands


@pytest.mark.parametrize(
    "name", ["", "rounds[0].id", "rounds[2", "Rounds", "rounds[1000].id", "a.b.", "__proto__", "x" * 99]
)
def test_a_name_that_is_no_fields_changes_nothing(name):
    raw = table_of(VOLUNTARY)
    assert entered(raw, "basics", typed_of(raw, "basics") | {name: "1"}) == raw


def test_another_sections_fields_are_not_touched():
    raw = table_of(reference_text())
    assert entered(raw, "points", typed_of(raw, "points") | {"title": "偷改"})["title"] == raw["title"]


def test_a_kind_whose_fields_are_emptied_earns_nothing():
    typed = typed_of(table_of(reference_text()), "points")
    typed |= {"earnings.like.points": "", "earnings.like.per_day_max": ""}
    sheet = parse_sheet(text_of(entered(table_of(reference_text()), "points", typed)))
    assert isinstance(sheet, RuleSheet)
    assert Kind.LIKE not in sheet.earnings


def test_rounds_and_tiers_come_and_go():
    raw = table_of(reference_text())
    more = with_row(with_row(raw, ("rounds",)), ("rounds", 1, "tiers"))
    assert (len(more["rounds"]), len(more["rounds"][1]["tiers"])) == (3, 5)
    assert more["rounds"][1]["tiers"][4]["rank_from"] == 101
    back = without_row(without_row(more, ("rounds", 1, "tiers", 4)), ("rounds", 2))
    assert back == raw
    assert "rounds" not in without_row(without_row(raw, ("rounds", 0)), ("rounds", 0))
    assert without_row(raw, ("rounds", 9)) == raw


def test_choices_are_ticks_and_wrong_ones_stay_until_they_are_taken_away():
    raw = table_of(REFINED)
    typed = typed_of(raw, "basics")
    assert {name for name, text in typed.items() if text == "true" and name.startswith("switched_off")} == {
        "switched_off.mall",
        "switched_off.clubs",
    }
    assert entered(raw, "basics", typed | {"switched_off.boards": "true"})["switched_off"] == [
        *("boards", "mall", "clubs")
    ]
    none = entered(raw, "basics", typed | {"switched_off.mall": "", "switched_off.clubs": ""})
    assert "switched_off" not in none
    wrong = raw | {"switched_off": ["mall", "lottery"]}
    assert entered(wrong, "basics", typed_of(wrong, "basics"))["switched_off"] == ["mall", "lottery"]


def test_weights_and_steps_of_streaks_come_and_go():
    raw = table_of(REFINED)
    more = with_row(with_row(raw, ("weights",)), ("earnings", "check_in", "streaks"))
    assert more["weights"][2] == {"times": 2}
    assert len(more["earnings"]["check_in"]["streaks"]) == 3
    back = without_row(without_row(more, ("weights", 2)), ("earnings", "check_in", "streaks", 2))
    assert back == raw


def test_made_voluntary_a_sheet_lacks_rewards_of_days_in_a_row_and_days_that_weigh_them():
    raw = table_of(REFINED)
    raw["weights"][0]["kinds"].append("check_in")
    raw["weights"][1]["kinds"] = ["check_in"]
    made = made_voluntary(raw)
    assert isinstance(parse_sheet(text_of(made)), RuleSheet), parse_sheet(text_of(made))
    assert made["weights"] == [raw["weights"][0] | {"kinds": ["read", "quiz"]}]
    assert "weights" not in made_voluntary(raw | {"weights": raw["weights"][1:]})


def test_rows_are_bounded():
    raw = table_of(reference_text())
    for _ in range(60):
        raw = with_row(raw, ("rounds",))
    assert len(raw["rounds"]) == 20


def test_made_voluntary_a_sheet_lacks_only_what_people_must_enter():
    made = made_voluntary(table_of(reference_text()))
    (trouble,) = parse_sheet(text_of(made))
    assert (trouble.field, trouble.allowed) == ("approval_number", Allowed.BARRED)
    parsed = parse_sheet(text_of(made | {"approval_number": "湘评组函〔2021〕8号"}))
    assert isinstance(parsed, RuleSheet), parsed
    assert parsed.tasks == ()


def test_differences_are_told_field_by_field_whatever_the_order():
    old = table_of(reference_text())
    new = deepcopy(old)
    new["rounds"].reverse()
    new["tasks"]["units"].reverse()
    assert differences(old, new) == []
    new["earnings"]["share"]["per_day_max"] = 200
    new["rounds"][0]["basic_task"] = 2000
    del new["boards_may_hide"]
    new["tasks"]["units"][0]["volume"] = 5000
    told = {each.steps: (each.before, each.after) for each in differences(old, new)}
    assert told == {
        (("boards_may_hide", ""),): (True, None),
        (("earnings", ""), ("share", ""), ("per_day_max", "")): (300, 200),
        (("tasks", ""), ("units", "向阳街社区"), ("volume", "")): (4400, 5000),
        (("rounds", "2021年全年评选"), ("basic_task", "")): (2200, 2000),
    }


def test_differences_of_choices_and_steps_are_told_as_people_call_them():
    old = table_of(REFINED)
    new = deepcopy(old)
    new["weights"].reverse()
    new["switched_off"].reverse()
    assert differences(old, new) == []
    new["switched_off"] = ["boards"]
    new["earnings"]["check_in"]["streaks"][1]["points"] = 4
    new["weights"][0]["kinds"] = ["read"]
    with override("zh-hans"):
        told = [
            (words.steps_text(each), words.value_text(each, each.before), words.value_text(each, each.after))
            for each in differences(old, new)
        ]
    assert told == [
        ("这个活动不用的功能", "社团、积分商城", "排行榜"),
        ("积分 · 签到 · 连续几天“7 天” · 每次积分", "3", "4"),
        ("加倍的日子“答题月” · 对哪些有效", "答题全对一次", "分享的文章有人读了"),
    ]


def test_lines_that_differ_come_with_their_neighbours():
    shown = text_differences("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nD\ne\nf\n")
    assert shown == [("…", ""), (" ", "b"), (" ", "c"), ("-", "d"), ("+", "D"), (" ", "e"), (" ", "f")]
    assert text_differences("a", "a") == []


@given(st.sampled_from(sorted(SAMPLES)), st.sampled_from(sorted(SAMPLES)))
def test_a_sheet_differs_from_itself_in_nothing(one, other):
    assert bool(differences(table_of(SAMPLES[one]), table_of(SAMPLES[other]))) is (one != other)


def test_every_field_of_a_sheet_stands_on_one_page():
    named = [name for names in SECTIONS.values() for name in names]
    assert sorted(named) == sorted(SHEET)
    assert path_of("rounds[2].tiers[1].rank_from") == ("rounds", 1, "tiers", 0, "rank_from")
    assert all(SHEET[name].form is not Form.TABLES for name in SECTIONS["basics"])
