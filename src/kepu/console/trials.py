"""Other rules tried on what was done: a campaign's entries judged anew, and its rounds with them."""

import gc
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from kepu.awards.rules import Candidate, ScopeOutcome, evaluate
from kepu.campaigns import reads as campaigns
from kepu.campaigns.reads import words
from kepu.campaigns.rules import (
    Change,
    Published,
    Replayed,
    Round,
    RuleSheet,
    Weight,
    looks_back,
    round_of,
)
from kepu.console.judges import Judges
from kepu.content import reads as content
from kepu.jobs.rules import Report
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.reads import ENTRIES_MAX
from kepu.ledger.reads.replaying import ActsAsked, last_before, past_acts, taken_back
from kepu.people import reads as people
from kepu.people.reads import Profile
from kepu.people.rules import masked_name
from kepu.standings.rules import round_days
from kepu.standings.rules.counting import number_of

# Several judges at once where there is so much to judge.
JUDGES, ACTS_FOR_SEVERAL = 2, 200_000
MOVED_SHOWN = 20
# The greatest change of each band of changes; 0 begins the first.
BANDS = (0, 10, 50, 200, 1_000, 5_000, 10**9)
WINNERS_SHOWN = 20
Period = TypeVar("Period", Round, Weight)


@dataclass(frozen=True, slots=True)
class Trial:
    """The rules tried on the entries of `source` of some days (yyyymmdd, both ends).

    `is_whole`: the days are the whole campaign; only then another measure says who would have won.
    """

    source: Published
    sheet: RuleSheet
    days: tuple[int, int]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a trial: everybody's change, the profiles of the certified, and the words for its page."""

    people: dict[int, Change]
    profiles: dict[int, Profile]
    summary: dict[str, Any]


def trial_of(source: Published, sheet: RuleSheet, first: date, last: date, *, is_whole: bool) -> Trial:
    """The rules with their rounds and weights moved by whole years into the source's own."""
    years = clock.day_of(source.sheet.opens_at).year - clock.day_of(sheet.opens_at).year
    rounds = tuple(_moved(each, years) for each in sheet.rounds)
    weights = tuple(_moved(each, years) for each in sheet.weights)
    days = (number_of(first), number_of(last))
    return Trial(source, replace(sheet, rounds=rounds, weights=weights), days, is_whole)


def run_trial(trial: Trial, report: Report) -> Tried:
    """Every entry of the days is judged by the tried rules, ENTRIES_MAX at a time, by child processes.

    Where streaks or caps on an article in the whole campaign depend on earlier acts, those are judged first.
    Memory grows with people and their days (and with people and articles where the sheet caps those). Three
    queries, two a book, one a page of entries, two a round.
    """
    profiles = {each.account: each for each in people.profiles_within(trial.source.sheet.counts_within)}
    rounds, asked = [round_days(each) for each in trial.sheet.rounds], _asked(trial)
    certified, asks_it = frozenset(profiles), trial.source.sheet.certified_only
    begin = (trial.sheet, rounds, certified, asks_it, trial.days[0], _designated(trial))
    heads = ledger.heads(trial.source.sheet.counts_within)
    pages = [(head, last_before(head.book, head.seq, asked.first_day)) for head in heads]
    total, done = max(1, sum(head.seq - first for head, first in pages)), 0
    with _without_collecting(), Judges(begin, JUDGES if total >= ACTS_FOR_SEVERAL else 1) as judges:
        for head, first in pages:
            judges.begin_book(taken_back(head.book, asked))
            for after in range(first, head.seq, ENTRIES_MAX):
                report(done, total)
                judges.replay(past_acts(head.book, after, asked))
                done += min(ENTRIES_MAX, head.seq - after)
        report(total, total)
        found = judges.replayed()
    return Tried(found.people, profiles, _summary(trial, found, profiles))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No cycles are looked for meanwhile: rows of acts make none, and looking takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _asked(trial: Trial) -> ActsAsked:
    """The acts the tried rules see: what counted in other campaigns fills a ceiling and keeps streaks."""
    sheet, first = trial.sheet, _day(trial.days[0])
    back = looks_back(sheet, first, clock.day_of(trial.source.sheet.opens_at))
    earlier = {kind: number_of(day) for kind, day in back.items()}
    has_streaks = any(earning.streaks for earning in sheet.earnings.values())
    is_elsewhere_asked = sheet.points_per_day_max is not None or has_streaks
    return ActsAsked(trial.source.number, trial.days, earlier, is_elsewhere_asked)


def _designated(trial: Trial) -> dict[int, frozenset[int]]:
    """The articles of the days, as they are set now. One query, none where they earn what others do."""
    if trial.sheet.designated_times == 1:
        return {}
    found = content.designated_between(_day(trial.days[0]), _day(trial.days[1]))
    return {number_of(day): frozenset(number for number, _title in rows) for day, rows in found.items()}


def _day(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


def changed(found: dict[int, Change]) -> list[tuple[int, Change]]:
    """The people whose points or volume change, the greatest loss first."""
    moved = [each for each in found.items() if _delta(each[1]) != (0, 0)]
    return sorted(moved, key=lambda each: (*_delta(each[1]), each[0]))


def _summary(trial: Trial, state: Replayed, profiles: dict[int, Profile]) -> dict[str, Any]:
    moved = changed(state.people)
    sums = [
        sum(getattr(each, name) for each in state.people.values())
        for name in ("points_before", "points_after", "volume_before", "volume_after")
    ]
    points = [_delta(change)[0] for _person, change in moved]
    volumes = [_delta(change)[1] for _person, change in moved]
    return {
        "acts": state.acts,
        "people": len(state.people),
        "points": sums[:2],
        "volume": sums[2:],
        "measures": [campaigns.volume_words(each.measure) for each in (trial.source.sheet, trial.sheet)],
        "gain": [sum(each > 0 for each in points), sum(each > 0 for each in volumes)],
        "lose": [sum(each < 0 for each in points), sum(each < 0 for each in volumes)],
        "kinds": [[words.kind_word(kind), *both] for kind, both in sorted(state.kinds.items()) if any(both)],
        "losses": [_line(each, profiles) for each in moved[:MOVED_SHOWN] if _delta(each[1]) < (0, 0)],
        "gains": [_line(each, profiles) for each in moved[::-1][:MOVED_SHOWN] if _delta(each[1]) > (0, 0)],
        "bands": _bands(points),
        "rounds": _rounds(trial, state, profiles),
        "is_whole": trial.is_whole,
        "looked_back": bool(_asked(trial).earlier),
        "is_designated": trial.sheet.designated_times != 1,
    }


def _bands(changes: list[int]) -> list[list[int]]:
    """How many people's points change by so much: [least, most, people], the greatest losses first."""
    counts = Counter(
        bisect(BANDS, abs(change) - 1) * (1 if change > 0 else -1) for change in changes if change
    )
    out = []
    for band in sorted(counts):
        low, high = (BANDS[abs(band) - 1] + 1 if abs(band) > 1 else 1), BANDS[abs(band)]
        out.append([low, high, counts[band]] if band > 0 else [-high, -low, counts[band]])
    return out


def _rounds(trial: Trial, state: Replayed, profiles: dict[int, Profile]) -> list[dict[str, Any]]:
    """Who would have won each round: volumes as they were counted, moved by what the replay adds."""
    if trial.sheet.measure is not trial.source.sheet.measure and not trial.is_whole:
        return []
    out = []
    counted: dict[tuple[int, int], dict[int, tuple[int, int]]] = {}
    compared = (each for each in trial.source.sheet.rounds if round_of(trial.sheet, each.id))
    for each in (*trial.sheet.rounds, *compared):
        if round_days(each) not in counted:  # adding a year's tallies up is the larger part of it
            counted[round_days(each)] = _counted(trial, each)
    for number, each in enumerate(trial.sheet.rounds):
        before = round_of(trial.source.sheet, each.id)
        was: tuple[ScopeOutcome, ...] = ()
        if before is not None:
            was = _outcomes(trial.source.sheet, before, counted[round_days(before)], profiles)
        volumes = dict(counted[round_days(each)])
        for person, change in state.people.items():
            volume, reached = volumes.get(person, (0, 0))
            reached = change.reached_ms[number] or reached
            volumes[person] = (volume + change.volume_added[number], reached)
        would = _outcomes(trial.sheet, each, volumes, profiles)
        out.append(_round_words(each, was, would))
    return out


def _counted(trial: Trial, round_: Round) -> dict[int, tuple[int, int]]:
    rows = ledger.volumes(trial.source.number, *round_days(round_))
    return {row.person: (row.volume, row.reached_ms) for row in rows}


def _outcomes(
    sheet: RuleSheet, round_: Round, volumes: dict[int, tuple[int, int]], profiles: dict[int, Profile]
) -> tuple[ScopeOutcome, ...]:
    candidates = [
        Candidate(
            person, profiles[person].name, profiles[person].unit_name, profiles[person].division, *counted
        )
        for person, counted in sorted(volumes.items())
        if person in profiles and counted[0]
    ]
    return evaluate(sheet, round_, candidates)


def _round_words(round_: Round, was: Iterable[ScopeOutcome], would: Iterable[ScopeOutcome]) -> dict[str, Any]:
    old, new = _won(was), _won(would)
    come = [f"{masked_name(new[key][0])}（{new[key][1]}）" for key in new if key not in old]
    gone = [f"{masked_name(old[key][0])}（{old[key][1]}）" for key in old if key not in new]
    return {
        "title": round_.title,
        "winners": [len(old), len(new)],
        "budget": [sum(each[2] for each in old.values()), sum(each[2] for each in new.values())],
        "come": come[:WINNERS_SHOWN],
        "gone": gone[:WINNERS_SHOWN],
        "come_count": len(come),
        "gone_count": len(gone),
        "other": sum(old[key][1:] != new[key][1:] for key in old if key in new),
    }


def _won(outcomes: Iterable[ScopeOutcome]) -> dict[tuple[str, int], tuple[str, str, int]]:
    return {
        (outcome.division, each.communicator): (each.name, each.title, each.amount or 0)
        for outcome in outcomes
        for each in outcome.winners
    }


def _delta(change: Change) -> tuple[int, int]:
    return change.points_after - change.points_before, change.volume_after - change.volume_before


def _line(each: tuple[int, Change], profiles: dict[int, Profile]) -> list[Any]:
    person, change = each
    profile = profiles.get(person)
    who = [masked_name(profile.name), profile.unit_name] if profile else [str(person), ""]
    return [
        *who,
        change.points_before,
        change.points_after,
        _delta(change)[0],
        change.volume_before,
        change.volume_after,
        _delta(change)[1],
    ]


def _moved(period: Period, years: int) -> Period:
    if not years:
        return period
    opens, closes = clock.day_of(period.opens_at), clock.day_of(period.closes_at)
    at = (clock.start_of(_year(opens, years)), clock.start_of(_year(closes, years)))
    return replace(period, opens_at=at[0], closes_at=at[1])


def _year(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + years, day.month, 28 if leap_day else day.day)
