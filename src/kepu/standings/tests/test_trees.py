"""A tree counts as a sorted list does, and what it is told keeps it so."""

from bisect import bisect_right
from collections import Counter
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from kepu.standings.rules.ranks import LEVELS, Tree, changes_by_level, changes_in, pack_changes

volumes = st.lists(st.one_of(st.integers(1, 9), st.integers(1, 5000)), max_size=60)


class Spot(NamedTuple):
    volume: int
    shown: bool
    city: int
    county: int
    town: int


spots = st.builds(
    lambda volume, shown, town: Spot(volume, shown, 4306, 430623 - town % 2, town and 430623100 + town),
    st.integers(-2, 6),
    st.booleans(),
    st.integers(0, 3),
)


def tree_of(people):
    return Tree(Counter(people).items())


@given(volumes, st.integers(0, 6000))
def test_a_tree_counts_as_a_sorted_list_does(people, asked):
    tree, in_order = tree_of(people), sorted(people)
    for volume in (asked, *people):
        assert tree.above(volume) == len(people) - bisect_right(in_order, volume)
        assert tree.has_equals(volume) == (people.count(volume) > 1)
    assert [tree.at(position) for position in range(1, len(people) + 1)] == in_order[::-1]


@given(volumes, volumes, st.data())
def test_a_changed_tree_is_the_tree_of_what_is_left(people, came, data):
    left = data.draw(st.lists(st.sampled_from(people), max_size=9)) if people else []
    left = list((Counter(left) & Counter(people)).elements())
    before = tree_of(people)
    after = before.changed([*Counter(came).items(), *((volume, -1) for volume in left)])
    expected = tree_of(list((Counter(people) + Counter(came) - Counter(left)).elements()))
    assert after == expected
    assert after.people == len(people) + len(came) - len(left)
    assert before == tree_of(people)
    assert (after == before) == (Counter(came) == Counter(left))


@given(st.lists(st.tuples(st.one_of(st.none(), spots), spots), max_size=20))
def test_what_moved_on_every_board_is_what_stands_there_less_what_stood(moves):
    found = changes_by_level(moves)
    for place, level in enumerate(LEVELS):
        stood, stand = (
            Counter(
                (spot[2 + place], spot.volume)
                for spot in each
                if spot is not None and spot.shown and spot.volume > 0 and spot[2 + place]
            )
            for each in ([before for before, _ in moves], [after for _, after in moves])
        )
        stand.subtract(stood)
        told = {(code, volume): people for code, volume, people in found.get(level, [])}
        assert told == {key: people for key, people in stand.items() if people}


def test_a_board_finds_its_own_changes_among_those_of_others():
    changes = changes_by_level(
        [(None, Spot(70_000, True, 4306, 430623, 430623110)), (None, Spot(2, True, 4306, 430602, 0))]
    )
    assert sorted(changes) == [4, 6, 9]
    body = pack_changes(changes[6])
    assert list(changes_in(body, 430623)) == [(70_000, 1)]
    assert list(changes_in(body, 430602)) == [(2, 1)]
    assert list(changes_in(body, 430699)) == []
