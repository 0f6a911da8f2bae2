"""Whom or what a row speaks of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kepu.documents.reading import Cell
from kepu.figures.rules.cells import text_of
from kepu.figures.rules.values import Layout, Match, Person, Place, Role, Verdict
from kepu.people.rules import masked_name, masked_phone, name_of, phone_of, unit_name
from kepu.people.rules.values import UnitKind


@dataclass(frozen=True, slots=True)
class Known:
    """Everybody and every place a file may speak of.

    `by_phone`: 11 digits → person; `by_name`: name → everybody who bears it; `places` by everyday name.
    `former`: the open units by everyday names they bore once, each with its town of then; looked at only
    where nothing bears the name now. `within`: the divisions the sender may speak for, inside the campaign.
    """

    by_phone: dict[str, Person] = field(default_factory=dict)
    by_name: dict[str, list[Person]] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    within: tuple[str, ...] = ()
    former: dict[str, list[Place]] = field(default_factory=dict)


def by_name(people: Iterable[Person]) -> dict[str, list[Person]]:
    """People by the name they bear."""
    found: dict[str, list[Person]] = {}
    for person in people:
        found.setdefault(person.name, []).append(person)
    return found


def places_by_name(places: Iterable[Place]) -> dict[str, list[Place]]:
    """Units and divisions by their everyday name."""
    found: dict[str, list[Place]] = {}
    for place in places:
        found.setdefault(everyday(place.name), []).append(place)
    return found


def everyday(name: str) -> str:
    """A unit's name as people say it: 同福村民委员会 is 同福村."""
    return unit_name(name, UnitKind.COMMUNITY if "居" in name else UnitKind.VILLAGE)


def phones_in(rows: Iterable[Sequence[Cell]], layout: Layout) -> set[str]:
    """The numbers (11 digits) a file names."""
    column = layout.columns[Role.PHONE]
    return set(filter(None, (phone_of(text_of(row[column])) for row in rows)))


def person_of(row: Sequence[Cell], layout: Layout, known: Known) -> Person | Verdict:
    """The one person a row means, certified or not, within reach of who sent it; or why there is none."""
    if layout.match is Match.PHONE:
        found = _by_phone(row, layout, known)
    else:
        found = _by_name_and_unit(row, layout, known)
    if isinstance(found, Verdict):
        return found
    if not any(found.division.startswith(within) for within in known.within):
        return Verdict.OUTSIDE
    return found


def place_of(row: Sequence[Cell], layout: Layout, known: Known) -> Place | Verdict:
    """The one unit or division a row's total is about; or why there is none."""
    region, unit = cell_of(row, layout, Role.REGION), cell_of(row, layout, Role.UNIT)
    wanted = unit or region
    if not wanted:
        return Verdict.UNIT_MISSING
    fitting = known.places.get(everyday(wanted), [])
    if not fitting:
        fitting = [
            place for name, places in known.places.items() if wanted.endswith(name) for place in places
        ]
    if not fitting:
        fitting = _each_once(_formerly(wanted, known))
    fitting = _narrowed(fitting, region if unit else "")
    if not fitting:
        return Verdict.NO_UNIT
    if len(fitting) > 1:
        return Verdict.TWO_FIT
    return fitting[0]


def cell_of(row: Sequence[Cell], layout: Layout, role: Role) -> str:
    """A row's text for a role; "" where the layout has no such column."""
    place = layout.columns.get(role)
    return text_of(row[place]) if place is not None and place < len(row) else ""


def masked_who(row: Sequence[Cell], layout: Layout) -> str:
    """Whom a row names, masked, for whoever looks the row up in their own file: 王*英 138****0001 同福村."""
    name, phone = cell_of(row, layout, Role.NAME), phone_of(cell_of(row, layout, Role.PHONE))
    place = cell_of(row, layout, Role.UNIT) or cell_of(row, layout, Role.REGION)
    parts = [masked_name(name) if name else "", masked_phone(phone) if phone else "", place]
    return " ".join(filter(None, parts))[:60]


def masked_person(person: Person) -> str:
    """Somebody whom a file does not name, masked: 王*英 同福村."""
    return f"{masked_name(person.name)} {person.unit_name}"[:60]


def _by_phone(row: Sequence[Cell], layout: Layout, known: Known) -> Person | Verdict:
    phone = phone_of(cell_of(row, layout, Role.PHONE))
    if phone is None:
        return Verdict.PHONE_WRONG
    person = known.by_phone.get(phone)
    if person is None:
        return Verdict.NO_PERSON
    stated = name_of(cell_of(row, layout, Role.NAME))
    if stated is not None and person.name and stated != person.name:
        return Verdict.NAME_DIFFERS
    return person


def _by_name_and_unit(row: Sequence[Cell], layout: Layout, known: Known) -> Person | Verdict:
    name, unit = name_of(cell_of(row, layout, Role.NAME)), cell_of(row, layout, Role.UNIT)
    if name is None:
        return Verdict.NAME_WRONG
    if not unit:
        return Verdict.UNIT_MISSING
    plain = everyday(unit)
    bearing = known.by_name.get(name, [])
    fitting = [each for each in bearing if everyday(each.unit_name) == plain]
    if not fitting:
        fitting = [each for each in bearing if _ends_with(plain, everyday(each.unit_name), each.town_name)]
    if not fitting:
        units = {place.unit for place in _formerly(unit, known)}
        fitting = [each for each in bearing if each.unit in units]
    fitting = [each for each in fitting if each.is_certified] or fitting
    if len(fitting) > 1:
        town = cell_of(row, layout, Role.REGION)
        fitting = [each for each in fitting if each.town_name and each.town_name in town] or fitting
    if not fitting:
        return Verdict.NO_PERSON
    return fitting[0] if len(fitting) == 1 else Verdict.TWO_FIT


def _formerly(text: str, known: Known) -> list[Place]:
    """The units that bore this name once: alone, or after the name of the town they lay in then."""
    plain = everyday(text)
    exact = known.former.get(plain)
    if exact is not None:
        return exact
    return [
        place
        for name, places in known.former.items()
        for place in places
        if _ends_with(plain, name, place.town_name)
    ]


def _each_once(places: Iterable[Place]) -> list[Place]:
    """One place a unit, however many of its names fit."""
    return list({place.unit: place for place in places}.values())


def _ends_with(text: str, unit: str, town: str) -> bool:
    """Whether 插旗镇同福村 means this 同福村: whatever stands before the unit names its town."""
    return text.endswith(unit) and bool(town) and text.removesuffix(unit).endswith(town)


def _narrowed(places: list[Place], region: str) -> list[Place]:
    if len(places) < 2 or not region:
        return places
    return [place for place in places if place.town_name and place.town_name in region] or places
