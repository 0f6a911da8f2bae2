"""What a sheet must agree with beside itself: its own past versions and the other campaigns. Pure."""

from collections.abc import Sequence
from datetime import datetime

from kepu.campaigns.rules import Policy, Published, RuleSheet
from kepu.campaigns.sheet.lines import lines_of
from kepu.campaigns.sheet.troubles import Allowed, SheetTrouble, Troubles

# Volumes of two measures are never added (SPEC, rule of honesty 1), and a board's people stay the same.
DECIDING = ("tie_rule", "double_award", "late_days")
UNCHANGING = ("measure", "place", "counts_within")


def check_history(
    sheet: RuleSheet, text: str, published: Sequence[Published], now: datetime, *, is_signed: bool
) -> list[SheetTrouble]:
    """What speaks against publishing a sheet without troubles of its own, given every campaign's newest one.

    Policy `notice` without a name that signs off its conflicts; another measure, place or counting division
    than in the version before, or other rules for a round that has closed; a campaign that would count where
    and when another does.
    """
    troubles = Troubles(lines_of(text))
    before = next((each for each in published if each.sheet.campaign == sheet.campaign), None)
    if sheet.policy is Policy.NOTICE and not is_signed:
        troubles.add(("policy",), sheet.policy.value, Allowed.SIGN_OFF)
    if before is not None:
        _check_unchanged(sheet, before.sheet, troubles)
        _check_closed_rounds(sheet, before.sheet, now, troubles)
    _check_alone(sheet, [each for each in published if each is not before], troubles)
    return troubles.in_order()


def _check_unchanged(sheet: RuleSheet, before: RuleSheet, troubles: Troubles) -> None:
    for field in UNCHANGING:
        now_stated, stated = str(getattr(sheet, field)), str(getattr(before, field))
        if now_stated != stated:
            troubles.add((field,), now_stated, Allowed.AS_PUBLISHED, stated)


def _check_closed_rounds(sheet: RuleSheet, before: RuleSheet, now: datetime, troubles: Troubles) -> None:
    """Nobody wins or loses by a rule that was written after the round."""
    closed = [round_ for round_ in before.rounds if round_.closes_at <= now]
    for round_ in closed:
        if round_ not in sheet.rounds:
            found = next((n for n, each in enumerate(sheet.rounds) if each.id == round_.id), None)
            place = ("rounds",) if found is None else ("rounds", found)
            troubles.add(place, round_.id if found is not None else None, Allowed.CLOSED_ROUND, round_.title)
    for field in DECIDING if closed else ():
        if getattr(sheet, field) != getattr(before, field):
            stated = str(getattr(sheet, field))
            troubles.add((field,), stated, Allowed.CLOSED_ROUND, closed[-1].title)


def _check_alone(sheet: RuleSheet, others: list[Published], troubles: Troubles) -> None:
    """Two campaigns that count in the same division on the same day would take each other's volume."""
    for other in others:
        apart = sheet.closes_at <= other.sheet.opens_at or other.sheet.closes_at <= sheet.opens_at
        if other.sheet.counts_within == sheet.counts_within and not apart:
            troubles.add(("counts_within",), sheet.counts_within, Allowed.FREE_PERIOD, other.sheet.campaign)
