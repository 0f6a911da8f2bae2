"""What the app's pages show of one person, joined from the rooms below."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kepu.app.rules import (
    STREAK_DAYS_MAX,
    DayTask,
    Forecast,
    Streak,
    date_of,
    day_task,
    forecast,
    streak,
)
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import (
    MEASURED_KIND,
    Kind,
    Published,
    Round,
    RuleSheet,
    campaign_to_show,
    last_day_of,
    sheet_covering,
)
from kepu.content import reads as content
from kepu.content.rules import Article
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.rules import Entry, day_number
from kepu.people import reads as people
from kepu.people.reads import Profile
from kepu.standings import reads as standings
from kepu.standings.reads import Rank

DWELL_SECONDS_OTHERWISE = 10


@dataclass(frozen=True, slots=True)
class Today:
    """One person's day: who they are, the campaign that covers them now, and what still counts.

    `shares_left`: None when shares have no cap or no campaign is open.
    """

    profile: Profile | None
    published: Published | None
    last_day: date | None
    shares: int
    shares_left: int | None
    checked_in: bool

    @property
    def counts_nothing(self) -> bool:
        """Whether acts are refused because the campaign asks for a certificate that is not there."""
        return self.published is not None and self.published.sheet.certified_only and self.profile is None


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """How far one person is on a round's basic task, where that leads, and what today asks for.

    `per_day_max`: the most that counts on a day, None without such a limit.
    """

    round: Round
    volume: int
    missing: int
    is_open: bool
    is_over: bool
    per_day_max: int | None
    forecast: Forecast | None
    day_task: DayTask | None


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """A line of a statement with its article's title ("" when it has none)."""

    entry: Entry
    title: str


def today(person: int, book: int, now: datetime) -> Today:
    """The person's day. Three queries; one less where no campaign is open for them."""
    profile = people.profile(person)
    current = sheet_covering(campaigns.published(), profile.division if profile else str(book), now)
    if current is None:
        return Today(profile, None, None, 0, None, checked_in=False)
    done = ledger.credited_on(person, current.number, day_number(clock.milliseconds(now)))
    earning = current.sheet.earnings.get(Kind.SHARE)
    shares = done.get(Kind.SHARE, 0)
    left = max(earning.per_day_max - shares, 0) if earning else None
    last_day = clock.day_of(current.sheet.closes_at - timedelta(milliseconds=1))
    return Today(profile, current, last_day, shares, left, checked_in=Kind.CHECK_IN in done)


def progress(person: int, profile: Profile | None, current: Published, now: datetime) -> list[RoundProgress]:
    """The person's volume in each round of a campaign, in the sheet's order. One query."""
    rounds = current.sheet.rounds
    if not rounds:
        return []
    first, last = min(map(_first_day, rounds)), max(map(_last_day, rounds))
    numbers = ledger.volume_by_day(person, current.number, first, last)
    volumes = {date_of(day): volume for day, volume in numbers.items()}
    since = clock.day_of(profile.certified_at) if profile else None
    return [_round_progress(each, current.sheet, volumes, since, now) for each in rounds]


def _round_progress(
    round_: Round, sheet: RuleSheet, volumes: dict[date, int], since: date | None, now: datetime
) -> RoundProgress:
    today = clock.day_of(now)
    first, last = clock.day_of(round_.opens_at), last_day_of(round_.closes_at)
    volume = sum(volume for day, volume in volumes.items() if first <= day <= last)
    earning = sheet.earnings.get(MEASURED_KIND[sheet.measure])
    per_day_max = earning.per_day_max if earning else None
    is_over = round_.closes_at <= now
    return RoundProgress(
        round=round_,
        volume=volume,
        missing=max(round_.basic_task - volume, 0),
        is_open=round_.opens_at <= now and not is_over,
        is_over=is_over,
        per_day_max=per_day_max,
        forecast=forecast(round_, volumes, today),
        day_task=day_task(round_, volumes, today, since=since, per_day_max=per_day_max),
    )


def goal_of_day(rounds: list[RoundProgress]) -> RoundProgress | None:
    """The round whose basic task today's work is for: of those open and not done the one that ends first.

    One whose basic task cannot be completed any more only where there is no other.
    """
    asking = [(not each.day_task.is_possible, each) for each in rounds if each.day_task is not None]
    _, goal = min(asking, key=lambda each: (each[0], each[1].round.closes_at), default=(False, None))
    return goal


def rounds_to_show(rounds: list[RoundProgress]) -> list[RoundProgress]:
    """The rounds as a person's page lists them: those open, the one that ends first on top; those to come;
    then those over in which they had a part, the last one first."""
    going = [each for each in rounds if not each.is_over]
    over = [each for each in rounds if each.is_over and each.volume > 0]
    going.sort(key=lambda each: (not each.is_open, each.round.closes_at))
    return going + sorted(over, key=lambda each: each.round.closes_at, reverse=True)


def check_ins(person: int, now: datetime) -> Streak:
    """The person's check-ins in a row up to now. One query over at most STREAK_DAYS_MAX days."""
    today = clock.day_of(now)
    since = day_number(clock.milliseconds(clock.start_of(today - timedelta(days=STREAK_DAYS_MAX))))
    days = ledger.credited_days(person, Kind.CHECK_IN, since, STREAK_DAYS_MAX + 1)
    return streak({date_of(day) for day in days}, today)


def reading_on(person: int) -> Article | None:
    """The article the person looked at last, while it is published. Two queries; a third for its pictures."""
    article = ledger.last_browsed(person)
    return content.article(article) if article is not None else None


def campaign_of(today: Today, book: int, now: datetime) -> Published | None:
    """The campaign a person's page shows: the open one, else the last that covered them.

    No query while one is open, else one.
    """
    if today.published is not None:
        return today.published
    division = today.profile.division if today.profile else str(book)
    return campaign_to_show(campaigns.published(), division, now)


def place(
    person: int, profile: Profile | None, current: Published | None, rounds: list[RoundProgress]
) -> Rank | None:
    """A person's rank in their county in the round that is open, else in the last one.

    One query in a large round, else at most nine; none for someone who is no communicator.
    """
    begun = [each.round.id for each in rounds if each.is_open] or [
        each.round.id for each in rounds if each.is_over
    ][-1:]
    if current is None or profile is None or not begun:
        return None
    return standings.my_rank(current, begun[0], profile.division[:6], person)


def named(entries: list[Entry]) -> list[NamedEntry]:
    """The entries with their articles' titles, withdrawn ones too. One query."""
    titles = content.titles({entry.article for entry in entries if entry.article})
    return [NamedEntry(entry, titles.get(entry.article, "")) for entry in entries]


def dwell_seconds() -> dict[int, int]:
    """By campaign (0: where none counts) how many seconds a shared page stays open to be read. One query."""
    own = {each.number: each.sheet.dwell_seconds_min for each in campaigns.published()}
    return {0: DWELL_SECONDS_OTHERWISE, **own}


def _first_day(each: Round) -> int:
    return day_number(clock.milliseconds(each.opens_at))


def _last_day(each: Round) -> int:
    return day_number(clock.milliseconds(each.closes_at - timedelta(milliseconds=1)))
