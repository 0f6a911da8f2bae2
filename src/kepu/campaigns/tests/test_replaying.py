"""Other rules on acts that were judged already: as `judge` would, act by act, in the order of the ledger."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.rules import (
    COUNTED,
    ELSEWHERE,
    Counted,
    Earning,
    Kind,
    Measure,
    PastAct,
    Reason,
    Replayed,
    Replaying,
    RuleSheet,
    Streak,
    Weight,
    begin_book,
    judge,
    looks_back,
    replay,
    replayed,
)
from kepu.campaigns.rules.replaying import DAYS_OPEN
from kepu.campaigns.tests.samples import reference
from kepu.kit import clock

FIRST = date(2021, 3, 29)
DAYS = tuple(int(f"{FIRST + timedelta(days=ahead):%Y%m%d}") for ahead in range(6))
EVERYBODY = range(10)
ROUNDS = ((DAYS[0], DAYS[1]), (DAYS[1], DAYS[4]))
KINDS = [Kind.SHARE, Kind.READ, Kind.BROWSE, Kind.CHECK_IN, Kind.QUIZ, Kind.LIKED, Kind.CERTIFICATION]
DESIGNATED = {DAYS[1]: frozenset({2}), DAYS[3]: frozenset({1, 2})}


@dataclass
class Acted:
    """One act: who, what, on which article and day, in which campaign, and whether it stands."""

    person: int
    kind: Kind
    article: int
    day: int
    is_here: bool = True
    stands: bool = True

    @property
    def on(self) -> date:
        return date(self.day // 10_000, self.day // 100 % 100, self.day % 100)


@dataclass
class OneByOne:
    """The ledger's way: counts of everything, asked again for every act."""

    rules: RuleSheet
    certified: object = EVERYBODY
    counts: defaultdict = field(default_factory=lambda: defaultdict(int))

    def judge(self, act: Acted):
        days, before = 0, act.on - timedelta(days=1)
        while self.counts["day", act.person, act.kind, before]:
            days, before = days + 1, before - timedelta(days=1)
        counted = Counted(
            today=self.counts["today", act.person, act.kind, act.on],
            article_today=self.counts["article_today", act.person, act.kind, act.on, act.article],
            article=self.counts["article", act.person, act.kind, act.article],
            points_today=self.counts["points_today", act.person, act.on],
            streak_days=days,
            designated=act.article in DESIGNATED.get(act.day, ()),
        )
        certified = act.person in self.certified
        verdict = judge(self.rules, act.kind, clock.start_of(act.on), certified=certified, counted=counted)
        if verdict.reason in COUNTED:
            self.counts["today", act.person, act.kind, act.on] += 1
            if act.article:
                self.counts["article_today", act.person, act.kind, act.on, act.article] += 1
                self.counts["article", act.person, act.kind, act.article] += 1
            self.note(act, verdict.points)
        return verdict

    def note(self, act: Acted, points: int) -> None:
        """What an act leaves in whatever campaign it counted."""
        self.counts["day", act.person, act.kind, act.on] += 1
        self.counts["points_today", act.person, act.on] += points


def sheet(kind: Kind = Kind.SHARE, **changes) -> RuleSheet:
    earning = replace(Earning(1, 3), **changes)
    return replace(reference(), earnings={**reference().earnings, kind: earning})


def past_of(rules: RuleSheet, acts: list[Acted], certified=EVERYBODY) -> list[PastAct]:
    """The acts as the ledger holds them: under `rules`, elsewhere each with a point of its own."""
    ledger, out = OneByOne(rules, certified), []
    for seq, act in enumerate(acts, 1):
        at_ms = clock.milliseconds(clock.start_of(act.on)) + seq
        if not act.is_here:
            ledger.note(act, 1)
            values = (act.kind + ELSEWHERE, act.article, at_ms, act.day, 1, 0, Reason.ADJUSTED)
        else:
            judged = ledger.judge(act)
            values = (act.kind, act.article, at_ms, act.day, judged.points, judged.volume, judged.reason)
        out.append(PastAct(seq, act.person, *values))
    return out


def taken_back(acts: list[Acted]) -> frozenset[int]:
    return frozenset(seq for seq, act in enumerate(acts, 1) if not act.stands)


def tried(rules: RuleSheet, past, back=frozenset(), certified=EVERYBODY, **more) -> Replayed:
    state = Replaying(rules, ROUNDS, certified, designated=DESIGNATED, **more)
    replay(past, state, back)
    return replayed(state)


def expected(rules: RuleSheet, acts: list[Acted], past: list[PastAct], first_day: int = 0):
    """By person: points, volume and what each round's volume gains, judged one by one under other rules."""
    ledger, out = OneByOne(rules), {}
    for act, was in zip(acts, past, strict=True):
        if not act.is_here:
            ledger.note(act, 1)
            continue
        now = ledger.judge(act)
        if not act.stands or act.day < first_day:
            continue
        sums = out.setdefault(act.person, [0, 0, [0, 0], [0, 0]])
        sums[0] += now.points
        sums[1] += now.volume
        for number, (first, last) in enumerate(ROUNDS):
            if first <= act.day <= last:
                sums[2][number] += now.volume - was.volume
                sums[3][number] = max(sums[3][number], was.at_ms if now.volume else 0)
    return out


def found(outcome: Replayed):
    return {
        person: [each.points_after, each.volume_after, each.volume_added, each.reached_ms]
        for person, each in outcome.people.items()
    }


def start_after(days: int):
    return clock.start_of(FIRST + timedelta(days))


acted = st.builds(
    Acted, st.integers(0, 3), st.sampled_from(KINDS), st.integers(0, 3), st.sampled_from(DAYS),
    st.integers(0, 7).map(bool), st.booleans(),
)  # fmt: skip
# (act, how many days late it is entered): most at once, some long past.
lateness = st.sampled_from([0, 0, 0, 0, 0, 1, 2, 5])
acts_done = st.lists(st.tuples(acted, lateness), max_size=80).map(
    lambda drawn: [act for act, late in sorted(drawn, key=lambda each: DAYS.index(each[0].day) + each[1])]
)
steps = st.sets(st.integers(2, 5), max_size=3).map(sorted)
streaks = st.tuples(steps, st.integers(0, 5)).map(
    lambda drawn: tuple(Streak(days, drawn[1] + days) for days in drawn[0])
)
caps = st.none() | st.integers(1, 3)
earnings = st.dictionaries(
    st.sampled_from(KINDS), st.builds(Earning, st.integers(0, 4), st.integers(1, 4), caps, caps)
)
weights = st.builds(
    lambda opens, days, times, kinds: Weight("", start_after(opens), start_after(opens + days), times, kinds),
    st.integers(0, 4), st.integers(1, 3), st.integers(0, 4), st.frozensets(st.sampled_from(KINDS)),
)  # fmt: skip
sheets = st.builds(
    lambda lines, daily, ceiling, weighed, designated, measure, certified_only: replace(
        reference(),
        earnings=lines | ({Kind.CHECK_IN: Earning(1, 1, streaks=daily)} if daily else {}),
        points_per_day_max=ceiling,
        weights=tuple(weighed),
        designated_times=designated,
        measure=measure,
        certified_only=certified_only,
    ),
    earnings, streaks, st.none() | st.integers(1, 12), st.lists(weights, max_size=2), st.integers(1, 3),
    st.sampled_from([Measure.SHARES, Measure.READS, Measure.OPENS]), st.booleans(),
)  # fmt: skip


@given(sheets, acts_done)
def test_the_same_rules_change_nothing(rules, acts):
    past = past_of(rules, acts)
    for change in tried(rules, past, taken_back(acts)).people.values():
        assert change.points_before == change.points_after
        assert change.volume_before == change.volume_after
        assert change.volume_added == [0, 0]


@given(sheets, sheets, acts_done)
def test_other_rules_come_to_what_judging_one_by_one_gives(rules, others, acts):
    past = past_of(rules, acts)
    outcome = tried(others, past, taken_back(acts))
    assert found(outcome) == expected(others, acts, past)
    assert outcome.acts == sum(act.is_here for act in acts)
    before = [was.points for was, act in zip(past, acts, strict=True) if act.is_here and act.stands]
    assert sum(both[0] for both in outcome.kinds.values()) == sum(before)
    after = sum(each.points_after for each in outcome.people.values())
    assert sum(both[1] for both in outcome.kinds.values()) == after


@given(sheets, sheets, acts_done, st.sampled_from(DAYS))
def test_of_days_before_only_what_later_ones_depend_on_is_asked(rules, others, acts, first_day):
    past = past_of(rules, acts)
    back = looks_back(others, Acted(0, Kind.SHARE, 0, first_day).on, FIRST)
    early = {int(kind): int(f"{day:%Y%m%d}") for kind, day in back.items()}
    asked = [
        was for was in past if was.day >= first_day or was.day >= early.get(was.kind % ELSEWHERE, 99_999_999)
    ]
    outcome = tried(others, asked, taken_back(acts), first_day=first_day)
    mine = expected(others, acts, past, first_day)
    assert found(outcome) == mine


@given(sheets, sheets, acts_done, st.lists(st.integers(0, 80), max_size=5))
def test_replaying_in_pieces_changes_nothing(rules, others, acts, cuts):
    past = past_of(rules, acts)
    pieces = Replaying(others, ROUNDS, EVERYBODY, designated=DESIGNATED)
    for start, end in pairwise(sorted({0, len(past), *(min(cut, len(past)) for cut in cuts)})):
        replay(past[start:end], pieces, taken_back(acts))
    assert replayed(pieces) == tried(others, past, taken_back(acts))


def shares(*days: int, person: int = 1, kind: Kind = Kind.SHARE) -> list[Acted]:
    return [Acted(person, kind, 1, day) for day in days]


def test_a_raised_cap_counts_what_was_refused():
    change = tried(sheet(per_day_max=5), past_of(sheet(), shares(*[DAYS[0]] * 8))).people[1]
    assert (change.points_before, change.points_after, change.volume_added) == (3, 5, [2, 0])


def test_what_was_taken_back_earns_nothing_but_was_counted():
    change = tried(sheet(), past_of(sheet(), shares(*[DAYS[0]] * 4)), {1}).people[1]
    assert (change.points_before, change.points_after) == (2, 2)


def test_a_second_book_goes_through_the_same_days_again():
    books = past_of(sheet(per_day_max=9), shares(*sorted(DAYS * 5)))
    books += past_of(sheet(per_day_max=9), shares(*sorted(DAYS * 5), person=2))
    outcome = tried(sheet(per_day_max=2), books)
    assert [outcome.people[each].points_after for each in (1, 2)] == [12, 12]


def test_a_streak_begun_elsewhere_or_before_goes_on():
    daily = sheet(Kind.CHECK_IN, per_day_max=1, streaks=(Streak(3, 5),))
    acts = [Acted(1, Kind.CHECK_IN, 0, day, is_here=day > DAYS[1]) for day in DAYS[:4]]
    outcome = tried(daily, past_of(sheet(), acts), first_day=DAYS[3])
    assert outcome.people[1].points_after == 6
    assert looks_back(daily, FIRST, FIRST) == {Kind.CHECK_IN: FIRST - timedelta(days=31)}


def test_whoever_was_not_certified_then_is_not_now():
    past = past_of(sheet(), shares(DAYS[0]), certified=())
    assert tried(sheet(points=9), past).people[1].points_after == 0
    unasked = [PastAct(1, 1, Kind.OPEN, 1, 1, DAYS[0], 0, 0, Reason.NOT_REWARDED)]
    opens = sheet(Kind.OPEN, points=2)
    assert tried(opens, unasked).people[1].points_after == 2
    assert tried(opens, unasked, certified=()).people[1].points_after == 0


def test_another_measure_counts_the_other_acts():
    acts = (shares(DAYS[0]) + shares(DAYS[0], kind=Kind.READ)) * 2
    by_reads = replace(sheet(), measure=Measure.READS)
    past = past_of(sheet(), acts)
    change = tried(by_reads, past).people[1]
    assert (change.volume_before, change.volume_after) == (2, 2)
    assert change.reached_ms[0] == past[3].at_ms


def test_imported_figures_stand_where_the_sheet_ranks_by_them():
    past = [PastAct(1, 1, Kind.IMPORT, 0, 1, DAYS[0], -3, 321, Reason.ADJUSTED)]
    imported = tried(replace(sheet(), measure=Measure.IMPORTED), past, certified=()).people[1]
    assert (imported.volume_after, imported.points_after) == (321, -3)
    assert tried(sheet(), past).people[1].volume_after == 0


def test_what_nobody_judges_is_not_replayed():
    kinds = (Kind.SPEND, Kind.REFUND, Kind.EXPIRY, Kind.ADJUSTMENT)
    past = [PastAct(1, 1, kind, 0, 1, DAYS[0], 7, 0, Reason.ADJUSTED) for kind in kinds]
    assert tried(sheet(), past).people[1].points_after == 0


def test_a_day_keeps_its_counts_whatever_is_entered_in_between():
    then = [PastAct(1, 7, Kind.SHARE, 0, 0, DAYS[0], 1, 1, Reason.CREDITED)]
    others = [
        PastAct(2 + ahead, 8, kind, 0, 0, 20210401 + ahead, 0, 5, Reason.NOT_REWARDED)
        for ahead, kind in enumerate([Kind.IMPORT, Kind.SHARE] * 10)
    ]
    late = [PastAct(90, 7, Kind.SHARE, 0, 0, DAYS[0], 0, 0, Reason.DAY_CAP)]
    assert tried(sheet(per_day_max=1), then + others + late).people[7].points_after == 1


def test_a_day_entered_late_closes_the_gap_of_a_streak():
    daily = sheet(Kind.CHECK_IN, per_day_max=1, streaks=(Streak(3, 5),))
    acts = [Acted(1, Kind.CHECK_IN, 0, DAYS[ahead]) for ahead in (0, 2, 1, 3)]
    assert tried(daily, past_of(sheet(), acts)).people[1].points_after == 4 + 5


def test_whoever_moved_is_counted_anew_in_the_next_book():
    state = Replaying(sheet(per_day_max=2), ROUNDS, EVERYBODY)
    for _book in range(2):
        begin_book(state)
        replay(past_of(sheet(), shares(*[DAYS[0]] * 3)), state)
    assert replayed(state).people[1].points_after == 4


def test_counters_of_a_few_days_lie_open():
    state = Replaying(sheet(), ROUNDS, EVERYBODY)
    replay([PastAct(1, 1, Kind.SHARE, 1, n, 20210101 + n, 1, 1, Reason.CREDITED) for n in range(25)], state)
    assert sum(bool(day.counted) for day in state.days.values()) == DAYS_OPEN
    assert replayed(state).people[1].points_after == 25
