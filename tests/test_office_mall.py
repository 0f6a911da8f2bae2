"""A day of the mall: an officer sets up an item at the desk, a clerk hands it over with a phone; a count."""

import io
import json

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Shots, signed_in
from tests.live import LiveSite

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 740}
ITEM = "保温杯"
PREPARE = """
import json
from kepu.kit import clock
from kepu.mall import writes
from kepu.mall.rules import PointDraft
from kepu.people import writes as people
from kepu.people.models import Account
from kepu.people.rules import Role, Session, session_token
from django.conf import settings
now = clock.now()
tokens = []
for phone, name, role, division in (
    ("13800007701", "周管", Role.COUNTY_OFFICER, "430623"),
    ("13800007702", "吴发", Role.TOWN_CLERK, "430623110"),
):
    account = people.open_staff_account(phone, name, "xiangzhen-2026", 430623, now)
    assert people.grant_scope(account, role, division, now) is None
    version = Account.objects.get(pk=account).session_version
    tokens.append(session_token(settings.KEPU_KEYS.session, Session(account, version, int(now.timestamp()))))
point = writes.keep_point(0, PointDraft("插旗镇科普驿站", "插旗镇政府一楼", "工作日", "430623110"))
print(json.dumps(tokens))
"""
BUY = """
import json, os
from uuid import uuid4
from django.conf import settings
from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel
from kepu.mall import writes
from kepu.mall.models import Item, Order
from kepu.mall.rules import Way, Wish, pick_up_path, pick_up_token
from kepu.people.reads import profiles_within
now, item = clock.now(), Item.objects.get(name="{item}")
found = []
for profile in profiles_within("430623")[:2]:
    person = profile.account
    at = clock.milliseconds(now)
    act = Act(person, os.urandom(16), Kind.ADJUSTMENT, 0, Channel.STAFF, at, points=500, author=1, note="奖")
    ledger.record(act)
    order, point = uuid4(), item.pick_up_points.get().pk
    assert writes.buy(order, person, item.pk, Wish(Way.PICK_UP, item.points, point), now) is None
    found.append(pick_up_path(pick_up_token(settings.KEPU_KEYS.link, order)))
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def staff(site: LiveSite) -> list[str]:
    """The session tokens of the county's officer and of a town's clerk."""
    tokens: list[str] = json.loads(site.python(PREPARE))
    return tokens


def at_work(browser: Browser, site: LiveSite, token: str, **how: object) -> Page:
    context = browser.new_context(**how)  # type: ignore[arg-type]
    signed_in(context, site, token)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


def photo_of(address: str) -> bytes:
    """A phone's picture of the buyer's phone, a little aslant."""
    drawn, written = io.BytesIO(), io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="png", scale=12, border=4)
    wall = Image.new("RGB", (4032, 3024), (120, 110, 100))
    code = Image.open(drawn).convert("RGB").rotate(9, expand=True, fillcolor=(120, 110, 100))
    wall.paste(code, (1500, 1000))
    wall.save(written, "JPEG", quality=92)
    return written.getvalue()


def fits(page: Page) -> bool:
    """Whether nothing of the page is wider than the screen."""
    return bool(page.evaluate("document.querySelector('.nice-padding').scrollWidth <= innerWidth"))


def test_from_the_desk_to_the_buyers_hand(
    browser: Browser, site: LiveSite, staff: list[str], shoot: Shots
) -> None:
    page = at_work(browser, site, staff[0], viewport={"width": 1280, "height": 800})
    page.goto(f"{site.url}/admin/mall/items/new/")
    page.fill("[name=name]", ITEM)
    page.fill("[name=points]", "两百")
    page.click(".mall-form > button")
    expect(page.locator(".mall-wrong").first).to_contain_text("整数")
    page.fill("[name=points]", "200")
    page.check("[name=pick_up_points]")
    page.click(".mall-form > button")
    page.set_input_files("#pictures", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo_of("x")})
    page.click("text=添加图片")
    page.fill("#amount", "5")
    page.click(".mall-act button")
    page.click("button:has-text('上架')")
    expect(page.locator(".mall-state").first).to_have_text("可兑换")
    shoot.take(page, "office-mall-item")
    codes: list[str] = json.loads(site.python(BUY.format(item=ITEM)))
    for code, scripts in zip(codes, (True, False), strict=True):
        clerk = at_work(browser, site, staff[1], viewport=PHONE, java_script_enabled=scripts)
        clerk.goto(f"{site.url}/admin/mall/pick-up/")
        if scripts:
            shoot.take(clerk, "phone-pick-up")
            assert fits(clerk)
        photo = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": photo_of(site.url + code)}
        clerk.set_input_files("#photo", photo)
        if not scripts:
            clerk.click("#photo-form button")
        clerk.wait_for_url(f"**{code}")
        if scripts:
            shoot.take(clerk, "phone-hand-over")
            assert fits(clerk)
        clerk.click(".mall-desk form button")
        expect(clerk.locator(".mall-said.good")).to_contain_text("由 吴发 发放")
        clerk.goto(site.url + code)
        expect(clerk.locator(".mall-said.good")).to_contain_text("请不要重复发放")
    done = (
        "SELECT count(*) FROM mall_order o JOIN mall_item i ON i.id = o.item_id WHERE o.state = 'handed_over'"
    )
    assert site.number(f"{done} AND i.name = '{ITEM}'") == 2


def test_the_camera_finds_the_code_where_the_browser_can(
    browser: Browser, site: LiveSite, staff: list[str]
) -> None:
    clerk = at_work(browser, site, staff[1], viewport=PHONE)
    clerk.add_init_script(
        """
        let looks = 0;
        globalThis.BarcodeDetector = class {
          static async getSupportedFormats() { return ["qr_code"]; }
          async detect() {
            looks += 1;
            return [{ rawValue: looks < 3 ? "https://example.org/" : location.href + "gone/" }];
          }
        };
        const canvas = document.createElement("canvas");
        const draw = () => { canvas.getContext("2d").fillRect(0, 0, Math.random() * 99, 9); };
        setInterval(draw, 50);
        navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
        """
    )
    clerk.goto(f"{site.url}/admin/mall/pick-up/")
    clerk.click("#scan-start")
    expect(clerk.locator(".mall-said.bad")).to_contain_text("没有这个码要领的礼品")


def test_the_shelf_is_counted(browser: Browser, site: LiveSite, staff: list[str], shoot: Shots) -> None:
    page = at_work(browser, site, staff[0], viewport=PHONE)
    page.goto(f"{site.url}/admin/mall/stock-taking/")
    page.get_by_label(ITEM, exact=True).fill("2")
    page.click("text=看差异")
    expect(page.locator(".mall-differs")).to_contain_text("−1")
    shoot.take(page, "phone-stock-taking")
    page.fill("#note", "月底盘点，碎了一个")
    page.click("text=记入盘点数")
    expect(page.locator(".messages")).to_contain_text("已盘点")
    for address in ("", "orders/", "places/", "items/new/", "places/new/"):
        page.goto(f"{site.url}/admin/mall/{address}")
        assert fits(page), address
    assert site.number(f"SELECT stock FROM mall_item WHERE name = '{ITEM}'") == 2


def test_codes_are_looked_at_on_a_phone(
    browser: Browser, site: LiveSite, staff: list[str], shoot: Shots
) -> None:
    page = at_work(browser, site, staff[0], viewport=PHONE)
    page.goto(f"{site.url}/admin/mall/items/new/")
    page.check("[name=kind][value=voucher]")
    page.fill("[name=name]", "十元话费券")
    page.fill("[name=points]", "100")
    page.click(".mall-form > button")
    item = page.url
    page.click("text=导入券码")
    page.fill("#text", "序号\t密\n1\tAB12-CD34")
    page.click(".mall-form button")
    expect(page.locator(".mall-trouble")).to_contain_text("第 2 行")
    shoot.take(page, "phone-codes-refused")
    assert fits(page)
    page.fill("#text", "序号\t券码\n" + "\n".join(f"{number}\tAB12-{number:05}" for number in range(9)))
    page.click(".mall-form button")
    expect(page.locator(".mall-samples tbody tr")).to_have_count(6)
    shoot.take(page, "phone-codes", full=True)
    assert fits(page)
    page.click("button:has-text('导入')")
    expect(page.locator(".messages")).to_contain_text("9")
    goods = site.number(f"SELECT id FROM mall_item WHERE name = '{ITEM}'")
    for address in (item, f"{item}edit/", f"{item}codes/", f"{site.url}/admin/mall/items/{goods}/"):
        page.goto(address)
        assert fits(page), address
    shoot.take(page, "phone-item", full=True)
    for name in ("orders", "places"):
        page.goto(f"{site.url}/admin/mall/{name}/")
        shoot.take(page, f"phone-{name}", full=True)
