"""How a task will end if the days go on as the last did. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from kepu.campaigns.rules import last_day_of
from kepu.kit import clock

PACE_DAYS = 14
PACE_DAYS_MIN = 3
NEAR_PERCENT = 90


class Outlook(StrEnum):
    """What becomes of a task, the worst first."""

    MISSED = "missed"
    WILL_MISS = "will_miss"
    AT_RISK = "at_risk"
    TOO_EARLY = "too_early"
    ON_COURSE = "on_course"
    DONE = "done"


HELPLESS = (Outlook.MISSED, Outlook.WILL_MISS)


@dataclass(frozen=True, slots=True)
class Pace:
    """The days a pace is taken from and those that are left.

    `known` whole days before today, from `since` on; `left` days remain, today included (0: it is over).
    """

    since: date
    known: int
    left: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one task comes to. `short` is what `at_end` misses of the target, `a_day` what each day left must
    bring, today's included, and `now_a_day` what the last days brought on average.
    """

    outlook: Outlook
    target: int
    actual: int
    at_end: int
    short: int
    a_day: int
    now_a_day: int
    left: int

    @property
    def percent(self) -> int:
        """How much of the target is there, whole percent, at most 100."""
        return 100 if self.actual >= self.target else max(0, self.actual * 100 // self.target)

    @property
    def urgency(self) -> tuple[int, int, int]:
        """Sorts the worst first: by outlook, then by the part of the target that will be there."""
        share = self.at_end * 1000 // self.target if self.target else 1000
        return list(Outlook).index(self.outlook), share, -self.short


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What is known of one task: what is asked, what there is, what came in the pace's days and today."""

    target: int
    actual: int
    recent: int
    today: int


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is known of one unit's three tasks; `unit` is 0 where none of that name is known."""

    unit: int
    name: str
    division: str
    backbones: TaskFacts
    registrations: TaskFacts
    volume: TaskFacts


@dataclass(frozen=True, slots=True)
class Progress:
    """How three tasks will end, of one unit or of all units of a division together.

    `outlook` is that of the unit that most needs help, `worst_unit` (None for a unit itself); `helpless` is
    how many of the units will miss a task or missed it, `units` how many there are.
    """

    name: str
    division: str
    unit: int
    backbones: Forecast
    registrations: Forecast
    volume: Forecast
    outlook: Outlook
    units: int = 1
    helpless: int = 0
    worst_unit: "Progress | None" = None

    @property
    def tasks(self) -> tuple[Forecast, Forecast, Forecast]:
        """The three, in the order of the sheet."""
        return self.backbones, self.registrations, self.volume

    @property
    def worst(self) -> Forecast:
        """The task that most needs help."""
        return worst_of(self.tasks)

    @property
    def urgency(self) -> tuple[int, tuple[int, int, int]]:
        """Sorts whoever has most units that need help first, then by the worst task."""
        return -self.helpless, self.worst.urgency


def progress_of(facts: UnitFacts, people: Pace, volume: Pace) -> Progress:
    """How one unit's tasks will end; people and volume each have a pace of their own."""
    backbones = named(facts.backbones.target, facts.backbones.actual, people)
    registrations, counted = _foretold(facts.registrations, people), _foretold(facts.volume, volume)
    outlook = worst_of((backbones, registrations, counted)).outlook
    return Progress(
        name=facts.name,
        division=facts.division,
        unit=facts.unit,
        backbones=backbones,
        registrations=registrations,
        volume=counted,
        outlook=outlook,
        helpless=int(outlook in HELPLESS),
    )


def together(name: str, division: str, facts: Sequence[UnitFacts], people: Pace, volume: Pace) -> Progress:
    """How the tasks of several units will end as one: sums of what is asked and what there is."""
    backbones, registrations, volumes = (
        TaskFacts(
            sum(task.target for task in tasks),
            sum(task.actual for task in tasks),
            sum(task.recent for task in tasks),
            sum(task.today for task in tasks),
        )
        for tasks in (
            [each.backbones for each in facts],
            [each.registrations for each in facts],
            [each.volume for each in facts],
        )
    )
    whole = progress_of(UnitFacts(0, name, division, backbones, registrations, volumes), people, volume)
    single = [progress_of(each, people, volume) for each in facts]
    worst = min(single, key=lambda each: each.urgency, default=None)
    return replace(
        whole,
        units=len(facts),
        helpless=sum(each.helpless for each in single),
        outlook=worst.outlook if worst is not None else whole.outlook,
        worst_unit=worst,
    )


def pace_days(opens_at: datetime, closes_at: datetime, now: datetime, *, lumpy: bool = False) -> Pace:
    """The days a campaign's pace is taken from: the last PACE_DAYS, or all of them where it comes in lumps
    (figures imported once a month say nothing about the days between)."""
    first, last, today = clock.day_of(opens_at), last_day_of(closes_at), clock.day_of(now)
    since = first if lumpy else max(first, today - timedelta(days=PACE_DAYS))
    left = 0 if today > last else (last - max(today, first)).days + 1
    return Pace(since, max(0, (today - since).days), left)


def forecast(target: int, actual: int, recent: int, today: int, pace: Pace) -> Forecast:
    """How a task will end when `recent` came in the pace's known days and `today` has come today.

    `actual` holds both. Whoever is within NEAR_PERCENT of the target is at risk, not lost; with fewer than
    PACE_DAYS_MIN days known nothing is foretold. A task of 0 is done.
    """
    recent, gap = max(0, recent), max(0, target - actual)
    per_day = recent // pace.known if pace.known else 0
    at_end = actual
    if pace.known and pace.left:
        at_end += max(0, per_day - max(0, today)) + recent * (pace.left - 1) // pace.known
    return Forecast(
        outlook=_outlook(target, actual, at_end, pace),
        target=target,
        actual=actual,
        at_end=at_end,
        short=max(0, target - at_end),
        a_day=-(-gap // pace.left) if pace.left else gap,
        now_a_day=per_day,
        left=pace.left,
    )


def named(target: int, actual: int, pace: Pace) -> Forecast:
    """How a task ends that grows by a decision (naming backbones), not by days: at risk until it is done."""
    still = forecast(target, actual, 0, 0, Pace(pace.since, 0, pace.left))
    outlook = still.outlook if still.outlook in (Outlook.DONE, Outlook.MISSED) else Outlook.AT_RISK
    return Forecast(outlook, target, actual, actual, still.short, still.a_day, 0, pace.left)


def worst_of(forecasts: Iterable[Forecast]) -> Forecast:
    """The forecast that most needs help."""
    return min(forecasts, key=lambda each: each.urgency)


def _foretold(facts: TaskFacts, pace: Pace) -> Forecast:
    return forecast(facts.target, facts.actual, facts.recent, facts.today, pace)


def _outlook(target: int, actual: int, at_end: int, pace: Pace) -> Outlook:
    if actual >= target:
        return Outlook.DONE
    if not pace.left:
        return Outlook.MISSED
    if pace.known < PACE_DAYS_MIN:
        return Outlook.TOO_EARLY
    if at_end >= target:
        return Outlook.ON_COURSE
    return Outlook.AT_RISK if at_end * 100 >= target * NEAR_PERCENT else Outlook.WILL_MISS
