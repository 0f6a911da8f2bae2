"""Days, numbers in few bytes, one byte string for one value, bounded pages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.kit import clock, paging, varint
from kepu.kit.canonical import canonical_json

FIRST, LAST = datetime(1992, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  (hypothesis adds the zone)
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2021, 7, 31, 15, 59, 59, tzinfo=UTC), date(2021, 7, 31)),
        (datetime(2021, 7, 31, 16, 0, 0, tzinfo=UTC), date(2021, 8, 1)),
        (datetime(2021, 8, 1, 5, 0, 0, tzinfo=timezone(timedelta(hours=14))), date(2021, 7, 31)),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(moment, day):
    assert clock.day_of(moment) == day


@given(moments)
def test_a_day_holds_its_moments(moment):
    day = clock.day_of(moment)
    assert clock.start_of(day) <= moment < clock.start_of(day + timedelta(days=1))


@given(moments)
def test_milliseconds_lose_less_than_one(moment):
    back = clock.from_milliseconds(clock.milliseconds(moment))
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)


@given(st.lists(st.integers(0, 2**63), max_size=8))
def test_packed_numbers_come_back(numbers):
    assert varint.unpack(varint.pack(numbers)) == numbers


@given(st.binary(max_size=40))
def test_any_bytes_are_numbers_or_nothing(raw):
    numbers = varint.unpack(raw)
    assert numbers is None or all(number >= 0 for number in numbers)


def test_half_a_number_is_none():
    assert varint.unpack(b"\x80") is None
    assert varint.unpack(b"\xff" * 11) is None


@given(st.dictionaries(st.text(max_size=4), st.integers(), max_size=5))
def test_the_order_of_a_dictionary_is_not_in_its_canonical_bytes(value):
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))


def test_chinese_stays_readable_and_nothing_is_spaced():
    assert canonical_json({"b": [1, None, True], "a": "科普"}) == '{"a":"科普","b":[1,null,true]}'.encode()


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, {1: "a"}])
def test_floats_and_keys_that_are_no_text_are_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize(
    ("fetched", "shown", "next_start"), [(0, 0, None), (3, 3, None), (5, 5, None), (6, 5, 25)]
)
def test_the_extra_row_only_says_that_more_follow(fetched, shown, next_start):
    page = paging.page_of(list(range(fetched)), start=20, size=5)
    assert (len(page.rows), page.next_start) == (shown, next_start)


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 7), ("", 7), ("abc", 7), ("-3", 7), ("٣", 7), ("0", 1), ("50", 50), ("101", 100), ("9" * 13, 7)],
)
def test_a_number_from_an_address_is_clamped(text, number):
    assert paging.whole_number(text, least=1, most=100, otherwise=7) == number
