"""What must hold between the fields of a sheet: days, ranks, sums, scopes and the policy."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from kepu.campaigns.policy import breaches_of
from kepu.campaigns.rules import SCOPES, Measure, Policy, RuleSheet, TieRule
from kepu.campaigns.sheet.earning_checks import check_earnings
from kepu.campaigns.sheet.fields import Part
from kepu.campaigns.sheet.lines import lines_of
from kepu.campaigns.sheet.schema import COUNT_MAX, TARGETS, is_field
from kepu.campaigns.sheet.troubles import Allowed, SheetTrouble, Troubles
from kepu.people.rules import unit_kind, unit_name
from kepu.regions.rules import Level, is_within, level_of

RESERVED_ROUND_IDS = ("all",)  # the name of the window over the whole campaign


class Caution(StrEnum):
    """What a sheet may say and an organiser seldom means."""

    ALL_TIED = "all_tied"


def cautions_on(raw: Mapping[str, Any]) -> list[Caution]:
    """What to think over in a sheet, however wrong it is otherwise; it can be published all the same.

    ALL_TIED: figures are entered for everybody at the moment of approval (decision 23), so that "who was
    first" falls back on the number of registration.
    """
    is_tied = raw.get("measure") == Measure.IMPORTED and raw.get("tie_rule") == TieRule.EARLIER
    return [Caution.ALL_TIED] if is_tied else []


def check_together(sheet: Part, troubles: Troubles) -> None:
    """Everything that does not fit together is in `troubles`; what was wrong by itself is passed over."""
    _check_place(sheet, troubles)
    _check_days(sheet, sheet, troubles)
    _check_rounds(sheet, troubles)
    _check_dwell(sheet, troubles)
    check_earnings(sheet, troubles)
    for weight in sheet.parts("weights"):
        _check_days(weight, sheet, troubles)
    if sheet.get("tasks") is not None:
        _check_tasks(sheet, sheet.get("tasks"), troubles)
    _check_policy(sheet, troubles)
    for declaration in sheet.parts("declared"):
        name = declaration.get("field")
        if name is not None and not is_field(name):
            troubles.add(declaration.at("field"), name, Allowed.DECLARABLE)


def scopes_between(counts_within: str, place: str) -> list[str]:
    """The scopes in which people can be ranked, the widest first."""
    return [word for word, level in SCOPES.items() if len(counts_within) <= level <= len(place)]


def check_divisions(sheet: RuleSheet, text: str, names: Mapping[str, str]) -> list[SheetTrouble]:
    """Codes of the sheet that name no division, or another than the unit says. `names`: code → name.

    A unit at a village's code must bear its everyday name (as `people` names units); 机关、站所 stand at
    their town's code under their own.
    """
    troubles = Troubles(lines_of(text))
    for field, code in (("place", sheet.place), ("counts_within", sheet.counts_within)):
        if code not in names:
            troubles.add((field,), code, Allowed.KNOWN_DIVISION)
    for index, task in enumerate(sheet.tasks):
        name = names.get(task.division)
        if name is None:
            troubles.add(("tasks", "units", index, "division"), task.division, Allowed.KNOWN_DIVISION)
        elif level_of(task.division) is Level.VILLAGE and task.unit != _unit_name(task.division, name):
            troubles.add(
                ("tasks", "units", index, "unit"),
                task.unit,
                Allowed.DIVISION_NAME,
                _unit_name(task.division, name),
            )
    return troubles.in_order()


def _unit_name(code: str, name: str) -> str:
    return unit_name(name, unit_kind(code))


def _check_place(sheet: Part, troubles: Troubles) -> None:
    place, counts_within = sheet.get("place"), sheet.get("counts_within")
    if place and counts_within and not is_within(place, counts_within):
        troubles.add(sheet.at("counts_within"), counts_within, Allowed.WITHIN, place)


def _check_days(part: Part, sheet: Part, troubles: Troubles) -> None:
    """A window ends after it begins and lies in the campaign's period."""
    opens, closes = part.get("opens_on"), part.get("closes_on")
    if opens and closes and closes < opens:
        troubles.add(part.at("closes_on"), closes, Allowed.NOT_BEFORE, opens)
    first, last = sheet.get("opens_on"), sheet.get("closes_on")
    if part is sheet or not first or not last or last < first:
        return
    for field in ("opens_on", "closes_on"):
        day = part.get(field)
        if day and not first <= day <= last:
            troubles.add(part.at(field), day, Allowed.IN_PERIOD, first, last)


def _check_dwell(sheet: Part, troubles: Troubles) -> None:
    """Where readers count or earn, the sheet says after how many seconds somebody is one."""
    earnings, path = sheet.get("earnings"), sheet.at("dwell_seconds_min")
    counts = sheet.get("measure") == Measure.READS or bool(earnings and earnings.get("read"))
    if counts and sheet.get("dwell_seconds_min") is None and not troubles.stands_at(path):
        troubles.add(path, None, Allowed.PRESENT)


def _check_rounds(sheet: Part, troubles: Troubles) -> None:
    seen: dict[str, int] = {}
    for part in sheet.parts("rounds"):
        round_id = part.get("id")
        if round_id in RESERVED_ROUND_IDS:
            troubles.add(part.at("id"), round_id, Allowed.SLUG, 40)
        elif round_id:
            _check_once(seen, round_id, part, "id", troubles)
        _check_days(part, sheet, troubles)
        closes, judged = part.get("closes_on"), part.get("judged_on")
        if closes and judged and judged < closes:
            troubles.add(part.at("judged_on"), judged, Allowed.NOT_BEFORE, closes)
        _check_tiers(sheet, part, troubles)


def _check_tiers(sheet: Part, part: Part, troubles: Troubles) -> None:
    """In each scope ranks start at 1 and run on without gap or overlap; the money adds up."""
    tiers = part.parts("tiers")
    for tier in tiers:
        _check_scope(sheet, tier, troubles)
    if any(tier.get(name) is None for tier in tiers for name in ("scope", "rank_from", "rank_to")):
        return  # one unread rank would make its neighbours look wrong
    for scope in SCOPES:
        _check_ranks([tier for tier in tiers if tier.get("scope") == scope], troubles)
    if tiers:
        _check_amounts(part, tiers, troubles)


def _check_ranks(tiers: list[Part], troubles: Troubles) -> None:
    expected = 1
    for tier in sorted(tiers, key=lambda tier: int(tier.get("rank_from"))):
        first, last = tier.get("rank_from"), tier.get("rank_to")
        if first != expected:
            troubles.add(tier.at("rank_from"), first, Allowed.RANK_FROM, expected)
        if last < first:
            troubles.add(tier.at("rank_to"), last, Allowed.NUMBER, first, COUNT_MAX)
        expected = max(first, last) + 1


def _check_scope(sheet: Part, tier: Part, troubles: Troubles) -> None:
    """A scope is one of the divisions between the one where volume counts and the place."""
    place, counts_within, scope = sheet.get("place"), sheet.get("counts_within"), tier.get("scope")
    if not (place and counts_within and scope and is_within(place, counts_within)):
        return
    fitting = scopes_between(counts_within, place)
    if scope not in fitting:
        is_wide = SCOPES[scope] < len(counts_within)
        allowed = Allowed.SCOPE_WIDE if is_wide else Allowed.SCOPE_DEEP
        troubles.add(tier.at("scope"), scope, allowed, scope, ", ".join(fitting))


def _check_amounts(part: Part, tiers: list[Part], troubles: Troubles) -> None:
    total = sum((t.get("rank_to") - t.get("rank_from") + 1) * (t.get("amount") or 0) for t in tiers)
    stated = part.get("amount_total")
    if total and stated is None:
        troubles.add(part.at("amount_total"), None, Allowed.SUM, total)
    elif stated is not None and stated != total:
        troubles.add(part.at("amount_total"), stated, Allowed.SUM, total)


def _check_tasks(sheet: Part, tasks: Part, troubles: Troubles) -> None:
    units, seen, place = tasks.parts("units"), dict[str, int](), sheet.get("place")
    for unit in units:
        division = unit.get("division")
        if division is None:
            continue
        _check_once(seen, division, unit, "division", troubles)
        if place and not is_within(division, place):
            troubles.add(unit.at("division"), division, Allowed.WITHIN, place)
    total = tasks.get("total")
    for target in TARGETS:
        stated = total.get(target) if total else None
        rows = [unit.get(target) for unit in units]
        if stated is not None and None not in rows and stated != sum(rows):
            troubles.add(total.at(target), stated, Allowed.SUM, sum(rows))


def _check_once(seen: dict[str, int], value: str, part: Part, field: str, troubles: Troubles) -> None:
    path = part.at(field)
    if value in seen:
        troubles.add(path, value, Allowed.ONCE, seen[value])
    seen.setdefault(value, troubles.line(path))


def _check_policy(sheet: Part, troubles: Troubles) -> None:
    """What `voluntary` means: volume is readers. Shares are left to the clause on them (`guarded`)."""
    measure = sheet.get("measure")
    if sheet.get("policy") == Policy.VOLUNTARY and measure not in (None, Measure.READS, Measure.SHARES):
        troubles.add(sheet.at("measure"), measure, Allowed.BY_READS)


def guarded(sheet: RuleSheet, text: str) -> list[SheetTrouble]:
    """Where a `voluntary` sheet breaks a clause of the rule book, each with the clause; none for others."""
    troubles = Troubles(lines_of(text))
    if sheet.policy is Policy.VOLUNTARY:
        for each in breaches_of(sheet):
            words = (each.feature.value, each.clause.document, each.clause.clause, each.clause.says)
            troubles.add(each.path, each.found, Allowed.BARRED, *words)
    return troubles.in_order()
