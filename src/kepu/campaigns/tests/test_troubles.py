"""Every trouble of a file is told: the line, the field, what was found, what is allowed."""

import re
import string

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns import labels
from kepu.campaigns.sheet import Allowed, SheetTrouble, parse_sheet
from kepu.campaigns.tests.samples import REFINED, reference_text

TEXT = reference_text()

# The sheet's line | its new value, or what it becomes | field | found | allowed | with these values (* any)
TABLE = """
opens_on = 2021-01-01     | extra = 1      | extra               | 1            | KNOWN_KEY  | *
based_on = "华科协发〔2021〕2号" | ""             | based_on            | ""           | TEXT       | 80
title = "插旗镇2021年科普信息传播活动" | # no title     | title               |              | PRESENT    |
place = "430623110"       | 430623110      | place               | 430623110    | CODE       |
place = "430623110"       | "43062"        | place               | "43062"      | CODE       |
campaign = "chaqi-2021"   | "Chaqi 2021"   | campaign            | "Chaqi 2021" | SLUG       | 50
opens_on = 2021-01-01     | "2021-01-01"   | opens_on            | "2021-01-01" | DAY        |
closes_on = 2021-11-30    | 2021-11-30T08:00:00 | closes_on           | 2021-11-30T08:00:00 | DAY        |
closes_on = 2021-11-30    | 1921-11-30     | closes_on           | 1921-11-30   | DAY        |
closes_on = 2021-11-30    | 2020-11-30     | closes_on           | 2020-11-30   | NOT_BEFORE | 2021-01-01
policy = "notice" | "strict" | policy | "strict" | CHOICE | notice, voluntary
tie_rule = "earlier"      | "later"        | tie_rule            | "later"      | CHOICE     | shared, earlier
certified_only = true     | 1              | certified_only      | 1            | FLAG       |
publicity_days_min = 5    | 4              | publicity_days_min  | 4            | NUMBER     | 5; 60
per_day_max = 300         | true           | earnings.share.per_day_max | true         | NUMBER     | 1; 10000
per_day_max = 300         | 3.5            | earnings.share.per_day_max | 3.5          | NUMBER     | 1; 10000
[earnings.like]           | [earnings.spend] | earnings.spend      | {…}          | KNOWN_KEY  | *
[earnings.like]           | [earnings.like.like] | earnings.like.points |              | PRESENT    |
[tasks.total]             | [tasks.totals] | tasks.total         |              | PRESENT    |
backbones = 18            | 19             | tasks.total.backbones | 19           | SUM        | 18
registrations = 370       | 360            | tasks.total.registrations | 360          | SUM        | 370
volume = 39600            | 44000          | tasks.total.volume  | 44000        | SUM        | 39600
division = "430623110203" | "430623110215" | tasks.units[3].division | "430623110215" | ONCE       | *
division = "430623110217" | "430623109217" | tasks.units[4].division | "430623109217" | WITHIN     | 430623110
counts_within = "4306"    | "4307"         | counts_within       | "4307"       | WITHIN     | 430623110
basic_task = 1400         | # no basic task | rounds[1].basic_task |              | PRESENT    |
closes_on = 2021-07-31 | 2021-12-31 | rounds[1].closes_on | 2021-12-31 | IN_PERIOD | 2021-01-01; 2021-11-30
judged_on = 2021-07-31    | 2021-07-30     | rounds[1].judged_on | 2021-07-30   | NOT_BEFORE | 2021-07-31
id = "annual"             | "midyear"      | rounds[2].id        | "midyear"    | ONCE       | *
id = "annual"             | "all"          | rounds[2].id        | "all"        | SLUG       | 40
rank_to = 10              | 9              | rounds[2].tiers[3].rank_from | 11           | RANK_FROM  | 10
rank_to = 10              | 12             | rounds[2].tiers[3].rank_from | 11           | RANK_FROM  | 13
rank_from = 1             | 2              | rounds[1].tiers[1].rank_from | 2            | RANK_FROM  | 1
rank_to = 30 | 3 | rounds[2].tiers[3].rank_to | 3 | NUMBER | 11; 1000000
amount = 300              | 400            | rounds[2].amount_total | 25000        | SUM        | 27000
amount_total = 25000      | # no total     | rounds[2].amount_total |              | SUM        | 25000
scope = "county" | "province" | rounds[2].tiers[2].scope | "province" | CHOICE | city, county, town
certificate = true        | "yes"          | rounds[2].tiers[2].certificate | "yes"        | FLAG       |
field = "tie_rule"        | "weather"      | declared[8].field   | "weather"    | DECLARABLE |
field = "earnings"        | 11             | declared[11].field  | 11           | TEXT       | 100
"""
# The same over the sheet that states all that acts can earn.
POINTS_TABLE = """
switched_off = ["mall", "clubs"] | ["mall", "mall"] | switched_off | […] | CHOICES | *
switched_off = ["mall", "clubs"] | "mall"          | switched_off | "mall" | CHOICES | *
switched_off = ["mall", "clubs"] | ["mall", 7]     | switched_off | […] | CHOICES | *
switched_off = ["mall", "clubs"] | ["check_in"]    | earnings.check_in.points | 1 | SWITCHED_OFF | check_in
[earnings.quiz] | [earnings.club_post] | earnings.club_post.points | 2 | SWITCHED_OFF | clubs
[earnings.quiz] | [earnings.liked] | earnings.liked.points | 2 | SWITCHED_OFF | clubs
[earnings.quiz] | [earnings.like] | weights[2].kinds | "quiz" | EARNING | quiz
points_per_day_max = 60   | 0                 | points_per_day_max | 0 | NUMBER | 1; 1000000
designated_times = 2      | 11                | designated_times | 11 | NUMBER | 1; 10
days = 7                  | 3                 | earnings.check_in.streaks[2].days | 3 | RISING | 3
days = 7                  | 32                | earnings.check_in.streaks[2].days | 32 | NUMBER | 2; 31
per_day_max = 1           | 2                 | earnings.check_in.per_day_max | 2 | ONCE_A_DAY |
per_article_max = 20      | 4                 | earnings.read.per_article_max | 4 | NUMBER | 5; 10000
kinds = ["read", "quiz"]  | []                | weights[1].kinds | […] | CHOICES | *
kinds = ["read", "quiz"]  | ["read", "spend"] | weights[1].kinds | […] | CHOICES | *
kinds = ["read", "quiz"]  | ["read", "share"] | weights[1].kinds | "share" | EARNING | share
times = 2                 | 11                | weights[1].times | 11 | NUMBER | 0; 10
closes_on = 2026-09-20    | 2026-09-11        | weights[1].closes_on | 2026-09-11 | NOT_BEFORE | 2026-09-12
closes_on = 2026-09-20 | 2027-01-01 | weights[1].closes_on | 2027-01-01 | IN_PERIOD | 2026-01-01; 2026-12-31
opens_on = 2026-11-01 | 2026-09-20 | weights[2].opens_on | 2026-09-20 | WEIGHED_ONCE | 2026年科普日; quiz
"""


ROWS = [[cell.strip() for cell in row.split("|")] for row in TABLE.strip().split("\n")]


def troubles_of(text: str) -> list[SheetTrouble]:
    found = parse_sheet(text)
    assert isinstance(found, list), "this sheet has no trouble"
    return found


def changed(text: str, old: str, new: str) -> str:
    """The text with the first such line given a new value, or replaced, its comment included."""
    rows = text.split("\n")
    number = next(number for number, row in enumerate(rows) if row.split("  ")[0].rstrip() == old)
    key, _, _value = old.partition(" = ")
    is_line = new.startswith("#") or " = " in new or (new.startswith("[") and " = [" not in old)
    rows[number] = new if is_line else f"{key} = {new}"
    return "\n".join(rows)


@pytest.mark.parametrize(("old", "new", "field", "found", "allowed", "values"), ROWS)
def test_a_trouble_names_line_field_found_and_allowed(old, new, field, found, allowed, values):
    text = changed(TEXT, old, new)
    told = [each for each in troubles_of(text) if each.allowed.name == allowed and each.field == field]
    assert len(told) == 1, troubles_of(text)
    assert told[0].found == found
    assert values == "*" or told[0].values == tuple(filter(None, values.split("; ")))
    row = text.split("\n")[told[0].line - 1]
    if found == "{…}":
        assert row == f"[{field}]"
    elif found:
        assert found in row
    else:
        assert row.startswith("[") or told[0].line == 1


@pytest.mark.parametrize(
    ("old", "new", "field", "found", "allowed", "values"),
    [[cell.strip() for cell in row.split("|")] for row in POINTS_TABLE.strip().split("\n")],
)
def test_what_acts_earn_must_fit_together(old, new, field, found, allowed, values):
    text = changed(REFINED, old, new)
    told = [each for each in troubles_of(text) if each.allowed.name == allowed and each.field == field]
    assert len(told) == 1, troubles_of(text)
    assert told[0].found == found
    assert values == "*" or told[0].values == tuple(filter(None, values.split("; ")))
    with override("zh-hans"):
        assert not re.search("[a-z]{4}", labels.at_field(told[0]))


def test_all_troubles_of_a_file_are_told_at_once_in_order():
    text = changed(TEXT, "backbones = 18", "backbones = 1")
    text = changed(text, 'tie_rule = "earlier"', "# no rule")
    text = changed(text, "rank_to = 10", 'rank_to = "ten"')
    text = changed(text, "basic_task = 2200", "basic_task = -1")
    told = troubles_of(text)
    assert [each.field for each in told] == [
        "tie_rule",
        "tasks.total.backbones",
        "rounds[2].basic_task",
        "rounds[2].tiers[2].rank_to",
    ]
    assert [each.line for each in told] == sorted(each.line for each in told)


@pytest.mark.parametrize(
    ("text", "line", "allowed"),
    [
        ("campaign = \n", 1, Allowed.TOML),
        ("a = 1\nb = 'x\n", 2, Allowed.TOML),
        ("a = 1\n\na = 2\n", 3, Allowed.ONCE),
        ("[a]\nb = 1\n[a]\n", 3, Allowed.ONCE),
        ("x = 2021-13-45", 1, Allowed.TOML),
        ("x = " + "9" * 5000, 1, Allowed.TOML),
        ("x = " + "[" * 5000, 1, Allowed.TOML),
        ("<html>\x00", 1, Allowed.TOML),
        ("# " + "长" * 200_000, 1, Allowed.SHORT),
    ],
)
def test_a_file_that_is_no_toml_is_told_by_its_line(text, line, allowed):
    (trouble,) = troubles_of(text)
    assert (trouble.line, trouble.allowed) == (line, allowed)


@given(st.text(string.printable + "年“”\x00\u2028", max_size=200))
def test_no_text_breaks_the_reader(text):
    assert isinstance(parse_sheet(text), list)


@given(
    st.integers(0, TEXT.count("\n") - 1), st.sampled_from(["", "= 1", "[x]", "[[rounds]]", 'why = "好"', "}"])
)
def test_no_changed_line_breaks_the_reader(number, line):
    rows = TEXT.split("\n")
    rows[number] = line
    found = parse_sheet("\n".join(rows))
    if isinstance(found, list):
        assert found
        assert all(0 < each.line <= len(rows) for each in found)
        with override("zh-hans"):
            assert all(f"第 {each.line} 行" in labels.explained(each) for each in found)


def test_every_trouble_has_a_chinese_sentence():
    with override("zh-hans"):
        for allowed in Allowed:
            said = labels.explained(
                SheetTrouble(3, "rounds[2].basic_task", '"x"', allowed, ("A", "B", "C", "D"))
            )
            assert said.startswith('第 3 行，rounds[2].basic_task（评选轮次 2 · 基本任务）：写的是 "x"；')
            assert "{" not in said
        assert labels.explained(SheetTrouble(1, "title", "", Allowed.PRESENT)) == (
            "第 1 行，title（名称）：没有写；必须填写。"
        )
        assert labels.explained(SheetTrouble(9, "", "a = 2", Allowed.ONCE, ("",))) == (
            "第 9 行：a = 2；同一项写了两次。"
        )
