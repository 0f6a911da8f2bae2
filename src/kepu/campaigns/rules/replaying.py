"""What other rules would have made of acts that were judged already. Pure; acts come in, sums stay.

Millions of acts are judged in one pass, so the sheet is compiled: a function a kind and day that knows only
what can matter there, and counters whose keys are whole numbers. A test holds it against `judge`, act by act.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from kepu.campaigns.rules.judging import NOTHING, points_of
from kepu.campaigns.rules.sheets import MEASURED_KIND, Earning, Kind, Reason, RuleSheet
from kepu.kit import clock

# Acts of a book come in the order of the server's clock; of a few days at once counters are kept.
DAYS_KEPT = 3
STREAK_DAYS_MAX = 31
# Added to the kind of an act that counted in another campaign: it fills the day's ceiling and keeps a streak
# as it did, and is not tried.
ELSEWHERE = 32
_KIND_BITS, _ARTICLE_BITS = 5, 40  # of the keys of counters: person, kind; person, kind, article
_COUNTED_THEN = frozenset(
    {Reason.CREDITED, Reason.CEILING, Reason.DAY_CAP, Reason.ARTICLE_CAP, Reason.ADJUSTED}
)


class PastAct(NamedTuple):
    """One act as the ledger has it; a plain tuple of these does as well. `day`: yyyymmdd."""

    seq: int
    person: int
    kind: int
    article: int
    at_ms: int
    day: int
    points: int
    volume: int
    reason: int


PastRow = PastAct | tuple[int, int, int, int, int, int, int, int, int]


@dataclass(slots=True)
class Change:
    """One person's sums: as it was judged and as it would be.

    `volume_added`: by round, what the other rules add to the volume of its days; `reached_ms`: when the
    volume of its days would last have grown among the acts replayed (0: never).
    """

    points_before: int = 0
    points_after: int = 0
    volume_before: int = 0
    volume_after: int = 0
    volume_added: list[int] = field(default_factory=list)
    reached_ms: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it: how many acts, everybody's change, kind → [points before, points after]."""

    acts: int
    people: dict[int, Change]
    kinds: dict[Kind, list[int]]


# What an act that counts earns, by person, article and the points it states; None: it does not count.
_Judge = Callable[[int, int, int], int | None]


@dataclass(slots=True)
class _Day:
    """A day's judges by kind, and what was counted on it. `number`: days since the year 1.

    `volumes`: what an act of a kind that counts adds to the volume; None: what it states itself.
    """

    number: int
    at: datetime
    is_asked: bool
    designated: Collection[int]
    volume_added: dict[int, int]
    reached_ms: dict[int, int]
    judges: list[_Judge] = field(default_factory=lambda: [_refused] * (2 * ELSEWHERE))
    volumes: list[int | None] = field(default_factory=lambda: [0] * (2 * ELSEWHERE))
    counted: dict[int, int] = field(default_factory=dict)
    articles: dict[int, int] = field(default_factory=dict)
    earned: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Replaying:
    """The rules tried, and what came of it so far: sums by person and kind, never the acts themselves.

    `rounds` are (first day, last day) of the windows whose volume is asked. `certified`: who is, for acts the
    first rules did not ask it of (`asked_certified`: whether they did at all). Acts of days before
    `first_day` are judged because later ones depend on them (`looks_back`), and not summed. `designated`: by
    day, the articles that everybody was asked to read.
    """

    sheet: RuleSheet
    rounds: Sequence[tuple[int, int]]
    certified: Collection[int]
    asked_certified: bool = True
    first_day: int = 0
    designated: Mapping[int, Collection[int]] = field(default_factory=dict)
    acts: int = 0
    sums: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))
    runs: dict[int, tuple[int, int]] = field(default_factory=dict)
    articles: dict[int, int] = field(default_factory=dict)
    days: dict[int, _Day] = field(default_factory=dict)
    of_rounds: dict[tuple[int, ...], tuple[dict[int, int], dict[int, int]]] = field(default_factory=dict)


def looks_back(sheet: RuleSheet, first: date, opens: date) -> dict[Kind, date]:
    """The kinds of which acts before `first` matter to the rules, and from which day on.

    Streaks: as many days as the longest can be; one article in the whole campaign: since it opened.
    """
    back = {}
    for kind, earning in sheet.earnings.items():
        if earning.streaks:
            back[kind] = first - timedelta(days=STREAK_DAYS_MAX)
        if earning.per_article_max is not None:
            back[kind] = opens
    return {kind: day for kind, day in back.items() if day < first}


def replay(rows: Iterable[PastRow], state: Replaying, taken_back: Collection[int] = frozenset()) -> None:
    """The acts are judged by the sheet in their order and added up; cutting them in pieces changes nothing.

    As `judge` would one by one, each seeing what these rules counted before it. An act of `taken_back` (by
    seq) earned nothing then and earns nothing now, but was counted that day. Imported figures stand as
    stated where the sheet ranks by them. The sheet's own period is not asked: the acts were chosen by day.
    Books come one after the other; whoever moved between two is counted in that order. Memory grows with
    people and, where an article counts so often in the whole campaign, with people and their articles.
    """
    sums, certified, sure = state.sums, state.certified, _sure_reasons(state)
    today, acts = -1, 0
    for seq, person, kind, article, at_ms, day, points, volume, reason in rows:
        if day != today:
            here, today = _day(state, day), day
            judges, volumes, is_asked = here.judges, here.volumes, here.is_asked
            added, reached = here.volume_added, here.reached_ms
        is_fit = reason in sure or _was_certified(kind, person, reason, certified)
        gained = judges[kind](person, article, points) if is_fit else None
        if not is_asked or kind >= ELSEWHERE:
            continue
        acts += 1
        if seq in taken_back:
            continue
        if gained is None:
            gained = gained_volume = 0
        else:
            of_kind = volumes[kind]
            gained_volume = volume if of_kind is None else of_kind
        both = sums[person << _KIND_BITS | kind]
        both[0] += points
        both[1] += gained
        if gained_volume or volume:
            both[2] += volume
            both[3] += gained_volume
            if gained_volume > 0 and at_ms > reached.get(person, 0):
                reached[person] = at_ms
            if gained_volume != volume:
                added[person] = added.get(person, 0) + gained_volume - volume
    state.acts += acts


def replayed(state: Replaying) -> Replayed:
    """What came of the acts so far."""
    people: dict[int, Change] = {}
    kinds: dict[Kind, list[int]] = {}
    for key, (before, after, volume_before, volume_after) in state.sums.items():
        person, kind = key >> _KIND_BITS, Kind(key & (1 << _KIND_BITS) - 1)
        change = people.get(person)
        if change is None:
            empty = [0] * len(state.rounds)
            change = people[person] = Change(volume_added=empty, reached_ms=list(empty))
        change.points_before += before
        change.points_after += after
        change.volume_before += volume_before
        change.volume_after += volume_after
        of_kind = kinds.setdefault(kind, [0, 0])
        of_kind[0] += before
        of_kind[1] += after
    for rounds, (added, reached) in state.of_rounds.items():
        for number in rounds:
            for person, volume in added.items():
                people[person].volume_added[number] += volume
            for person, at_ms in reached.items():
                people[person].reached_ms[number] = max(people[person].reached_ms[number], at_ms)
    return Replayed(state.acts, people, kinds)


def _day(state: Replaying, day: int) -> _Day:
    if day not in state.days:
        while len(state.days) >= DAYS_KEPT:
            del state.days[next(iter(state.days))]
        rounds = tuple(n for n, (first, last) in enumerate(state.rounds) if first <= day <= last)
        on = date(day // 10_000, day // 100 % 100, day % 100)
        designated = state.designated.get(day, ())
        sums = state.of_rounds.setdefault(rounds, ({}, {}))
        here = _Day(on.toordinal(), clock.start_of(on), day >= state.first_day, designated, *sums)
        for kind in Kind:
            here.judges[kind] = _judge_of(state, here, kind)
            here.judges[kind + ELSEWHERE] = _elsewhere(state, here, kind)
            here.volumes[kind] = _volume_of(state.sheet, kind)
        state.days[day] = here
    return state.days[day]


def _volume_of(sheet: RuleSheet, kind: Kind) -> int | None:
    is_measured = MEASURED_KIND[sheet.measure] is kind
    return None if is_measured and kind is Kind.IMPORT else int(is_measured)


def _judge_of(state: Replaying, here: _Day, kind: Kind) -> _Judge:
    """The sheet compiled for one kind on one day."""
    sheet, earning = state.sheet, state.sheet.earnings.get(kind)
    if kind is Kind.IMPORT:
        return lambda _person, _article, points: points
    if kind in STATED or (earning is None and MEASURED_KIND[sheet.measure] is not kind):
        return _refused
    if earning is None:
        return lambda _person, _article, _points: 0
    times = points_of(sheet, _ONE_POINT, kind, here.at, NOTHING)
    judge = _capped(here.counted, kind, earning.per_day_max, earning.points * times)
    if (earning.per_article_day_max, earning.per_article_max) != (None, None):
        judge = _article_capped(judge, here.articles, state.articles, kind, earning)
    if earning.streaks:
        judge = _with_streak(judge, state.runs, here.number, kind, _bonuses(earning, times))
    if here.designated and sheet.designated_times != 1:
        judge = _doubled(judge, here.designated, sheet.designated_times)
    if sheet.points_per_day_max is not None:
        judge = _under_ceiling(judge, here.earned, sheet.points_per_day_max)
    return judge


def _refused(_person: int, _article: int, _points: int) -> None:
    return None


def _elsewhere(state: Replaying, here: _Day, kind: Kind) -> _Judge:
    def judge(person: int, _article: int, points: int) -> None:
        here.earned[person] = here.earned.get(person, 0) + points
        if has_streaks:
            _day_of_streak(state.runs, person << _KIND_BITS | kind, here.number)

    earning = state.sheet.earnings.get(kind)
    has_streaks = earning is not None and bool(earning.streaks)
    return judge


def _capped(counted: dict[int, int], kind: int, day_max: int, points: int) -> _Judge:
    def judge(person: int, _article: int, _points: int) -> int | None:
        key = person << _KIND_BITS | kind
        before = counted.get(key, 0)
        if before >= day_max:
            return None
        counted[key] = before + 1
        return points

    return judge


def _article_capped(
    inner: _Judge, of_day: dict[int, int], of_whole: dict[int, int], kind: int, earning: Earning
) -> _Judge:
    caps = [
        (counts, most)
        for counts, most in ((of_day, earning.per_article_day_max), (of_whole, earning.per_article_max))
        if most is not None
    ]

    def judge(person: int, article: int, points: int) -> int | None:
        if not article:
            return inner(person, article, points)
        subject = (person << _KIND_BITS | kind) << _ARTICLE_BITS | article
        for counts, most in caps:
            if counts.get(subject, 0) >= most:
                return None
        gained = inner(person, article, points)
        if gained is not None:
            for counts, _most in caps:
                counts[subject] = counts.get(subject, 0) + 1
        return gained

    return judge


def _with_streak(
    inner: _Judge, runs: dict[int, tuple[int, int]], today: int, kind: int, bonuses: list[int]
) -> _Judge:
    def judge(person: int, article: int, points: int) -> int | None:
        gained = inner(person, article, points)
        if gained is None:
            return None
        days = _day_of_streak(runs, person << _KIND_BITS | kind, today)
        return gained + bonuses[min(days, STREAK_DAYS_MAX)]

    return judge


def _day_of_streak(runs: dict[int, tuple[int, int]], key: int, today: int) -> int:
    """The how manieth day in a row this is, which is noted."""
    last, days = runs.get(key, (0, 0))
    if last != today:
        days = days + 1 if last == today - 1 else 1
        if last < today:
            runs[key] = (today, days)
    return days


def _bonuses(earning: Earning, times: int) -> list[int]:
    """What a streak adds on its nth day."""
    out = []
    for day in range(STREAK_DAYS_MAX + 1):
        reached = [streak.points for streak in earning.streaks if streak.days <= day]
        out.append(reached[-1] * times if reached else 0)
    return out


def _doubled(inner: _Judge, designated: Collection[int], times: int) -> _Judge:
    def judge(person: int, article: int, points: int) -> int | None:
        gained = inner(person, article, points)
        return gained * times if gained and article in designated else gained

    return judge


def _under_ceiling(inner: _Judge, earned: dict[int, int], ceiling: int) -> _Judge:
    def judge(person: int, article: int, points: int) -> int | None:
        gained = inner(person, article, points)
        if gained:
            before = earned.get(person, 0)
            gained = min(gained, max(0, ceiling - before))
            earned[person] = before + gained
        return gained

    return judge


def _sure_reasons(state: Replaying) -> Collection[int]:
    """The reasons that leave no question whether the person was certified, or ask none."""
    if not state.sheet.certified_only:
        return frozenset(Reason)
    return _COUNTED_THEN if state.asked_certified else frozenset({Reason.ADJUSTED})


def _was_certified(kind: int, person: int, reason: int, certified: Collection[int]) -> bool:
    """Signing in asks it of nobody; where nobody asked then, today's register says."""
    return kind == Kind.SIGN_IN or (reason != Reason.NOT_CERTIFIED and person in certified)


# Stated by people or by the ledger itself: nothing judges them. Imports are taken as they were stated.
STATED = frozenset({Kind.ADJUSTMENT, Kind.SPEND, Kind.IMPORT, Kind.EXPIRY, Kind.REFUND})
_ONE_POINT = Earning(1, 1)
