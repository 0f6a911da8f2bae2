"""How volumes become ranks, windows and progress. No Django, clock or randomness."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kepu.campaigns.rules import Round, RuleSheet, TieRule
from kepu.kit import clock

ALL = "all"
DAYS_KEPT = 7


@dataclass(frozen=True, slots=True)
class Score:
    """What one person brought together, and when the last act that counted happened."""

    person: int
    volume: int
    reached_ms: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A score in its place: `position` is unique, from 1; `rank` is what the tie rule makes of it."""

    position: int
    rank: int
    score: Score


def ranked(scores: Iterable[Score], tie_rule: TieRule) -> list[Ranked]:
    """Everyone with a volume above zero, best first; the order of `scores` does not matter.

    `shared`: competition ranking, 1, 2, 2, 4. `earlier`: equal volumes are ordered by who reached it
    first, then by the lower person id, so ranks are 1, 2, 3, 4. People are listed in that order either way.
    """
    in_order = sorted(
        (score for score in scores if score.volume > 0), key=lambda s: (-s.volume, s.reached_ms, s.person)
    )
    out: list[Ranked] = []
    for position, score in enumerate(in_order, start=1):
        shares = tie_rule is TieRule.SHARED and out and out[-1].score.volume == score.volume
        out.append(Ranked(position, out[-1].rank if shares else position, score))
    return out


def volume_to_enter(edge_volume: int | None, tie_rule: TieRule) -> int:
    """The volume that puts someone outside a rank interval into it.

    `edge_volume` is that of the person now at its last position, None when fewer people are ranked.
    Under `shared` equalling it is enough; under `earlier` a later person must exceed it.
    """
    if edge_volume is None:
        return 1
    return edge_volume if tie_rule is TieRule.SHARED else edge_volume + 1


def scope_division(sheet: RuleSheet, scope: str) -> str:
    """The division a tier's scope ("city", "county", "town") means for this campaign's place."""
    length = SCOPE_DIGITS[scope]
    assert len(sheet.place) >= length, f"{sheet.place} lies in no single {scope}"
    return sheet.place[:length]


def day_number(iso_day: str) -> int:
    """20210731 for "2021-07-31": days as the ledger writes them."""
    return int(iso_day.replace("-", ""))


def round_days(round_: Round) -> tuple[int, int]:
    """First and last calendar day (yyyymmdd, Asia/Shanghai, both included) whose volume counts."""
    last = clock.from_milliseconds(clock.milliseconds(round_.closes_at) - 1)
    return (
        day_number(clock.day_of(round_.opens_at).isoformat()),
        day_number(clock.day_of(last).isoformat()),
    )


def windows_of(rounds: Sequence[tuple[str, int, int]], day: int) -> list[str]:
    """The names of the windows that a day's volume belongs to; `rounds` are (id, first day, last day)."""
    text = f"{day:08d}"
    month = f"{text[:4]}-{text[4:6]}"
    held = [name for name, first, last in rounds if first <= day <= last]
    return [ALL, *held, month, f"{month}-{text[6:]}"]


def is_day(window: str) -> bool:
    """Whether a window is one calendar day ("2021-03-05")."""
    return len(window) == 10 and window[4] == window[7] == "-" and window.replace("-", "").isdigit()


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """One task of one unit: what was asked, what there is, what is missing, whole percent (may pass 100)."""

    target: int
    actual: int
    gap: int
    percent: int


def task_progress(target: int, actual: int) -> TaskProgress:
    """How far along a task is; percent is rounded down so that 100 means done. A task of 0 is done."""
    percent = actual * 100 // target if target else 100
    return TaskProgress(target, actual, max(0, target - actual), max(0, percent))


SCOPE_DIGITS = {"city": 4, "county": 6, "town": 9}
