"""What the site and its campaigns do without, and since when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kepu.campaigns import reads
from kepu.campaigns.reads.asking import asked_once
from kepu.campaigns.reads.switches import off_by_sheet, site_off, switched_off, turns
from kepu.campaigns.rules import Published, Switch
from kepu.campaigns.tests.samples import reference
from kepu.campaigns.writes import turn_switch
from kepu.people.rules import Role
from kepu.people.tests import land

NOW = datetime(2021, 7, 1, 4, tzinfo=UTC)
By = tuple[int, str]


@pytest.fixture
def by(db: None) -> By:
    """Whoever looks after the site."""
    return land.staff(90, Role.OPERATOR, ""), "王敏"


@pytest.mark.django_db
def test_the_newest_turn_of_a_switch_says_how_it_stands(by, django_assert_num_queries):
    assert turn_switch(Switch.MALL, "盘点库存", by, NOW, off=True)
    assert turn_switch(Switch.CLUBS, "整顿", by, NOW, off=True)
    assert turn_switch(Switch.MALL, "盘点完了", by, NOW + timedelta(days=1), off=False)
    with django_assert_num_queries(1):
        assert site_off() == {Switch.CLUBS}
    with django_assert_num_queries(1):
        kept = turns()
    assert [(each.switch, each.is_off, each.why, each.turned_name) for each in kept] == [
        (Switch.MALL, False, "盘点完了", "王敏"),
        (Switch.CLUBS, True, "整顿", "王敏"),
        (Switch.MALL, True, "盘点库存", "王敏"),
    ]


@pytest.mark.django_db
def test_turning_a_switch_to_where_it_stands_keeps_nothing(by):
    assert not turn_switch(Switch.BOARDS, "本来就开着", by, NOW, off=False)
    assert turn_switch(Switch.BOARDS, "上级要求", by, NOW, off=True)
    assert not turn_switch(Switch.BOARDS, "再关一次", by, NOW, off=True)
    assert len(turns()) == 1


@pytest.mark.parametrize(("role", "division"), [(Role.OPERATOR, "430623"), (Role.CITY_OFFICER, "4306")])
@pytest.mark.django_db
def test_who_looks_after_a_part_of_the_site_turns_nothing(role, division):
    land.settle()
    someone = land.staff(91, role, division), "周明"
    assert not turn_switch(Switch.MALL, "试关", someone, NOW, off=True)
    assert turns() == []


@pytest.mark.django_db
def test_the_site_and_the_campaign_switch_off_together(by, django_assert_num_queries):
    turn_switch(Switch.MALL, "盘点库存", by, NOW, off=True)
    with django_assert_num_queries(1):
        assert switched_off("430623110", NOW) == {Switch.MALL}


def test_a_campaign_that_is_over_still_says_what_its_people_do_without():
    sheet = replace(reference(), switched_off=frozenset({Switch.BOARDS}))
    published = (Published(1, sheet, ""),)
    later = sheet.closes_at + timedelta(days=30)
    assert off_by_sheet(published, "430623110", NOW) == {Switch.BOARDS}
    assert off_by_sheet(published, "430623110", later) == {Switch.BOARDS}
    assert off_by_sheet(published, "430105", NOW) == frozenset()


@pytest.mark.django_db
def test_the_sheets_are_asked_for_once_a_request(django_assert_num_queries):
    with django_assert_num_queries(1), asked_once():
        assert reads.published() == reads.published() == ()
    with django_assert_num_queries(2):
        reads.published()
        reads.published()
