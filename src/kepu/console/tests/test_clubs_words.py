"""The list of barred words is kept by whoever keeps the site."""

import pytest
from django.test import Client

from kepu.audit.models import Kept
from kepu.clubs.models import BarredWord
from kepu.console.tests.conftest import enter
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY

pytestmark = pytest.mark.django_db
LIST = "/admin/clubs/words/"


@pytest.fixture
def operator(db: None, client: Client) -> int:
    """The site's operator, signed in as `client`."""
    land.settle()
    return enter(client, 90, Role.OPERATOR, "")


def text(response):
    return response.content.decode()


def test_words_are_added_one_a_line_and_of_the_others_it_is_said_why(client, operator):
    assert "还没有屏蔽词" in text(client.get(LIST))
    sent = {"words": "神药\r\n\r\n 包治百病 \n神药\nx", "effect": "refuse"}
    answer = client.post(f"{LIST}add/", sent)
    assert answer.status_code == 422
    page = text(answer)
    assert "加了 2 个词" in page
    assert ">x</textarea>" in page, "what was not added is still there"
    assert sorted(BarredWord.objects.values_list("word", "effect")) == [
        ("包治百病", "refuse"),
        ("神药", "refuse"),
    ]
    kept = Kept.objects.get(act="add_barred_words")
    assert (kept.account, kept.after["words"], kept.division) == (operator, "神药、包治百病", "")
    answer = client.post(f"{LIST}add/", {"words": "神 药", "effect": "hold"})
    assert "已经在" in text(answer)
    assert BarredWord.objects.count() == 2


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"words": " \n ", "effect": "hold"},
        {"words": "词语", "effect": "x"},
        {"words": "长" * 30, "effect": "hold"},
        {"words": "\n".join(f"词语{n}" for n in range(201)), "effect": "hold"},
    ],
)
def test_a_form_that_is_not_whole_says_what_to_do(client, operator, form):
    answer = client.post(f"{LIST}add/", form)
    assert answer.status_code == 422
    assert "help-critical" in text(answer)
    assert not BarredWord.objects.exists()


def test_a_text_is_tried_against_the_list(client, operator):
    client.post(f"{LIST}add/", {"words": "神药", "effect": "refuse"})
    page = text(client.get(LIST, {"text": "我卖神～药！"}))
    assert "神药：" in page
    assert "里面没有屏蔽词" in text(client.get(LIST, {"text": "天气真好"}))
    assert client.get(LIST, {"text": "长" * 5_000, "words": "词" * 99}).status_code == 200


def test_a_word_is_changed_and_taken_off_and_both_are_kept(client, operator):
    client.post(f"{LIST}add/", {"words": "神药\n灵芝", "effect": "refuse"})
    word = BarredWord.objects.get(word="神药").pk
    assert client.post(f"{LIST}{word}/change/", {"effect": "x"}).status_code == 422
    assert client.post(f"{LIST}{word}/change/", {"effect": "mark"}).status_code == 302
    assert BarredWord.objects.get(pk=word).effect == "mark"
    assert client.post(f"{LIST}{word}/drop/").status_code == 302
    assert list(BarredWord.objects.values_list("word", flat=True)) == ["灵芝"]
    assert client.post(f"{LIST}{word}/drop/").status_code == 404
    assert client.post(f"{LIST}{word}/change/", {"effect": "mark"}).status_code == 404
    assert [kept.act for kept in Kept.objects.order_by("pk")][-2:] == [
        "change_barred_word",
        "drop_barred_word",
    ]
    page = text(client.get(LIST + "?words=灵"))
    assert "灵芝" in page
    assert "周审" in page


@pytest.mark.parametrize(("role", "division"), [(Role.COUNTY_OFFICER, COUNTY), (Role.OPERATOR, COUNTY)])
def test_nobody_else_has_it(client, db, role, division):
    land.settle()
    enter(client, 91, role, division)
    for ask in (client.get(LIST), client.post(f"{LIST}add/", {"words": "神药", "effect": "hold"})):
        assert ask.status_code == 404
    assert not BarredWord.objects.exists()


def test_the_list_costs_the_same_however_long_it_is(client, operator, django_assert_max_num_queries):
    for start in range(0, 300, 100):
        lines = "\n".join(f"词语第{number}个" for number in range(start, start + 100))
        client.post(f"{LIST}add/", {"words": lines, "effect": "hold"})
    client.get(LIST)
    with django_assert_max_num_queries(14):
        page = text(client.get(LIST))
    assert page.count("/change/") == 50
    assert "现有 300 个词" in page
