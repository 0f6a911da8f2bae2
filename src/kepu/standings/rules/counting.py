"""What the back office counts by unit and span: the whole campaign, each week, each of the latest days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from kepu.campaigns.rules import Kind, Reason
from kepu.ledger.rules import Entry, takes_back
from kepu.standings.rules.boards import town_and_county

Day = tuple[int, int]  # a campaign and a day of the ledger, or another span
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


@dataclass(slots=True)
class Counts:
    """What entries add to a line: acts that count, the campaign's volume, people who came to be active."""

    shares: int = 0
    opens: int = 0
    reads: int = 0
    volume: int = 0
    active: int = 0


@dataclass(slots=True)
class Acts:
    """How many acts of their own somebody did; `place` is (ms, town, county, unit) of the latest."""

    acts: int
    place: tuple[int, int, int, int]

    def add(self, acts: int, place: tuple[int, int, int, int]) -> None:
        """Add more; the order in which parts are added does not matter."""
        self.acts += acts
        self.place = max(self.place, place)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a run of entries adds up to before spans; sums may be added in any order.

    `lines` gives by (campaign, day) what was done in each (county, town, unit), `people` what each person did
    themself; `latest` is each campaign's last day with an entry.
    """

    lines: dict[Day, dict[tuple[int, int, int], Counts]]
    people: dict[Day, dict[int, Acts]]
    latest: dict[int, int]


def count(entries: Iterable[Entry], corrected: dict[tuple[int, int], Entry]) -> Counted:
    """Sum up entries of campaigns; `corrected` gives, by (book, seq), those that reversals take back."""
    counted = Counted({}, {}, {})
    for entry in entries:
        if not entry.campaign:
            continue
        sign, fact, day = 1, entry, (entry.campaign, entry.day)
        if entry.ref_seq and takes_back(entry):
            sign, fact = -1, corrected.get((entry.ref_book, entry.ref_seq), entry)
        lines = counted.lines.get(day)
        if lines is None:
            lines = counted.lines[day] = {}
            counted.people[day] = {}
        town, county = town_and_county(entry.division)
        line = lines.get((county, town, entry.unit))
        if line is None:
            line = lines[county, town, entry.unit] = Counts()
        line.volume += entry.volume
        _add_act(line, fact, sign)
        if fact.kind in OWN:
            place = (entry.at_ms if sign > 0 else 0, town, county, entry.unit)
            people = counted.people[day]
            held = people.get(entry.person)
            if held is None:
                people[entry.person] = Acts(sign, place)
            else:
                held.add(sign, place)
    for campaign, date_ in counted.lines:
        counted.latest[campaign] = max(counted.latest.get(campaign, 0), date_)
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
    for (campaign, day), places in counted.lines.items():
        spans = [WHOLE, week_of(day)] + ([day] if day >= first_days[campaign] else [])
        for place, added in places.items():
            for span in spans:
                held = lines.setdefault(CountKey(campaign, span, *place), Counts())
                held.shares += added.shares
                held.opens += added.opens
                held.reads += added.reads
                held.volume += added.volume
    return lines


def people_by_span(counted: Counted, first_days: dict[int, int]) -> dict[Day, dict[int, Acts]]:
    """What each person gains, by (campaign, span): in the whole campaign and in each kept day.

    Persons stand in the order of their numbers.
    """
    spans: dict[Day, list[dict[int, Acts]]] = {}
    for (campaign, day), people in counted.people.items():
        in_order = dict(sorted(people.items()))
        for span in (WHOLE, day) if day >= first_days[campaign] else (WHOLE,):
            spans.setdefault((campaign, span), []).append(in_order)
    return {key: days[0] if len(days) == 1 else _together(days) for key, days in spans.items()}


def _together(days: list[dict[int, Acts]]) -> dict[int, Acts]:
    sums: dict[int, Acts] = {}
    for people in days:
        for person, acts in people.items():
            sums.setdefault(person, Acts(0, acts.place)).add(acts.acts, acts.place)
    return dict(sorted(sums.items()))


def active_after(
    span: Day, held: dict[int, Acts], added: dict[int, Acts]
) -> tuple[dict[int, Acts], dict[CountKey, int]]:
    """What each of the people then did in a span, and how many more are active in each of its lines.

    Whoever has an act that stands is active where the latest was.
    """
    after: dict[int, Acts] = {}
    changes: dict[tuple[int, ...], int] = {}
    for person, more in added.items():
        before = held.get(person)
        now = after[person] = (
            more if before is None else Acts(before.acts + more.acts, max(before.place, more.place))
        )
        stood, stands = before.place[1:] if before is not None and before.acts > 0 else None, None
        if now.acts > 0:
            stands = now.place[1:]
        if stood != stands:
            for place, step in ((stood, -1), (stands, 1)):
                if place is not None:
                    changes[place] = changes.get(place, 0) + step
    lines = {
        CountKey(*span, county, town, unit): step for (town, county, unit), step in changes.items() if step
    }
    return after, lines


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
