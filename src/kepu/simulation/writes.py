"""Plays a campaign: prepares the site, enrols people, and sends their days through the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from random import Random

from kepu.campaigns import reads as campaigns
from kepu.campaigns import writes as campaign_writes
from kepu.campaigns.rules import Kind, Published, Reason
from kepu.campaigns.sheet import edition_of
from kepu.content import reads as content
from kepu.content import writes as content_writes
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Receipt
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.rules import ApplicantType, Application, UnitKind
from kepu.regions import reads as regions
from kepu.regions.rules import Level
from kepu.simulation.rules import Person, Player, acts_of_day, person

BATCH = 5000
SAMPLE_ORGAN = "插旗镇人民政府办公室（示例）"
YEAR_DAYS = 334
HOME, TOWN = "430623", "430623110"
APPLICANTS = (("周桂兰", 9), ("何建国", 3), ("张小燕", 0))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played: where, by how many, how many of them in the home county, from which seed."""

    home: str
    town: str
    counties: tuple[str, ...]
    communicators: int
    home_share: float
    seed: int


@dataclass(slots=True)
class Played:
    """What came of it."""

    communicators: int = 0
    entries: int = 0
    caps_hit: int = 0


def reference_plan(communicators: int, seed: int) -> Plan:
    """The reference campaign: all counties of the city, a third of the people in the home county."""
    counties = tuple(each.code for each in regions.within("4306", Level.COUNTY))
    return Plan(HOME, TOWN, counties, communicators, 1 / 3, seed)


def live_plan(communicators: int, seed: int = 7) -> Plan:
    """Everybody in the home county."""
    return Plan(HOME, TOWN, (HOME,), communicators, 1.0, seed)


def prepare(plan: Plan, now: datetime) -> None:
    """The plan's counties have units, associations and open books; the articles and the sheet are there."""
    for county in plan.counties:
        people_writes.prepare_county(county, now)
        ledger.open_book(int(county), now)
    content_writes.load_sample_articles(now)


def publish_reference(now: datetime) -> Published:
    """The founding notice's sheet is published (once)."""
    known = campaigns.campaign("chaqi-2021")
    if known is not None:
        return known
    published = campaign_writes.publish_sheet(
        _reference_text(), by=SAMPLE_ORGAN, signed_off_by=SAMPLE_ORGAN, now=now
    )
    assert isinstance(published, Published), published
    return published


def publish_edition(year: int, now: datetime) -> Published:
    """This year's edition of the founding notice's sheet is published (once)."""
    known = campaigns.campaign(f"chaqi-{year}")
    if known is not None:
        return known
    text = edition_of(_reference_text(), year)
    published = campaign_writes.publish_sheet(text, by=SAMPLE_ORGAN, signed_off_by=SAMPLE_ORGAN, now=now)
    assert isinstance(published, Published), published
    return published


def enrol(plan: Plan, random: Random, opens_on: date) -> list[Player]:
    """The plan's people are certified communicators; a third of the town's share sits in its own units."""
    made = [
        (county, person(random, unit, at_home=county == plan.home, is_backbone=backbone, opens_on=opens_on))
        for county, unit, backbone in _homes(plan, random)
    ]
    return _enrolled(plan, made, 0, opens_on)


def welcome(plan: Plan, random: Random, days: list[date]) -> list[Player]:
    """Newcomers, three for every two people of the plan, were certified in the town on these days.

    Some villages do better than others: with 200 in the plan some reach the notice's 45, some do not.
    Nobody came where there are no days.
    """
    units = people.units_within(plan.town)
    weights = [random.uniform(0.3, 1) * (0.4 if unit.kind == UnitKind.DEPARTMENTS else 1) for unit in units]
    made = []
    for _ in range(plan.communicators * 3 // 2 if days else 0):
        unit, day = random.choices(units, weights)[0], random.choice(days)
        came = clock.start_of(day) + timedelta(minutes=random.randrange(480, 1080))
        each = person(random, unit.id, at_home=True, is_backbone=False, opens_on=day)
        made.append((plan.home, replace(each, certified_at=came)))
    return _enrolled(plan, made, plan.communicators, days[0]) if made else []


def apply(now: datetime) -> None:
    """Three people of the home town have asked for certification: one is overdue, one is due, one is new."""
    association = people.associations(HOME, 1)[0].id
    villages = [unit for unit in people.units_within(TOWN) if unit.kind == UnitKind.VILLAGE]
    for number, (name, days) in enumerate(APPLICANTS):
        phone = f"138{90_000_000 + number:08d}"
        account = people_writes.open_staff_account(phone, name, None, int(HOME), now)
        assert isinstance(account, int), account
        unit = villages[number % len(villages)]
        wanted = Application(name, TOWN, unit.id, ApplicantType.TOWN, association)
        outcome = people_writes.submit_certification(account, wanted, now - timedelta(days=days))
        assert isinstance(outcome, int), outcome


def play(random: Random, players: list[Player], days: Iterator[date]) -> Played:
    """The players live through the days, one after another."""
    articles = sorted(content.published_ids())
    last_shares: dict[int, tuple[int, int, int]] = {}
    played = Played(communicators=len(players))
    for day in days:
        acts = acts_of_day(random, day, players, articles, last_shares)
        for start in range(0, len(acts), BATCH):
            piece = acts[start : start + BATCH]
            for act, answer in zip(piece, ledger.commit_batch(piece), strict=True):
                if not isinstance(answer, Receipt):
                    raise RuntimeError(f"the ledger refused a simulated act: {answer!r}")
                played.entries += 1
                played.caps_hit += answer.reason is Reason.DAY_CAP and act.kind is Kind.SHARE
                if act.kind is Kind.SHARE:
                    last_shares[act.person] = (answer.book, answer.seq, act.article)
    return played


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _reference_text() -> str:
    return files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8")


def _homes(plan: Plan, random: Random) -> list[tuple[str, int, bool]]:
    """(county, unit, is backbone) of each person: the town's units have their two backbones first."""
    at_home = round(plan.communicators * plan.home_share)
    in_town = people.units_within(plan.town)
    homes = [(plan.home, unit.id, True) for unit in in_town if unit.kind for _ in range(2)][:at_home]
    elsewhere = [unit for unit in people.units_within(plan.home) if unit.kind != UnitKind.DEPARTMENTS]
    while len(homes) < at_home:
        units = in_town if random.random() < 0.5 else elsewhere
        homes.append((plan.home, random.choice(units).id, False))
    others = [county for county in plan.counties if county != plan.home] or [plan.home]
    by_county = {county: people.units_within(county) for county in others}
    while len(homes) < plan.communicators:
        county = random.choice(others)
        homes.append((county, random.choice(by_county[county]).id, False))
    return homes


def _enrolled(plan: Plan, made: list[tuple[str, Person]], first: int, opens_on: date) -> list[Player]:
    """These people (each with their county) have accounts, with numbers from the `first`th on."""
    associations = {county: people.associations(county, 1)[0].id for county in plan.counties}
    enrolments = [
        people_writes.Enrolment(
            phone=f"13{900_000_000 + number:09d}"[:11],
            name=each.name,
            unit_id=each.unit,
            association_id=associations[county],
            applicant_type=ApplicantType.TOWN,
            is_backbone=each.is_backbone,
            certified_at=each.certified_at,
        )
        for number, (county, each) in enumerate(made, first)
    ]
    accounts = people_writes.enroll_many(enrolments, now=clock.start_of(opens_on))
    return [_player(account, each) for account, (_county, each) in zip(accounts, made, strict=True)]


def _player(account: int, each: Person) -> Player:
    return Player(
        account,
        each.shares_a_year / YEAR_DAYS / each.days_active,
        each.days_active,
        clock.day_of(each.certified_at),
    )
