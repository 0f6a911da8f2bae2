"""Readers, greetings and posters: decided without a database."""

from datetime import UTC, datetime

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from kepu.app import posters, rules
from kepu.app.rules import PartOfDay
from kepu.people.rules import readers

KEY = b"k" * 32
PHONE = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/97.0 Mobile Safari/537.36"
WECHAT = PHONE + " MicroMessenger/8.0.30"


@pytest.mark.parametrize(
    ("utc_hour", "part"),
    [
        (20, PartOfDay.EVENING),
        (21, PartOfDay.MORNING),
        (2, PartOfDay.MORNING),
        (3, PartOfDay.NOON),
        (5, PartOfDay.AFTERNOON),
        (9, PartOfDay.AFTERNOON),
        (10, PartOfDay.EVENING),
    ],
)
def test_the_greeting_follows_the_clock_on_the_wall(utc_hour, part):
    assert rules.part_of_day(datetime(2021, 6, 21, utc_hour, tzinfo=UTC)) is part


@pytest.mark.parametrize(
    ("method", "agent", "purpose", "person"),
    [
        ("GET", PHONE, "", True),
        ("GET", WECHAT, "", True),
        ("HEAD", PHONE, "", False),
        ("GET", "", "", False),
        ("GET", PHONE, "prefetch", False),
        ("GET", PHONE, "preview", False),
        ("GET", PHONE, "prefetch;prerender", False),
        ("GET", "Mozilla/5.0 (compatible; Baiduspider/2.0)", "", False),
        ("GET", "Googlebot/2.1", "", False),
        ("GET", "curl/8.0", "", False),
        ("GET", "WhatsApp/2.19", "", False),
    ],
)
def test_who_is_a_person(method, agent, purpose, person):
    assert readers.is_person(method, agent, purpose) is person


def test_an_account_is_the_same_reader_everywhere_and_no_two_are():
    assert readers.reader_of_account(KEY, 7) == readers.reader_of_account(KEY, 7)
    assert len({readers.reader_of_account(KEY, account) for account in range(200)}) == 200


@given(st.binary(min_size=16, max_size=16))
def test_a_reader_cookie_is_read_back(reader):
    assert readers.read_reader(KEY, readers.reader_token(KEY, reader)) == reader


@given(st.text(max_size=90))
def test_a_made_up_reader_cookie_is_nobody(token):
    assert readers.read_reader(KEY, token) is None


def test_a_reader_cookie_of_another_site_is_nobody():
    assert readers.read_reader(b"z" * 32, readers.reader_token(KEY, b"r" * 16)) is None


@given(st.lists(st.text(max_size=5), max_size=3), st.lists(st.text(max_size=5), max_size=3))
def test_an_act_of_a_day_has_a_name_of_its_own(left, right):
    assert (rules.once(*left) == rules.once(*right)) is (left == right)
    assert len(rules.once(*left)) == 16


@given(st.text("科普村，。（）《》ab 1", max_size=120), st.integers(4, 30), st.integers(1, 6))
def test_lines_keep_their_width_and_lose_nothing_that_fits(text, width, lines_max):
    lines = posters.wrapped(text, width, lines_max)
    assert len(lines) <= lines_max
    for line in lines:
        bare = line.rstrip("，。）》…")
        assert sum(0.55 if sign.isascii() else 1 for sign in bare) <= width + 1
    whole = "".join("".join(lines).split())
    if not whole.endswith("…"):
        assert whole == "".join(text.split())


def test_no_line_begins_with_a_full_stop_or_ends_with_an_opening_mark():
    lines = posters.wrapped("高血压多半没有症状。等头晕了再管（就晚了）。", 9, 5)
    assert not any(line[0] in "，。）" for line in lines)
    assert not any(line[-1] == "（" for line in lines)


@pytest.mark.parametrize("design", posters.Design)
@pytest.mark.parametrize(("titles", "summaries"), [(1, 1), (12, 40)])
def test_a_poster_keeps_clear_of_what_stands_below(design, titles, summaries):
    drawn = posters.poster(
        design, "很长的标题" * titles, "很长的摘要，" * summaries, "https://kepu.example/s/a/"
    )
    layout = drawn.layout
    assert drawn.title[-1].y <= layout.title.lowest
    assert drawn.summary[-1].y <= layout.summary.lowest < layout.code.y
    for lines, column in ((drawn.title, layout.title), (drawn.summary, layout.summary)):
        assert all(column.x + len(line.text) * column.size <= 204 for line in lines)
    assert drawn.summary[-1].text.endswith("…") == (summaries > 1)


def test_a_poster_drops_what_xml_cannot_hold():
    drawn = posters.poster(posters.Design.FRAME, "高\x0b血压", "一\x00二", "https://kepu.example/s/a/")
    assert (drawn.title[0].text, drawn.summary[0].text) == ("高血压", "一二")


def test_the_code_as_a_path_has_every_dark_module():
    code = segno.make("https://kepu.example/s/abc/", error="m", micro=False)
    path = posters.qr_path(code)
    dark = sum(int(run.split("h")[1].split("v")[0]) for run in path.split("z") if run)
    assert dark == sum(sum(map(bool, row)) for row in code.matrix)
