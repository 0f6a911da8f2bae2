"""The mall in a phone's browser: prices, refusals in plain words, one order a form, codes and steps."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.mall import reads, writes
from kepu.mall.models import Order
from kepu.mall.rules import By, OrderState
from kepu.mall.tests import shop
from kepu.mall.tests.shop import NOON, STAFF
from kepu.people.models import Account, Communicator


@pytest.fixture
def persons(db: None, monkeypatch) -> list[int]:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return shop.build(points=300)


@pytest.fixture
def wang(persons) -> Client:
    return client_of(persons[0])


def client_of(person: int) -> Client:
    from django.conf import settings

    from kepu.people.rules import Session, session_token
    from kepu.people.sessions import COOKIE

    client = Client()
    session = Session(person, 1, int(NOON.timestamp()))
    client.cookies[COOKIE] = session_token(settings.KEPU_KEYS.session, session)
    return client


def text(response) -> str:
    """What stands on the page, without tags."""
    found = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def sent(client: Client, item: int, **said: str):
    """The confirm page's form, as the browser sends it."""
    page = client.get(f"/mall/{item}/confirm/", {"way": said.get("way", "pick_up")})
    fields = dict(re.findall(r'name="(order|points|way)" value="([^"]*)"', page.content.decode()))
    places = re.findall(r'name="point" value="(\d+)"', page.content.decode())
    point = {"point": places[0]} if places else {}
    return client.post(f"/mall/{item}/confirm/", fields | point | said)


def test_the_window_shows_what_i_can_afford_first(persons, wang):
    names = {"贵的": 500, "便宜的": 100, "刚好的": 300}
    items = {name: shop.goods(name=name, points=points) for name, points in names.items()}
    gone = shop.goods(name="兑完的", points=10, stock=0)
    shop.goods(name="外镇的", seen_within="430623101")
    shop.goods(name="过期的", closes_at=NOON)
    writes.set_on_sale(shop.goods(name="藏着的"), False)
    said = text(wang.get("/mall/"))
    assert re.findall("贵的|便宜的|刚好的|兑完的|外镇的|过期的|藏着的", said) == [
        "刚好的",
        "便宜的",
        "贵的",
        "兑完的",
    ]
    assert "还差 200 积分" in said
    assert text(wang.get(f"/mall/{gone}/")).count("兑完了") == 2
    assert "您还差 200 积分" in text(wang.get(f"/mall/{items['贵的']}/"))


def test_whoever_is_not_signed_in_is_sent_to_the_door(persons):
    item = shop.goods()
    for path in ("/mall/", f"/mall/{item}/", f"/mall/{item}/confirm/", "/mall/orders/"):
        assert Client().get(path).status_code == 302


def test_an_empty_mall_says_what_points_are_for(wang):
    assert "现在还没有可兑的东西" in text(wang.get("/mall/"))


def test_exchanging_takes_the_points_and_shows_the_code(persons, wang):
    item = shop.goods()
    page = text(wang.get(f"/mall/{item}/confirm/?way=pick_up"))
    assert "兑后还剩 100" in page
    assert "2021 年的 200 分" in page
    answer = sent(wang, item)
    order = Order.objects.get()
    assert answer.url == f"/mall/orders/{order.pk}/"
    said = text(wang.get(answer.url))
    assert f"{order.code[:4]} {order.code[4:]}" in said
    assert "已扣积分，正在备货" in said
    assert ledger.balance(persons[0]) == 100
    assert "保温杯" in text(wang.get("/mall/orders/"))
    assert "不想要" in said
    writes.make_ready(order.pk, STAFF, NOON)
    ready = text(wang.get(answer.url))
    assert "可以去领了" in ready
    assert "请告诉科协" in ready
    writes.hand_over(order.pk, STAFF, NOON)
    assert "领取码" not in text(wang.get(answer.url))


def test_a_form_sent_twice_is_one_order(persons, wang):
    item = shop.goods(points=100)
    number = str(uuid4())
    answers = [sent(wang, item, order=number) for _ in range(3)]
    assert {answer.url for answer in answers} == {f"/mall/orders/{number}/"}
    assert ledger.balance(persons[0]) == 200


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"point": "99999"}, "请选一个领取点"),
        ({"point": ""}, "请选一个领取点"),
        ({"points": "1"}, "价格刚刚变了"),
        ({"points": "x"}, "价格刚刚变了"),
        ({"way": "delivery"}, "收件人的真实姓名"),
        ({"way": "delivery", "name": "王秀英", "phone": "12", "address": "插旗村三组"}, "手机号不对"),
        ({"way": "delivery", "name": "王秀英", "phone": "13800001234", "address": "村"}, "请写清楚地址"),
        ({"way": "delivery", "name": "王\x00", "phone": "13800001234", "address": "插旗村三组"}, "真实姓名"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_taken(persons, wang, said, expected):
    item = shop.goods()
    answer = sent(wang, item, **said)
    assert answer.status_code == 422
    assert expected in text(answer)
    assert ledger.balance(persons[0]) == 300
    assert reads.shelf(item).stock == 5


def test_delivery_is_kept_sealed_and_shown_to_its_buyer(persons, wang):
    item = shop.goods()
    said = {"way": "delivery", "name": "王秀英", "phone": "13800001234", "address": "插旗村三组 8 号"}
    answer = sent(wang, item, **said)
    page = text(wang.get(answer.url))
    assert "插旗村三组 8 号" in page
    assert "领取码" not in page
    assert client_of(persons[1]).get(answer.url).status_code == 404


def test_an_item_of_another_place_is_shown_to_whoever_has_an_order_of_it_alone(persons, wang):
    item = shop.goods()
    shop.bought(persons[0], item)
    Communicator.objects.filter(account__in=persons).update(division="430623101001")
    there = shop.wish_for(item)
    kept = replace(shop.THERMOS, pick_up_points=(there.point,), seen_within="430623110")
    assert writes.keep_item(item, kept, STAFF, NOON) == item
    assert "给别的地方的人" in text(wang.get(f"/mall/{item}/"))
    other = client_of(persons[1])
    assert other.get(f"/mall/{item}/").status_code == 404
    assert other.get(f"/mall/{item}/confirm/?way=pick_up").status_code == 404


def test_the_last_day_to_pick_it_up_is_said_before_and_after(persons, wang):
    item = shop.goods(waits_days=10)
    assert "备好以后给您留 10 天" in text(wang.get(f"/mall/{item}/"))
    order = shop.bought(persons[0], item)
    writes.make_ready(order.id, STAFF, NOON)
    assert "最晚哪天来领 7月1日" in text(wang.get(f"/mall/orders/{order.id}/"))


def test_points_spent_meanwhile_are_told_and_nothing_is_taken(persons, wang):
    item = shop.goods()
    page = wang.get(f"/mall/{item}/confirm/?way=pick_up")
    assert page.status_code == 200
    order = uuid4()
    assert writes.reserve_order(order, persons[0], item, shop.wish_for(item), NOON) is None
    shop.earn(persons[0], -150)
    writes.pay_order(order, NOON)
    said = text(wang.get(f"/mall/orders/{order}/"))
    assert "当时还差 50 积分，没有扣您的积分" in said


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"closes_at": NOON}, "时间已经过了"),
        ({"opens_at": clock.start_of(clock.day_of(NOON).replace(day=22))}, "6月22日 00:00 开始兑换"),
        ({"points": 301}, "您还差 1 积分"),
        ({"delivers": True, "pick_up_points": ()}, "兑换"),
    ],
)
def test_each_no_is_told_on_the_items_page(persons, wang, changes, expected):
    item = shop.goods(**changes)
    said = text(wang.get(f"/mall/{item}/"))
    assert expected in said
    if expected != "兑换":
        assert text(wang.get(f"/mall/{item}/confirm/")) == said


def test_the_uncertified_are_sent_to_be_certified(persons):
    newcomer = Account.objects.create(phone_index="new", book=430623, created_at=NOON, agreed_at=NOON)
    item = shop.goods()
    page = client_of(newcomer.pk).get(f"/mall/{item}/")
    assert "只给实名认证的科普员" in text(page)
    assert b"/me/certification/" in page.content
    assert client_of(newcomer.pk).post(f"/mall/{item}/confirm/").status_code == 409


def test_a_limit_that_is_reached_is_told(persons, wang):
    item = shop.goods(limit=1, points=10)
    assert sent(wang, item).status_code == 302
    assert "已经兑满了" in text(wang.get(f"/mall/{item}/"))
    assert sent(wang, item).status_code == 409


def test_a_voucher_is_shown_after_a_tap_and_once(persons, wang, monkeypatch):
    item = shop.voucher()
    answer = sent(wang, item)
    assert f"HR-{item}" not in text(wang.get(answer.url))
    assert "看券码" in text(wang.get(answer.url))
    assert client_of(persons[1]).post(f"{answer.url}code/").status_code == 404
    assert f"HR-{item}-0000" in text(wang.post(f"{answer.url}code/"))
    assert f"HR-{item}" not in text(wang.get(answer.url))
    assert "券码已经给您看过" in text(wang.get(answer.url))
    later = NOON + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    again = wang.post(f"{answer.url}code/")
    assert (again.status_code, f"HR-{item}" in text(again)) == (409, False)


def test_a_badge_is_there_at_once(persons, wang):
    answer = sent(wang, shop.badge())
    assert Order.objects.get().state == OrderState.HANDED_OVER
    assert "已领到" in text(wang.get(answer.url))


def test_cancelling_gives_the_points_back(persons, wang):
    answer = sent(wang, shop.goods())
    assert client_of(persons[1]).post(f"{answer.url}cancel/").status_code == 404
    assert wang.post(f"{answer.url}cancel/").url == answer.url
    assert "退给您 200 积分" in text(wang.get(answer.url))
    assert ledger.balance(persons[0]) == 300
    order = shop.bought(persons[0], shop.goods())
    writes.make_ready(order.id, STAFF, NOON)
    refused = wang.post(f"/mall/orders/{order.id}/cancel/")
    assert refused.status_code == 409
    assert "已经变了" in text(refused)


def test_staffs_reason_for_cancelling_is_read_by_the_buyer(persons, wang):
    order = shop.bought(persons[0], shop.goods())
    writes.cancel_order(order.id, By.STAFF, STAFF, "厂家断货了", NOON)
    assert "厂家断货了" in text(wang.get(f"/mall/orders/{order.id}/"))


def test_while_the_mall_is_off_the_shop_is_gone_and_orders_are_there(persons, wang, monkeypatch):
    item = shop.goods()
    answer = sent(wang, item)
    monkeypatch.setattr("kepu.campaigns.pages.switched_off_for", lambda *_: frozenset({"mall"}))
    for path in ("/mall/", f"/mall/{item}/", f"/mall/{item}/confirm/"):
        assert wang.get(path).status_code == 404
    assert "/mall/orders/" in wang.get("/mall/").content.decode()
    assert wang.post(f"/mall/{item}/confirm/").status_code == 404
    assert wang.get("/mall/orders/").status_code == 200
    assert wang.get(answer.url).status_code == 200
    assert wang.post(f"{answer.url}cancel/").status_code == 302


def test_queries_of_the_pages(persons, wang, django_assert_max_num_queries):
    for number in range(25):
        shop.goods(name=f"东西{number}")
    item = shop.goods(limit=2)
    order = shop.bought(persons[0], item)
    for path, most in (
        ("/mall/", 12),
        (f"/mall/{item}/", 12),
        (f"/mall/{item}/confirm/?way=pick_up", 13),
        ("/mall/orders/", 7),
        (f"/mall/orders/{order.id}/", 12),
    ):
        with django_assert_max_num_queries(most):
            assert wang.get(path).status_code == 200
    first = wang.get("/mall/").content.decode()
    assert "start=20" in first
    rest = wang.get("/mall/?start=20", headers={"HX-Request": "true"}).content.decode()
    assert "<main" not in rest
    assert rest.count('class="ware"') == 6
