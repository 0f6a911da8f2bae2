"""The rule book: each clause with a sheet that breaks it and one that does not; one guard for both."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils.translation import override

from kepu.campaigns import labels
from kepu.campaigns.policy import Feature, breaches_of, clauses, conflicts_of, edition, features_of
from kepu.campaigns.rules import Policy, RuleSheet
from kepu.campaigns.sheet import Allowed, SheetTrouble, parse_sheet
from kepu.campaigns.tests.samples import VOLUNTARY, reference, reference_text

ROUND = """
[[rounds]]
id = "annual"
title = "全年"
opens_on = 2026-01-01
closes_on = 2026-12-31
judged_on = 2026-12-31
basic_task = 0
amount_total = 300
[[rounds.tiers]]
scope = "county"
rank_from = 1
rank_to = 3
title = "华容县优秀科普员"
amount = 100
certificate = true
given_by = "华容县科学技术协会"
"""
TASKS = """
[tasks]
total = {backbones = 1, registrations = %(registrations)d, volume = %(volume)d}
[[tasks.units]]
unit = "机关、站所"
division = "430623"
backbones = 1
registrations = %(registrations)d
volume = %(volume)d
"""
HEAD = 'boards_may_hide = true\napproval_number = "湘评组函〔2026〕8号"\n'
# Policy `notice`, and nothing in it that a clause speaks against but that people are ranked.
CLEAN = VOLUNTARY.replace('measure = "reads"', HEAD + 'policy = "notice"\nmeasure = "reads"') + ROUND
IMPORTED = CLEAN.replace('measure = "reads"', 'measure = "imported"')
SHARE = "[earnings.share]\npoints = %d\nper_day_max = 3\n[[rounds]]"
STREAK = (
    "[earnings.check_in]\npoints = 0\nper_day_max = 1\n[[earnings.check_in.streaks]]\ndays = 7\npoints = 2\n"
    "[[rounds]]"
)
WEIGHT = (
    '[[weights]]\ntitle = "周年"\nopens_on = 2026-05-01\ncloses_on = 2026-05-07\ntimes = %d\nkinds = ["%s"]\n'
    "[[rounds]]"
)
DAILY = "[earnings.check_in]\npoints = %d\nper_day_max = 1\n[[rounds]]"


def read(text: str) -> RuleSheet:
    found = parse_sheet(text)
    assert isinstance(found, RuleSheet), found
    return found


# clause | a sheet that breaks it | what of it does | one that does not
TABLE = [
    (
        "2026-12-level",
        CLEAN.replace('"430623"', '"430623110"').replace('"county"', '"town"'),
        Feature.BELOW_COUNTY,
        CLEAN.replace('place = "430623"', 'place = "430623110"'),
    ),
    (
        "2026-12-1",
        IMPORTED,
        Feature.REPEATED_WORK,
        IMPORTED.replace("points = 1", "points = 0"),
    ),
    (
        "2026-12-2",
        CLEAN.replace("[[rounds]]", DAILY % 1),
        Feature.CHECK_IN,
        CLEAN.partition("[[rounds]]")[0] + (DAILY % 0).replace("[[rounds]]", ""),
    ),
    (
        "2026-12-2",
        CLEAN,
        Feature.RANKING,
        CLEAN.replace('policy = "notice"', 'policy = "voluntary"'),
    ),
    (
        "2026-12-3",
        CLEAN + TASKS % {"registrations": 45, "volume": 0},
        Feature.REGISTRATION_TASKS,
        CLEAN + TASKS % {"registrations": 0, "volume": 9},
    ),
    (
        "2026-12-4",
        CLEAN + TASKS % {"registrations": 0, "volume": 4400},
        Feature.VOLUME_TASKS,
        CLEAN,
    ),
    (
        "2026-12-4",
        CLEAN + TASKS % {"registrations": 0, "volume": 0},
        Feature.UNIT_TASKS,
        CLEAN,
    ),
    (
        "2026-12-4",
        CLEAN.replace('measure = "reads"', 'measure = "shares"'),
        Feature.RESHARE_MEASURE,
        CLEAN.replace('measure = "reads"', 'measure = "opens"'),
    ),
    (
        "2026-12-5",
        CLEAN.replace("华容县科学技术协会", "华容某某通信有限公司"),
        Feature.BUSINESS,
        CLEAN.replace("华容县科学技术协会", "岳阳市科学技术协会"),
    ),
    (
        "wechat-2.1.2",
        CLEAN.replace("[[rounds]]", SHARE % 1),
        Feature.SHARE_POINTS,
        CLEAN.replace("[[rounds]]", SHARE % 0),
    ),
    (
        "2026-12-2",
        CLEAN.replace("[[rounds]]", STREAK),
        Feature.CHECK_IN,
        CLEAN.partition("[[rounds]]")[0] + (DAILY % 0).replace("[[rounds]]", ""),
    ),
    (
        "2026-12-2",
        CLEAN.replace("[[rounds]]", (DAILY % 0).replace("[[rounds]]", WEIGHT % (2, "check_in"))),
        Feature.CHECK_IN,
        CLEAN.partition("[[rounds]]")[0] + (WEIGHT % (2, "read")).replace("[[rounds]]", ""),
    ),
    (
        "wechat-2.1.2",
        CLEAN.replace("[[rounds]]", (SHARE % 0).replace("[[rounds]]", WEIGHT % (3, "share"))),
        Feature.SHARE_POINTS,
        CLEAN.replace("[[rounds]]", (SHARE % 0).replace("[[rounds]]", WEIGHT % (1, "share"))),
    ),
    (
        "wechat-2.1.2",
        CLEAN.replace('measure = "reads"', 'measure = "shares"'),
        Feature.RESHARE_AWARDS,
        CLEAN.partition("[[rounds]]")[0].replace('measure = "reads"', 'measure = "shares"'),
    ),
    (
        "pipl-25",
        CLEAN.replace("boards_may_hide = true", "boards_may_hide = false"),
        Feature.NAMES_WITHOUT_CHOICE,
        CLEAN,
    ),
    (
        "commendation",
        CLEAN.replace('approval_number = "湘评组函〔2026〕8号"\n', ""),
        Feature.MONEY_WITHOUT_APPROVAL,
        CLEAN.replace('approval_number = "湘评组函〔2026〕8号"\n', "")
        .replace("amount = 100\n", "")
        .replace("amount_total = 300\n", ""),
    ),
    (
        "penalty-44",
        CLEAN + TASKS % {"registrations": 0, "volume": 0},
        Feature.UNIT_TASKS,
        CLEAN,
    ),
    (
        "penalty-9",
        CLEAN + TASKS % {"registrations": 0, "volume": 0},
        Feature.UNIT_TASKS,
        CLEAN,
    ),
]


def against(sheet: RuleSheet) -> set[tuple[str, Feature]]:
    return {(each.clause.id, feature) for each in conflicts_of(sheet) for feature in each.features}


@pytest.mark.parametrize(("clause", "broken", "feature", "kept"), TABLE)
def test_a_clause_speaks_against_what_breaks_it_and_nothing_else(clause, broken, feature, kept):
    assert broken != kept
    assert (clause, feature) in against(read(broken))
    assert (clause, feature) not in against(read(kept))


def test_a_short_publicity_is_broken_by_fewer_than_five_days_and_refused_by_the_file_itself():
    sheet = read(CLEAN)
    short = ("publicity", Feature.SHORT_PUBLICITY)
    assert short in against(replace(sheet, publicity_days_min=4))
    assert short not in against(replace(sheet, publicity_days_min=5))
    (trouble,) = parse_sheet(CLEAN.replace("publicity_days_min = 5", "publicity_days_min = 4"))
    assert (trouble.field, trouble.allowed, trouble.values) == (
        "publicity_days_min",
        Allowed.NUMBER,
        ("5", "60"),
    )


def test_every_clause_and_every_feature_is_in_the_table():
    told = {(clause, feature) for clause, _broken, feature, _kept in TABLE}
    told.add(("publicity", Feature.SHORT_PUBLICITY))
    assert told == {(each.id, feature) for each in clauses() for feature in each.against}
    assert {feature for _clause, feature in told} == set(Feature)


def voluntary(text: str) -> str:
    return text.replace('policy = "notice"', 'policy = "voluntary"')


# Ranking is a choice under `voluntary`, and another measure than readers is refused before any clause.
REFUSED = [
    row for row in TABLE if row[2] not in (Feature.RANKING, Feature.REPEATED_WORK, Feature.BELOW_COUNTY)
]


@pytest.mark.parametrize(("clause", "broken", "feature", "kept"), REFUSED)
def test_a_voluntary_sheet_that_breaks_a_clause_is_refused_with_the_clause(clause, broken, feature, kept):
    (wanted,) = [each for each in clauses() if each.id == clause]
    told = [
        each
        for each in parse_sheet(voluntary(broken))
        if each.values == (feature.value, wanted.document, wanted.clause, wanted.says)
    ]
    assert [each.allowed for each in told] == [Allowed.BARRED]
    with override("zh-hans"):
        for said in (labels.explained(told[0]), labels.at_field(told[0])):
            assert wanted.document in said
            assert wanted.clause in said
            assert wanted.says.rstrip("。") in said
            assert "。。" not in said
            assert str(labels.FEATURES[feature]).rstrip("。") in said
            assert feature.value not in said.replace(told[0].field, "")


def test_a_voluntary_campaign_of_a_town_alone_is_the_countys_to_hold():
    town = voluntary(CLEAN).replace('"430623"', '"430623110"').replace('"county"', '"town"')
    (trouble,) = parse_sheet(town)
    assert (trouble.field, trouble.found, trouble.values[0]) == (
        "counts_within",
        '"430623110"',
        "below_county",
    )
    assert isinstance(read(voluntary(CLEAN).replace('place = "430623"', 'place = "430623110"')), RuleSheet)


def test_a_voluntary_sheet_without_breach_has_no_conflict():
    assert conflicts_of(read(voluntary(CLEAN))) == ()
    assert features_of(read(VOLUNTARY)) == frozenset()


def test_the_reference_sheet_has_what_the_notice_had():
    missing = {
        Feature.REPEATED_WORK,
        Feature.BUSINESS,
        Feature.NAMES_WITHOUT_CHOICE,
        Feature.SHORT_PUBLICITY,
    }
    assert features_of(reference()) == frozenset(Feature) - missing


def test_every_breach_stands_where_the_file_has_it():
    rows = reference_text().split("\n")
    broken = parse_sheet(reference_text().replace('policy = "notice"', 'policy = "voluntary"'))
    assert broken
    for each in broken:
        assert isinstance(each, SheetTrouble)
        if each.found and each.field != "tasks":
            assert each.found in rows[each.line - 1]


def test_a_published_sheet_stays_readable_when_the_book_grows():
    text = voluntary(CLEAN).replace('approval_number = "湘评组函〔2026〕8号"\n', "")
    assert isinstance(parse_sheet(text), list)
    assert isinstance(parse_sheet(text, version=1), RuleSheet)


def test_every_clause_says_where_it_was_read():
    assert len({each.id for each in clauses()}) == len(clauses())
    assert len(edition()) == 64
    for each in clauses():
        assert each.source.startswith("http")
        assert each.issued_on is None or each.issued_on <= date(2026, 12, 31)
        assert each.says.endswith("。")
        assert each.against


def test_a_day_nobody_read_is_not_made_up():
    days = {each.id: each.issued_on for each in clauses()}
    assert days["pipl-25"] == date(2021, 8, 20)
    assert days["penalty-9"] == date(2021, 1, 22)
    assert days["publicity"] is None


@pytest.mark.parametrize("row", TABLE)
def test_both_policies_are_held_against_the_book_by_one_guard(row):
    sheet = read(row[1])
    told = {(each.clause.id, each.feature) for each in breaches_of(sheet)}
    assert told == against(sheet)
    ranked = {each for each in told if each[1] is Feature.RANKING}
    assert against(replace(sheet, policy=Policy.VOLUNTARY)) == told - ranked
