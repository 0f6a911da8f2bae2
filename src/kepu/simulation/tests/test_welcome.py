"""The sample's live edition has newcomers: certified this year, in every unit of the town, from a seed."""

from datetime import date
from random import Random

import pytest

from kepu.kit import clock
from kepu.people.models import Communicator
from kepu.people.reads import units_within
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, TOWN
from kepu.simulation.writes import Plan, days_between, enrol, welcome

pytestmark = pytest.mark.django_db
PLAN = Plan(COUNTY, TOWN, (COUNTY,), 60, 1.0, 7)
SPRING = list(days_between(date(2026, 1, 1), date(2026, 3, 31)))


def test_newcomers_came_to_every_unit_of_the_town_this_year():
    land.settle()
    old = enrol(PLAN, Random(7), date(2021, 1, 1))
    new = welcome(PLAN, Random(7), SPRING)
    assert (len(old), len(new)) == (60, 90)
    rows = list(Communicator.objects.filter(account__in=[each.account for each in new]))
    assert all(SPRING[0] <= clock.day_of(row.certified_at) <= SPRING[-1] for row in rows)
    assert {row.unit_id for row in rows} == {unit.id for unit in units_within(TOWN)}
    assert len({row.account.phone_index for row in Communicator.objects.select_related("account")}) == 150


def test_the_same_seed_welcomes_the_same_people():
    land.settle()
    made = [(each.since, each.shares_a_day) for each in welcome(PLAN, Random(3), SPRING)]
    Communicator.objects.all().delete()
    assert len(made) == 90
    assert [(each.since, each.shares_a_day) for each in welcome(PLAN, Random(3), SPRING)] == made


def test_on_new_years_day_nobody_has_come_yet():
    land.settle()
    assert welcome(PLAN, Random(7), []) == []
