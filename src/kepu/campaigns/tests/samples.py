"""Sheets for tests: the reference campaign as shipped, and a small voluntary one."""

from functools import cache
from importlib.resources import files

from kepu.campaigns.rules import RuleSheet
from kepu.campaigns.sheet import parse_sheet


@cache
def reference_text() -> str:
    """samples/chaqi-2021.toml as it is shipped."""
    return files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8")


def reference() -> RuleSheet:
    """The reference campaign's rules."""
    sheet = parse_sheet(reference_text())
    assert isinstance(sheet, RuleSheet), sheet
    return sheet


# Everything a sheet can ask of what acts earn.
REFINED = """\
campaign = "points-2026"
title = "华容县科普积分活动"
issuer = "华容县科学技术协会"
place = "430623"
counts_within = "430623"
opens_on = 2026-01-01
closes_on = 2026-12-31
policy = "notice"
measure = "reads"
dwell_seconds_min = 15
tie_rule = "shared"
double_award = "highest_only"
publicity_days_min = 5
switched_off = ["mall", "clubs"]
points_per_day_max = 60
designated_times = 2

[earnings.check_in]
points = 1
per_day_max = 1

[[earnings.check_in.streaks]]
days = 3
points = 1

[[earnings.check_in.streaks]]
days = 7
points = 3

[earnings.read]
points = 1
per_day_max = 50
per_article_day_max = 5
per_article_max = 20

[earnings.quiz]
points = 2
per_day_max = 5

[[weights]]
title = "2026年科普日"
opens_on = 2026-09-12
closes_on = 2026-09-20
times = 2
kinds = ["read", "quiz"]

[[weights]]
title = "答题月"
opens_on = 2026-11-01
closes_on = 2026-11-30
times = 3
kinds = ["quiz"]
"""
VOLUNTARY = """\
campaign = "reading-2026"
title = "华容县科普阅读活动"
issuer = "华容县科学技术协会"
place = "430623"
counts_within = "430623"
opens_on = 2026-01-01
closes_on = 2026-12-31
measure = "reads"
dwell_seconds_min = 15
tie_rule = "shared"
double_award = "highest_only"
publicity_days_min = 5
[earnings.read]
points = 1
per_day_max = 50
per_article_day_max = 5
"""
