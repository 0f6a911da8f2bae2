"""What other rules would have made of acts that were judged already. Pure; acts come in, sums stay.

Millions of acts are judged in one pass, so the sheet is compiled: a function a kind and day that knows only
what can matter there, and counters whose keys are whole numbers. A test holds it against `judge`, act by act.
"""

import marshal
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from kepu.campaigns.rules.judging import NOTHING, points_of
from kepu.campaigns.rules.replaying_judges import (
    KIND_BITS,
    STREAK_DAYS_MAX,
    Judge,
    article_capped,
    bonuses,
    capped,
    day_of_streak,
    doubled,
    refused,
    under_ceiling,
    with_streak,
)
from kepu.campaigns.rules.sheets import MEASURED_KIND, Earning, Kind, Reason, RuleSheet
from kepu.kit import clock

# Acts of a book mostly come in the order of their days. Of so many days counters lie open; those of others
# are packed into bytes, for an act can be entered long after its day.
DAYS_OPEN = 4
# Added to the kind of an act that counted in another campaign: it fills the day's ceiling and keeps a streak
# as it did, and is not tried.
ELSEWHERE = 32
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


@dataclass(slots=True)
class _Day:
    """A day's judges by kind, and what was counted on it. `number`: days since the year 1.

    `volumes`: what an act of a kind that counts adds to the volume; None: what it states itself. `packed`:
    the three counters, while they do not lie open.
    """

    number: int
    at: datetime
    is_asked: bool
    designated: Collection[int]
    volume_added: dict[int, int]
    reached_ms: dict[int, int]
    judges: list[Judge] = field(default_factory=lambda: [refused] * (2 * ELSEWHERE))
    volumes: list[int | None] = field(default_factory=lambda: [0] * (2 * ELSEWHERE))
    counted: dict[int, int] = field(default_factory=dict)
    articles: dict[int, int] = field(default_factory=dict)
    earned: dict[int, int] = field(default_factory=dict)
    packed: bytes = b""


@dataclass(slots=True)
class Replaying:
    """The rules tried, and what came of it so far: sums by person and kind, never the acts themselves.

    `rounds` are (first day, last day) of the windows whose volume is asked. `certified`: who is, for acts the
    first rules did not ask it of (`asked_certified`: whether they did at all). Acts of days before
    `first_day` are judged because later ones depend on them (`looks_back`), and not summed. `designated`: by
    day, the articles that everybody was asked to read. `runs`: by person and kind, the newest day with an act
    that counted and the days up to it as bits, the newest lowest. `open_days`: those used last come last.
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
    open_days: dict[int, _Day] = field(default_factory=dict)
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
    Acts may be of any days in any order. Books come one after the other, `begin_book` before each. Memory
    grows with people, some ten bytes for each person and kind of a day, and where the sheet caps an article
    with people and their articles.
    """
    sums, certified, sure = state.sums, state.certified, _sure_reasons(state)
    today, acts = -1, 0
    for seq, person, kind, article, at_ms, day, points, volume, reason in rows:
        if day != today:
            if kind == Kind.IMPORT:
                # Nothing counts what is imported, and a file may name a hundred days: they stay packed.
                here, today = _day(state, day), -1
            else:
                here, today = _open_day(state, day), day
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
        both = sums[person << KIND_BITS | kind]
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


def begin_book(state: Replaying) -> None:
    """The acts of another book follow: what was counted on a day so far is of people of the books before.

    Whoever moved between two books meanwhile is counted anew in each; their streaks go on.
    """
    state.days.clear()
    state.open_days.clear()


def replayed(state: Replaying) -> Replayed:
    """What came of the acts so far."""
    people: dict[int, Change] = {}
    kinds: dict[Kind, list[int]] = {}
    for key, (before, after, volume_before, volume_after) in state.sums.items():
        person, kind = key >> KIND_BITS, Kind(key & (1 << KIND_BITS) - 1)
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


def _open_day(state: Replaying, day: int) -> _Day:
    """The day with its counters open; those of the day that was used least lately may be packed for it."""
    here, lying_open = _day(state, day), state.open_days
    lying_open.pop(day, None)
    if len(lying_open) >= DAYS_OPEN:
        _pack(lying_open.pop(next(iter(lying_open))))
    lying_open[day] = here
    if here.packed:
        held = marshal.loads(here.packed)  # noqa: S302 - packed below, by this process
        for counter, entries in zip((here.counted, here.articles, here.earned), held, strict=True):
            counter.update(entries)
        here.packed = b""
    return here


def _pack(here: _Day) -> None:
    # The same dictionaries stay: the day's judges hold them.
    here.packed = marshal.dumps((here.counted, here.articles, here.earned))
    for counter in (here.counted, here.articles, here.earned):
        counter.clear()


def _volume_of(sheet: RuleSheet, kind: Kind) -> int | None:
    is_measured = MEASURED_KIND[sheet.measure] is kind
    return None if is_measured and kind is Kind.IMPORT else int(is_measured)


def _judge_of(state: Replaying, here: _Day, kind: Kind) -> Judge:
    """The sheet compiled for one kind on one day."""
    sheet, earning = state.sheet, state.sheet.earnings.get(kind)
    if kind is Kind.IMPORT:
        return lambda _person, _article, points: points
    if kind in STATED or (earning is None and MEASURED_KIND[sheet.measure] is not kind):
        return refused
    if earning is None:
        return lambda _person, _article, _points: 0
    times = points_of(sheet, _ONE_POINT, kind, here.at, NOTHING)
    judge = capped(here.counted, kind, earning.per_day_max, earning.points * times)
    if (earning.per_article_day_max, earning.per_article_max) != (None, None):
        judge = article_capped(judge, here.articles, state.articles, kind, earning)
    if earning.streaks:
        judge = with_streak(judge, state.runs, here.number, kind, bonuses(earning, times))
    if here.designated and sheet.designated_times != 1:
        judge = doubled(judge, here.designated, sheet.designated_times)
    if sheet.points_per_day_max is not None:
        judge = under_ceiling(judge, here.earned, sheet.points_per_day_max)
    return judge


def _elsewhere(state: Replaying, here: _Day, kind: Kind) -> Judge:
    def judge(person: int, _article: int, points: int) -> None:
        here.earned[person] = here.earned.get(person, 0) + points
        if has_streaks:
            day_of_streak(state.runs, person << KIND_BITS | kind, here.number)

    earning = state.sheet.earnings.get(kind)
    has_streaks = earning is not None and bool(earning.streaks)
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
