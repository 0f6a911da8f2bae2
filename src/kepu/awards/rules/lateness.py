"""What still counts for a round once it is closed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from kepu.campaigns.rules import Round, RuleSheet, last_day_of
from kepu.kit import clock

Ref = tuple[int, int]


class VolumeLine(NamedTuple):
    """What is asked of an entry with a volume: `day` (yyyymmdd) is the one it is about, `takes_back` what it
    reverses, (book, seq)."""

    person: int
    ref: Ref
    at_ms: int
    day: int
    volume: int
    takes_back: Ref | None = None


class Counted(NamedTuple):
    """A person's volume and when it last grew by an act that stands (ms; 0: never).

    What an upheld objection added has grown it by the end of the day it is about: whoever was not counted
    rightly that day does not stand behind those who came to the same volume later.
    """

    volume: int
    reached_ms: int


def counts_until(sheet: RuleSheet, round_: Round, closed_at: datetime) -> datetime:
    """From when on entries about a round's days no longer count, when it is closed at a moment.

    The end of so many days after the round's last as the sheet declares (`late_days`); where it declares
    none, the closing itself.
    """
    if sheet.late_days is None:
        return closed_at
    return clock.start_of(last_day_of(round_.closes_at) + timedelta(days=1 + sheet.late_days))


def counted_in_time(
    lines: Sequence[VolumeLine], until_ms: int, kept: frozenset[Ref]
) -> Mapping[int, Counted]:
    """Each person's volume without what was entered too late, from all their entries with a volume.

    `kept`: later corrections that count all the same, because an upheld objection led to them. Somebody
    whose entries all came too late has 0.
    """
    found: dict[int, list[VolumeLine]] = {}
    for each in lines:
        in_time = found.setdefault(each.person, [])
        if each.at_ms < until_ms or each.ref in kept:
            in_time.append(each)
    return {person: _counted(in_time, kept) for person, in_time in found.items()}


def _counted(lines: Sequence[VolumeLine], kept: frozenset[Ref]) -> Counted:
    gone = {each.takes_back for each in lines if each.takes_back is not None}
    grew = [
        end_of_day_ms(each.day) if each.ref in kept else each.at_ms
        for each in lines
        if each.volume > 0 and each.ref not in gone
    ]
    return Counted(sum(each.volume for each in lines), max(grew, default=0))


def end_of_day_ms(day: int) -> int:
    """The last millisecond of a day (yyyymmdd) of the campaign."""
    after = date(day // 10_000, day // 100 % 100, day % 100) + timedelta(days=1)
    return clock.milliseconds(clock.start_of(after)) - 1
