"""Which likes look arranged, and who may decide about them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.integrity.rules import (
    DAY_MS,
    RULE,
    WHY_CHARS_MAX,
    Decision,
    Like,
    Pair,
    PairRule,
    Refusal,
    SignalState,
    arranged,
    judge_decision,
    shared_division,
)

TWICE = PairRule(each_way_min=2, days=7)


def on_days(*days: tuple[float, bool]) -> list[Like]:
    """Likes on days, by the one with the smaller number or not."""
    return [Like(int(day * DAY_MS), 1, number, by_low) for number, (day, by_low) in enumerate(days, start=1)]


@pytest.mark.parametrize(
    ("likes", "rests_on"),
    [
        ([], []),
        # both ways, but once only
        ([(0, True), (0, False)], []),
        # one way alone, however often
        ([(0, True), (1, True), (2, True), (3, True)], []),
        # twice each way within seven days
        ([(0, True), (1, False), (2, True), (6.9, False)], [1, 2, 3, 4]),
        # the last comes exactly seven days after the first: another span
        ([(0, True), (1, False), (2, True), (7, False)], []),
        # spans that overlap: everything within any of them
        ([(0, True), (1, False), (2, True), (6, False), (7.5, True), (20, True)], [1, 2, 3, 4, 5]),
        # what lies apart from the rest is left alone
        ([(0, True), (20, True), (20, False), (21, True), (21, False), (40, False)], [2, 3, 4, 5]),
        # two spans with nothing between them
        (
            [(0, True), (0, True), (0, False), (0, False), (30, True), (30, True), (30, False), (30, False)],
            [1, 2, 3, 4, 5, 6, 7, 8],
        ),
    ],
)
def test_what_a_signal_rests_on(likes, rests_on):
    assert sorted(seq for _book, seq in arranged(on_days(*likes), TWICE)) == rests_on


several = st.lists(
    st.builds(Like, st.integers(0, 40 * DAY_MS), st.integers(1, 2), st.integers(1, 10_000), st.booleans()),
    max_size=40,
    unique_by=lambda like: (like.book, like.seq),
)


def by_hand(likes: list[Like], rule: PairRule) -> set[tuple[int, int]]:
    """The same by the plainest code there is."""
    found: set[tuple[int, int]] = set()
    for first in likes:
        span = [each for each in likes if first.at_ms <= each.at_ms < first.at_ms + rule.days * DAY_MS]
        low = sum(each.by_low for each in span)
        if min(low, len(span) - low) >= rule.each_way_min:
            found |= {(each.book, each.seq) for each in span}
    return found


@given(several, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_one_more_takes_none_away(likes, chance):
    found = arranged(likes, TWICE)
    assert found == by_hand(likes, TWICE)
    mixed = list(likes)
    chance.shuffle(mixed)
    assert arranged(mixed, TWICE) == found
    assert arranged(likes[:-1], TWICE) <= found


def test_the_declared_rule_is_ten_each_way_in_seven_days():
    assert (RULE.each_way_min, RULE.days) == (10, 7)


@pytest.mark.parametrize(
    ("one", "other", "holds_both"),
    [
        (430623110, 430623110, "430623110"),
        (430623110, 430623101, "430623"),
        (430623, 430623101, "430623"),
        (430623110, 430624100, "4306"),
        (430623110, 430702100, "43"),
        (430623110, 110101001, ""),
    ],
)
def test_a_signal_lies_in_the_division_that_holds_both(one, other, holds_both):
    assert shared_division(one, other) == shared_division(other, one) == holds_both


HARMLESS = Decision(SignalState.HARMLESS, "同一个舞蹈队", "all of them")


@pytest.mark.parametrize(
    ("decision", "state", "hands", "refusal"),
    [
        (HARMLESS, SignalState.OPEN, {9}, None),
        (replace(HARMLESS, becomes=SignalState.NOT_COUNTED), SignalState.OPEN, {9}, None),
        (HARMLESS, SignalState.OPEN, {1}, Refusal.OWN_CASE),
        (HARMLESS, SignalState.OPEN, {9, 2}, Refusal.OWN_CASE),
        (HARMLESS, SignalState.HARMLESS, {9}, Refusal.DECIDED),
        (HARMLESS, SignalState.NOT_COUNTED, {9}, Refusal.DECIDED),
        (replace(HARMLESS, seen="others"), SignalState.OPEN, {9}, Refusal.GREW),
        (replace(HARMLESS, why=""), SignalState.OPEN, {9}, Refusal.WHY_MISSING),
        (replace(HARMLESS, why="长" * (WHY_CHARS_MAX + 1)), SignalState.OPEN, {9}, Refusal.WHY_TOO_LONG),
    ],
)
def test_who_may_decide(decision, state, hands, refusal):
    assert judge_decision(decision, state, Pair(1, 2), "all of them", frozenset(hands)) is refusal
