"""What only some sheets count: streaks, the day's ceiling, caps over a campaign, designated articles."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count, pairwise

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Earning, Kind, Published, Reason, RuleSheet, Streak
from kepu.content import reads as content
from kepu.kit import clock
from kepu.ledger import reads, store, writes
from kepu.ledger.models import ArticleTally
from kepu.ledger.rules import Act, Channel, needs_of, settle
from kepu.ledger.tests.test_rules import NOON, PUBLISHED, SHEET, act, facts
from kepu.ledger.tests.test_writes import sound
from kepu.ledger.writes import committing
from kepu.standings.tests import town

DAY_MS = 86_400_000
REFINED = replace(
    SHEET,
    earnings={
        Kind.SHARE: Earning(points=4, per_day_max=9, per_article_day_max=2, per_article_max=3),
        Kind.CHECK_IN: Earning(1, 1, streaks=(Streak(2, 3), Streak(4, 7))),
        Kind.BROWSE: Earning(2, 5),
    },
    points_per_day_max=15,
    designated_times=2,
)
SIMPLE = replace(
    SHEET, earnings={Kind.SHARE: Earning(1, 300), Kind.CHECK_IN: Earning(1, 1), Kind.BROWSE: Earning(1, 20)}
)
_numbers = count(1)


def known(sheet=REFINED):
    """An open book with three persons, and article 9 designated on the second day."""
    found = facts()
    found.published = (Published(7, sheet, ""),)
    found.needs = needs_of(found.published)
    found.designated = frozenset({(20210306, 9)})
    return found


def test_a_streak_is_of_days_in_a_row_and_begins_anew():
    days = (0, 1, 2, 3, 4, 6, 7)
    acts = [act(n, kind=Kind.CHECK_IN, article=0, at_ms=NOON + day * DAY_MS) for n, day in enumerate(days)]
    assert [answer.points for answer in settle(acts, known()).answers] == [1, 4, 4, 8, 8, 1, 4]


def test_the_ceiling_of_a_day_takes_points_of_all_kinds_and_keeps_the_volume():
    acts = [act(n, article=n + 1) for n in range(3)]
    acts += [act(7, kind=Kind.BROWSE), act(8, kind=Kind.BROWSE), act(9, article=5)]
    answers = settle(acts, known()).answers
    assert [(each.points, each.volume, each.reason) for each in answers] == [
        (4, 1, Reason.CREDITED),
        (4, 1, Reason.CREDITED),
        (4, 1, Reason.CREDITED),
        (2, 0, Reason.CREDITED),
        (1, 0, Reason.CEILING),
        (0, 1, Reason.CEILING),
    ]


def test_one_article_counts_so_often_in_the_whole_campaign():
    acts = [act(n, at_ms=NOON + n // 2 * DAY_MS * 2) for n in range(5)]
    reasons = [each.reason for each in settle(acts, known()).answers]
    assert reasons == [Reason.CREDITED] * 3 + [Reason.ARTICLE_CAP] * 2


def test_a_designated_article_earns_more_on_its_day():
    acts = [act(1), act(2, at_ms=NOON + DAY_MS), act(3, article=8, at_ms=NOON + DAY_MS)]
    assert [each.points for each in settle(acts, known()).answers] == [4, 8, 4]


def test_the_common_sheet_needs_nothing():
    needs = needs_of(PUBLISHED)
    assert not needs.refined
    assert needs.article_days == {(7, Kind.SHARE)}
    assert not needs_of((Published(7, SIMPLE, ""),)).article_days


ACTS = st.builds(
    act,
    st.integers(0, 40),
    person=st.integers(1, 3),
    kind=st.sampled_from([Kind.SHARE, Kind.SHARE, Kind.CHECK_IN, Kind.BROWSE, Kind.ADJUSTMENT]),
    article=st.integers(8, 9),
    at_ms=st.integers(0, 4).map(lambda day: NOON + day * DAY_MS),
    points=st.integers(-3, 3),
)


@given(st.lists(ACTS, max_size=40), st.lists(st.integers(0, 40), max_size=5))
def test_batching_changes_nothing_and_the_day_has_its_ceiling(acts, cuts):
    whole = settle(acts, known())
    later, entries = known(), []
    for start, end in pairwise(sorted({0, len(acts), *(cut for cut in cuts if cut < len(acts))})):
        entries += settle(acts[start:end], later).entries
    assert entries == whole.entries
    for key in {(entry.person, entry.day) for entry in entries}:
        judged = [e for e in entries if (e.person, e.day) == key and e.kind != Kind.ADJUSTMENT]
        assert sum(entry.points for entry in judged) <= REFINED.points_per_day_max


@pytest.fixture
def persons(db: None) -> list[int]:
    """Three persons where the reference campaign is open."""
    town.build()
    return town.enrol(3)


@pytest.fixture
def sheet(monkeypatch, persons):
    """A function that lets another sheet judge from now on."""
    (published,) = campaigns.published()
    versions: list[RuleSheet] = []

    def judge_by(other: RuleSheet) -> None:
        closes_at = published.sheet.closes_at
        there = replace(other, version=len(versions) + 1, closes_at=closes_at, certified_only=False)
        versions.append(there)
        monkeypatch.setattr(campaigns, "published_in", lambda _rows: (replace(published, sheet=there),))
        monkeypatch.setattr(campaigns, "sheet", lambda _number, version: versions[version - 1])
        committing._sheets.cache_clear()

    yield judge_by
    committing._sheets.cache_clear()


@pytest.fixture
def asked(monkeypatch):
    """The statements that went to the database."""
    statements: list[store.Statement] = []
    ask = store.ask
    monkeypatch.setattr(store, "ask", lambda those: statements.extend(those) or ask(those))
    return statements


def on(day: int, person: int, kind: Kind = Kind.SHARE, article: int = 7) -> Act:
    """An act at nine on the so many-th day of March."""
    number = next(_numbers)
    at_ms = clock.milliseconds(clock.start_of(date(2021, 3, day)) + timedelta(hours=9, seconds=number))
    return Act(person, number.to_bytes(16, "big"), kind, article, Channel.PAGE, at_ms)


def test_the_common_sheet_asks_nothing_more(persons, sheet, asked, django_assert_num_queries):
    sheet(SIMPLE)
    batch = [on(3, persons[0], kind) for kind in (Kind.SHARE, Kind.BROWSE, Kind.CHECK_IN, Kind.SHARE)]
    held = connection.vendor == "postgresql"
    asked.clear()
    writes.commit_batch(batch)
    # Standings, books, heads, sheets, events, tallies; entries, tallies, lots, the head, and where somebody's
    # first entry of a book is among them, that.
    assert len(asked) == (6 + held) + 4 + 1
    asked.clear()
    writes.commit_batch([on(3, persons[0])])
    assert len(asked) == (6 + held) + 4


def test_each_need_is_one_statement_more_and_only_where_an_act_asks(persons, sheet, asked):
    sheet(REFINED)
    few = 6 + (connection.vendor == "postgresql")
    for kind, article, more in (
        (Kind.BROWSE, 0, 2),  # article tallies of the day, points of the day
        (Kind.CHECK_IN, 0, 3),  # and the days before
        (Kind.SHARE, 7, 3),  # and the article's tally over the campaign
    ):
        asked.clear()
        committing._gather([on(3, persons[0], kind, article)])
        assert len(asked) == few + more


def test_batches_of_a_real_database_see_what_earlier_ones_counted(persons, sheet, monkeypatch):
    sheet(REFINED)
    monkeypatch.setattr(content, "designated_between", lambda first, _last: {first: [(9, "")]})
    first, second, _third = persons
    streak = [writes.record(on(day, first, Kind.CHECK_IN, 0)).points for day in (1, 2, 3, 4, 5, 7)]
    assert streak == [1, 4, 4, 8, 8, 1]
    earned = [writes.record(on(9, second, Kind.BROWSE, 0)).points for _ in range(2)]
    earned += [each.points for each in writes.commit_batch([on(9, second, article=n) for n in (9, 4, 5)])]
    assert earned == [2, 2, 8, 3, 0]
    reasons = [writes.record(on(day, first, article=5)).reason for day in (10, 10, 10, 11, 12)]
    capped = Reason.ARTICLE_CAP
    assert reasons == [Reason.CREDITED, Reason.CREDITED, capped, Reason.CREDITED, capped]
    assert ArticleTally.objects.get(person=first, day=0, article=5).credited == 3
    assert sound()
    ArticleTally.objects.filter(person=first, day=0).update(credited=2)
    assert reads.article_tallies_off() == 1


def test_a_cap_that_a_later_version_brings_counts_from_then_on(persons, sheet):
    sheet(SIMPLE)
    writes.commit_batch([on(3, persons[0]) for _ in range(3)])
    assert not ArticleTally.objects.exists()
    sheet(REFINED)
    reasons = [writes.record(on(day, persons[0])).reason for day in (3, 3, 3, 4, 5)]
    capped = Reason.ARTICLE_CAP
    assert reasons == [Reason.CREDITED, Reason.CREDITED, capped, Reason.CREDITED, capped]
    assert sound()
