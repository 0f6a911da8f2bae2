"""For which unit a difference counts: the one that the figure it changes was entered for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from kepu.figures.rules.values import CHANGING, OWN_ENTRY, Line, Span, Step, Verdict

OWN = -1  # the unit the person belongs to when the step is entered


@dataclass(frozen=True, slots=True)
class Held:
    """What stands of somebody's figure on a day (yyyymmdd) for one unit; `entry`: its first (book, seq).

    `account`: the merged one of theirs that holds it; 0: the one that was kept.
    """

    day: int
    unit: int
    volume: int
    entry: tuple[int, int]
    account: int = 0


def with_steps(lines: Iterable[Line], held: Mapping[int, Sequence[Held]], span: Span) -> list[Line]:
    """The lines with the entries they would become. `held`: person → what stands, in the order it came.

    Cumulative: `held` begins with the campaign and goes on to its end; else only the line's own day counts.
    A line that changes nothing but under whose number something counts is CARRIED.
    """
    out = []
    for line in lines:
        steps: tuple[Step, ...] = ()
        there = held.get(line.person, ())
        if span is not Span.CUMULATIVE:
            there = [each for each in there if each.day == line.day]
        is_carried = line.verdict is Verdict.SAME and any(each.account for each in there)
        if line.verdict in CHANGING or is_carried:
            changes = {line.day: line.delta}
            if line.carried_day:
                changes[line.carried_day] = -line.delta
            steps = tuple(steps_of(there, changes))
        verdict = Verdict.CARRIED if is_carried and steps else line.verdict
        out.append(replace(line, verdict=verdict, steps=steps))
    return out


def steps_of(held: Sequence[Held], changes: Mapping[int, int]) -> Iterator[Step]:
    """What is entered so that each day's volume changes by `changes` and no unit holds less than nothing.

    More goes to the unit the day's figure was entered for first, or to the person's own where there is
    none; less is taken from whoever got something last, as far as it holds any. What a unit holds is
    counted up to the day, and days after the first change are mended where it left a unit below zero.
    What merged accounts of the person's hold from there on goes to the one that was kept, for the same
    units. `held` is in order of days.
    """
    by_day = {day: list(there) for day, there in groupby(held, attrgetter("day"))}
    sums = _Sums()
    for day in sorted(by_day.keys() | changes.keys()):
        there = by_day.get(day, [])
        for each in there:
            sums.hold(each)
        if day < min(changes):
            continue
        first = there[0].unit if there else OWN
        shares = _shared(sums.totals, sums.recent, changes.get(day, 0), first)
        for unit, volume in shares.items():
            sums.add(unit, volume)
        for (account, unit), volume in sorted(sums.merged.items()):
            if volume:
                yield Step(day, -volume, sums.entries[account, unit], unit, account)
                shares[unit] = shares.get(unit, 0) + volume
        sums.merged.clear()
        for unit, volume in shares.items():
            if volume:
                yield Step(day, volume, sums.entry(unit), 0 if unit == OWN else unit)


class _Sums:
    """What units hold up to a day, of all accounts of one person."""

    def __init__(self) -> None:
        self.totals: dict[int, int] = {}
        self.recent: list[int] = []  # units by when they last got something
        self.merged: dict[tuple[int, int], int] = {}  # (merged account, unit) → what it holds
        self.entries: dict[tuple[int, int], tuple[int, int]] = {(0, OWN): OWN_ENTRY}

    def hold(self, each: Held) -> None:
        """One more thing stands."""
        self.add(each.unit, each.volume)
        place = each.account, each.unit
        self.entries[place] = each.entry
        if each.account:
            self.merged[place] = self.merged.get(place, 0) + each.volume

    def add(self, unit: int, volume: int) -> None:
        """A unit gets or gives."""
        self.totals[unit] = self.totals.get(unit, 0) + volume
        if volume > 0:
            self.recent = [*(other for other in self.recent if other != unit), unit]

    def entry(self, unit: int) -> tuple[int, int]:
        """An entry for this unit, of the account that was kept if it has one."""
        own = self.entries.get((0, unit))
        return own or next(entry for (_account, one), entry in self.entries.items() if one == unit)


def _shared(totals: Mapping[int, int], recent: Sequence[int], amount: int, first: int) -> dict[int, int]:
    """Unit → what it gets or gives so that all together change by `amount`."""
    shares = {unit: -volume for unit, volume in totals.items() if volume < 0}
    amount -= sum(shares.values())
    if amount > 0:
        shares[first] = shares.get(first, 0) + amount
    for unit in reversed(recent):
        taken = min(totals.get(unit, 0), -amount)
        if taken > 0:
            shares[unit] = -taken
            amount += taken
    if amount < 0:  # nobody holds it: an entry was reversed by hand in between
        shares[first] = shares.get(first, 0) + amount
    return {unit: share for unit, share in shares.items() if share}
