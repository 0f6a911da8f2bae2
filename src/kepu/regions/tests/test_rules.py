"""The code is the path."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kepu.regions.rules import (
    Level,
    ancestors_of,
    child_level,
    is_code,
    is_within,
    joined_name,
    level_of,
    parent_of,
    range_of,
)

codes = st.sampled_from(list(Level)).flatmap(
    lambda level: st.text("0123456789", min_size=int(level), max_size=int(level))
)


@given(codes)
def test_a_parent_is_a_prefix_one_level_up(code):
    parent = parent_of(code)
    if parent is None:
        assert level_of(code) is Level.PROVINCE
    else:
        assert code.startswith(parent)
        assert child_level(parent) is level_of(code)
    assert [len(step) for step in ancestors_of(code)] == [level for level in Level if level < len(code)]


@given(codes, codes)
def test_the_range_of_a_division_is_its_subtree(code, division):
    low, high = range_of(division)
    assert (low <= code < high) == is_within(code, division)


@given(st.data(), codes)
def test_everything_below_a_division_is_in_its_range(data, code):
    division = data.draw(st.sampled_from([*ancestors_of(code), code]))
    low, high = range_of(division)
    assert low <= code < high
    assert is_within(code, division)


@given(codes)
def test_the_whole_country_is_a_range(code):
    low, high = range_of("")
    assert low <= code < high


@given(codes)
def test_bounds_are_digits_so_that_every_collation_agrees(division):
    assert all(bound.isdigit() for bound in range_of(division))


@given(st.text(max_size=14))
def test_only_digits_of_a_known_length_are_a_code(text):
    assume(not is_code(text))
    assert not (text.isascii() and text.isdigit() and len(text) in set(Level))


@pytest.mark.parametrize(
    "text", ["", "4", "430", "43062", "4306231", "४३", "４３", "43 ", "4306230001100", "4a"]
)
def test_what_is_no_code(text):
    assert not is_code(text)


NAMES = {
    "43": "湖南省",
    "4306": "岳阳市",
    "430623": "华容县",
    "430623110": "插旗镇",
    "11": "北京市",
    "1101": "市辖区",
    "110101": "东城区",
    "50": "重庆市",
    "5002": "县",
    "500229": "城口县",
    "41": "河南省",
    "4190": "省直辖县级行政区划",
    "419001": "济源市",
    "44": "广东省",
    "4419": "东莞市",
    "441900": "东莞市",
    "441900003": "东城街道",
}


@pytest.mark.parametrize(
    ("code", "full"),
    [
        ("43", "湖南省"),
        ("430623110", "湖南省岳阳市华容县插旗镇"),
        ("110101", "北京市东城区"),
        ("1101", "北京市市辖区"),
        ("500229", "重庆市城口县"),
        ("419001", "河南省济源市"),
        ("441900", "广东省东莞市"),
        ("441900003", "广东省东莞市东城街道"),
    ],
)
def test_full_names_leave_out_what_only_fills_the_scheme(code, full):
    assert joined_name(code, NAMES) == full
