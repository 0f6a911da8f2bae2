"""What the app's pages show of one person, joined from the rooms below."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind, Published, Round, sheet_covering
from kepu.content import reads as content
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.rules import Entry, day_number
from kepu.people import reads as people
from kepu.people.reads import Profile
from kepu.standings import reads as standings
from kepu.standings.reads import MyPlace

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


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """How far one person is on a round's basic task."""

    round: Round
    volume: int
    missing: int
    is_open: bool
    is_over: bool


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


def progress(person: int, current: Published, now: datetime) -> list[RoundProgress]:
    """The person's volume in each round of a campaign, in the sheet's order. One query."""
    rounds = current.sheet.rounds
    if not rounds:
        return []
    days = {each.id: (_first_day(each), _last_day(each)) for each in rounds}
    first, last = min(day for day, _ in days.values()), max(day for _, day in days.values())
    volumes = ledger.volume_by_day(person, current.number, first, last)
    found = []
    for each in rounds:
        start, end = days[each.id]
        volume = sum(count for day, count in volumes.items() if start <= day <= end)
        missing = max(each.basic_task - volume, 0)
        is_over = each.closes_at <= now
        found.append(RoundProgress(each, volume, missing, each.opens_at <= now and not is_over, is_over))
    return found


def place(person: int, today: Today, rounds: list[RoundProgress]) -> MyPlace | None:
    """Where the person stands in their county in the round that is open now. At most eight queries."""
    open_now = next((each.round.id for each in rounds if each.is_open), None)
    if today.published is None or today.profile is None or open_now is None:
        return None
    return standings.my_place(today.published.number, open_now, today.profile.division[:6], person)


def named(entries: list[Entry]) -> list[NamedEntry]:
    """The entries with their articles' titles, withdrawn ones too. One query."""
    titles = content.titles({entry.article for entry in entries if entry.article})
    return [NamedEntry(entry, titles.get(entry.article, "")) for entry in entries]


def dwell_seconds(book: int, now: datetime) -> int:
    """How long a shared page must be seen to be read: the longest any open campaign of the book asks."""
    asked = [
        each.sheet.dwell_seconds_min
        for each in campaigns.published()
        if each.sheet.opens_at <= now < each.sheet.closes_at and _meets(each.sheet.counts_within, str(book))
    ]
    return max(asked, default=DWELL_SECONDS_OTHERWISE)


def _meets(division: str, book: str) -> bool:
    return division.startswith(book) or book.startswith(division)


def _first_day(each: Round) -> int:
    return day_number(clock.milliseconds(each.opens_at))


def _last_day(each: Round) -> int:
    return day_number(clock.milliseconds(each.closes_at - timedelta(milliseconds=1)))
