"""What the back office counts by unit and span: the whole campaign, each week, each of the latest days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from kepu.campaigns.rules import Kind, Reason
from kepu.ledger.rules import Entry, takes_back
from kepu.standings.rules.boards import town_and_county

WHOLE = 0
COUNT_DAYS_KEPT = 29  # today and the four weeks a pace is taken from
# A cap or a missing certification stops an act from counting; that it earns nothing does not.
COUNTED = frozenset({Reason.CREDITED, Reason.CEILING, Reason.NOT_REWARDED})
OWN = frozenset({Kind.SIGN_IN, Kind.CHECK_IN, Kind.BROWSE, Kind.SHARE, Kind.CLUB_POST, Kind.LIKE, Kind.QUIZ})


class CountKey(NamedTuple):
    """One unit's line in a span: WHOLE, a day (yyyymmdd) or a week (its Monday's yyyymmdd, negative)."""

    campaign: int
    span: int
    county: int
    town: int
    unit: int


class ActiveKey(NamedTuple):
    """One person in a span that knows who was active: WHOLE or a day."""

    campaign: int
    span: int
    person: int


@dataclass(slots=True)
class Counts:
    """What a line holds, or what entries add to it: acts that count, and the campaign's volume."""

    shares: int = 0
    opens: int = 0
    reads: int = 0
    volume: int = 0


@dataclass(slots=True)
class Acts:
    """How many acts of their own somebody did; `place` is (ms, town, county, unit) of the latest."""

    acts: int
    place: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a run of entries adds up to before spans; sums may be added in any order.

    `lines` is keyed (campaign, day, county, town, unit), `people` (campaign, day, person); `latest` is each
    campaign's last day with an entry.
    """

    lines: dict[tuple[int, int, int, int, int], Counts]
    people: dict[tuple[int, int, int], Acts]
    latest: dict[int, int]


def count(entries: Iterable[Entry], corrected: dict[tuple[int, int], Entry]) -> Counted:
    """Sum up entries of campaigns; `corrected` gives, by (book, seq), those that reversals take back."""
    counted = Counted({}, {}, {})
    for entry in entries:
        if not entry.campaign:
            continue
        sign, fact = 1, entry
        if takes_back(entry):
            sign, fact = -1, corrected.get((entry.ref_book, entry.ref_seq), entry)
        town, county = town_and_county(entry.division)
        key = (entry.campaign, entry.day, county, town, entry.unit)
        line = counted.lines.setdefault(key, Counts())
        line.volume += entry.volume
        _add_act(line, fact, sign)
        if fact.kind in OWN:
            place = (entry.at_ms if sign > 0 else 0, town, county, entry.unit)
            person = (entry.campaign, entry.day, entry.person)
            held = counted.people.setdefault(person, Acts(0, (0, 0, 0, 0)))
            held.acts += sign
            held.place = max(held.place, place)
        counted.latest[entry.campaign] = max(counted.latest.get(entry.campaign, 0), entry.day)
    return counted


def _add_act(line: Counts, fact: Entry, sign: int) -> None:
    if fact.reason not in COUNTED:
        return
    if fact.kind == Kind.SHARE:
        line.shares += sign
    elif fact.kind == Kind.OPEN:
        line.opens += sign
    elif fact.kind == Kind.READ:
        line.reads += sign


def lines_by_span(counted: Counted, first_days: dict[int, int]) -> dict[CountKey, Counts]:
    """What each line gains; days before a campaign's first kept one have no line of their own."""
    lines: dict[CountKey, Counts] = {}
    for (campaign, day, *place), added in counted.lines.items():
        spans = [WHOLE, week_of(day)] + ([day] if day >= first_days[campaign] else [])
        for span in spans:
            held = lines.setdefault(CountKey(campaign, span, *place), Counts())
            held.shares += added.shares
            held.opens += added.opens
            held.reads += added.reads
            held.volume += added.volume
    return lines


def people_by_span(counted: Counted, first_days: dict[int, int]) -> dict[ActiveKey, Acts]:
    """What each person gains in the whole campaign and in each kept day."""
    people: dict[ActiveKey, Acts] = {}
    for (campaign, day, person), added in counted.people.items():
        for span in (WHOLE, day) if day >= first_days[campaign] else (WHOLE,):
            held = people.setdefault(ActiveKey(campaign, span, person), Acts(0, (0, 0, 0, 0)))
            held.acts += added.acts
            held.place = max(held.place, added.place)
    return people


def active_changes(held: dict[ActiveKey, Acts], added: dict[ActiveKey, Acts]) -> dict[CountKey, int]:
    """How many more people are active in each line: whoever has an act that stands, where the latest was."""
    changes: dict[CountKey, int] = {}
    for key, more in added.items():
        before = held.get(key, Acts(0, (0, 0, 0, 0)))
        after = Acts(before.acts + more.acts, max(before.place, more.place))
        for acts, step in ((before, -1), (after, 1)):
            if acts.acts > 0:
                _ms, town, county, unit = acts.place
                line = CountKey(key.campaign, key.span, county, town, unit)
                changes[line] = changes.get(line, 0) + step
    return {line: change for line, change in changes.items() if change}


def first_count_day(latest_day: int) -> int:
    """The first of the COUNT_DAYS_KEPT days up to `latest_day` (yyyymmdd)."""
    return number_of(date_of(latest_day) - timedelta(days=COUNT_DAYS_KEPT - 1)) if latest_day else 0


def week_of(day: int) -> int:
    """The span of the week a day (yyyymmdd) lies in: its Monday, negative."""
    found = _WEEKS.get(day)
    if found is None:
        here = date_of(day)
        found = _WEEKS[day] = -number_of(here - timedelta(days=here.weekday()))
    return found


def date_of(day: int) -> date:
    """A day of the ledger (yyyymmdd) as a date."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def number_of(day: date) -> int:
    """A date as a day of the ledger."""
    return day.year * 10_000 + day.month * 100 + day.day


_WEEKS: dict[int, int] = {}
