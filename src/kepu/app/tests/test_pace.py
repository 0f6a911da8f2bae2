"""How far someone is and where it leads: forecasts, the task of a day, check-ins in a row."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.app.rules import STREAK_DAYS_MAX, DayTask, Streak, day_task, forecast, streak
from kepu.campaigns.rules import Round
from kepu.kit import clock

DAY = timedelta(days=1)


def round_of(first: date, last: date, basic_task: int) -> Round:
    return Round("r", "R", clock.start_of(first), clock.start_of(last + DAY), last, basic_task, ())


# The thirty days of June 2021.
JUNE = round_of(date(2021, 6, 1), date(2021, 6, 30), 300)


def june(**days: int) -> dict[date, int]:
    return {date(2021, 6, int(day[1:])): volume for day, volume in days.items()}


def every(first: int, last: int, volume: int) -> dict[date, int]:
    return {date(2021, 6, day): volume for day in range(first, last + 1)}


@pytest.mark.parametrize(
    ("volumes", "today", "said"),
    [
        # ten a day to the 10th: 100 there, 21 days of ten to come (today too)
        (every(1, 10, 10), 11, (300, 0, 10)),
        (every(1, 10, 10) | june(_11=10), 11, (300, 0, 10)),
        # what today brings above the pace counts
        (every(1, 10, 10) | june(_11=25), 11, (310, 0, 9)),
        # five a day is half of it: 50, 21 days of five
        (every(1, 10, 5), 11, (150, 150, 13)),
        # only the last fourteen days are the pace: nothing since the 3rd
        (every(1, 3, 50), 25, (150, 150, 25)),
        # whoever began on the 20th is judged by their own days
        (every(20, 24, 20), 25, (220, 80, 34)),
        # a single day left, and nearly all to do
        (every(20, 28, 1), 30, (9, 291, 291)),
        # small numbers are not rounded
        (every(1, 5, 1), 6, (30, 270, 12)),
    ],
)
def test_a_forecast(volumes, today, said):
    found = forecast(JUNE, volumes, date(2021, 6, today))
    assert (found.at_end, found.missing, found.a_day) == said
    assert found.last_day == date(2021, 6, 30)


@pytest.mark.parametrize(
    ("volumes", "today"),
    [
        ({}, 15),  # nothing yet
        (june(_14=5), 15),  # one whole day
        (june(_13=5, _15=5), 15),  # two
        (june(_15=5), 15),  # today only
        (every(1, 10, 30), 11),  # done
        (every(1, 10, 10), 31),  # July: the round is over
    ],
)
def test_where_there_is_too_little_to_say_nothing_is_said(volumes, today):
    assert forecast(JUNE, volumes, date(2021, 6, 1) + (today - 1) * DAY) is None


def test_before_the_round_nothing_is_foretold():
    assert forecast(JUNE, {date(2021, 5, 1): 90}, date(2021, 5, 20)) is None


def test_what_was_taken_back_makes_no_pace_below_nothing():
    volumes = every(1, 10, 5) | june(_12=-40)
    assert forecast(JUNE, volumes, date(2021, 6, 27)).at_end == 10


YEAR = round_of(date(2021, 1, 1), date(2021, 12, 31), 3650)


@pytest.mark.parametrize(
    ("volumes", "today", "to_month", "for_today"),
    [
        # ten a day; 310 to the end of January
        ({}, date(2021, 1, 1), 310, 10),
        ({date(2021, 1, 1): 4}, date(2021, 1, 1), 306, 6),
        ({date(2021, 1, 1): 10}, date(2021, 1, 1), 300, 0),
        ({date(2021, 1, 1): 12}, date(2021, 1, 2), 298, 10),
        # what was missed is spread over all days left, not heaped on the last of the month
        ({}, date(2021, 1, 31), 11, 11),
        ({date(2021, 1, 5): 298}, date(2021, 1, 31), 11, 11),
        ({date(2021, 1, 5): 300}, date(2021, 1, 31), 10, 10),
        ({date(2021, 1, 5): 300, date(2021, 1, 31): 10}, date(2021, 1, 31), 0, 0),
        # ahead of the month: nothing is asked for
        ({date(2021, 1, 5): 500}, date(2021, 1, 20), 0, 0),
        # December ends with the round
        ({date(2021, 1, 5): 3640}, date(2021, 12, 20), 10, 1),
    ],
)
def test_the_task_of_a_day(volumes, today, to_month, for_today):
    assert day_task(YEAR, volumes, today) == DayTask(to_month, for_today)


@pytest.mark.parametrize("today", [date(2020, 12, 31), date(2022, 1, 1)])
def test_outside_the_round_a_day_has_no_task(today):
    assert day_task(YEAR, {}, today) is None


def test_once_the_basic_task_is_done_a_day_has_no_task():
    assert day_task(YEAR, {date(2021, 1, 5): 3650}, date(2021, 3, 1)) is None


@pytest.mark.parametrize(
    ("since", "volumes", "today", "asked"),
    [
        # certified on 21 December: 3,650 over 11 days, all of them this month's; 332 a day, and 400 count
        (date(2021, 12, 21), {}, date(2021, 12, 21), DayTask(3650, 332)),
        (date(2021, 12, 21), {date(2021, 12, 21): 332}, date(2021, 12, 22), DayTask(3318, 332)),
        # certified on 16 July: 169 days are left, 16 of them in July
        (date(2021, 7, 16), {}, date(2021, 7, 16), DayTask(346, 22)),
        # what counted before the certification of today is not asked for again
        (date(2021, 7, 16), {date(2021, 3, 1): 1960}, date(2021, 7, 16), DayTask(160, 10)),
        # certified before the round: from its first day
        (date(2020, 3, 1), {}, date(2021, 1, 1), DayTask(310, 10)),
        # half a year idle is spread over all days left, not heaped on this month: 3,650 over 184 days
        (None, {}, date(2021, 7, 1), DayTask(615, 20)),
        # idle until the last day of a month: the days left are one fewer, and each asks for a little more
        (None, {}, date(2021, 8, 1), DayTask(740, 24)),
        (None, {}, date(2021, 7, 31), DayTask(24, 24)),
        # whoever is ahead of the even line is asked for no more than the line
        (None, {date(2021, 1, 5): 2000}, date(2021, 7, 10), DayTask(120, 6)),
        # the last day on which 400 a day are enough, and the first on which they are not
        (date(2021, 12, 22), {}, date(2021, 12, 22), DayTask(3650, 365)),
        (date(2021, 12, 23), {}, date(2021, 12, 23), DayTask(0, 0, is_possible=False)),
        (None, {}, date(2021, 12, 31), DayTask(0, 0, is_possible=False)),
        # today's 400 are used up; tomorrow's bring what is missing, or they do not
        (None, {date(2021, 1, 5): 2850, date(2021, 12, 30): 400}, date(2021, 12, 30), DayTask(400, 0)),
        (
            None,
            {date(2021, 1, 5): 2849, date(2021, 12, 30): 400},
            date(2021, 12, 30),
            DayTask(0, 0, is_possible=False),
        ),
    ],
)
def test_the_task_of_a_day_is_spread_over_the_days_a_person_has(since, volumes, today, asked):
    assert day_task(YEAR, volumes, today, since=since, per_day_max=400) == asked


def test_home_asks_for_no_more_a_day_than_my_page_says_is_enough():
    for number in range(3, 30):
        today = date(2021, 6, 1) + number * DAY
        volumes = every(1, number, 3)
        assert day_task(JUNE, volumes, today).for_today <= forecast(JUNE, volumes, today).a_day


DAYS = [date(2021, 1, 1) + number * DAY for number in range(365)]
histories = st.dictionaries(st.sampled_from(DAYS), st.integers(0, 300), max_size=40)


@given(st.integers(1, 9000), st.sampled_from(DAYS), st.integers(1, 300), st.integers(0, 364))
def test_whoever_does_each_days_task_has_done_the_basic_task_in_time(basic_task, since, per_day_max, start):
    """From any day on which the task is possible at all, whenever one was certified and began."""
    round_ = round_of(DAYS[0], DAYS[-1], basic_task)
    volumes: dict[date, int] = {}
    for today in DAYS[start:]:
        asked = day_task(round_, volumes, today, since=since, per_day_max=per_day_max)
        if asked is None:
            break
        if not asked.is_possible:
            assert today == DAYS[start]  # never lost by doing what was asked
            return
        volumes[today] = asked.for_today
    assert sum(volumes.values()) == basic_task


@given(st.integers(1, 20_000), histories, st.sampled_from(DAYS), st.sampled_from(DAYS), st.integers(1, 300))
def test_no_day_is_asked_for_more_than_counts_on_it(basic_task, volumes, since, today, per_day_max):
    round_ = round_of(DAYS[0], DAYS[-1], basic_task)
    asked = day_task(round_, volumes, today, since=since, per_day_max=per_day_max)
    held = {day: volume for day, volume in volumes.items() if day <= today}
    missing, room_today = basic_task - sum(held.values()), max(0, per_day_max - held.get(today, 0))
    if missing <= 0:
        assert asked is None
        return
    within_reach = missing <= room_today + per_day_max * (DAYS[-1] - today).days
    assert asked.is_possible == within_reach
    assert 0 <= asked.for_today <= min(room_today, asked.to_month)
    to_month_end = room_today + per_day_max * 30
    assert asked.to_month <= min(missing, to_month_end)


@pytest.mark.parametrize(
    ("days", "today", "said"),
    [
        ([], 10, Streak(0, has_today=False)),
        ([10], 10, Streak(1, has_today=True)),
        ([9], 10, Streak(1, has_today=False)),  # today is still open
        ([8], 10, Streak(0, has_today=False)),  # broken
        ([6, 7, 8, 9, 10], 10, Streak(5, has_today=True)),
        ([6, 7, 8, 9], 10, Streak(4, has_today=False)),
        ([6, 7, 9, 10], 10, Streak(2, has_today=True)),  # the 8th was left out
        ([10, 11], 10, Streak(1, has_today=True)),
    ],
)
def test_check_ins_in_a_row(days, today, said):
    assert streak({date(2021, 6, day) for day in days}, date(2021, 6, today)) == said


def test_a_row_goes_over_midnight_in_shanghai_and_not_in_greenwich():
    late = datetime(2021, 6, 20, 15, 59, 59, tzinfo=UTC)  # a second before midnight on the wall
    early = datetime(2021, 6, 20, 16, 0, 0, tzinfo=UTC)
    days = {clock.day_of(late), clock.day_of(early)}
    assert streak(days, clock.day_of(early)) == Streak(2, has_today=True)
    assert streak({clock.day_of(late)}, clock.day_of(early)) == Streak(1, has_today=False)
    assert streak({clock.day_of(late)}, clock.day_of(early + DAY)) == Streak(0, has_today=False)


def test_a_row_goes_over_the_end_of_a_year():
    assert streak({date(2020, 12, 31), date(2021, 1, 1)}, date(2021, 1, 1)).days == 2


def test_a_row_is_counted_only_so_far():
    today = date(2021, 6, 10)
    assert streak({today - each * DAY for each in range(2000)}, today).days == STREAK_DAYS_MAX
