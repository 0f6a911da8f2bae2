"""From the text of a sheet to its rules."""

import re
import tomllib
from datetime import date, timedelta

from kepu.campaigns.rules import (
    Declaration,
    DoubleAward,
    Earning,
    Kind,
    Measure,
    Policy,
    Round,
    RuleSheet,
    Streak,
    Switch,
    Tier,
    TieRule,
    UnitTask,
    Weight,
)
from kepu.campaigns.sheet.checks import check_together, guarded
from kepu.campaigns.sheet.fields import Part, read_table
from kepu.campaigns.sheet.lines import lines_of
from kepu.campaigns.sheet.schema import EARNING_KINDS, SHEET
from kepu.campaigns.sheet.troubles import Allowed, SheetTrouble, Troubles, shown
from kepu.kit.clock import start_of

TEXT_MAX = 200_000
DWELL_SECONDS_OTHERWISE = 10  # where readers neither count nor earn


def parse_sheet(text: str, version: int = 0) -> RuleSheet | list[SheetTrouble]:
    """The rules a sheet states, or all its troubles by line (the fields, then what must fit together).

    A sheet without such troubles is held against the rule book, if `version` is 0: until it is published.
    A published one stays readable when the book grows. `version` goes into the sheet. Days are of
    Asia/Shanghai; the last day of a period counts, so `closes_at` is the first moment of the next.
    """
    text = plain(text)
    if len(text) > TEXT_MAX:
        return [SheetTrouble(1, "", str(len(text)), Allowed.SHORT, (str(TEXT_MAX),))]
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return [_toml_trouble(text, str(error))]
    troubles = Troubles(lines_of(text))
    part = read_table(raw, SHEET, (), troubles)
    check_together(part, troubles)
    if troubles.found:
        return troubles.in_order()
    sheet = _sheet(part, version)
    return sheet if version else guarded(sheet, text) or sheet


def plain(text: str) -> str:
    """The text without a byte-order mark and with plain line ends, as `tomllib` and people see it."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _toml_trouble(text: str, message: str) -> SheetTrouble:
    lines = text.split("\n")
    stated = re.search(r"at line (\d+)", message)
    last = max((number for number, line in enumerate(lines, start=1) if line.strip()), default=1)
    line = min(int(stated.group(1)), len(lines)) if stated else last
    twice = "overwrite" in message or "twice" in message or "Duplicate" in message
    allowed = Allowed.ONCE if twice else Allowed.TOML
    return SheetTrouble(line, "", shown(lines[line - 1])[1:-1], allowed, ("",) if twice else ())


def _sheet(part: Part, version: int) -> RuleSheet:
    tasks = part.get("tasks")
    return RuleSheet(
        campaign=part.get("campaign"),
        version=version,
        title=part.get("title"),
        issuer=part.get("issuer"),
        document=part.get("document"),
        place=part.get("place"),
        counts_within=part.get("counts_within"),
        opens_at=start_of(part.get("opens_on")),
        closes_at=start_of(_after(part.get("closes_on"))),
        policy=Policy(part.get("policy")),
        measure=Measure(part.get("measure")),
        dwell_seconds_min=part.get("dwell_seconds_min") or DWELL_SECONDS_OTHERWISE,
        tie_rule=TieRule(part.get("tie_rule")),
        double_award=DoubleAward(part.get("double_award")),
        certified_only=part.get("certified_only"),
        earnings=_earnings(part.get("earnings")),
        tasks=tuple(UnitTask(**unit.values) for unit in tasks.parts("units")) if tasks else (),
        rounds=tuple(_round(each) for each in part.parts("rounds")),
        declared=tuple(Declaration(**each.values) for each in part.parts("declared")),
        based_on=part.get("based_on"),
        publicity_days_min=part.get("publicity_days_min"),
        boards_may_hide=part.get("boards_may_hide"),
        approval_number=part.get("approval_number"),
        late_days=part.get("late_days"),
        points_per_day_max=part.get("points_per_day_max"),
        weights=tuple(_weight(each) for each in part.parts("weights")),
        designated_times=part.get("designated_times"),
        switched_off=frozenset(map(Switch, part.get("switched_off") or ())),
    )


def _earnings(part: Part) -> dict[Kind, Earning]:
    return {kind: _earning(part.get(word)) for word, kind in EARNING_KINDS.items() if part.get(word)}


def _earning(part: Part) -> Earning:
    streaks = tuple(Streak(**each.values) for each in part.parts("streaks"))
    return Earning(**part.values | {"streaks": streaks})


def _weight(part: Part) -> Weight:
    return Weight(
        title=part.get("title"),
        opens_at=start_of(part.get("opens_on")),
        closes_at=start_of(_after(part.get("closes_on"))),
        times=part.get("times"),
        kinds=frozenset(EARNING_KINDS[word] for word in part.get("kinds")),
    )


def _round(part: Part) -> Round:
    return Round(
        id=part.get("id"),
        title=part.get("title"),
        opens_at=start_of(part.get("opens_on")),
        closes_at=start_of(_after(part.get("closes_on"))),
        judged_on=part.get("judged_on"),
        basic_task=part.get("basic_task"),
        tiers=tuple(Tier(**{"amount": None} | each.values) for each in part.parts("tiers")),
    )


def _after(day: date) -> date:
    return day + timedelta(days=1)
