"""Points from the first share to a thing in the hand: earned, read about, spent, handed over, given back."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Shots, signed_in
from tests.live import LiveSite

pytestmark = pytest.mark.journey
BUYER = 33  # 34 where no script runs
PREPARE = """
import json
from kepu.kit import clock
from kepu.mall import writes
from kepu.mall.rules import ItemDraft, ItemKind, PointDraft
from kepu.people import writes as people
from kepu.people.models import Account
from kepu.people.rules import Role, Session, session_token
from django.conf import settings
now = clock.now()
clerk = people.open_staff_account("1380000{number:04d}", "郑发", "xiangzhen-2026", 430623, now)
assert people.grant_scope(clerk, Role.TOWN_CLERK, "430623110", now) is None
point = writes.keep_point(0, PointDraft("插旗镇文化站", "插旗镇政府二楼", "工作日", "430623110"))
draft = ItemDraft(
    ItemKind.GOODS, "环保购物袋", "棉布，可以洗。", 2, "430623", "430623", pick_up_points=(point,)
)
item = writes.keep_item(0, draft, clerk, now)
assert writes.set_on_sale(item, True) is None
assert writes.receive_stock(item, 5, clerk, "", now) is None
version = Account.objects.get(pk=clerk).session_version
session = Session(clerk, version, int(now.timestamp()))
print(json.dumps([item, session_token(settings.KEPU_KEYS.session, session)]))
"""


@pytest.fixture(params=["scripts", "no scripts"])
def has_scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the phones run JavaScript."""
    return bool(request.param == "scripts")


def on_the_phone(browser: Browser, site: LiveSite, token: str, has_scripts: bool) -> Page:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        has_touch=True,
        service_workers="block",
        java_script_enabled=has_scripts,
    )
    signed_in(context, site, token)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


def balance(page: Page, site: LiveSite) -> int:
    """What 我的积分 says one has."""
    page.goto(f"{site.url}/me/points/")
    return int(page.inner_text(".stat-value").replace(",", ""))


def share(page: Page, site: LiveSite, article: int, has_scripts: bool) -> None:
    """The article is shared by copying its link."""
    page.goto(f"{site.url}/a/{article}/")
    page.goto(f"{site.url}/a/{article}/#share")
    page.click("[name=channel][value=copy_link]")
    if has_scripts:
        expect(page.locator("#share")).to_contain_text("已记上")
    else:
        page.wait_for_url(re.compile("/me/links/"))


def test_from_a_share_to_a_thing_in_the_hand_and_another_given_back(
    browser: Browser, site: LiveSite, shoot: Shots, has_scripts: bool
) -> None:
    item, token = json.loads(site.python(PREPARE.format(number=7400 + has_scripts)))
    mark = "" if has_scripts else "-no-script"
    buyer = on_the_phone(browser, site, site.tokens()[BUYER if has_scripts else BUYER + 1], has_scripts)
    before = balance(buyer, site)
    for article in site.articles[:5]:
        share(buyer, site, article, has_scripts)
    assert balance(buyer, site) >= before + 5  # the day's sign-in may stand there by now too
    line = buyer.locator(".item", has_text="分享文章").first
    expect(line).to_contain_text("已计入")
    expect(line).to_contain_text("规则：")
    shoot.take(buyer, f"points-statement{mark}", full=True)

    had = balance(buyer, site)
    orders = []
    for _order in range(2):
        buyer.goto(f"{site.url}/mall/{item}/")
        buyer.click(f"a[href^='/mall/{item}/confirm/']")
        expect(buyer.locator("main")).to_contain_text("最早的积分")
        buyer.click("main form button.big")
        buyer.wait_for_url(re.compile(r"/mall/orders/[0-9a-f-]{36}/"))
        orders.append(buyer.url)
    shoot.take(buyer, f"points-order{mark}", full=True)
    assert balance(buyer, site) == had - 4

    buyer.goto(orders[0])
    digits = re.sub(r"\D", "", buyer.inner_text(".digits"))
    clerk = on_the_phone(browser, site, token, has_scripts)
    clerk.goto(f"{site.url}/admin/mall/pick-up/")
    clerk.fill("[name=code]", digits)
    clerk.locator("form", has=clerk.locator("[name=code]")).locator("button").click()
    expect(clerk.locator("main, .nice-padding").first).to_contain_text("环保购物袋")
    clerk.click(".mall-desk form button")
    expect(clerk.locator(".mall-said.good")).to_contain_text("由 郑发 发放")
    buyer.goto(orders[0])
    expect(buyer.locator("main header")).to_contain_text("已领到")

    buyer.goto(orders[1])
    buyer.click("summary:has-text('不想要')")
    buyer.click("form[action$='/cancel/'] button")
    expect(buyer.locator("main")).to_contain_text("已取消，积分退回来了")
    assert balance(buyer, site) == had - 2
    shoot.take(buyer, f"points-after{mark}", full=True)
