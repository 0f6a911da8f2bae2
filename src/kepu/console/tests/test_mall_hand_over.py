"""Handing over with a phone: by photo, scan or digits, once, to whom it belongs, at the right place."""

import io

import pytest
import segno
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from kepu.console.tests import mall_desk as desk
from kepu.console.tests.mall_desk import COUNTY, OTHER_TOWN, TOWN, code_path, page
from kepu.kit import clock
from kepu.kit.photo_codes import PHOTO_BYTES_MAX
from kepu.mall import writes
from kepu.mall.models import Order, PickUpPoint
from kepu.mall.rules import By, OrderState
from kepu.mall.tests import shop
from kepu.people import writes as people
from kepu.people.models import Account
from kepu.people.rules import Role, Session, session_token
from kepu.people.rules.second_factor import STAFF_COOKIE
from kepu.people.sessions import COOKIE
from kepu.people.writes.staff_sessions import open_staff_session

pytestmark = pytest.mark.django_db
DESK = "/admin/mall/pick-up/"


@pytest.fixture
def buyers(settings, tmp_path):
    settings.HOME = tmp_path
    return shop.build(people=2)


@pytest.fixture
def order(buyers):
    return shop.bought(buyers[0], shop.goods())


@pytest.fixture
def clerk(buyers):
    return desk.clerk()


def photo(text: str, kind: str = "JPEG") -> SimpleUploadedFile:
    drawn, written = io.BytesIO(), io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=10, border=4)
    wall = Image.new("RGB", (1600, 1200), (120, 110, 100))
    wall.paste(Image.open(drawn).convert("RGB").rotate(8, expand=True, fillcolor=(120, 110, 100)), (500, 200))
    wall.save(written, kind)
    return SimpleUploadedFile("IMG_0001.jpg", written.getvalue())


def test_a_photo_of_the_code_leads_to_the_order_and_one_press_hands_it_over(clerk, order):
    found = clerk.post(DESK, {"photo": photo(f"https://kepu.example.cn{code_path(order)}")})
    assert found.headers["Location"] == code_path(order)
    shown = page(clerk.get(found.headers["Location"]))
    for words in ("保温杯", "****", "插旗镇科协", "已交给本人"):
        assert words in shown
    assert order.code not in shown
    done = page(clerk.post(code_path(order), follow=True))
    assert "已经领走了" in done
    assert "由 吴发 发放" in done
    assert shop.seen(order.id).state is OrderState.HANDED_OVER
    assert desk.acts("hand_over_mall_order") == ["hand_over_mall_order"]


def test_handing_over_twice_says_when_and_by_whom(clerk, order):
    clerk.post(code_path(order))
    officer = desk.clerk(9005, COUNTY, Role.COUNTY_OFFICER)
    again = officer.post(code_path(order))
    assert again.status_code == 409
    assert "请不要重复发放" in page(again)
    assert "由 吴发 发放" in page(again)
    assert desk.acts("hand_over_mall_order") == ["hand_over_mall_order"]


@pytest.mark.parametrize("spelt", ["{}", "{0[0]}{0[1]}{0[2]}{0[3]} {0[4]}{0[5]}{0[6]}{0[7]}", "wide"])
def test_eight_digits_lead_there_too(clerk, order, spelt):
    wide = "".join(chr(ord(each) + 0xFEE0) for each in order.code)
    answer = clerk.post(DESK, {"code": wide if spelt == "wide" else spelt.format(order.code)})
    assert answer.headers["Location"] == code_path(order)


def test_what_the_camera_read_is_an_address_and_leads_there(clerk, order):
    answer = clerk.post(DESK, {"code": f"http://127.0.0.1{code_path(order)}"})
    assert answer.headers["Location"] == code_path(order)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "请拍下二维码"),
        ({"code": " "}, "请拍下二维码"),
        ({"code": "00000000"}, "没有这个码要领的礼品"),
        ({"code": "1234"}, "没有这个码要领的礼品"),
        ({"code": "x\x00" * 900}, "没有这个码要领的礼品"),
        ({"photo": b""}, ""),
        ({"photo": b"no photo"}, "这张照片读不出来"),
        ({"photo": "wall"}, "没有找到二维码"),
        ({"photo": "https://example.org/"}, "不是在您这里领取的"),
        ({"photo": b"x" * (PHOTO_BYTES_MAX + 1)}, "照片太大了"),
    ],
)
def test_what_leads_nowhere_is_told_with_what_to_do(clerk, order, form, words):
    if "photo" in form:
        sent = form["photo"]
        wall = io.BytesIO()
        Image.new("RGB", (400, 300), "white").save(wall, "JPEG")
        content = wall.getvalue() if sent == "wall" else sent
        form = {"photo": photo(sent) if "http" in str(sent) else SimpleUploadedFile("a.jpg", content)}
    answer = clerk.post(DESK, form)
    assert answer.status_code == 422
    assert words in page(answer)


def test_outside_ones_division_a_code_names_nothing(order, buyers):
    stranger = desk.clerk(9003, OTHER_TOWN)
    assert stranger.get(code_path(order)).status_code == 404
    assert stranger.post(code_path(order)).status_code == 404
    assert "没有这个码要领的礼品" in page(stranger.post(DESK, {"code": order.code}))
    assert shop.seen(order.id).state is OrderState.PAID


def test_who_hands_out_on_the_whole_site_finds_it(order):
    operator = desk.clerk(9006, "", Role.OPERATOR)
    assert operator.get(code_path(order)).status_code == 200


def test_a_forged_code_names_nothing(clerk, order):
    path = code_path(order)
    for forged in (path[:-2] + "/", path.replace(path[-10], "A" if path[-10] != "A" else "B"), f"{DESK}%20/"):
        assert clerk.get(forged).status_code == 404


def test_not_paid_cancelled_and_returned_ones_are_told_plainly(clerk, buyers):
    item = shop.goods()
    early, cancelled, back = (shop.bought(buyers[0], item) for _ in range(3))
    Order.objects.filter(pk=early.id).update(state=OrderState.RESERVED.value, code="")
    writes.cancel_order(cancelled.id, By.STAFF, shop.STAFF, "停产了", clock.now())
    writes.hand_over(back.id, shop.STAFF, clock.now())
    writes.return_order(back.id, shop.STAFF, "摔坏了", False, clock.now())
    for order, words in ((early, "还没有扣积分"), (cancelled, "停产了"), (back, "摔坏了")):
        shown = page(clerk.get(code_path(order)))
        assert words in shown
        assert "不要发放" in shown
        assert "本人拿到手以后再按" not in shown
        assert clerk.post(code_path(order)).status_code == 409
    assert desk.acts("hand_over_mall_order") == []


def test_a_voucher_is_never_handed_over_by_a_clerk(buyers):
    order = shop.bought(buyers[0], shop.voucher())
    officer = desk.clerk(9005, COUNTY, Role.COUNTY_OFFICER)
    assert "没有东西要发放" in page(officer.get(code_path(order)))
    assert officer.post(code_path(order)).status_code == 409


def test_nobody_hands_over_their_own(order, buyers):
    now = clock.now()
    assert people.grant_scope(buyers[0], Role.TOWN_CLERK, TOWN, now) is None
    session = Session(buyers[0], Account.objects.get(pk=buyers[0]).session_version, int(now.timestamp()))
    mine = Client()
    mine.cookies[COOKIE] = session_token(settings.KEPU_KEYS.session, session)
    mine.cookies[STAFF_COOKIE] = open_staff_session(buyers[0], "", "", now)
    answer = mine.post(code_path(order))
    assert (answer.status_code, "自己的兑换不能自己经手" in page(answer)) == (409, True)
    assert shop.seen(order.id).state is OrderState.PAID


def test_a_clerk_who_says_where_they_stand_is_warned_of_a_code_for_elsewhere(clerk, order):
    here = PickUpPoint.objects.create(name="同福村部", address="村部", hours="每天", division=TOWN)
    assert "您不在这个领取点" not in page(clerk.get(code_path(order)))
    assert "同福村部" in page(clerk.get(DESK))
    assert clerk.post(DESK, {"point": str(here.pk)}).status_code == 302
    warned = page(clerk.get(code_path(order)))
    assert "应在“插旗镇科协”领取" in warned
    clerk.post(DESK, {"point": str(order.point.number)})
    assert "应在" not in page(clerk.get(code_path(order)))
    clerk.post(DESK, {"point": ""})
    assert "应在" not in page(clerk.get(code_path(order)))
    far = PickUpPoint.objects.create(name="远处", address="x", hours="x", division=OTHER_TOWN)
    assert clerk.post(DESK, {"point": str(far.pk)}).status_code == 404
    assert clerk.post(DESK, {"point": "x"}).status_code == 404


def test_only_the_page_that_scans_may_use_the_camera_and_nothing_is_kept_by_a_browser(clerk, order):
    scanning, other = clerk.get(DESK), clerk.get(code_path(order))
    assert "camera=(self)" in scanning.headers["Permissions-Policy"]
    assert "camera=()" in other.headers["Permissions-Policy"]
    assert "no-store" in other.headers["Cache-Control"]


def test_handing_over_asks_few_questions(clerk, order, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        clerk.get(DESK)
    with django_assert_max_num_queries(14):
        clerk.get(code_path(order))


def test_the_menu_shows_each_only_their_own(clerk, client):
    assert '"/admin/mall/pick-up/"' in page(clerk.get("/admin/"))
    assert '"/admin/mall/"' not in page(clerk.get("/admin/"))
    assert '"/admin/mall/"' in page(desk.officer(client).get("/admin/"))
