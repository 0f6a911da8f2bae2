"""The numbers an article is bound by."""

import pytest

from kepu.content.rules import article_path, minutes_to_read, quiz_trouble


@pytest.mark.parametrize(("chars", "minutes"), [(0, 1), (1, 1), (300, 1), (301, 2), (900, 3)])
def test_minutes_to_read(chars, minutes):
    assert minutes_to_read(chars) == minutes


@pytest.mark.parametrize(
    ("options", "right", "trouble"),
    [
        (["甲", "乙"], 1, None),
        (["甲"], 0, "few"),
        (["甲", "乙", "丙", "丁", "戊"], 0, "many"),
        (["甲", " 甲"], 0, "same"),
        (["甲", "乙"], 2, "right"),
        (["甲", "乙"], -1, "right"),
    ],
)
def test_a_question_is_fair(options, right, trouble):
    assert quiz_trouble(options, right) == trouble


def test_an_article_has_one_short_address():
    assert article_path(23) == "/a/23/"
