"""Trees and the database give the same ranks, and a page's rank never contradicts its own list."""

from threading import Thread

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepu.kit.tests.depth import cases
from kepu.ledger.reads.state import one_state
from kepu.people.models import Communicator, Unit
from kepu.standings import reads, writes
from kepu.standings.models import Change, Score, Window
from kepu.standings.reads import ranks
from kepu.standings.rules import Score as Brought
from kepu.standings.rules import ranked
from kepu.standings.tests import town

SHARED = town.SAMPLE.replace('tie_rule = "earlier"', 'tie_rule = "shared"')
HERE, NEAR, FAR = town.TONGFU, town.ZHUBEI, town.ELSEWHERE
BOARDS = (("all", "4306"), ("all", "430623"), ("2021-03", "430602"), ("all", "430623110"), ("all", NEAR))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("credit"), st.integers(0, 8), st.integers(-2, 4)),
        st.tuples(st.just("move"), st.integers(0, 8), st.sampled_from([HERE, NEAR, FAR])),
        st.tuples(st.just("revoke"), st.integers(0, 8), st.booleans()),
        st.tuples(st.just("look"), st.just(0), st.just(0)),
    ),
    max_size=10,
)


@pytest.fixture(autouse=True)
def trees(monkeypatch):
    """Every window counts as large, and no tree is left of another test."""
    large(monkeypatch)
    ranks.forget_trees()
    yield
    ranks.forget_trees()


def large(monkeypatch, size=0):
    monkeypatch.setattr(writes, "TREES_FROM", size)
    monkeypatch.setattr(ranks, "TREES_FROM", size)


@pytest.fixture(params=["earlier", "shared"])
def published(request, db):
    return town.build(SHARED if request.param == "shared" else town.SAMPLE)


def seen(published, persons):
    """What people are shown of boards of every level."""
    number = published.number
    return [
        (
            window,
            division,
            [reads.board(number, window, division, start, 40) for start in range(0, 80, 40)],
            [reads.my_place(number, window, division, person) for person in persons[::4]],
        )
        for window, division in BOARDS
    ] + [ranks.my_ranks(published, "all", person) for person in persons]


def play(step, published, persons):
    what, which, how = step
    if what == "credit":
        town.credit(persons[which], how or 1)
    elif what == "move":
        unit = Unit.objects.get(division=how)
        Communicator.objects.filter(pk=persons[which]).update(unit=unit, division=how)
    elif what == "revoke":
        Communicator.objects.filter(pk=persons[which]).update(revoked_at=town.JANUARY if how else None)
    elif what == "look":
        seen(published, persons)
    writes.follow()
    writes.refresh_places()


@given(steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=cases(8))
def test_whatever_happens_trees_show_what_the_database_shows(published, monkeypatch, taken):
    persons = [*town.enrol(4), *town.enrol(2, NEAR), *town.enrol(3, FAR)]
    for step in taken:
        play(step, published, persons)
    by_trees = seen(published, persons)
    large(monkeypatch, 10**9)
    assert seen(published, persons) == by_trees
    large(monkeypatch)


def test_doctor_finds_a_board_that_was_not_told(published):
    persons = [*town.enrol(4), *town.enrol(2, FAR)]
    for person in persons:
        town.credit(person, 3)
    writes.follow()

    def follow():
        town.credit(persons[0], 2)
        return writes.follow()

    assert ranks.boards_off(follow) == []
    window = Window.objects.get(name="all").pk
    Score.objects.filter(window=window, person=persons[1]).update(volume=9)
    assert ranks.boards_off(follow) == []

    def follow_silently():
        Score.objects.filter(window=window, person=persons[1]).update(volume=5)

    assert ranks.boards_off(follow_silently) == [(window, 4306), (window, 430623)]


def test_my_ranks_are_those_of_the_rules(published):
    brought = {}
    for place, person in enumerate([*town.enrol(9), *town.enrol(9, FAR)]):
        town.credit(person, 1 + place * 7 % 4, second=place % 3)
        brought[person] = place < 9
    writes.follow()
    scores = [Brought(s.person, s.volume, s.reached_ms) for s in Score.objects.filter(window__name="all")]
    tie_rule = published.sheet.tie_rule
    city = {each.score.person: each.rank for each in ranked(scores, tie_rule)}
    for is_near in (True, False):
        own = [score for score in scores if brought[score.person] is is_near]
        for each in ranked(own, tie_rule):
            person = each.score.person
            volume = each.score.volume
            for _ in range(2):
                assert ranks.my_ranks(published, "all", person) == (
                    volume,
                    city[person],
                    each.rank,
                    each.rank,
                )
    assert ranks.my_ranks(published, "all", 2**40) is None
    assert ranks.my_ranks(published, "2021-09", person) is None


def test_where_nothing_changed_ranks_cost_one_query(published, django_assert_max_num_queries):
    persons = town.enrol(5)
    for place, person in enumerate(persons):
        town.credit(person, 10 + place)
    writes.follow()
    ranks.my_ranks(published, "all", persons[0])
    reads.my_place(published.number, "all", "430623", persons[0])
    with django_assert_max_num_queries(1 if "shared" in published.sheet.tie_rule else 5):
        assert ranks.my_ranks(published, "all", persons[2]) == (12, 3, 3, 3)
    with django_assert_max_num_queries(6):
        reads.my_place(published.number, "all", "430623", persons[2])
    with django_assert_max_num_queries(4):
        reads.board(published.number, "all", "430623", 3, 2)


def test_only_the_latest_changes_are_kept_and_who_stayed_behind_reads_the_whole(published, monkeypatch):
    monkeypatch.setattr(writes, "CHANGES_KEPT", 3)
    monkeypatch.setattr(ranks, "CHANGES_KEPT", 3)
    (person, other) = town.enrol(2)
    town.credit(other, 4)
    town.credit(person, 1)
    writes.follow()
    assert ranks.my_ranks(published, "all", person).town == 2
    for _ in range(5):
        town.credit(person, 1)
        writes.follow()
    window = Window.objects.get(name="all")
    assert list(Change.objects.filter(window=window, level=6).values_list("version", flat=True)) == [4, 5, 6]
    assert ranks.my_ranks(published, "all", person) == (6, 1, 1, 1)


def test_a_small_window_tells_nobody_and_is_counted(published, monkeypatch):
    large(monkeypatch, 3)
    persons = town.enrol(3)
    for person in persons[:2]:
        town.credit(person, 2)
    writes.follow()
    assert not Change.objects.exists()
    window = ranks.window_of(published.number, "all")
    assert (window.scores, ranks.tree_of(window, 430623)) == (2, None)
    town.credit(persons[2], 3)
    writes.follow()
    assert Change.objects.exists()
    assert ranks.tree_of(ranks.window_of(published.number, "all"), 430623).people == 3


def test_volumes_too_large_for_a_tree_are_counted(published):
    first, second = town.enrol(2)
    town.credit(first, 5)
    town.credit(second, 4)
    writes.follow()
    assert ranks.my_ranks(published, "all", second).city == 2
    town.credit(second, 2**20)
    writes.follow()
    assert ranks.tree_of(ranks.window_of(published.number, "all"), 4306) is None
    assert ranks.my_ranks(published, "all", first).city == 2
    assert ranks.my_ranks(published, "all", second).city == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_read_in_one_state_does_not_contradict_itself():
    """Between a page's list and its own place somebody else overtakes, and another page is on with it."""
    published = town.build()
    first, second = town.enrol(2)
    town.credit(first, 5)
    town.credit(second, 4)
    writes.follow()
    number = published.number

    def overtake():
        town.credit(second, 9)
        writes.follow()
        assert reads.my_place(number, "all", "430623", second).place.rank == 1
        connection.close()

    with one_state():
        rows = reads.board(number, "all", "430623", 0, 9).rows
        beside = Thread(target=overtake)
        beside.start()
        beside.join()
        mine = reads.my_place(number, "all", "430623", second)
        ranks_then = ranks.my_ranks(published, "all", second)
    assert [(place.person, place.rank) for place in rows] == [(first, 1), (second, 2)]
    assert (mine.place.rank, mine.ranked, ranks_then.county) == (2, 2, 2)
    assert reads.my_place(number, "all", "430623", second).place.rank == 1
    assert ranks.my_ranks(published, "all", first) == (5, 2, 2, 2)
