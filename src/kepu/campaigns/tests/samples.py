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
