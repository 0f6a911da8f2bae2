"""The stamp of an article's page."""

from hypothesis import given
from hypothesis import strategies as st

from kepu.ledger.browsing import PageStamp, browse_event, page_token, read_page_token
from kepu.ledger.links import Stamp, stamp_token
from kepu.ledger.rules import is_reported_event

KEY = b"k" * 32
numbers = st.integers(0, 2**53)
stamps = st.builds(PageStamp, numbers, numbers, st.integers(0, 2**42), st.integers(0, 600))


@given(stamps)
def test_a_stamp_is_read_back(stamp):
    assert read_page_token(KEY, page_token(KEY, stamp)) == stamp
    assert read_page_token(b"z" * 32, page_token(KEY, stamp)) is None


@given(st.text(max_size=130))
def test_a_made_up_stamp_is_none(token):
    assert read_page_token(KEY, token) is None


def test_the_stamp_of_a_shared_page_is_none_of_an_article():
    assert (
        read_page_token(KEY, stamp_token(KEY, Stamp(430623, 1, 5, 9, 1_800_000_000_000, 15, 1, bytes(16))))
        is None
    )


def test_an_account_has_one_event_an_article_and_day():
    morning, evening, next_day = 1_614_900_000_000, 1_614_930_000_000, 1_614_990_000_000
    event = browse_event(PageStamp(3, 7, morning, 15))
    assert is_reported_event(event.bytes)
    assert browse_event(PageStamp(3, 7, evening, 30)) == event
    others = [PageStamp(3, 7, next_day, 15), PageStamp(3, 8, morning, 15), PageStamp(4, 7, morning, 15)]
    assert event not in map(browse_event, others)
