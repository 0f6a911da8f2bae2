"""When points expire, what a quiz is worth and how far somebody came, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.points.rules import (
    ANNOUNCED_DAYS,
    DEFAULT_LEVELS,
    PAUSE,
    Attempt,
    Expiry,
    ExpiryTrouble,
    Level,
    LevelsTrouble,
    TopicBadge,
    TopicBadgesTrouble,
    announced_from,
    badges_made_harder,
    day_for,
    expiry_trouble,
    last_day_of_points,
    level_standing,
    levels_trouble,
    mark,
    next_possible_day,
    read_answers,
    topic_badges_trouble,
)

LONG_AGO = date(2020, 1, 1)
TODAY = date(2027, 6, 1)
NEVER = Expiry(0, 1, 1, LONG_AGO)
TWO_YEARS = Expiry(2, 12, 31, LONG_AGO)


def test_points_never_expire_until_somebody_says_so():
    assert last_day_of_points((), 2021) is None
    assert last_day_of_points((NEVER,), 2021) is None
    assert last_day_of_points((TWO_YEARS, NEVER), 2021) is None


@pytest.mark.parametrize(
    ("versions", "year", "expected"),
    [
        ((TWO_YEARS,), 2026, date(2028, 12, 31)),
        # never → two years: a year long past goes on the first day on which anything may
        ((NEVER, Expiry(2, 12, 31, date(2027, 8, 1))), 2024, date(2027, 8, 1)),
        ((NEVER, Expiry(2, 12, 31, date(2027, 8, 1))), 2025, date(2027, 12, 31)),
        # two years → one: what had a day before the new rule begins keeps it
        ((TWO_YEARS, Expiry(1, 6, 30, date(2027, 8, 1))), 2025, date(2027, 8, 1)),
        ((TWO_YEARS, Expiry(1, 6, 30, date(2028, 2, 1))), 2025, date(2027, 12, 31)),
        ((TWO_YEARS, Expiry(1, 6, 30, date(2027, 8, 1))), 2027, date(2028, 6, 30)),
        # two years → three: at once, whatever first day is named
        ((TWO_YEARS, Expiry(3, 12, 31, date(2030, 1, 1))), 2025, date(2028, 12, 31)),
    ],
)
def test_a_year_has_one_day_under_all_versions(versions, year, expected):
    assert last_day_of_points(versions, year) == expected


@pytest.mark.parametrize(
    ("versions", "wanted", "expected"),
    [
        ((), Expiry(2, 12, 31, date(2027, 7, 2)), None),
        ((), Expiry(2, 12, 31, date(2027, 7, 1)), ExpiryTrouble.TOO_SOON),
        ((TWO_YEARS,), Expiry(1, 12, 31, TODAY), ExpiryTrouble.TOO_SOON),
        ((TWO_YEARS,), Expiry(2, 12, 30, TODAY), ExpiryTrouble.TOO_SOON),
        ((TWO_YEARS,), Expiry(1, 12, 31, date(2027, 7, 2)), None),
        ((TWO_YEARS,), Expiry(3, 12, 31, TODAY), None),
        ((TWO_YEARS,), NEVER, None),
        ((TWO_YEARS,), Expiry(2, 12, 31, TODAY), ExpiryTrouble.UNCHANGED),
        ((), NEVER, ExpiryTrouble.UNCHANGED),
        ((), Expiry(11, 12, 31, date(2028, 1, 1)), ExpiryTrouble.YEARS_WRONG),
        ((), Expiry(1, 2, 29, date(2028, 1, 1)), ExpiryTrouble.DAY_WRONG),
        ((), Expiry(1, 13, 1, date(2028, 1, 1)), ExpiryTrouble.DAY_WRONG),
    ],
)
def test_a_change_takes_nothing_away_within_thirty_days(versions, wanted, expected):
    assert expiry_trouble(versions, wanted, TODAY) is expected


days_of_year = st.tuples(st.integers(1, 12), st.integers(1, 28))
rules = st.lists(st.tuples(st.integers(0, 4), days_of_year, st.integers(-40, 400)), max_size=6)


@given(rules, st.integers(2018, 2028))
def test_whatever_is_declared_a_day_never_comes_nearer_than_thirty_one_days(stated, year):
    """Each version is declared a hundred days after the last, where nothing speaks against it."""
    versions, today = [], date(2026, 1, 1)
    for years, (month, day), ahead in stated:
        today += timedelta(days=100)
        wanted = Expiry(years, month, day, today + timedelta(days=ahead))
        before = last_day_of_points(versions, year)
        if expiry_trouble(versions, wanted, today) is not None:
            continue
        versions.append(wanted)
        after = last_day_of_points(versions, year)
        if after is not None and (before is None or after < before):
            assert after >= next_possible_day(today)


@given(st.dates(date(2026, 1, 1), date(2032, 12, 31)), st.integers(0, 400))
def test_nobodys_day_is_sooner_than_thirty_days_after_they_were_told(rule_day, late):
    told_on = announced_from(rule_day, rule_day.year - 1) + timedelta(days=late)
    assert day_for(rule_day, told_on) >= told_on + timedelta(days=ANNOUNCED_DAYS)
    assert day_for(rule_day, told_on) >= rule_day


def test_people_are_told_in_time_but_not_within_the_year_itself():
    assert announced_from(date(2028, 12, 31), 2026) == date(2028, 11, 26)
    assert announced_from(date(2027, 1, 10), 2026) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("earned", "name", "following", "missing"),
    [
        (-5, "科普新人", "科普学员", 100),
        (0, "科普新人", "科普学员", 100),
        (99, "科普新人", "科普学员", 1),
        (100, "科普学员", "科普能手", 400),
        (10_000, "科普之星", "", 0),
        (99_999_999, "科普之星", "", 0),
    ],
)
def test_a_level_is_what_lifetime_points_reach(earned, name, following, missing):
    found = level_standing(DEFAULT_LEVELS, earned)
    assert (found.name, found.next_name, found.missing) == (name, following, missing)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((Level("甲", 0), Level("乙", 5)), None),
        ((), LevelsTrouble.FIRST_NOT_ZERO),
        ((Level("甲", 1),), LevelsTrouble.FIRST_NOT_ZERO),
        ((Level("甲", 0), Level("甲", 5)), LevelsTrouble.NAME_TWICE),
        ((Level("甲", 0), Level("乙", 0)), LevelsTrouble.POINTS_WRONG),
        ((Level("甲", 0), Level("", 5)), LevelsTrouble.NAME_WRONG),
        ((Level("甲", 0), Level("甲" * 13, 5)), LevelsTrouble.NAME_WRONG),
        (tuple(Level(str(n), n) for n in range(13)), LevelsTrouble.TOO_MANY),
        (DEFAULT_LEVELS, LevelsTrouble.UNCHANGED),
    ],
)
def test_levels_rise_from_nothing_and_are_named_once(levels, expected):
    assert levels_trouble(levels, DEFAULT_LEVELS) is expected


RICE, HEALTH = TopicBadge(1, "farming", "种田能手", 5), TopicBadge(2, "health", "健康能手", 3)


@pytest.mark.parametrize(
    ("badges", "expected"),
    [
        ((RICE,), None),
        ((), None),
        ((TopicBadge(0, "nowhere", "甲", 1),), TopicBadgesTrouble.TOPIC_WRONG),
        ((TopicBadge(0, "farming", "甲", 0),), TopicBadgesTrouble.PASSES_WRONG),
        ((RICE, TopicBadge(0, "health", "种田能手", 1)), TopicBadgesTrouble.NAME_TWICE),
        ((RICE, HEALTH), TopicBadgesTrouble.UNCHANGED),
    ],
)
def test_a_topic_badge_names_a_topic_and_a_number(badges, expected):
    assert topic_badges_trouble(badges, (RICE, HEALTH), ("farming",)) is expected


def test_a_badge_that_asks_for_more_or_is_gone_became_harder():
    renamed = TopicBadge(1, "farming", "种田高手", 5)
    assert badges_made_harder((RICE, HEALTH), (renamed, HEALTH)) == []
    assert badges_made_harder((RICE, HEALTH), (TopicBadge(1, "farming", "种田能手", 4), HEALTH)) == []
    assert badges_made_harder((RICE, HEALTH), (TopicBadge(1, "farming", "种田能手", 6),)) == [RICE, HEALTH]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"answer-0": "1", "answer-1": "0"}, [1, 0]),
        ({"answer-0": "1"}, [1, None]),
        ({"answer-0": "4", "answer-1": "-1"}, [None, None]),
        ({"answer-0": "一", "answer-1": "999"}, [None, None]),
        ({}, [None, None]),
    ],
)
def test_only_an_option_that_exists_is_an_answer(stated, expected):
    assert read_answers(stated, [4, 2]) == expected


def test_all_questions_right_is_passed():
    assert mark([1, 0], [1, 0]).is_passed
    assert mark([1, 1], [1, 0]).right == (True, False)
    assert not mark([1, 1], [1, 0]).is_passed


def test_after_a_wrong_answer_there_is_a_pause():
    now = datetime(2027, 6, 1, 4, tzinfo=UTC)
    assert Attempt().again_at(now) is None
    assert Attempt(wrong_at=now).again_at(now) == now + PAUSE
    assert Attempt(wrong_at=now).again_at(now + PAUSE) is None
    assert Attempt(wrong_at=now, passed_at=now).again_at(now) is None
