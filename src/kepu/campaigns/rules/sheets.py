"""What a rule sheet says and what it makes of one act. No Django, clock or randomness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from kepu.kit import clock
from kepu.regions.rules import Level, is_within


class Kind(IntEnum):
    """What a ledger entry records. The numbers are in the chain hash: never change or reuse one."""

    SIGN_IN = 1
    CHECK_IN = 2
    BROWSE = 3
    SHARE = 4
    OPEN = 5
    READ = 6
    CLUB_POST = 7
    LIKE = 8
    ADJUSTMENT = 9
    SPEND = 10
    IMPORT = 11
    QUIZ = 12
    CERTIFICATION = 13
    LIKED = 14
    EXPIRY = 15
    REFUND = 16


class Reason(IntEnum):
    """Why an act earned what it earned. The numbers are in the chain hash: never change or reuse one."""

    CREDITED = 0
    DAY_CAP = 1
    CLOSED = 2
    NOT_REWARDED = 3
    NOT_CERTIFIED = 4
    ARTICLE_CAP = 5
    BALANCE_SHORT = 6
    ADJUSTED = 7
    CEILING = 8  # counted like CREDITED, but the day's points were full: it earned fewer, or none


# An act with one of these uses up its caps and counts as volume.
COUNTED = frozenset({Reason.CREDITED, Reason.CEILING})


class Switch(StrEnum):
    """What a site or a campaign can do without."""

    CHECK_IN = "check_in"
    BOARDS = "boards"
    MALL = "mall"
    CLUBS = "clubs"


SECONDS_OTHERWISE = 10
# What nobody can do, and so earn by, while a part is off; articles are liked without clubs too.
SWITCH_OF = {Kind.CHECK_IN: Switch.CHECK_IN, Kind.CLUB_POST: Switch.CLUBS, Kind.LIKED: Switch.CLUBS}


class Measure(StrEnum):
    """传播量 is one of these; they are never added together (SPEC, rule of honesty 1)."""

    SHARES = "shares"
    OPENS = "opens"
    READS = "reads"
    IMPORTED = "imported"


MEASURED_KIND = {
    Measure.SHARES: Kind.SHARE,
    Measure.OPENS: Kind.OPEN,
    Measure.READS: Kind.READ,
    Measure.IMPORTED: Kind.IMPORT,
}


class Policy(StrEnum):
    """`notice`: as the founding notice; `voluntary`: as 国办函〔2026〕12号 allows."""

    NOTICE = "notice"
    VOLUNTARY = "voluntary"


class TieRule(StrEnum):
    """`shared`: equal volumes share a rank (1, 2, 2, 4) and a tie at the edge lets all in;
    `earlier`: whoever reached the volume first stands first, so ranks are unique."""

    SHARED = "shared"
    EARLIER = "earlier"


# The words for a tier's scope, with the level of the division they mean.
SCOPES = {"city": Level.CITY, "county": Level.COUNTY, "town": Level.TOWN}


class DoubleAward(StrEnum):
    """Whether one person may hold awards of several scopes in a round."""

    BOTH = "both"
    HIGHEST_ONLY = "highest_only"


@dataclass(frozen=True, slots=True)
class Streak:
    """From so many days in a row on, each day's act earns so many points more."""

    days: int
    points: int


@dataclass(frozen=True, slots=True)
class Earning:
    """What one kind of act earns: points each, how many a day count, how many of one subject.

    `per_article_max`: how often one article counts in the whole campaign. `streaks`: by days, rising; only
    for what happens once a day.
    """

    points: int
    per_day_max: int
    per_article_day_max: int | None = None
    per_article_max: int | None = None
    streaks: tuple[Streak, ...] = ()


@dataclass(frozen=True, slots=True)
class Weight:
    """A period in which acts of some kinds earn so many times their points. `closes_at` is exclusive."""

    title: str
    opens_at: datetime
    closes_at: datetime
    times: int
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class UnitTask:
    """任务 of one unit over the campaign: backbone communicators, new registrations, volume."""

    unit: str
    division: str
    backbones: int
    registrations: int
    volume: int


@dataclass(frozen=True, slots=True)
class Tier:
    """A rank interval in a scope and what it gets; `amount` in yuan, None where the notice names no sum.

    `scope` is a word of SCOPES: the division of that level in which the campaign's place lies.
    """

    scope: str
    rank_from: int
    rank_to: int
    title: str
    amount: int | None
    certificate: bool
    given_by: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """评选轮次: the window whose volume counts, the basic task, and the tiers."""

    id: str
    title: str
    opens_at: datetime
    closes_at: datetime
    judged_on: date
    basic_task: int
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """A point the notice leaves open and the sheet settles: which field, and why so."""

    field: str
    why: str


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """One version of a campaign's rules, checked and complete. Times are aware; closes_at is exclusive.

    `boards_may_hide`: whoever wishes stands on boards and lists without their name. `approval_number`: under
    which the awards were approved (评比达标表彰), "" where none was. `late_days`: so many days after a
    round's last its figures and corrections still count (None: until the round is closed by hand).
    `points_per_day_max`: what one person can earn on a day by acts of all kinds. `designated_times`: acts on
    an article designated for the day earn so many times their points. `switched_off`: what this campaign does
    without; the site can switch off more.
    """

    campaign: str
    version: int
    title: str
    issuer: str
    document: str
    place: str
    counts_within: str
    opens_at: datetime
    closes_at: datetime
    policy: Policy
    measure: Measure
    dwell_seconds_min: int
    tie_rule: TieRule
    double_award: DoubleAward
    certified_only: bool
    earnings: dict[Kind, Earning]
    tasks: tuple[UnitTask, ...]
    rounds: tuple[Round, ...]
    declared: tuple[Declaration, ...]
    based_on: str = ""
    publicity_days_min: int = 5
    boards_may_hide: bool = False
    approval_number: str = ""
    late_days: int | None = None
    points_per_day_max: int | None = None
    weights: tuple[Weight, ...] = ()
    designated_times: int = 1
    switched_off: frozenset[Switch] = frozenset()


def seconds_to_read(sheet: RuleSheet | None) -> int:
    """How long a page must stay open to count as read: as the sheet says, SECONDS_OTHERWISE without one."""
    return sheet.dwell_seconds_min if sheet is not None else SECONDS_OTHERWISE


def round_of(sheet: RuleSheet, round_id: str) -> Round | None:
    """The sheet's round with this id."""
    return next((each for each in sheet.rounds if each.id == round_id), None)


def reached_tier(tiers: Sequence[Tier], scope: str, rank: int) -> Tier | None:
    """The tier of a scope that a rank falls into; None when it is below the last."""
    return next((t for t in tiers if t.scope == scope and t.rank_from <= rank <= t.rank_to), None)


def task_of(sheet: RuleSheet, division: str) -> UnitTask | None:
    """The task of the unit with this division code; a town's own code means its departments (机关、站所)."""
    return next((task for task in sheet.tasks if task.division == division), None)


def tasks_total(sheet: RuleSheet) -> tuple[int, int, int]:
    """Backbones, registrations and volume over all units (插政办发〔2021〕12号: 18, 370, 39600)."""
    return (
        sum(task.backbones for task in sheet.tasks),
        sum(task.registrations for task in sheet.tasks),
        sum(task.volume for task in sheet.tasks),
    )


def last_day_of(closes_at: datetime) -> date:
    """The last calendar day (Asia/Shanghai) of a period that ends at `closes_at`, exclusive."""
    return clock.day_of(closes_at - timedelta(microseconds=1))


def budget_of(tiers: Sequence[Tier]) -> int:
    """What the tiers cost in yuan when every rank is taken once."""
    return sum((tier.rank_to - tier.rank_from + 1) * (tier.amount or 0) for tier in tiers)


@dataclass(frozen=True, slots=True)
class Published:
    """A campaign's newest published sheet; `number` is what ledger entries call the campaign."""

    number: int
    sheet: RuleSheet
    sha256: str


def sheet_covering(published: tuple[Published, ...], division: str, at: datetime) -> Published | None:
    """The sheet that judges an act of someone in `division` at a moment: the most specific open one.

    Of equally specific ones the campaign published first; None when no campaign is open there.
    """
    open_here = [
        each
        for each in published
        if is_within(division, each.sheet.counts_within) and each.sheet.opens_at <= at < each.sheet.closes_at
    ]
    return max(open_here, key=lambda each: (len(each.sheet.counts_within), -each.number), default=None)


def campaign_to_show(published: Sequence[Published], division: str, at: datetime) -> Published | None:
    """The campaign someone in `division` is shown: the open one that covers them, else the last that did."""
    current = sheet_covering(tuple(published), division, at)
    covering = [each for each in published if is_within(division, each.sheet.counts_within)]
    return current or max(covering, key=lambda each: (each.sheet.closes_at, each.number), default=None)
