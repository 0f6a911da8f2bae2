"""What a sheet makes of one act. No Django, clock or randomness."""

from datetime import datetime
from typing import NamedTuple

from kepu.campaigns.rules.sheets import MEASURED_KIND, Earning, Kind, Reason, RuleSheet


class Counted(NamedTuple):
    """What was counted before an act, of the same person and calendar day unless it says otherwise.

    `today`: acts of the same campaign and kind; `article_today`: those of them on the same article;
    `article`: those on the same article since the campaign began; `points_today`: points earned by acts of
    all kinds, in whatever campaign; `streak_days`: days in a row before this one with an act of the kind;
    `designated`: whether the act is on an article that is designated for the day.
    """

    today: int = 0
    article_today: int = 0
    article: int = 0
    points_today: int = 0
    streak_days: int = 0
    designated: bool = False


NOTHING = Counted()


class Verdict(NamedTuple):
    """What an act earned; `left_today` is how many more of its kind still count today (None: no cap)."""

    points: int
    volume: int
    reason: Reason
    left_today: int | None


def judge(
    sheet: RuleSheet | None,
    kind: Kind,
    at: datetime,
    *,
    certified: bool,
    counted: Counted = NOTHING,
) -> Verdict:
    """Say what one act earns, given what was counted before it.

    No sheet means no campaign was open where the person belongs. A measured kind without an earning line
    counts as volume, earns no points and has no cap. The ceiling of the day takes points, never volume.
    """
    if sheet is None or not sheet.opens_at <= at < sheet.closes_at:
        return Verdict(0, 0, Reason.CLOSED, None)
    earning = sheet.earnings.get(kind)
    volume = 1 if MEASURED_KIND[sheet.measure] is kind else 0
    if earning is None and not volume:
        return Verdict(0, 0, Reason.NOT_REWARDED, None)
    if sheet.certified_only and not certified and kind is not Kind.SIGN_IN:
        return Verdict(0, 0, Reason.NOT_CERTIFIED, None)
    if earning is None:
        return Verdict(0, volume, Reason.CREDITED, None)
    left = earning.per_day_max - counted.today
    if left <= 0:
        return Verdict(0, 0, Reason.DAY_CAP, 0)
    if article_full(earning, counted):
        return Verdict(0, 0, Reason.ARTICLE_CAP, left)
    points = points_of(sheet, earning, kind, at, counted)
    if sheet.points_per_day_max is not None:
        room = max(0, sheet.points_per_day_max - counted.points_today)
        if points > room:
            return Verdict(room, volume, Reason.CEILING, left - 1)
    return Verdict(points, volume, Reason.CREDITED, left - 1)


def article_full(earning: Earning, counted: Counted) -> bool:
    """Whether one article was counted as often as it may be, that day or in the campaign."""
    day_max, whole_max = earning.per_article_day_max, earning.per_article_max
    return (day_max is not None and counted.article_today >= day_max) or (
        whole_max is not None and counted.article >= whole_max
    )


def points_of(sheet: RuleSheet, earning: Earning, kind: Kind, at: datetime, counted: Counted) -> int:
    """What an act earns that counts, before the ceiling of its day.

    The points of its kind and of its streak, times the period's weight, times that of a designated article.
    """
    points = earning.points
    if earning.streaks:
        reached = [streak.points for streak in earning.streaks if streak.days <= counted.streak_days + 1]
        points += reached[-1] if reached else 0
    for weight in sheet.weights:
        if kind in weight.kinds and weight.opens_at <= at < weight.closes_at:
            points *= weight.times
    return points * sheet.designated_times if counted.designated else points
