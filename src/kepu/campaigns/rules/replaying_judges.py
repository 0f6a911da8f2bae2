"""The pieces of which a kind's judge for a day is put together, each around the one before it. Pure."""

from collections.abc import Callable, Collection

from kepu.campaigns.rules.sheets import Earning

KIND_BITS, ARTICLE_BITS = 5, 40  # of the keys of counters: person, kind; person, kind, article
STREAK_DAYS_MAX = 31

# What an act that counts earns, by person, article and the points it states; None: it does not count.
Judge = Callable[[int, int, int], int | None]


def refused(_person: int, _article: int, _points: int) -> None:
    """Nothing is earned: the sheet does not reward it, or not that person."""


def capped(counted: dict[int, int], kind: int, day_max: int, points: int) -> Judge:
    """Judges acts of a kind that count so often a day."""

    def judge(person: int, _article: int, _points: int) -> int | None:
        key = person << KIND_BITS | kind
        before = counted.get(key, 0)
        if before >= day_max:
            return None
        counted[key] = before + 1
        return points

    return judge


def article_capped(
    inner: Judge, of_day: dict[int, int], of_whole: dict[int, int], kind: int, earning: Earning
) -> Judge:
    """Judges acts of a kind of which one article counts only so often."""
    caps = [
        (counts, most)
        for counts, most in ((of_day, earning.per_article_day_max), (of_whole, earning.per_article_max))
        if most is not None
    ]

    def judge(person: int, article: int, points: int) -> int | None:
        if not article:
            return inner(person, article, points)
        subject = (person << KIND_BITS | kind) << ARTICLE_BITS | article
        for counts, most in caps:
            if counts.get(subject, 0) >= most:
                return None
        gained = inner(person, article, points)
        if gained is not None:
            for counts, _most in caps:
                counts[subject] = counts.get(subject, 0) + 1
        return gained

    return judge


def with_streak(
    inner: Judge, runs: dict[int, tuple[int, int]], today: int, kind: int, bonuses: list[int]
) -> Judge:
    """Judges acts that earn more from some days in a row on."""

    def judge(person: int, article: int, points: int) -> int | None:
        gained = inner(person, article, points)
        if gained is None:
            return None
        days = day_of_streak(runs, person << KIND_BITS | kind, today)
        return gained + bonuses[min(days, STREAK_DAYS_MAX)]

    return judge


def day_of_streak(runs: dict[int, tuple[int, int]], key: int, today: int) -> int:
    """The how manieth day in a row this is, which is noted."""
    newest, days = runs.get(key, (today, 0))
    if today > newest:
        newest, days = today, days << today - newest
    days |= 1 << newest - today
    runs[key] = (newest, days)
    up_to_today = days >> newest - today
    return (~up_to_today & up_to_today + 1).bit_length() - 1  # so many of its lowest bits are set


def bonuses(earning: Earning, times: int) -> list[int]:
    """What a streak adds on its nth day."""
    out = []
    for day in range(STREAK_DAYS_MAX + 1):
        reached = [streak.points for streak in earning.streaks if streak.days <= day]
        out.append(reached[-1] * times if reached else 0)
    return out


def doubled(inner: Judge, designated: Collection[int], times: int) -> Judge:
    """Judges as `inner`, and an act on a designated article earns so many times as much."""

    def judge(person: int, article: int, points: int) -> int | None:
        gained = inner(person, article, points)
        return gained * times if gained and article in designated else gained

    return judge


def under_ceiling(inner: Judge, earned: dict[int, int], ceiling: int) -> Judge:
    """Judges as `inner`, and gives no more points than the day has left."""

    def judge(person: int, article: int, points: int) -> int | None:
        gained = inner(person, article, points)
        if gained:
            before = earned.get(person, 0)
            gained = min(gained, max(0, ceiling - before))
            earned[person] = before + gained
        return gained

    return judge
