"""Last year's sheet as the beginning of this year's. Pure."""

import re
from calendar import monthrange
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from kepu.campaigns.rules import Policy
from kepu.campaigns.sheet.fields import YEAR_MAX, YEAR_MIN


def moved_day(day: date, years: int) -> date:
    """The same day of another year; the last day of a month stays the last (29 February ↔ 28 February)."""
    year = min(max(day.year + years, YEAR_MIN), YEAR_MAX)
    last = monthrange(year, day.month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, day.month, last if is_last else min(day.day, last))


def moved_sheet(raw: Mapping[str, Any], years: int, campaign: str, title: str) -> dict[str, Any]:
    """The sheet `years` later under another name: every day moved, titles of rounds name the new year.

    It starts as voluntary, without the number of a paper and without declarations: they say what the old
    paper left open. Whoever takes up the notice's policy or a new paper says so anew. Everything else stays,
    also what a voluntary sheet may not have: its checks tell.
    """
    old = raw["opens_on"].year
    moved: dict[str, Any] = _moved(deepcopy(dict(raw)), years, old)
    moved |= {"campaign": campaign, "title": title, "policy": Policy.VOLUNTARY.value}
    for name in ("document", "based_on", "declared"):
        moved.pop(name, None)
    return moved


def next_name(campaign: str, years: int) -> str:
    """chaqi-2021 → chaqi-2022; a name without a year gets none."""
    return re.sub(r"\d{4}$", lambda found: str(int(found.group()) + years), campaign)


def next_title(title: str, old: int, years: int) -> str:
    """The title with the new year where it named the old one."""
    return title.replace(str(old), str(old + years))


def _moved(value: Any, years: int, old: int, name: str = "") -> Any:
    match value:
        case date():
            return moved_day(value, years)
        case dict():
            return {key: _moved(inner, years, old, key) for key, inner in value.items()}
        case list():
            return [_moved(inner, years, old, name) for inner in value]
        case str() if name == "title":
            return next_title(value, old, years)
    return value
