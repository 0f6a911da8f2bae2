"""Questions about a sheet: rounds, tiers, tasks, and which campaign covers whom."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.rules import (
    Published,
    budget_of,
    last_day_of,
    reached_tier,
    round_of,
    sheet_covering,
    task_of,
    tasks_total,
)
from kepu.campaigns.tests.samples import reference
from kepu.kit.clock import start_of
from kepu.regions.rules import is_within

SHEET = reference()


def published(number, counts_within, opens=date(2021, 1, 1), closes=date(2022, 1, 1)):
    sheet = replace(SHEET, counts_within=counts_within, opens_at=start_of(opens), closes_at=start_of(closes))
    return Published(number, sheet, "")


@pytest.mark.parametrize(
    ("rank", "amount"), [(1, 500), (10, 500), (11, 300), (30, 300), (31, 200), (100, 200), (101, None)]
)
def test_the_countys_amounts_by_rank(rank, amount):
    tier = reached_tier(round_of(SHEET, "annual").tiers, "county", rank)
    assert (tier.amount if tier else None) == amount


def test_the_citys_tier_names_no_sum():
    for round_id in ("midyear", "annual"):
        tiers = round_of(SHEET, round_id).tiers
        assert reached_tier(tiers, "city", 100).amount is None
        assert reached_tier(tiers, "city", 101) is None
    assert reached_tier(round_of(SHEET, "midyear").tiers, "county", 1) is None


@given(st.integers(1, 200), st.sampled_from(["city", "county", "town"]))
def test_a_rank_reaches_at_most_one_tier(rank, scope):
    tiers = round_of(SHEET, "annual").tiers
    fitting = [t for t in tiers if t.scope == scope and t.rank_from <= rank <= t.rank_to]
    assert [reached_tier(tiers, scope, rank)] == (fitting or [None])


def test_tasks_are_found_by_division():
    assert task_of(SHEET, "430623110215").unit == "同福村"
    assert task_of(SHEET, "430623110").unit == "机关、站所"
    assert task_of(SHEET, "430623") is None
    assert tasks_total(SHEET) == (18, 370, 39_600)


def test_a_round_that_is_not_there():
    assert round_of(SHEET, "spring") is None


def test_the_budget_and_the_last_day():
    assert budget_of(round_of(SHEET, "annual").tiers) == 25_000
    assert budget_of(round_of(SHEET, "midyear").tiers) == 0
    assert last_day_of(SHEET.closes_at) == date(2021, 11, 30)


CITY, COUNTY, TOWN = published(1, "4306"), published(2, "430623"), published(3, "430623110")
NEXT_YEAR = published(4, "4306", date(2022, 1, 1), date(2023, 1, 1))
TWIN = published(5, "4306")


@pytest.mark.parametrize(
    ("case", "sheets", "division", "day", "number"),
    [
        ("the only one", [CITY], "430623110215", date(2021, 7, 1), 1),
        ("the most specific", [CITY, TOWN, COUNTY], "430623110215", date(2021, 7, 1), 3),
        ("not below the person", [CITY, TOWN, COUNTY], "430623", date(2021, 7, 1), 2),
        ("another county", [CITY, TOWN, COUNTY], "430602001", date(2021, 7, 1), 1),
        ("another city", [CITY, TOWN, COUNTY], "430701001", date(2021, 7, 1), None),
        ("before", [CITY], "430623", date(2020, 12, 31), None),
        ("the year's own", [CITY, NEXT_YEAR], "430623", date(2022, 1, 1), 4),
        ("of twins the first", [TWIN, CITY], "430623", date(2021, 7, 1), 1),
        ("none at all", [], "430623", date(2021, 7, 1), None),
    ],
)
def test_the_sheet_that_covers_a_person(case, sheets, division, day, number):
    found = sheet_covering(tuple(sheets), division, start_of(day))
    assert (found.number if found else None) == number, case


@given(
    st.permutations([CITY, COUNTY, TOWN, NEXT_YEAR, TWIN]),
    st.sampled_from(["43", "4306", "430623", "430623110", "430623110215", "4307", "11"]),
    st.dates(date(2020, 1, 1), date(2024, 1, 1)),
)
def test_the_order_of_sheets_does_not_matter(sheets, division, day):
    at = start_of(day)
    found = sheet_covering(tuple(sheets), division, at)
    assert found == sheet_covering((CITY, COUNTY, TOWN, NEXT_YEAR, TWIN), division, at)
    if found is not None:
        assert is_within(division, found.sheet.counts_within)
        assert found.sheet.opens_at <= at < found.sheet.closes_at
