"""Points by year: what is left of them, which a spend takes, where a refund goes. In memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.ledger.rules import (
    YearPoints,
    balance_of,
    debt_of,
    given_back,
    held,
    oldest,
    rest_up_to,
    returned,
)

YEARS = st.integers(2020, 2024)
LOTS = st.dictionaries(YEARS, st.integers(-20, 20), max_size=5)

HELD = [
    # what the lots hold                  balance debt  what can be spent of each year
    ({}, 0, 0, []),
    ({2021: 5, 2022: 3}, 8, 0, [(2021, 5), (2022, 3)]),
    ({2021: -2, 2022: 5}, 3, 0, [(2022, 3)]),
    ({2021: 4, 2022: -3}, 1, 0, [(2021, 1)]),
    ({2021: 2, 2022: -3, 2023: 4}, 3, 0, [(2023, 3)]),
    ({2021: -9, 2022: 4}, 0, 5, []),
]


@pytest.mark.parametrize(("lots", "balance", "debt", "left"), HELD)
def test_what_was_taken_back_is_netted_against_the_oldest(lots, balance, debt, left):
    assert (balance_of(lots), debt_of(lots), list(held(lots))) == (balance, debt, left)


TAKEN = [
    # what the lots hold                  spend  what it takes
    ({2021: 5, 2022: 3}, 5, [(2021, 5)]),
    ({2021: 5, 2022: 3}, 6, [(2021, 5), (2022, 1)]),
    ({2021: 5, 2022: 3}, 9, []),
    ({2021: -2, 2022: 5, 2023: 1}, 4, [(2022, 3), (2023, 1)]),
    ({2021: 2, 2022: -2}, 1, []),
]


@pytest.mark.parametrize(("lots", "points", "taken"), TAKEN)
def test_a_spend_takes_the_oldest_first(lots, points, taken):
    assert list(oldest(lots, points)) == taken


RETURNED = [
    # taken from                  expired to  where the refund of 2024 puts it
    ([(2021, 5), (2022, 1)], 0, [(2021, 5), (2022, 1)]),
    ([(2021, 5), (2022, 1)], 2021, [(2022, 6)]),
    ([(2021, 5), (2024, 1)], 2022, [(2023, 5), (2024, 1)]),
    ([(2021, 5), (2024, 1)], 2023, [(2024, 6)]),
    ([(2024, 5)], 2024, [(2024, 5)]),
]


@pytest.mark.parametrize(("taken", "expired_to", "back"), RETURNED)
def test_a_refund_goes_where_it_came_from_or_to_the_oldest_year_that_has_not_expired(taken, expired_to, back):
    assert list(returned([YearPoints(*each) for each in taken], expired_to, 2024)) == back


GIVEN_BACK = [
    # how much expired            year  taken back  given back
    ({}, 2021, 5, None),
    ({2021: 4}, 2021, 5, (2021, 4)),
    ({2021: 9}, 2021, 5, (2021, 5)),
    ({2021: 9}, 2022, 5, None),
    ({2021: 0, 2022: 3}, 2021, 5, (2022, 3)),
    ({2020: 9, 2022: 3}, 2021, 5, (2022, 3)),
]


@pytest.mark.parametrize(("expired", "year", "points", "back"), GIVEN_BACK)
def test_what_had_expired_of_it_comes_back_when_an_entry_is_taken_back(expired, year, points, back):
    assert given_back(expired, year, points) == back


@given(LOTS, st.integers(1, 60), YEARS)
def test_what_is_held_is_the_balance_and_a_spend_leaves_the_rest(lots, points, year):
    left = held(lots)
    assert sum(each.points for each in left) == balance_of(lots)
    assert balance_of(lots) - debt_of(lots) == sum(lots.values())
    assert all(0 < each.points <= lots[each.year] for each in left)
    assert rest_up_to(lots, year) == sum(each.points for each in left if each.year <= year)
    taken = oldest(lots, points)
    assert bool(taken) is (points <= balance_of(lots))
    for each in taken:
        lots = lots | {each.year: lots[each.year] - each.points}
    if taken:
        assert sum(each.points for each in taken) == points
        assert sum(each.points for each in held(lots)) == sum(each.points for each in left) - points
        assert all(each.year >= taken[-1].year for each in held(lots))
