"""Other rules on acts that were judged already: the same rules change nothing, caps are exact."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.rules import (
    Counted,
    Earning,
    Kind,
    Measure,
    PastAct,
    Reason,
    Replaying,
    RuleSheet,
    judge,
    replay,
)
from kepu.campaigns.tests.samples import reference

DAYS = (20210301, 20210302, 20210303)
EVERYBODY = range(10)


def sheet(kind: Kind = Kind.SHARE, **changes) -> RuleSheet:
    earning = replace(Earning(1, 3), **changes)
    return replace(reference(), earnings={**reference().earnings, kind: earning})


acts = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from([Kind.SHARE, Kind.READ, Kind.BROWSE]), st.integers(1, 3),
        st.sampled_from(DAYS), st.booleans(),
    ),
    max_size=80,
).map(lambda rows: sorted(rows, key=lambda row: row[3]))  # fmt: skip


def judged(rules: RuleSheet, rows, certified=EVERYBODY) -> list[PastAct]:
    """The acts as the ledger would hold them under `rules`."""
    credited, articles, out = {}, {}, []
    for at, (person, kind, article, day, stands) in enumerate(rows, 1):
        key, by_article = (person, kind, day), (person, kind, day, article)
        verdict = judge(
            rules, kind, rules.opens_at, certified=person in certified,
            counted=Counted(credited.get(key, 0), articles.get(by_article, 0)),
        )  # fmt: skip
        if verdict.reason is Reason.CREDITED:
            credited[key] = credited.get(key, 0) + 1
            articles[by_article] = articles.get(by_article, 0) + 1
        out.append(
            PastAct(person, kind, article, at, day, verdict.points, verdict.volume, verdict.reason, stands)
        )
    return out


def tried(rules: RuleSheet, past, rounds=((DAYS[0], DAYS[1]),), certified=EVERYBODY) -> Replaying:
    state = Replaying(rules, rounds, certified)
    replay(past, state)
    return state


@given(acts)
def test_the_same_rules_change_nothing(rows):
    state = tried(sheet(), judged(sheet(), rows))
    for change in state.people.values():
        assert change.points_before == change.points_after
        assert change.volume_before == change.volume_after
        assert change.volume_added == [0]


@given(acts, st.integers(1, 5), st.none() | st.integers(1, 2), st.integers(0, 4))
def test_other_caps_and_points_come_to_what_judging_anew_gives(rows, cap, article_cap, points):
    other = sheet(points=points, per_day_max=cap, per_article_day_max=article_cap)
    state = tried(other, judged(sheet(), rows))
    anew = [act for act in judged(other, rows) if act.stands]
    assert sum(c.points_after for c in state.people.values()) == sum(act.points for act in anew)
    for person, change in state.people.items():
        mine = [act for act in anew if act.person == person]
        assert change.volume_after == sum(act.volume for act in mine)
        inside = [act for act in mine if act.day in DAYS[:2]]
        assert change.reached_ms == [max((act.at_ms for act in inside if act.volume), default=0)]


@given(acts, st.lists(st.integers(0, 80), max_size=5))
def test_replaying_in_pieces_changes_nothing(rows, cuts):
    past, other = judged(sheet(), rows), sheet(per_day_max=2, per_article_day_max=1)
    pieces = Replaying(other, ((DAYS[0], DAYS[1]),), EVERYBODY)
    for start, end in pairwise(sorted({0, len(past), *(min(cut, len(past)) for cut in cuts)})):
        replay(past[start:end], pieces)
    assert pieces == tried(other, past)


def test_a_raised_cap_counts_what_was_refused():
    past = judged(sheet(), [(1, Kind.SHARE, 1, DAYS[0], True)] * 8)
    change = tried(sheet(per_day_max=5), past).people[1]
    assert (change.points_before, change.points_after, change.volume_added) == (3, 5, [2])


def test_what_was_taken_back_earns_nothing_but_was_counted():
    rows = [(1, Kind.SHARE, 1, DAYS[0], stands) for stands in (False, True, True, True)]
    change = tried(sheet(), judged(sheet(), rows)).people[1]
    assert (change.points_before, change.points_after) == (2, 2)


def test_whoever_was_not_certified_then_is_not_now():
    past = judged(sheet(), [(1, Kind.SHARE, 1, DAYS[0], True)], certified=())
    assert tried(sheet(points=9), past).people[1].points_after == 0
    unasked = [PastAct(1, Kind.OPEN, 1, 1, DAYS[0], 0, 0, Reason.NOT_REWARDED, True)]
    opens = sheet(Kind.OPEN, points=2)
    assert tried(opens, unasked).people[1].points_after == 2
    assert tried(opens, unasked, certified=()).people[1].points_after == 0


def test_another_measure_counts_the_other_acts():
    rows = [(1, Kind.SHARE, 1, DAYS[0], True), (1, Kind.READ, 1, DAYS[0], True)] * 2
    by_reads = replace(sheet(), measure=Measure.READS)
    change = tried(by_reads, judged(sheet(), rows)).people[1]
    assert (change.volume_before, change.volume_after) == (2, 2)
    assert change.reached_ms == [4]


def test_imported_figures_stand_where_the_sheet_ranks_by_them():
    past = [PastAct(1, Kind.IMPORT, 0, 1, DAYS[0], 0, 321, Reason.ADJUSTED, True)]
    assert tried(replace(sheet(), measure=Measure.IMPORTED), past).people[1].volume_after == 321
    assert tried(sheet(), past).people[1].volume_after == 0


def test_memory_holds_a_few_days_of_counters():
    past = [PastAct(1, Kind.SHARE, 1, n, 20210101 + n, 1, 1, Reason.CREDITED, True) for n in range(25)]
    state = tried(sheet(), past)
    assert len(state.credited) == 3
    assert state.people[1].points_after == 25
