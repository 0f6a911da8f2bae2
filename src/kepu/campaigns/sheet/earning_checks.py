"""What must hold between what acts earn, its weights and what the campaign does without."""

from itertools import combinations

from kepu.campaigns.rules.sheets import SWITCH_OF
from kepu.campaigns.sheet.fields import Part
from kepu.campaigns.sheet.schema import EARNING_KINDS
from kepu.campaigns.sheet.troubles import Allowed, Troubles


def check_earnings(sheet: Part, troubles: Troubles) -> None:
    """Everything that does not fit together is in `troubles`; what was wrong by itself is passed over."""
    earnings = sheet.get("earnings")
    if earnings is None:
        return
    off = sheet.get("switched_off") or ()
    for word, kind in EARNING_KINDS.items():
        earning = earnings.get(word)
        if earning is None:
            continue
        _check_article_caps(earning, troubles)
        _check_streaks(earning, troubles)
        if SWITCH_OF.get(kind) in off:
            troubles.add(earning.at("points"), earning.get("points"), Allowed.SWITCHED_OFF, SWITCH_OF[kind])
    _check_weights(sheet, earnings, troubles)


def _check_article_caps(earning: Part, troubles: Troubles) -> None:
    day_max, whole_max = earning.get("per_article_day_max"), earning.get("per_article_max")
    if day_max and whole_max and whole_max < day_max:
        troubles.add(earning.at("per_article_max"), whole_max, Allowed.NUMBER, day_max, 10_000)


def _check_streaks(earning: Part, troubles: Troubles) -> None:
    """Steps rise, and only what counts once a day has any."""
    steps, day_max = earning.parts("streaks"), earning.get("per_day_max")
    if steps and day_max is not None and day_max != 1:
        troubles.add(earning.at("per_day_max"), day_max, Allowed.ONCE_A_DAY)
    reached = None
    for step in steps:
        days = step.get("days")
        if days is not None and reached is not None and days <= reached:
            troubles.add(step.at("days"), days, Allowed.RISING, reached)
        reached = days or reached


def _check_weights(sheet: Part, earnings: Part, troubles: Troubles) -> None:
    """What is weighed earns points, and on one day by one weight."""
    weights = sheet.parts("weights")
    for weight in weights:
        for kind in weight.get("kinds") or ():
            if earnings.get(kind) is None and not troubles.stands_at(earnings.at(kind)):
                troubles.add(weight.at("kinds"), kind, Allowed.EARNING, kind)
    for one, other in combinations(weights, 2):
        days = [each.get(name) for each in (one, other) for name in ("opens_on", "closes_on")]
        both = [kind for kind in one.get("kinds") or () if kind in (other.get("kinds") or ())]
        if None not in days and both and days[0] <= days[3] and days[2] <= days[1]:
            troubles.add(other.at("opens_on"), days[2], Allowed.WEIGHED_ONCE, one.get("title") or "", both[0])
