"""Who wins: the conditions of 插政办发〔2021〕12号 as a table, and what must hold for any input."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.awards.rules import (
    Candidate,
    Evaluation,
    Missed,
    Seen,
    by_month,
    evaluate,
    evaluation_bytes,
    place_in_scope,
    tiers_by_scope,
)
from kepu.campaigns.rules import DoubleAward, Tier, TieRule, reached_tier
from kepu.standings.tests.samples import (
    ANNUAL,
    CITY,
    COUNTY,
    COUNTY_TIERS,
    SHEET,
    TOWN,
    round_with,
    sheet_with,
)

TWO = (Tier("county", 1, 2, "优秀科普员", 500, True), Tier("county", 3, 4, "优秀科普员", 300, True))
ELSEWHERE = "430602001"


def candidate(person, volume, division=TOWN, reached_ms=0, certified=True):
    return Candidate(person, f"人{person}", "同福村", division, volume, reached_ms, certified)


def winners(outcome):
    return [(line.rank, line.communicator, line.amount) for line in outcome.winners]


@pytest.mark.parametrize(
    ("case", "tie_rule", "basic_task", "people", "expected"),
    [
        ("by volume", TieRule.SHARED, 0, [(1, 5), (2, 9), (3, 7)], [(1, 2, 500), (2, 3, 500), (3, 1, 300)]),
        (
            "a tie in a tier",
            TieRule.SHARED,
            0,
            [(1, 9), (2, 9), (3, 7)],
            [(1, 1, 500), (1, 2, 500), (3, 3, 300)],
        ),
        (
            "a tie at a tier's edge lets both in",
            TieRule.SHARED,
            0,
            [(1, 9), (2, 8), (3, 8), (4, 7)],
            [(1, 1, 500), (2, 2, 500), (2, 3, 500), (4, 4, 300)],
        ),
        (
            "a tie at the last edge lets all in",
            TieRule.SHARED,
            0,
            [(1, 9), (2, 8), (3, 7), (4, 6), (5, 6), (6, 5)],
            [(1, 1, 500), (2, 2, 500), (3, 3, 300), (4, 4, 300), (4, 5, 300)],
        ),
        (
            "earlier lets no tie in",
            TieRule.EARLIER,
            0,
            [(1, 9), (2, 8), (3, 7), (4, 6), (5, 6)],
            [(1, 1, 500), (2, 2, 500), (3, 3, 300), (4, 4, 300)],
        ),
        ("nobody moves up", TieRule.SHARED, 6, [(1, 9), (2, 5), (3, 5), (4, 4)], [(1, 1, 500)]),
        ("exactly the basic task is enough", TieRule.SHARED, 5, [(1, 5), (2, 4)], [(1, 1, 500)]),
        ("no volume, no award", TieRule.SHARED, 0, [(1, 0), (2, 1)], [(1, 2, 500)]),
        ("nobody", TieRule.SHARED, 0, [], []),
    ],
)
def test_who_wins(case, tie_rule, basic_task, people, expected):
    candidates = [candidate(person, volume) for person, volume in people]
    (county,) = evaluate(sheet_with(tie_rule), round_with(TWO, basic_task), candidates)
    assert winners(county) == expected, case


def test_only_certified_people_have_a_rank():
    people = [candidate(1, 9, certified=False), candidate(2, 8)]
    (county,) = evaluate(SHEET, round_with(TWO), people)
    assert winners(county) == [(1, 2, 500)]


def test_another_county_counts_in_the_city_only():
    people = [candidate(1, 9, division=ELSEWHERE), candidate(2, 8)]
    city, county = evaluate(SHEET, round_with((Tier("city", 1, 100, "市优秀", None, True), *TWO)), people)
    assert (city.division, winners(city)) == (CITY, [(1, 1, None), (2, 2, None)])
    assert (county.division, winners(county), county.budget) == (COUNTY, [(1, 2, 500)], 500)
    assert city.budget == 0


@pytest.mark.parametrize(
    ("rule", "county_winners", "county_missed"),
    [(DoubleAward.BOTH, [1, 2], []), (DoubleAward.HIGHEST_ONLY, [2], [(1, Missed.HOLDS_WIDER_AWARD)])],
)
def test_double_award(rule, county_winners, county_missed):
    tiers = (Tier("city", 1, 1, "市优秀", None, True), *TWO)
    people = [candidate(1, 9), candidate(2, 8)]
    _, county = evaluate(sheet_with(double_award=rule), round_with(tiers), people)
    assert [line.communicator for line in county.winners] == county_winners
    assert [(line.communicator, line.missed) for line in county.near_misses] == county_missed


def test_near_misses_say_what_was_missing():
    people = [
        candidate(1, 9),
        candidate(2, 9),
        candidate(3, 4),
        candidate(4, 4),
        *(candidate(n, 3) for n in range(5, 20)),
    ]
    (county,) = evaluate(SHEET, round_with(TWO, basic_task=5), people)
    lines = [(n.communicator, n.rank, n.missed, n.basic_task_gap, n.rank_gap) for n in county.near_misses]
    assert lines[:2] == [(3, 3, Missed.BASIC_TASK, 1, 0), (4, 3, Missed.BASIC_TASK, 1, 0)]
    assert lines[2:] == [(n, 5, Missed.BELOW_LAST_RANK, 2, 1) for n in range(5, 15)]


def test_the_reference_tiers_cost_25000():
    people = [candidate(n, 10_000 - n) for n in range(1, 301)]
    city, county = evaluate(SHEET, ANNUAL, people)
    assert (len(city.winners), city.budget) == (100, 0)
    assert (len(county.winners), county.budget) == (100, 25_000)
    assert [county.winners[n].amount for n in (0, 9, 10, 29, 30, 99)] == [500, 500, 300, 300, 200, 200]


people_of_a_city = st.lists(
    st.builds(
        candidate,
        st.integers(1, 400),
        st.integers(0, 12),
        st.sampled_from([TOWN, COUNTY, "430623001", ELSEWHERE, "4307"]),
        st.integers(0, 4),
        st.booleans(),
    ),
    max_size=40,
    unique_by=lambda c: c.person,
)
sheets = st.builds(sheet_with, st.sampled_from(TieRule), st.sampled_from(DoubleAward))


@st.composite
def rounds(draw):
    tiers = []
    for scope in draw(st.sets(st.sampled_from(["city", "county", "town"]), min_size=1)):
        first = 1
        for width in draw(st.lists(st.integers(1, 5), min_size=1, max_size=3)):
            amount = draw(st.sampled_from([None, 200, 500]))
            tiers.append(Tier(scope, first, first + width - 1, "优秀", amount, True))
            first += width
    return round_with(tuple(tiers), draw(st.integers(0, 9)))


@given(sheets, rounds(), people_of_a_city)
def test_winners_satisfy_every_condition(sheet, round_, people):
    by_id = {c.person: c for c in people}
    tiers = dict(tiers_by_scope(sheet, round_))
    for outcome in evaluate(sheet, round_, people):
        for line in outcome.winners:
            who = by_id[line.communicator]
            tier = reached_tier(tiers[outcome.scope], outcome.scope, line.rank)
            assert who.is_certified
            assert who.division.startswith(outcome.division)
            assert who.volume == line.volume >= max(1, round_.basic_task)
            assert (line.title, line.amount) == (tier.title, tier.amount)
        assert outcome.budget == sum(line.amount or 0 for line in outcome.winners)


@given(sheets, rounds(), people_of_a_city)
def test_no_one_outranks_a_winner_without_a_stated_reason(sheet, round_, people):
    held = set()
    for outcome in evaluate(sheet, round_, people):
        won = {line.communicator for line in outcome.winners}
        lowest = max((line.rank for line in outcome.winners), default=0)
        stated = {line.communicator: line.missed for line in outcome.near_misses}
        for place in outcome.ranking:
            person = place.score.person
            if place.rank <= lowest and person not in won:
                assert stated[person] in (Missed.BASIC_TASK, Missed.HOLDS_WIDER_AWARD)
                assert place.score.volume < round_.basic_task or person in held
        held |= won


@given(sheets, rounds(), people_of_a_city)
def test_every_rank_of_the_tiers_is_used_once(sheet, round_, people):
    """Everyone ranked within the tiers is either a winner or a near miss, and never both or twice."""
    tiers = dict(tiers_by_scope(sheet, round_))
    for outcome in evaluate(sheet, round_, people):
        last = max(tier.rank_to for tier in tiers[outcome.scope])
        in_rank = sorted(p.score.person for p in outcome.ranking if p.rank <= last)
        named = [line.communicator for line in outcome.winners]
        named += [n.communicator for n in outcome.near_misses if n.missed is not Missed.BELOW_LAST_RANK]
        assert sorted(named) == in_rank
        assert sum(n.missed is Missed.BELOW_LAST_RANK for n in outcome.near_misses) == min(
            10, len(outcome.ranking) - len(in_rank)
        )


@given(sheets, rounds(), people_of_a_city, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(sheet, round_, people, random):
    shuffled = list(people)
    random.shuffle(shuffled)
    assert evaluate(sheet, round_, shuffled) == evaluate(sheet, round_, people)


@given(sheets, rounds(), people_of_a_city)
def test_a_place_explained_agrees_with_the_list(sheet, round_, people):
    held = set()
    tiers = dict(tiers_by_scope(sheet, round_))
    for outcome in evaluate(sheet, round_, people):
        won = {line.communicator: line for line in outcome.winners}
        volumes = [place.score.volume for place in outcome.ranking]
        edges = {
            t.rank_to: volumes[t.rank_to - 1] if len(volumes) >= t.rank_to else None
            for t in tiers[outcome.scope]
        }
        for place in outcome.ranking:
            person = place.score.person
            seen = Seen(place.rank, place.score.volume, edges, 0, 0, person in held)
            said = place_in_scope(sheet, round_.basic_task, tiers[outcome.scope], outcome.division, "", seen)
            assert (said.missed is None) == (person in won)
            assert said.won_amount == (won[person].amount if person in won else None)
            assert all(
                (gap.volume_missing == 0)
                == (place.rank <= gap.rank_to and place.score.volume >= round_.basic_task)
                for gap in said.tiers
            )
        held |= set(won)


@pytest.mark.parametrize(
    ("basic_task", "rank", "volume", "missing"),
    [
        # tiers end at 10, 30 and 100; the people there have 900, 700 and 400
        (500, 12, 850, [51, 0, 0]),  # the task is done: only the ranks are missing
        (2200, 12, 850, [1350, 1350, 1350]),  # the task is further off than any rank, reached or not
        (880, 12, 850, [51, 30, 30]),  # each tier says the larger gap
        (2200, None, 0, [2200, 2200, 2200]),
        (0, None, 0, [901, 701, 401]),
    ],
)
def test_what_a_tier_misses_is_the_larger_of_rank_and_basic_task(basic_task, rank, volume, missing):
    seen = Seen(rank, volume, {10: 900, 30: 700, 100: 400}, 0, 0, False)
    sheet = replace(SHEET, tie_rule=TieRule.EARLIER)
    said = place_in_scope(sheet, basic_task, COUNTY_TIERS, COUNTY, "", seen)
    assert [tier.volume_missing for tier in said.tiers] == missing


def test_the_list_is_written_as_the_contract_says():
    people = [candidate(1, 3000), candidate(2, 20)]
    round_ = replace(ANNUAL, tiers=COUNTY_TIERS)
    evaluation = Evaluation(
        "chaqi-2021", "annual", 1, None, "00ff", "11ee", {COUNTY: "华容县"}, evaluate(SHEET, round_, people)
    )
    written = json.loads(evaluation_bytes(evaluation))
    assert set(written) == {"campaign", "round", "as_of", "ledger_head", "register", "scopes"}
    (scope,) = written["scopes"]
    assert set(scope) == {"division", "name", "winners", "near_misses", "budget"}
    assert scope["winners"] == [
        {
            "rank": 1,
            "communicator": 1,
            "name": "人1",
            "unit": "同福村",
            "volume": 3000,
            "basic_task_met": True,
            "title": "华容县优秀科普员",
            "amount": 500,
        }
    ]
    assert evaluation_bytes(evaluation) == evaluation_bytes(evaluation)


def test_months_are_sums_of_their_days():
    assert by_month([(20210131, 2), (20210201, 3), (20210101, 5)]) == ((202101, 7), (202102, 3))
