"""Whom and what a file may mean: people by number or by name and unit, units and towns."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from kepu.documents.reading import Cell
from kepu.figures.reads.counting import counted
from kepu.figures.reads.sent import FileRow
from kepu.figures.rules import (
    Known,
    Line,
    Match,
    Person,
    Place,
    Verdict,
    by_name,
    phones_in,
    places_by_name,
)
from kepu.kit import clock
from kepu.people import reads as people
from kepu.regions import reads as regions
from kepu.regions.rules import Level

PROFILES_AT_ONCE = 1_000


def known_for(file: FileRow, rows: Sequence[Sequence[Cell]]) -> Known:
    """Everybody a file may mean; a number or name of a merged account is that of the one that was kept.

    By phone four queries for each thousand numbers and two more; else all people, ten.
    """
    within = (file.division,)
    if file.layout.match is Match.PHONE:
        phones = phones_in(rows, file.layout)
        numbers = people.accounts_with_phones(phones) | people.merged_with_phones(phones)
        persons = _persons(sorted(set(numbers.values())))
        by_phone = {phone: persons[account] for phone, account in numbers.items() if account in persons}
        return Known(by_phone=by_phone, within=within)
    if file.layout.match is Match.NAME_UNIT:
        former = places_by_name(_former(file.division))
        everybody = people_within(file.division) + _people(former_with_volume(file), is_certified=False)
        return Known(by_name=by_name(everybody), former=former, within=within)
    return places_known(file.division)


def places_known(division: str) -> Known:
    """The units and towns of a division that a row may name, by present and former names. Seven queries."""
    places, former = places_by_name(_places(division)), places_by_name(_former(division))
    return Known(places=places, former=former, within=(division,))


def people_within(division: str) -> list[Person]:
    """Every communicator of a division. Two queries; not bounded."""
    return _people(people.profiles_within(division))


def former_with_volume(file: FileRow) -> list[people.Profile]:
    """Who is no communicator of the file's division any more and has volume in its days that still counts.

    Merged accounts are left out: their volume is that of the one that was kept. Three queries.
    """
    kept = people.merged_into()
    there = {person for person, _day in counted(file, kept)}
    former = people.former_within(file.division)
    return [each for each in former if each.account in there and each.account not in kept]


def persons_kept(accounts: Mapping[int, int]) -> dict[int, Person]:
    """The people whom merged accounts (→ the one that was kept) are now. Two or three queries a thousand."""
    persons = _persons(sorted(set(accounts.values())))
    return {closed: persons[kept] for closed, kept in accounts.items() if kept in persons}


def unit_totals(file: FileRow, lines: Sequence[Line]) -> dict[tuple[int, str], tuple[int, int]]:
    """What the people of each unit or division a file of totals names bring together, and how many they are.

    (Volume, people certified by the file's last day.) Three queries.
    """
    by_person: dict[int, int] = {}
    for (person, _at), volume in counted(file).items():
        by_person[person] = by_person.get(person, 0) + volume
    everybody = people.profiles_within(file.division)
    found = {}
    for place in {(line.unit, line.division) for line in lines if line.verdict is Verdict.COMPARED}:
        unit, division = place
        inside = [p for p in everybody if (p.unit == unit if unit else p.division.startswith(division))]
        volume = sum(by_person.get(each.account, 0) for each in inside)
        found[place] = volume, sum(_day(each.certified_at) <= file.period.last_day for each in inside)
    return found


def absent_from(file: FileRow, named: set[int]) -> list[Person]:
    """The communicators of a file's division, certified by its last day, whom it does not name.

    With them who is certified no more and still has volume that counts (`is_certified` tells). Six queries.
    """
    last = file.period.last_day
    profiles = [
        each
        for each in people.profiles_within(file.division)
        if each.account not in named and _day(each.certified_at) <= last
    ]
    former = [each for each in former_with_volume(file) if each.account not in named]
    return _people(profiles) + _people(former, is_certified=False)


def _persons(accounts: Sequence[int]) -> dict[int, Person]:
    """Certified or not, by account."""
    found: dict[int, Person] = {}
    for start in range(0, len(accounts), PROFILES_AT_ONCE):
        some = accounts[start : start + PROFILES_AT_ONCE]
        certified = people.profiles(some)
        found |= {each.account: each for each in _people(list(certified.values()))}
        rest = [account for account in some if account not in certified]
        for account, standing in people.standing_many(rest).items() if rest else ():
            found[account] = Person(account, "", 0, "", "", standing.division, is_certified=False)
    return found


def _people(profiles: Sequence[people.Profile], *, is_certified: bool = True) -> list[Person]:
    towns = regions.names({each.division[:9] for each in profiles})
    return [
        Person(
            account=each.account,
            name=each.name,
            unit=each.unit,
            unit_name=each.unit_name,
            town_name=towns.get(each.division[:9], ""),
            division=each.division,
            is_certified=is_certified,
        )
        for each in profiles
    ]


def _places(division: str) -> list[Place]:
    """The units of a division, its towns and itself."""
    units = people.units_within(division)
    towns = regions.within(division, Level.TOWN)
    names = {town.code: town.name for town in towns}
    found = [Place(each.division, each.id, each.name, names.get(each.division[:9], "")) for each in units]
    found += [Place(town.code, 0, town.name, town.name) for town in towns]
    own = regions.names([division]).get(division, "")
    return [*found, Place(division, 0, own, "")] if own else found


def _day(moment: datetime) -> int:
    day = clock.day_of(moment)
    return day.year * 10_000 + day.month * 100 + day.day


def _former(division: str) -> list[Place]:
    """The open units of a division under names and in towns that they bear no more. Four queries."""
    now = {each.id: each for each in people.units_within(division)}
    borne = [each for each in people.units_ever_within(division) if each.id in now]
    past = [
        each for each in borne if (each.name, each.division) != (now[each.id].name, now[each.id].division)
    ]
    towns = regions.names({each.division[:9] for each in past})
    return [
        Place(now[each.id].division, each.id, each.name, towns.get(each.division[:9], "")) for each in past
    ]
