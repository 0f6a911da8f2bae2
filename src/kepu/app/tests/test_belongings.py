"""Everything of mine to take away: complete, mine alone, once a minute, and never all in memory at once."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from kepu.app import belongings
from kepu.app.belongings import rows
from kepu.app.tests.conftest import as_account, withdraw
from kepu.campaigns.rules import Kind
from kepu.clubs.tests import scene
from kepu.content import writes as content
from kepu.kit import clock
from kepu.ledger import reads as ledger_reads
from kepu.ledger import writes as ledger
from kepu.mall.tests import shop
from kepu.people import writes as people
from kepu.people.models import Account, Complaint, SmsCode
from kepu.people.rules import NoticeKind, SmsPurpose
from kepu.points.models import QuizResult, Telling


@pytest.fixture
def full(site, noon):
    """Something of every kind of 王秀英's, and of 李建国's beside it."""
    for person, word in ((site.wang, "王的"), (site.li, "李的")):
        for day in range(1, 8):
            ledger.record_daily(person, Kind.CHECK_IN, noon[0].replace(day=day))
        content.save_article(person, site.article, noon[0])
        content.like_article(person, site.other, noon[0])
        sent = {"purpose": SmsPurpose.SIGN_IN, "digest": b"0" * 32, "network": "192.0.2.7"}
        phone = Account.objects.get(pk=person).phone_index
        SmsCode.objects.create(phone_index=phone, sent_at=noon[0] - timedelta(hours=person), **sent)
        Account.objects.filter(pk=person).update(agreed_at=noon[0], agreed_notice="2021-06-01")
        people.notify(person, NoticeKind.ANNOUNCED, {"text": f"{word}<b>通知</b>"}, "/", noon[0])
        QuizResult.objects.create(person=person, article=site.other, topic="health", passed_at=noon[0])
        told = {"points": 3, "last_day": noon[0].date(), "told_at": noon[0]}
        Telling.objects.create(person=person, year=2020, **told)
        Complaint.objects.create(words=f"{word}意见", account_id=person, division="430623", sent_at=noon[0])
    return site


def taken(client, form="json"):
    response = client.post("/me/download/", {"form": form})
    assert response.status_code == 200
    assert response.streaming
    return b"".join(response.streaming_content).decode()


def test_the_file_holds_everything_of_mine(full, wang, noon):
    everything = json.loads(taken(wang))
    assert everything["made_at"] == "2021-06-21T12:00:00+08:00"
    assert everything["account"][0]["name"] == "王秀英"
    assert everything["account"][0]["points"] == 7
    assert everything["certification"][0]["unit"] == "插旗村"
    assert [step["state"] for step in everything["certification_history"]] == ["已通过"]
    assert len(everything["entries"]) == 7
    newest = everything["entries"][0]
    assert (newest["act"], newest["points"], newest["version"]) == ("签到", 1, 1)
    assert newest["hash"] == ledger_reads.statement(full.wang, None, 1)[0].hash.hex()
    assert everything["saved"][0]["link"] == f"/a/{full.article}/"
    (like,) = everything["likes"]
    assert (like["link"], like["at"]) == (f"/a/{full.other}/", everything["made_at"])
    assert like["article"]
    (agreed,) = everything["agreements"]
    assert agreed == {"notice": "个人信息处理规则", "edition": "2021-06-01", "at": everything["made_at"]}
    sent_at = (noon[0] - timedelta(hours=full.wang)).astimezone(clock.SHANGHAI)
    assert everything["codes_sent"] == [{"sent_at": sent_at.isoformat()}]
    assert everything["messages"][0]["text"] == "王的<b>通知</b>"
    assert everything["complaints"][0]["words"] == "王的意见"
    assert everything["points"] == [{"year": 2021, "points": 7, "expires_on": None}]
    assert everything["told_of_expiry"][0]["expires_on"] == "2021-06-21"
    assert everything["badges"] == [{"name": "科普新人", "kind": "我的等级", "is_reached": True}]
    assert everything["quizzes"][0]["passed_at"] == everything["made_at"]


def test_it_holds_nothing_of_anybody_elses(full, wang):
    text = taken(wang)
    assert "李" not in text
    assert "13800001234" not in text, "the whole number is known to its owner"


def test_the_page_says_the_same_and_shows_words_as_words(full, wang):
    html = taken(wang, "page")
    assert html.count("<table") == 16
    for word in ("王秀英", "插旗村", "签到", "王的意见", "王的&lt;b&gt;通知"):
        assert word in html
    assert "<b>通知" not in html
    assert "style=" not in html


def test_every_row_names_every_column_of_its_part(full):
    shop.earn(full.wang, 60)
    shop.bought(full.wang, shop.badge())
    scene.post(scene.open_one(full.wang), full.wang)
    for part in belongings.belongings(full.wang):
        rows = list(part.rows)
        assert rows, part.name
        assert all(set(row) == set(part.columns) for row in rows), part.name


def test_an_order_says_where_it_went_as_long_as_that_is_kept(full, wang, django_assert_num_queries):
    shop.earn(full.wang, 600)
    fetched = shop.goods()
    sent = shop.goods(pick_up_points=(), name="血压计")
    for item in (fetched, sent, sent):
        shop.bought(full.wang, item)
    (part,) = (each for each in belongings.belongings(full.wang) if each.name == "orders")
    with django_assert_num_queries(2):
        rows = {str(row["item"]): row for row in part.rows}
    assert rows["血压计"]["phone"] == "13800001234"
    assert rows["血压计"]["address"] == "插旗镇插旗村三组 8 号"
    assert (rows["血压计"]["name"], rows["血压计"]["pick_up"]) == ("王秀英", "")
    assert rows["保温杯"]["pick_up"] == "插旗镇科协，插旗镇政府一楼"
    assert rows["保温杯"]["phone"] == ""
    assert "三组 8 号" in taken(wang, "page")
    assert "三组 8 号" not in taken(as_account(full.li))


@pytest.mark.parametrize(("name", "queries"), [("agreements", 1), ("codes_sent", 2), ("likes", 2)])
def test_what_a_part_asks(full, django_assert_num_queries, name, queries):
    (part,) = (each for each in belongings.belongings(full.wang) if each.name == name)
    with django_assert_num_queries(queries):
        assert len(list(part.rows)) == 1


def test_once_a_minute(full, wang, noon):
    taken(wang)
    again = wang.post("/me/download/", {"form": "page"})
    assert (again.status_code, again["Retry-After"]) == (429, "60")
    assert "请等一分钟" in again.content.decode()
    noon[0] += timedelta(minutes=1)
    taken(wang)


def test_only_a_signed_in_press_takes_it(full, wang, reader):
    assert wang.get("/me/download/").status_code == 200
    assert "Content-Disposition" not in wang.get("/me/download/")
    assert reader.post("/me/download/").url.startswith("/sign-in/")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = as_account(full.wang).cookies
    assert strict.post("/me/download/", {"form": "json"}).status_code == 403


def test_no_cache_keeps_it(full, wang):
    response = wang.post("/me/download/", {"form": "json"})
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"] == f'attachment; filename="kepu-{full.wang}-20210621.json"'


def test_entries_are_read_a_few_at_a_time(full, monkeypatch):
    asked = []
    statement = ledger_reads.statement

    def counted(person, before, limit):
        asked.append(limit)
        return statement(person, before, limit)

    monkeypatch.setattr(rows, "ENTRIES_AT_ONCE", 3)
    monkeypatch.setattr("kepu.ledger.reads.statement", counted)
    parts = belongings.belongings(full.wang)
    entries = next(part.rows for part in parts if part.name == "entries")
    next(entries)
    assert asked == [3]
    assert len({row["entry"] for row in entries}) == 6
    assert asked == [3, 3, 3, 3]


def test_a_newcomer_takes_what_there_is(newcomer):
    everything = json.loads(taken(newcomer))
    assert len(everything["account"]) == 1
    assert everything["certification"] == everything["entries"] == everything["likes"] == []


def test_a_like_of_an_article_that_was_withdrawn_is_mine_all_the_same(full, wang):
    withdraw(full.other)
    (like,) = json.loads(taken(wang))["likes"]
    assert like["article"]
