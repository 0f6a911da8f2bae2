"""How volumes become ranks, windows and progress."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kepu.campaigns.rules import (
    SCOPES,
    Policy,
    Round,
    RuleSheet,
    TieRule,
    last_day_of,
)
from kepu.kit import clock
from kepu.ledger.rules import Entry, takes_back

ALL = "all"
DAYS_KEPT = 7
BOARD_LEVELS = (4, 6, 9, 12)
RoundDays = tuple[str, int, int]


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
    """The division a tier's scope (a word of SCOPES) means for this campaign's place."""
    level = SCOPES[scope]
    assert len(sheet.place) >= level, f"{sheet.place} lies in no single {scope}"
    return sheet.place[:level]


def lists_people(sheet: RuleSheet) -> bool:
    """Whether a campaign's boards show everyone. Under `voluntary` ranking is opt-in (国办函〔2026〕12号) and
    nobody has opted in yet, so each person sees only their own place."""
    return sheet.policy is Policy.NOTICE


def day_number(iso_day: str) -> int:
    """20210731 for "2021-07-31": days as the ledger writes them."""
    return int(iso_day.replace("-", ""))


def round_days(round_: Round) -> tuple[int, int]:
    """First and last calendar day (yyyymmdd, Asia/Shanghai, both included) whose volume counts."""
    return (
        day_number(clock.day_of(round_.opens_at).isoformat()),
        day_number(last_day_of(round_.closes_at).isoformat()),
    )


def windows_of(rounds: Sequence[RoundDays], day: int) -> list[str]:
    """The names of the windows that a day's volume belongs to; `rounds` are (id, first day, last day)."""
    text = f"{day:08d}"
    month = f"{text[:4]}-{text[4:6]}"
    held = [name for name, first, last in rounds if first <= day <= last]
    return [ALL, *held, month, f"{month}-{text[6:]}"]


def days_of(window: str, rounds: Sequence[RoundDays]) -> tuple[int, int]:
    """First and last day (yyyymmdd, both included) whose volume a window holds."""
    for name, first, last in rounds:
        if name == window:
            return first, last
    if window == ALL:
        return 0, 99_999_999
    day = day_number(window)
    return (day, day) if is_day(window) else (day * 100, day * 100 + 99)


def is_window(sheet: RuleSheet, window: str) -> bool:
    """Whether a campaign can have a board of this name; it need not have begun."""
    if window == ALL or any(round_.id == window for round_ in sheet.rounds):
        return True
    try:
        return len(window) in (7, 10) and bool(date.fromisoformat(f"{window}-01"[:10]))
    except ValueError:
        return False


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


@dataclass(slots=True)
class Added:
    """What entries add to one score; `place` is (ms, town, county, unit) of the last act that counted."""

    volume: int
    place: tuple[int, int, int, int]

    def add(self, volume: int, place: tuple[int, int, int, int]) -> None:
        """Add more; the order in which parts are added does not matter."""
        self.volume += volume
        self.place = max(self.place, place)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a run of entries adds up to, before any window: sums may be added in any order.

    `days` gives by (campaign, day) what each person brought, `units` is keyed (campaign, unit); `latest` is
    each campaign's last counted day, `corrected` the (campaign, person) of whom something was taken back.
    """

    days: dict[tuple[int, int], dict[int, Added]]
    units: dict[tuple[int, int], int]
    latest: dict[int, int]
    corrected: set[tuple[int, int]]


def gather(entries: Iterable[Entry]) -> Gathered:
    """Sum up the entries that carry volume; those of no campaign count nowhere."""
    gathered = Gathered({}, {}, {}, set())
    days, units = gathered.days, gathered.units
    for entry in entries:
        volume, campaign = entry.volume, entry.campaign
        if not volume or not campaign:
            continue
        at_ms = entry.at_ms if volume > 0 else 0
        place = (at_ms, *town_and_county(entry.division), entry.unit)
        people = days.get((campaign, entry.day))
        if people is None:
            people = days[campaign, entry.day] = {}
        held = people.get(entry.person)
        if held is None:
            people[entry.person] = Added(volume, place)
        else:
            held.add(volume, place)
        if entry.ref_seq and takes_back(entry):
            gathered.corrected.add((campaign, entry.person))
        unit = (campaign, entry.unit)
        units[unit] = units.get(unit, 0) + volume
    for campaign, day in days:
        gathered.latest[campaign] = max(gathered.latest.get(campaign, 0), day)
    return gathered


def scores_by_window(
    gathered: Gathered, rounds: dict[int, tuple[RoundDays, ...]], first_days: dict[int, int]
) -> dict[tuple[int, str], dict[int, Added]]:
    """What each person's score gains, by (campaign, window); persons in the order of their numbers.

    `first_days` gives each campaign's first day that still has a board of its own.
    """
    parts: dict[tuple[int, str], list[dict[int, Added]]] = {}
    for (campaign, day), people in gathered.days.items():
        in_order = dict(sorted(people.items()))
        for window in windows_of(rounds[campaign], day):
            if not is_day(window) or day >= first_days[campaign]:
                parts.setdefault((campaign, window), []).append(in_order)
    # Where all is of one day, as it nearly always is, its windows gain the same.
    return {key: days[0] if len(days) == 1 else _together(days) for key, days in parts.items()}


def _together(days: list[dict[int, Added]]) -> dict[int, Added]:
    sums: dict[int, Added] = {}
    for people in days:
        for person, added in people.items():
            held = sums.setdefault(person, Added(0, added.place))
            held.add(added.volume, added.place)
    return dict(sorted(sums.items()))


def first_day_kept(latest_day: int) -> int:
    """The first of the DAYS_KEPT days up to `latest_day` (yyyymmdd): only they have boards of their own."""
    if not latest_day:
        return 0
    last = date(latest_day // 10_000, latest_day // 100 % 100, latest_day % 100)
    return day_number((last - timedelta(days=DAYS_KEPT - 1)).isoformat())


def place_of(division: str, unit: int) -> tuple[int, int, int, int]:
    """(city, county, town, unit) of someone certified in a division; the town is 0 when it names none."""
    town, county = town_and_county(int(division[:9]))
    return county // 100, county, town, unit


def town_and_county(division: int) -> tuple[int, int]:
    """A division of the ledger as (town, county): (430623110, 430623), the town 0 where it names none."""
    return (division, division // 1000) if division >= 10**8 else (0, division)
