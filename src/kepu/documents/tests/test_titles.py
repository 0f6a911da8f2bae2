"""Titles break between words, in lines that are alike and fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.documents.rules.geometry import signature_indents, width_in_characters
from kepu.documents.rules.paper import addressed, bare_title, copied, in_brackets
from kepu.documents.rules.titles import TITLE_CHARACTERS, title_lines

LONG = (
    "插旗镇人民政府办公室关于转发《华容县科学技术协会关于组织开展2021年全民科学素质行动"
    "科普中国信息员注册推广工作的通知》的通知"
)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于表彰优秀科普员的决定", ["关于表彰优秀科普员的决定"]),
        ("关于2021年上半年科普传播任务完成情况的通报", ["关于2021年上半年科普", "传播任务完成情况的通报"]),
        (
            "华容县科学技术协会关于开展插旗镇2021年科普信息传播活动的通知",
            ["华容县科学技术协会关于开展插旗镇", "2021年科普信息传播活动的通知"],
        ),
        ("第一行\n第二行", ["第一行", "第二行"]),
    ],
)
def test_lines_of_a_title(title, lines):
    assert list(title_lines(title)) == lines


def test_a_title_that_quotes_another_breaks_inside_it_only_when_it_must():
    lines = title_lines(LONG)
    assert lines[-1].endswith("》的通知")
    assert not any(line[0] in "的》，" or line[-1] in "《关" for line in lines)
    assert not any(line.endswith("2021") for line in lines)


@given(st.text("科普关于的通知《》（）2021年、员 ", min_size=1, max_size=120))
def test_nothing_is_lost_and_every_line_fits(title):
    lines = title_lines(title)
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(width_in_characters(line) <= TITLE_CHARACTERS for line in lines)


@given(st.text("科协", max_size=27))
def test_the_name_is_centred_on_the_date_and_neither_leaves_the_page(name):
    day = "2021年6月21日"
    name_right, day_right = signature_indents(name, day)
    assert day_right >= 4
    assert name_right >= 0
    centre_of_name = name_right + width_in_characters(name) / 2
    assert centre_of_name == pytest.approx(day_right + width_in_characters(day) / 2)


def test_small_things_people_type_are_put_right():
    assert bare_title(" 任务分解表；\n") == "任务分解表"
    assert bare_title("任务\n分解表。") == "任务分解表"
    assert addressed("各村:") == "各村："
    assert addressed("各村") == "各村："
    assert in_brackets("(此件公开发布)") == in_brackets("此件公开发布") == "（此件公开发布）"
    assert copied("县科协。") == copied("抄送：县科协") == "抄送：县科协。"
