"""How a task will end: rows of what is known and the verdict; and what must hold whatever is known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.kit import clock
from kepu.standings.rules import Outlook, Pace, forecast, named, pace_days, worst_of
from kepu.standings.rules.outlook import TaskFacts, UnitFacts, progress_of, together

OPENS, CLOSES = clock.start_of(date(2021, 1, 1)), clock.start_of(date(2021, 12, 1))
TODAY = date(2021, 6, 1)
paces = st.builds(Pace, st.just(TODAY), st.integers(0, 30), st.integers(0, 400))
tasks = st.tuples(st.integers(0, 50_000), st.integers(0, 60_000), st.integers(0, 20_000), st.integers(0, 500))


@pytest.mark.parametrize(
    ("target", "actual", "recent", "today", "known", "left", "outlook", "at_end", "a_day"),
    [
        (4400, 4400, 0, 0, 14, 10, Outlook.DONE, 4400, 0),
        (4400, 3000, 0, 0, 14, 0, Outlook.MISSED, 3000, 1400),
        (4400, 3000, 0, 0, 14, 100, Outlook.WILL_MISS, 3000, 14),
        (4400, 3000, 140, 0, 14, 100, Outlook.AT_RISK, 4000, 14),
        (4400, 3000, 196, 0, 14, 100, Outlook.ON_COURSE, 4400, 14),
        (4400, 3000, 196, 14, 14, 100, Outlook.AT_RISK, 4386, 14),
        (4400, 40, 20, 0, 2, 100, Outlook.TOO_EARLY, 1040, 44),
        (0, 0, 0, 0, 0, 0, Outlook.DONE, 0, 0),
    ],
)
def test_a_task_ends_as_its_days_go_on(target, actual, recent, today, known, left, outlook, at_end, a_day):
    found = forecast(target, actual, recent, today, Pace(TODAY, known, left))
    assert (found.outlook, found.at_end, found.a_day) == (outlook, at_end, a_day)


@given(tasks, paces)
def test_what_holds_of_every_forecast(task, pace):
    target, actual, *_ = task
    found = forecast(*task, pace)
    assert (found.outlook is Outlook.DONE) == (actual >= target)
    assert found.at_end >= actual
    assert found.short == max(0, target - found.at_end)
    assert 0 <= found.percent <= 100
    gap = max(0, target - actual)
    if pace.left:
        assert found.a_day * pace.left >= gap
        assert (found.a_day - 1) * pace.left < gap
    if found.outlook is Outlook.WILL_MISS:
        assert found.short > 0
        assert pace.left > 0
    if found.outlook is Outlook.ON_COURSE:
        assert found.short == 0


@given(tasks, paces, st.integers(1, 5_000))
def test_more_is_never_worse(task, pace, more):
    target, actual, recent, today = task
    order = list(Outlook)
    before, after = forecast(*task, pace), forecast(target, actual + more, recent, today, pace)
    assert order.index(after.outlook) >= order.index(before.outlook)


@given(st.integers(1, 10), st.integers(0, 12), paces)
def test_backbones_are_named_not_foretold(target, actual, pace):
    found = named(target, actual, pace)
    expected = Outlook.DONE if actual >= target else Outlook.AT_RISK if pace.left else Outlook.MISSED
    assert found.outlook is expected
    assert found.short == max(0, target - actual)


def test_the_worst_comes_first():
    pace = Pace(TODAY, 14, 100)
    lost, worse = forecast(4400, 3000, 0, 0, pace), forecast(4400, 100, 0, 0, pace)
    done = forecast(10, 10, 0, 0, pace)
    assert worst_of([done, lost, worse]) is worse


@pytest.mark.parametrize(
    ("today", "lumpy", "since", "known", "left"),
    [
        (date(2021, 1, 1), False, date(2021, 1, 1), 0, 334),
        (date(2021, 1, 4), False, date(2021, 1, 1), 3, 331),
        (date(2021, 6, 1), False, date(2021, 5, 18), 14, 183),
        (date(2021, 6, 1), True, date(2021, 1, 1), 151, 183),
        (date(2021, 11, 30), False, date(2021, 11, 16), 14, 1),
        (date(2021, 12, 1), False, date(2021, 11, 17), 14, 0),
        (date(2020, 12, 1), False, date(2021, 1, 1), 0, 334),
    ],
)
def test_the_days_a_pace_is_taken_from(today, lumpy, since, known, left):
    now = clock.start_of(today) + timedelta(hours=9)
    assert pace_days(OPENS, CLOSES, now, lumpy=lumpy) == Pace(since, known, left)


facts = st.builds(
    TaskFacts, st.integers(0, 5_000), st.integers(0, 6_000), st.integers(0, 900), st.integers(0, 90)
)
units = st.lists(
    st.builds(UnitFacts, st.integers(1, 9), st.just("村"), st.just("430623110215"), facts, facts, facts),
    min_size=1,
    max_size=6,
)


@given(units, paces)
def test_units_together_are_asked_for_what_each_is_asked_for(several, pace):
    whole = together("镇", "430623110", several, pace, pace)
    single = [progress_of(each, pace, pace) for each in several]
    for task in ("backbones", "registrations", "volume"):
        assert getattr(whole, task).target == sum(getattr(each, task).target for each in single)
        assert getattr(whole, task).actual == sum(getattr(each, task).actual for each in single)
    assert whole.helpless == sum(each.helpless for each in single)
    assert (whole.units, whole.helpless <= whole.units) == (len(several), True)
    done = all(task.outlook is Outlook.DONE for each in single for task in each.tasks)
    assert not done or whole.worst.outlook is Outlook.DONE
