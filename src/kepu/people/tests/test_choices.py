"""What people choose for themselves."""

from kepu.people import reads, writes
from kepu.people.rules import Refusal, Refused
from kepu.people.tests import land


def test_a_communicator_may_stand_on_boards_without_a_name(country, django_assert_num_queries):
    person, other = writes.enroll_many(
        [land.enrolled(number, land.unit_in(land.TOWN)) for number in (1, 2)], now=land.NOW
    )
    assert not reads.profiles([person])[person].hides_name
    with django_assert_num_queries(1):
        assert writes.set_hides_name(person, True, land.NOW) is None
    assert [row.hides_name for row in reads.profiles_within(land.COUNTY)] == [True, False]
    writes.set_hides_name(person, False, land.NOW)
    assert not any(row.hides_name for row in reads.profiles([person, other]).values())


def test_who_stands_on_no_board_has_no_name_to_hide(country):
    assert writes.set_hides_name(land.newcomer(1), True, land.NOW) == Refused(Refusal.NOT_CERTIFIED)
