"""Last year's campaign as this year's draft."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.rules import RuleSheet
from kepu.campaigns.sheet import (
    Fit,
    Fitted,
    fitted_to,
    made_voluntary,
    moved_sheet,
    next_name,
    next_title,
    parse_sheet,
    table_of,
    text_of,
)
from kepu.campaigns.sheet.moving import moved_day
from kepu.campaigns.tests.samples import reference_text


@pytest.mark.parametrize(
    ("day", "years", "moved"),
    [
        ((2021, 6, 21), 1, (2022, 6, 21)),
        ((2024, 2, 29), 1, (2025, 2, 28)),
        ((2023, 2, 28), 1, (2024, 2, 29)),  # the month's last day stays its last
        ((2024, 2, 28), 1, (2025, 2, 28)),
        ((2024, 2, 29), 4, (2028, 2, 29)),
        ((2021, 11, 30), 1, (2022, 11, 30)),
        ((2021, 12, 31), 5, (2026, 12, 31)),
    ],
)
def test_a_day_moves_by_years(day, years, moved):
    assert moved_day(date(*day), years) == date(*moved)


@given(st.dates(date(2000, 1, 1), date(2050, 12, 31)), st.dates(date(2000, 1, 1), date(2050, 12, 31)))
def test_days_keep_their_order(one, other):
    early, late = sorted((one, other))
    assert moved_day(early, 1) <= moved_day(late, 1)


def test_last_years_campaign_starts_as_voluntary_with_its_days_moved():
    raw = moved_sheet(table_of(reference_text()), 5, "chaqi-2026", "插旗镇2026年科普信息传播活动")
    assert (raw["policy"], raw["opens_on"], raw["closes_on"]) == (
        "voluntary",
        date(2026, 1, 1),
        date(2026, 11, 30),
    )
    assert [each["title"] for each in raw["rounds"]] == ["2026年年中评选", "2026年全年评选"]
    assert raw["rounds"][0]["judged_on"] == date(2026, 7, 31)
    assert "document" not in raw
    assert "declared" not in raw, "what was settled about the old notice is not said of the new campaign"
    told = parse_sheet(text_of(raw))
    assert isinstance(told, list), "what a voluntary campaign may not have is told"
    made = made_voluntary(raw) | {"approval_number": "湘评组函〔2026〕8号"}
    assert isinstance(parse_sheet(text_of(made)), RuleSheet)
    assert isinstance(parse_sheet(text_of(raw | {"policy": "notice"})), RuleSheet)


def test_names_and_titles_name_the_new_year():
    assert next_name("chaqi-2021", 5) == "chaqi-2026"
    assert next_name("reading", 1) == "reading"
    assert next_title("插旗镇2021年活动", 2021, 1) == "插旗镇2022年活动"


def test_a_sheet_is_made_to_fit_the_officer_of_a_county():
    raw = table_of(reference_text())
    fitted, told = fitted_to(raw, ("430623",))
    assert fitted["counts_within"] == "430623"
    midyear, annual = fitted["rounds"]
    assert [(tier["scope"], "title" in tier, "given_by" in tier) for tier in midyear["tiers"]] == [
        ("county", False, False)
    ]
    assert {tier["scope"] for tier in annual["tiers"]} == {"county"}
    assert annual["amount_total"] == 25_000
    assert told == [
        Fitted(Fit.RANGE, ("430623",)),
        Fitted(Fit.TIERS_MOVED, (midyear["title"], "city", "county")),
        Fitted(Fit.TIERS_OUT, (annual["title"], "city")),
    ]
    assert fitted_to(fitted, ("430623",)) == (fitted, [])


@pytest.mark.parametrize("divisions", [("4306",), ("",), ("430602",)])
def test_a_sheet_that_fits_or_is_somebody_elses_stays(divisions):
    raw = table_of(reference_text())
    assert fitted_to(raw, divisions) == (raw, [])
