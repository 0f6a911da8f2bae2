"""Barred words, limits and places, without a database."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.clubs.rules import (
    LIMITS,
    ClubCount,
    Deed,
    Effect,
    Refusal,
    Word,
    club_places,
    folded,
    found_words,
    member_places,
    strictest,
    too_many,
)
from kepu.clubs.rules.words import digest

letters = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=2, max_size=8).filter(
    lambda text: len(folded(text)) >= 2
)
fillers = st.text(st.characters(codec="utf-8", categories=("P", "S", "Z", "C", "M")), max_size=3).filter(
    lambda text: not folded(text)
)
anything = st.text(max_size=30)


def barred(word: str, effect: Effect = Effect.REFUSE) -> Word:
    return Word(word, folded(word), effect)


@given(letters, st.lists(fillers, min_size=8, max_size=8), anything, anything)
def test_nothing_put_between_its_characters_hides_a_word(word, between, before, after):
    hidden = "".join(character + filler for character, filler in zip(word, between, strict=False))
    assert found_words(f"{before}。{hidden}。{after}", [barred(word)])


@given(st.text(st.sampled_from("abcXYZ019赌博网站"), min_size=2, max_size=6))
def test_wide_and_large_letters_are_the_same(word):
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in word)
    assert unicodedata.normalize("NFKC", wide) == word
    assert found_words(wide.upper(), [barred(word)])
    assert found_words(word, [barred(wide.swapcase())])


@given(anything)
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)
    assert digest(text) == digest(f"  {text} ")


@given(anything, st.lists(letters, max_size=5))
def test_only_what_stands_there_is_found(text, words):
    found = found_words(text, [barred(word) for word in words])
    assert {each.word for each in found} == {word for word in words if folded(word) in folded(text)}


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("快来加 微 信 领红包", "加微信", True),
        ("加。微-信", "加微信", True),
        ("加\u200b微\ufeff信", "加微信", True),
        ("加👍微👍信", "加微信", True),
        ("加\u3164微\u115f信", "加微信", True),
        ("加\uffa0微ˊ信ˇ", "加微信", True),
        ("加ー微々信", "加微信", True),
        ("加1微1信", "加微信", False),
        ("Ｖ　Ｘ：123", "vx123", True),
        ("é t é", "ete", True),
        ("今天加了微量元素的信", "加微信", False),
        ("", "加微信", False),
    ],
)
def test_words_as_people_hide_them(text, word, found):
    assert bool(found_words(text, [barred(word)])) is found


def test_the_strictest_word_counts():
    words = [barred("红包", Effect.MARK), barred("赌博", Effect.REFUSE), barred("微信", Effect.HOLD)]
    assert strictest(found_words("微信红包", words)).effect is Effect.HOLD
    assert strictest(found_words("微信红包赌博", words)).effect is Effect.REFUSE
    assert strictest(found_words("好好学习", words)) is None


@pytest.mark.parametrize("deed", Deed)
def test_one_more_is_too_many_at_the_limit_and_not_before(deed):
    minute, day = LIMITS[deed]
    assert too_many(deed, minute - 1, minute - 1) is None
    assert too_many(deed, minute, minute) is Refusal.TOO_FAST
    assert too_many(deed, 0, day - 1) is None
    assert too_many(deed, 0, day) is Refusal.DAY_FULL


@given(st.dictionaries(st.integers(1, 99), st.integers(0, 5), max_size=20))
def test_members_with_equal_volumes_share_a_rank(volumes):
    places = member_places(volumes)
    assert {place.account for place in places} == {account for account, volume in volumes.items() if volume}
    for place in places:
        assert place.rank == 1 + sum(volume > place.volume for volume in volumes.values())


def test_clubs_stand_by_volume_a_member_and_small_ones_not_at_all():
    counts = [ClubCount(1, 10, 100), ClubCount(2, 5, 60), ClubCount(3, 4, 900), ClubCount(4, 20, 200)]
    places = club_places(counts)
    assert [(place.club, place.hundredths, place.rank) for place in places] == [
        (2, 1200, 1),
        (1, 1000, 2),
        (4, 1000, 2),
    ]
