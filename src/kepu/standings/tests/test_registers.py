"""People who move and villages that are named anew: what counted stays where it was counted."""

from datetime import timedelta

import pytest

from kepu.kit import clock
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.models import Unit
from kepu.people.rules import Role
from kepu.people.writes.merging import merge_accounts
from kepu.people.writes.moves import arrange_move
from kepu.people.writes.renaming import rename_unit
from kepu.standings import reads, writes
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    return town.build()


@pytest.fixture
def officer(published):
    """The county's officer."""
    now = clock.now()
    account = people_writes.open_staff_account("13700009009", "周名册", None, 430623, now)
    assert people_writes.grant_scope(account, Role.COUNTY_OFFICER, "430623", now) is None
    return account


def volume_of(published, name):
    """The volume of the unit a task of the sheet names so."""
    return next(unit.volume.actual for unit in reads.unit_progress(published.number) if unit.name == name)


def test_a_task_under_the_old_name_and_code_still_finds_its_unit(published, officer):
    (person,) = town.enrol(1)
    town.share(person, 3)
    writes.follow()
    unit, today = Unit.objects.get(division=town.TONGFU).pk, clock.day_of(clock.now())
    before = reads.unit_progress(published.number)
    assert rename_unit(unit, "新同福村", "430623110299", today, officer, clock.now()) is None
    town.share(person, 2)
    writes.follow()
    writes.refresh_places()
    found = next(each for each in reads.unit_progress(published.number) if each.name == "同福村")
    assert (found.unit, found.volume.actual, found.registrations.actual) == (unit, 5, 1)
    assert [each.unit for each in before] == [each.unit for each in reads.unit_progress(published.number)]
    (place,) = reads.board(published.number, "all", "430623110299", 0, 9).rows
    assert (place.person, place.volume, place.unit_name) == (person, 5, "新同福村")


def test_what_somebody_brought_stays_with_the_unit_they_left(published, officer):
    (person,) = town.enrol(1)
    town.share(person, 3)
    writes.follow()
    other, today = Unit.objects.get(division=town.ZHUBEI), clock.day_of(clock.now())
    since = today - timedelta(days=1)
    assert arrange_move(person, other.pk, since, officer, clock.now()) is None
    town.share(person, 2)
    writes.follow()
    writes.refresh_places()
    assert (volume_of(published, "同福村"), volume_of(published, other.name)) == (3, 2)
    (place,) = reads.board(published.number, "all", town.ZHUBEI, 0, 9).rows
    assert (place.person, place.volume) == (person, 5)


def test_boards_and_counts_know_only_the_kept_account_and_nothing_is_added_up(published, officer):
    kept, double = town.enrol(2)
    town.share(kept, 3)
    town.share(double, 4)
    writes.follow()
    assert isinstance(merge_accounts(kept, double, officer, clock.now()), int)
    writes.refresh_places()
    rows = reads.board(published.number, "all", "430623", 0, 9).rows
    assert [(row.person, row.volume) for row in rows] == [(kept, 3)]
    assert volume_of(published, "同福村") == 7
    found = next(each for each in reads.unit_progress(published.number) if each.name == "同福村")
    assert found.registrations.actual == 1
    assert people.profile(double) is None
