"""The geometry of charts: nothing leaves its box, nothing lies on its neighbour."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kepu.ui import charts


@given(st.integers(0, 60), st.integers(1, 12))
def test_tiles_fill_their_grid_without_touching(count, across):
    places, width, height = charts.tiles(count, across)
    assert len(places) == count
    assert len({(tile.x, tile.y) for tile in places}) == count
    for tile in places:
        assert tile.x >= 0
        assert tile.x + charts.TILE_WIDTH <= width
        assert tile.y >= 0
        assert tile.y + charts.TILE_HEIGHT <= height
    for left, right in pairwise(places):
        assert (left.y, left.x) < (right.y, right.x)


@given(st.lists(st.integers(0, 10**9), max_size=60))
def test_bars_stand_in_their_box_and_the_greatest_is_the_tallest(values):
    found = charts.bars(values, 600, 150, 20)
    assert len(found) == len(values)
    for value, bar in zip(values, found, strict=True):
        assert 20 - 0.1 <= bar.y <= 150
        assert abs(bar.y + bar.height - 150) < 0.2
        assert (bar.height > 0) == (value > 0)
    for (one, left), (other, right) in pairwise(zip(values, found, strict=True)):
        assert left.x + left.width <= right.x
        assert one <= other or left.height >= right.height


@given(st.text(min_size=0, max_size=30), st.integers(2, 8))
def test_a_name_is_cut_only_when_two_lines_do_not_hold_it(name, longest):
    first, second = charts.two_lines(name, longest)
    assert len(first) <= longest
    assert len(second) <= longest
    if len(name) <= 2 * longest:
        assert first + second == name
    else:
        assert second.endswith("…")
