"""Totals divided among units: exact, never negative, the larger weight never with less."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.rules import pasted_weights, split

weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=60)
totals = st.integers(0, 10_000_000)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        (18, [1] * 9, [2] * 9),
        (39_600, [1] * 9, [4_400] * 9),
        (370, [10, *[45] * 8], [10, *[45] * 8]),  # 插政办发〔2021〕12号
        (370, [1] * 9, [42, *[41] * 8]),
        (10, [1, 1, 1], [4, 3, 3]),
        (5, [0, 3, 0, 2], [0, 3, 0, 2]),
        (3, [5, 5, 5, 5], [1, 1, 1, 0]),
        (100, [0, 0], [0, 0]),
        (0, [7, 8], [0, 0]),
        (4, [], []),
    ],
)
def test_a_total_is_divided_by_largest_remainder(total, shares, parts):
    assert split(total, shares) == parts


@given(totals, weights)
def test_the_parts_add_up_and_nobody_is_negative(total, shares):
    parts = split(total, shares)
    assert len(parts) == len(shares)
    assert sum(parts) == (total if any(shares) else 0)
    assert min(parts) >= 0


@given(totals, weights)
def test_the_larger_weight_never_gets_less(total, shares):
    pairs = sorted(zip(shares, split(total, shares), strict=True))
    for (lighter, less), (heavier, more) in pairwise(pairs):
        assert lighter == heavier or less <= more


@given(totals, weights)
def test_a_part_is_the_exact_share_rounded_down_or_up(total, shares):
    whole = sum(shares)
    for weight, part in zip(shares, split(total, shares), strict=True):
        assert not whole or 0 <= part - total * weight // whole <= 1


@given(totals, weights)
def test_the_order_of_units_decides_ties_only(total, shares):
    forth, back = split(total, shares), split(total, shares[::-1])[::-1]
    assert sorted(zip(shares, forth, strict=True)) == sorted(zip(shares, back, strict=True))


@pytest.mark.parametrize(
    ("pasted", "weights"),
    [
        ("10\n45\n45", [10, 45, 45]),
        ("同福村\t1,234\n机关、站所 10", [10, 1234, 0]),
        ("注北村：7\n\n同福村，8\n机关、站所 9", [9, 8, 7]),
        ("10\n45", None),
        ("别村 3", None),
        ("同福村 3\n同福村 4", None),
        ("同福村 三", None),
        ("-3\n4\n5", None),
        ("", None),
    ],
)
def test_a_pasted_column_is_read_by_name_or_by_order(pasted, weights):
    assert pasted_weights(pasted, ["机关、站所", "同福村", "注北村"]) == weights
