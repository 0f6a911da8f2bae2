"""What other rules would have made of acts that were judged already. Pure; acts come in, sums stay."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from kepu.campaigns.rules.judging import Counted, Verdict, judge
from kepu.campaigns.rules.sheets import COUNTED, Kind, Measure, Reason, RuleSheet

# Acts of a book come in the order of the server's clock; counters of days before these are let go.
DAYS_KEPT = 3
Key = TypeVar("Key")


class PastAct(NamedTuple):
    """One act as the ledger has it; `stands` is False when it was taken back later. `day`: yyyymmdd."""

    person: int
    kind: int
    article: int
    at_ms: int
    day: int
    points: int
    volume: int
    reason: int
    stands: bool


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


@dataclass(slots=True)
class Replaying:
    """The rules tried, and what came of it so far: sums by person and by kind, never the acts themselves.

    `rounds` are (first day, last day) of the windows whose volume is asked. `certified`: who is, for acts the
    first rules did not ask it of (`asked_certified`: whether they did at all). `kinds`: kind → [points
    before, points after].
    """

    sheet: RuleSheet
    rounds: Sequence[tuple[int, int]]
    certified: Collection[int]
    asked_certified: bool = True
    acts: int = 0
    people: dict[int, Change] = field(default_factory=dict)
    kinds: dict[Kind, list[int]] = field(default_factory=dict)
    credited: dict[int, dict[tuple[int, int], int]] = field(default_factory=dict)
    credited_articles: dict[int, dict[tuple[int, int, int], int]] = field(default_factory=dict)


def replay(acts: Iterable[PastAct], state: Replaying) -> None:
    """The acts are judged by the sheet in their order and added up; cutting them in pieces changes nothing.

    Exact for caps a day and an article, which count what these rules would have credited. An act taken back
    earned nothing then and earns nothing now, but was counted that day. Imported figures stand as stated
    where the sheet ranks by them. The sheet's own period is not asked: the acts were chosen by day.
    """
    for act in acts:
        state.acts += 1
        verdict = _judged(act, state)
        if not act.stands:
            continue
        change = state.people.get(act.person)
        if change is None:
            empty = [0] * len(state.rounds)
            change = state.people[act.person] = Change(volume_added=empty, reached_ms=list(empty))
        change.points_before += act.points
        change.points_after += verdict.points
        change.volume_before += act.volume
        change.volume_after += verdict.volume
        kind = state.kinds.setdefault(Kind(act.kind), [0, 0])
        kind[0] += act.points
        kind[1] += verdict.points
        for number, (first, last) in enumerate(state.rounds):
            if first <= act.day <= last:
                change.volume_added[number] += verdict.volume - act.volume
                if verdict.volume > 0:
                    change.reached_ms[number] = max(change.reached_ms[number], act.at_ms)


def _judged(act: PastAct, state: Replaying) -> Verdict:
    if act.kind == Kind.IMPORT:
        volume = act.volume if state.sheet.measure is Measure.IMPORTED else 0
        return Verdict(act.points, volume, Reason.ADJUSTED, None)
    credited = _of_day(state.credited, act.day)
    articles = _of_day(state.credited_articles, act.day)
    key, article = (act.person, act.kind), (act.person, act.kind, act.article)
    verdict = judge(
        state.sheet,
        Kind(act.kind),
        state.sheet.opens_at,
        certified=_was_certified(act, state),
        counted=Counted(credited.get(key, 0), articles.get(article, 0)),
    )
    if verdict.reason in COUNTED:
        credited[key] = credited.get(key, 0) + 1
        if act.article and _has_article_cap(state.sheet, act.kind):
            articles[article] = articles.get(article, 0) + 1
    return verdict


def _was_certified(act: PastAct, state: Replaying) -> bool:
    asked = state.asked_certified and act.kind != Kind.SIGN_IN
    if asked and act.reason in (Reason.CREDITED, Reason.CEILING, Reason.DAY_CAP, Reason.ARTICLE_CAP):
        return True
    return act.reason != Reason.NOT_CERTIFIED and act.person in state.certified


def _has_article_cap(sheet: RuleSheet, kind: int) -> bool:
    earning = sheet.earnings.get(Kind(kind))
    return earning is not None and earning.per_article_day_max is not None


def _of_day(kept: dict[int, dict[Key, int]], day: int) -> dict[Key, int]:
    if day not in kept:
        kept[day] = {}
        while len(kept) > DAYS_KEPT:
            del kept[min(kept)]
        return kept.get(day, {})
    return kept[day]
