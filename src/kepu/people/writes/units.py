"""Associations and units of a county."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kepu.people.models import Association, Unit
from kepu.people.rules import UnitKind, unit_kind, unit_name
from kepu.regions import reads as regions
from kepu.regions.rules import Level, range_of

DEPARTMENTS = "机关、站所"
ASSOCIATION = "科学技术协会"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A county ready for its people: its association and how many units it has in how many towns."""

    association: int
    towns: int
    units: int


@transaction.atomic
def prepare_county(code: str, now: datetime) -> Prepared:
    """The county has its association, a unit for every village and community, and one for every town's
    departments. Again: nothing is made twice and nothing renamed is named back. Eight queries and
    one for each 500 new units.
    """
    county = regions.division(code)
    assert county is not None, f"no such county: {code}"
    association = Association.objects.filter(division=code).order_by("pk").first()
    if association is None:
        association = Association.objects.create(division=code, name=_association_name(county.name, code))
    towns = regions.within(code, Level.TOWN)
    low, high = range_of(code)
    known = set(Unit.objects.filter(division__gte=low, division__lt=high).values_list("division", flat=True))
    fresh = [
        Unit(name=unit_name(village.name, kind), kind=kind, division=village.code)
        for village in regions.within(code, Level.VILLAGE)
        if village.code not in known
        for kind in (unit_kind(village.code),)
    ]
    fresh += [
        Unit(name=DEPARTMENTS, kind=UnitKind.DEPARTMENTS, division=town.code)
        for town in towns
        if town.code not in known
    ]
    Unit.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    units = Unit.objects.filter(division__gte=low, division__lt=high).count()
    return Prepared(association.pk, len(towns), units)


def _association_name(county: str, code: str) -> str:
    """The county's name and 科学技术协会; where another county has that name (鼓楼区), in full."""
    plain = county + ASSOCIATION
    if not Association.objects.filter(name=plain).exists():
        return plain
    return regions.full_name(code) + ASSOCIATION
