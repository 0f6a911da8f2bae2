"""Whose accounts are one person's, along chains of merges and without those that were undone."""

import pytest

from kepu.people import reads, writes
from kepu.people.models import Communicator
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, NOW, TOWN, phone, unit_in
from kepu.people.writes.merging import merge_accounts, undo_merge


@pytest.fixture
def five(db: None) -> tuple[int, list[int]]:
    """The county's officer, and five communicators of 同福村."""
    land.settle()
    officer = land.staff(90, Role.COUNTY_OFFICER, COUNTY)
    home = unit_in(TOWN, "同福村")
    return officer, writes.enroll_many([land.enrolled(n, home) for n in range(1, 6)], now=NOW)


def test_a_chain_of_merges_is_one_person(five, django_assert_num_queries):
    officer, (first, second, third, fourth, alone) = five
    assert reads.merged_into() == {}
    assert reads.merged_with_phones([phone(1)]) == {}
    assert isinstance(merge_accounts(second, first, officer, NOW), int)
    late = merge_accounts(third, second, officer, NOW)
    assert isinstance(merge_accounts(third, fourth, officer, NOW), int)
    assert reads.merged_into() == {first: third, second: third, fourth: third}
    with django_assert_num_queries(4):
        assert all(reads.hands_of(each) == {first, second, third, fourth} for each in five[1][:4])
    assert reads.hands_of(alone) == {alone}
    numbers = [phone(n) for n in (1, 3, 4, 5, 99)]
    with django_assert_num_queries(2):
        assert reads.merged_with_phones(numbers) == {phone(1): third, phone(4): third}
    assert undo_merge(late, officer, NOW) is None
    assert reads.merged_into() == {first: second, fourth: third}
    assert reads.hands_of(second) == {first, second}


def test_whoever_is_no_communicator_any_more_is_found_as_they_were(five, django_assert_num_queries):
    _officer, (first, *_others) = five
    Communicator.objects.filter(account=first).update(revoked_at=NOW)
    with django_assert_num_queries(1):
        found = reads.former_within(COUNTY)
    assert [(each.account, each.unit_name) for each in found] == [(first, "同福村")]
    assert reads.former_within("430602") == reads.former_within("") == []
