"""Each role may do so much inside its divisions, and hands scopes down only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.people.rules import ABILITIES, BELOW, Ability, Role, divisions_for, may, may_hand, may_hold

CITY, COUNTY, TOWN, VILLAGE, ELSEWHERE = "4306", "430623", "430623110", "430623110200", "430624"
DIVISIONS = ("", "43", CITY, COUNTY, TOWN, VILLAGE, ELSEWHERE)


@pytest.mark.parametrize(
    ("role", "division", "ability", "where", "allowed"),
    [
        (Role.COUNTY_OFFICER, COUNTY, Ability.FIGURES, TOWN, True),
        (Role.COUNTY_OFFICER, COUNTY, Ability.FIGURES, ELSEWHERE, False),
        (Role.COUNTY_OFFICER, COUNTY, Ability.FIGURES, CITY, False),
        (Role.TOWN_CLERK, TOWN, Ability.FIGURES, TOWN, False),
        (Role.TOWN_CLERK, TOWN, Ability.CERTIFY, VILLAGE, True),
        (Role.UNIT_CLERK, VILLAGE, Ability.CERTIFY, VILLAGE, False),
        (Role.AUDITOR, COUNTY, Ability.AUDIT, TOWN, True),
        (Role.AUDITOR, COUNTY, Ability.CERTIFY, TOWN, False),
        (Role.EDITOR, "", Ability.LOOK, TOWN, False),
        (Role.OPERATOR, "", Ability.REVIEW_3, ELSEWHERE, True),
        (Role.OPERATOR, COUNTY, Ability.CERTIFY, TOWN, True),
        (Role.OPERATOR, COUNTY, Ability.WRITE, TOWN, False),
        (Role.OPERATOR, COUNTY, Ability.REVIEW_1, TOWN, False),
    ],
)
def test_a_role_may_do_so_much_there(role, division, ability, where, allowed):
    assert may(frozenset({(role, division)}), ability, where) is allowed


@pytest.mark.parametrize(
    ("held", "within", "role", "division", "allowed"),
    [
        (Role.OPERATOR, "", Role.CITY_OFFICER, CITY, True),
        (Role.OPERATOR, "", Role.OPERATOR, CITY, False),
        (Role.CITY_OFFICER, CITY, Role.COUNTY_OFFICER, COUNTY, True),
        (Role.CITY_OFFICER, CITY, Role.CITY_OFFICER, CITY, False),
        (Role.COUNTY_OFFICER, COUNTY, Role.TOWN_CLERK, TOWN, True),
        (Role.COUNTY_OFFICER, COUNTY, Role.TOWN_CLERK, "430624100", False),
        (Role.COUNTY_OFFICER, COUNTY, Role.COUNTY_OFFICER, COUNTY, False),
        (Role.COUNTY_OFFICER, COUNTY, Role.CITY_OFFICER, CITY, False),
        (Role.COUNTY_OFFICER, COUNTY, Role.EDITOR, "", False),
        (Role.TOWN_CLERK, TOWN, Role.UNIT_CLERK, VILLAGE, True),
        (Role.TOWN_CLERK, TOWN, Role.TOWN_CLERK, TOWN, False),
        (Role.UNIT_CLERK, VILLAGE, Role.UNIT_CLERK, VILLAGE, False),
        (Role.AUDITOR, COUNTY, Role.UNIT_CLERK, VILLAGE, False),
    ],
)
def test_scopes_are_handed_down_only(held, within, role, division, allowed):
    assert may_hand(frozenset({(held, within)}), role, division) is allowed


scopes = st.frozensets(st.tuples(st.sampled_from(list(Role)), st.sampled_from(DIVISIONS)), max_size=4)


@given(scopes, st.sampled_from(list(Role)), st.sampled_from(DIVISIONS))
def test_whoever_receives_a_scope_can_do_nothing_the_giver_could_not(held, role, division):
    if may_hand(held, role, division):
        for ability in ABILITIES[role]:
            assert may(held, ability, division)


@given(scopes, st.sampled_from(list(Ability)))
def test_divisions_are_told_once_each(held, ability):
    found = divisions_for(held, ability)
    assert list(found) == sorted(found)
    assert not any(a != b and a.startswith(b) for a in found for b in found)


def test_every_role_is_handed_by_someone_but_the_operator():
    assert frozenset().union(*BELOW.values()) == frozenset(Role) - {Role.OPERATOR}
    assert all(any(may_hold(role, division) for division in DIVISIONS) for role in Role)
