"""Ranks, windows and progress."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.rules import Published, TieRule, campaign_to_show
from kepu.kit.clock import start_of
from kepu.standings.rules import (
    Score,
    ranked,
    round_days,
    scope_division,
    task_progress,
    volume_to_enter,
    windows_of,
)
from kepu.standings.tests.samples import ANNUAL, SHEET

SHARED, EARLIER = TieRule.SHARED, TieRule.EARLIER
scores = st.lists(
    st.builds(Score, st.integers(1, 500), st.integers(-2, 9), st.integers(0, 5)),
    max_size=40,
    unique_by=lambda score: score.person,
)


@pytest.mark.parametrize(
    ("tie_rule", "volumes", "ranks"),
    [
        (SHARED, [9, 7, 7, 5], [1, 2, 2, 4]),
        (SHARED, [7, 7, 7], [1, 1, 1]),
        (EARLIER, [9, 7, 7, 5], [1, 2, 3, 4]),
        (SHARED, [3, 0, -1], [1]),
        (EARLIER, [0], []),
        (SHARED, [], []),
    ],
)
def test_ranks(tie_rule, volumes, ranks):
    people = [Score(person, volume, 100) for person, volume in enumerate(volumes, start=1)]
    assert [place.rank for place in ranked(people, tie_rule)] == ranks


def test_earlier_puts_whoever_got_there_first_ahead_then_the_lower_id():
    people = [Score(3, 7, 50), Score(2, 7, 60), Score(1, 7, 60), Score(4, 8, 99)]
    assert [place.score.person for place in ranked(people, EARLIER)] == [4, 3, 1, 2]


@given(scores, st.sampled_from(TieRule), st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(people, tie_rule, random):
    shuffled = list(people)
    random.shuffle(shuffled)
    assert ranked(shuffled, tie_rule) == ranked(people, tie_rule)


@given(scores)
def test_a_shared_rank_is_one_more_than_the_number_with_more(people):
    for place in ranked(people, SHARED):
        assert place.rank == 1 + sum(other.volume > place.score.volume for other in people)


@given(scores)
def test_earlier_ranks_are_each_given_once(people):
    assert [place.rank for place in ranked(people, EARLIER)] == list(
        range(1, 1 + sum(score.volume > 0 for score in people))
    )


@given(scores, st.sampled_from(TieRule), st.integers(1, 10))
def test_the_stated_gap_is_exactly_what_it_takes(people, tie_rule, last_rank):
    ranking = ranked(people, tie_rule)
    edge = ranking[last_rank - 1].score.volume if len(ranking) >= last_rank else None
    outside = [
        score
        for score in people
        if score.person not in {p.score.person for p in ranking if p.rank <= last_rank}
    ]
    for score in outside:
        needed = volume_to_enter(edge, tie_rule)
        others = [other for other in people if other.person != score.person]
        for volume, gets_in in ((needed, True), (needed - 1, False)):
            late = replace(score, volume=volume, reached_ms=1_000)
            rank = next(
                (p.rank for p in ranked([*others, late], tie_rule) if p.score.person == score.person), None
            )
            assert (rank is not None and rank <= last_rank) is gets_in


@pytest.mark.parametrize(
    ("day", "windows"),
    [
        (20210731, ["all", "midyear", "annual", "2021-07", "2021-07-31"]),
        (20210801, ["all", "annual", "2021-08", "2021-08-01"]),
        (20220101, ["all", "2022-01", "2022-01-01"]),
    ],
)
def test_windows_a_day_belongs_to(day, windows):
    rounds = [("midyear", 20210101, 20210731), ("annual", 20210101, 20211130)]
    assert windows_of(rounds, day) == windows


def test_a_round_ends_with_the_day_before_it_closes():
    assert round_days(ANNUAL) == (20210101, 20211130)
    assert round_days(replace(ANNUAL, closes_at=start_of(date(2021, 8, 1)))) == (20210101, 20210731)


@pytest.mark.parametrize(
    ("scope", "division"), [("city", "4306"), ("county", "430623"), ("town", "430623110")]
)
def test_scopes_are_seen_from_the_campaigns_place(scope, division):
    assert scope_division(SHEET, scope) == division


@pytest.mark.parametrize(
    ("target", "actual", "gap", "percent"),
    [
        (4400, 0, 4400, 0),
        (4400, 4399, 1, 99),
        (4400, 4400, 0, 100),
        (45, 90, 0, 200),
        (0, 3, 0, 100),
        (3, -1, 4, 0),
    ],
)
def test_progress(target, actual, gap, percent):
    progress = task_progress(target, actual)
    assert (progress.gap, progress.percent) == (gap, percent)


def test_the_campaign_shown_is_the_open_one_else_the_last():
    def published(number, year, within):
        opens, closes = start_of(date(year, 1, 1)), start_of(date(year, 12, 1))
        return Published(number, replace(SHEET, opens_at=opens, closes_at=closes, counts_within=within), "")

    several = [published(1, 2021, "4306"), published(2, 2025, "4306"), published(3, 2023, "430602")]
    shown = [
        campaign_to_show(several, division, start_of(date(year, 6, 1)))
        for division, year in (
            ("430623", 2021),
            ("430623", 2024),
            ("430602", 2023),
            ("430602", 2030),
            ("11", 2021),
        )
    ]
    assert [each and each.number for each in shown] == [1, 2, 3, 2, None]
