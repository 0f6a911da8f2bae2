"""A rule sheet like the reference campaign's, small enough to read, for the tests of standings and awards."""

from dataclasses import replace
from datetime import UTC, date, datetime

from kepu.campaigns.rules import (
    DoubleAward,
    Earning,
    Kind,
    Measure,
    Policy,
    Round,
    RuleSheet,
    Tier,
    TieRule,
)
from kepu.kit.clock import start_of

CITY, COUNTY, TOWN = "4306", "430623", "430623110"
COUNTY_TIERS = (
    Tier("county", 1, 10, "华容县优秀科普员", 500, True),
    Tier("county", 11, 30, "华容县优秀科普员", 300, True),
    Tier("county", 31, 100, "华容县优秀科普员", 200, True),
)
CITY_TIERS = (Tier("city", 1, 100, "岳阳市优秀科普员", None, True),)
ANNUAL = Round(
    id="annual",
    title="全年评选",
    opens_at=start_of(date(2021, 1, 1)),
    closes_at=start_of(date(2021, 12, 1)),
    judged_on=date(2021, 11, 30),
    basic_task=2200,
    tiers=CITY_TIERS + COUNTY_TIERS,
)
SHEET = RuleSheet(
    campaign="chaqi-2021",
    version=1,
    title="科普中国信息员活动",
    issuer="插旗镇人民政府办公室",
    document="插政办发〔2021〕12号",
    place=TOWN,
    counts_within=CITY,
    opens_at=datetime(2020, 12, 31, 16, tzinfo=UTC),
    closes_at=datetime(2021, 11, 30, 16, tzinfo=UTC),
    policy=Policy.NOTICE,
    measure=Measure.SHARES,
    dwell_seconds_min=15,
    tie_rule=TieRule.SHARED,
    double_award=DoubleAward.BOTH,
    certified_only=True,
    earnings={Kind.SHARE: Earning(points=1, per_day_max=300)},
    tasks=(),
    rounds=(ANNUAL,),
    declared=(),
)


def round_with(tiers: tuple[Tier, ...], basic_task: int = 0) -> Round:
    """The annual round with other tiers and another basic task."""
    return replace(ANNUAL, tiers=tiers, basic_task=basic_task)


def sheet_with(tie_rule: TieRule = TieRule.SHARED, double_award: DoubleAward = DoubleAward.BOTH) -> RuleSheet:
    """The sheet with another tie rule or double-award rule."""
    return replace(SHEET, tie_rule=tie_rule, double_award=double_award)
