"""Two characters that stand together are found together."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.content.words import QUERY_CHARS_MAX, TOKEN_CHARS_MAX, tails, wanted, weighted_tokens

CHINESE = "地震高血压患者电信诈骗怎么办的了是一防跌倒老年人科学技术协会"
TITLES = st.text(st.sampled_from(CHINESE + "AbE5g0 ，：“”？！—·"), min_size=2, max_size=30)


def finds(query: str, text: str) -> bool:
    """Whether an article with this text holds enough of what the query needs."""
    asked = wanted(query)
    tokens = weighted_tokens([(text, 1)])
    return asked is not None and sum(token in tokens for token in asked.needed) >= asked.at_least


@given(TITLES)
def test_any_two_neighbouring_characters_of_a_title_find_it(title):
    for left, right in pairwise(title):
        if left.isalnum() or right.isalnum():
            assert finds(left + right, title), left + right


@given(TITLES)
def test_a_title_finds_itself(title):
    assert finds(title, title) or not any(char.isalnum() for char in title)


@given(st.text(max_size=60))
def test_any_text_is_indexed_and_asked_for_without_trouble(text):
    assert all(0 < len(token) <= TOKEN_CHARS_MAX for token in weighted_tokens([(text, 1)]))
    asked = wanted(text)
    assert asked is None or 0 < asked.at_least <= len(asked.needed) <= QUERY_CHARS_MAX * 18


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("地震", "唐山大地震以后", True),
        ("血压", "高血压患者", True),
        ("压患", "高血压患者", True),
        ("高血压", "血压高了", False),
        ("电信诈骗", "防范电信网络诈骗", True),
        ("电信诈骗", "电信营业厅", False),
        ("老年人怎么预防摔倒", "老年人容易跌倒，能预防", True),
        ("怎么", "地震来了怎么办", True),
        ("AED", "急救用的aed在哪里", True),
        ("ＡＥＤ", "AED", True),
        ("5G", "5G手机", True),
        ("猪", "养猪", True),
        ("！？ ——", "！？ ——", False),
        ("", "地震", False),
    ],
)
def test_what_a_query_finds(query, text, found):
    assert finds(query, text) is found


def test_a_field_counts_by_its_weight_and_a_longer_token_by_its_length():
    tokens = weighted_tokens([("地震", 10), ("地震" * 9, 1)])
    assert tokens["地震"] == 10 * 2 + 1 * 2 * 3
    assert tokens["地"] == 10 + 3


def test_every_tail_of_a_title():
    assert tails("高血压，AED") == "高血压 血压 压 aed ed d"
