"""For which unit a difference counts: the one that the figure it changes was entered for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from kepu.figures.rules.values import CHANGING, OWN_ENTRY, Line, Span, Step

OWN = -1  # the unit the person belongs to when the step is entered


@dataclass(frozen=True, slots=True)
class Held:
    """What stands of somebody's figure on a day (yyyymmdd) for one unit; `entry`: its first (book, seq)."""

    day: int
    unit: int
    volume: int
    entry: tuple[int, int]


def with_steps(lines: Iterable[Line], held: Mapping[int, Sequence[Held]], span: Span) -> list[Line]:
    """The lines with the entries they would become. `held`: person → what stands, in the order it came.

    Cumulative: `held` begins with the campaign and goes on to its end; else only the line's own day counts.
    """
    out = []
    for line in lines:
        steps: tuple[Step, ...] = ()
        if line.verdict in CHANGING:
            changes = {line.day: line.delta}
            if line.carried_day:
                changes[line.carried_day] = -line.delta
            there = held.get(line.person, ())
            if span is not Span.CUMULATIVE:
                there = [each for each in there if each.day == line.day]
            steps = tuple(steps_of(there, changes))
        out.append(replace(line, steps=steps))
    return out


def steps_of(held: Sequence[Held], changes: Mapping[int, int]) -> Iterator[Step]:
    """What is entered so that each day's volume changes by `changes` and no unit holds less than nothing.

    More goes to the unit the day's figure was entered for first, or to the person's own where there is
    none; less is taken from whoever got something last, as far as it holds any. What a unit holds is
    counted up to the day, and days after the first change are mended where it left a unit below zero.
    `held` is in order of days.
    """
    by_day = {day: list(there) for day, there in groupby(held, attrgetter("day"))}
    totals: dict[int, int] = {}
    entries: dict[int, tuple[int, int]] = {OWN: OWN_ENTRY}
    recent: list[int] = []  # units by when they last got something
    for day in sorted(by_day.keys() | changes.keys()):
        there = by_day.get(day, [])
        for each in there:
            totals[each.unit] = totals.get(each.unit, 0) + each.volume
            entries[each.unit] = each.entry
            if each.volume > 0:
                recent = [*(unit for unit in recent if unit != each.unit), each.unit]
        if day < min(changes):
            continue
        first = there[0].unit if there else OWN
        for unit, volume in _shared(totals, recent, changes.get(day, 0), first).items():
            totals[unit] = totals.get(unit, 0) + volume
            if volume > 0:
                recent = [*(other for other in recent if other != unit), unit]
            yield Step(day, volume, entries[unit], 0 if unit == OWN else unit)


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
