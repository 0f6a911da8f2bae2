"""An officer makes a campaign from last year's, divides its tasks among nine units and publishes it."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from kepu.kit import clock
from tests.browsing import Shots, office
from tests.conftest import empty_database
from tests.live import LiveSite

pytestmark = pytest.mark.journey
TOTALS = {"backbones": "18", "registrations": "370", "volume": "39600"}
PREPARED = """
import json
from datetime import timedelta
from django.conf import settings
from kepu.campaigns import reads
from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger.rules import Act, Channel
from kepu.ledger.writes import commit_batch
from kepu.people import reads as people
from kepu.people import writes
from kepu.people.models import Account
from kepu.people.rules import Role, Session, session_token
now = clock.now()
tokens = []
for number, (name, role, where) in enumerate((
    ("贺主任", Role.CITY_OFFICER, "4306"), ("李明", Role.CITY_OFFICER, "4306"),
)):
    account = writes.open_staff_account(f"1380000200{number}", name, None, 430623, now)
    writes.grant_scope(account, role, where, now)
    version = Account.objects.get(pk=account).session_version
    tokens.append(session_token(settings.KEPU_KEYS.session, Session(account, version, int(now.timestamp()))))
acts = []
for place, profile in enumerate(people.profiles_within("430623")[:30]):
    for number in range(4 + 3 * place):
        event = (1 << 90 | place << 20 | number).to_bytes(16, "big")
        at = clock.milliseconds(now) - 1000 * (100 - number)
        acts.append(Act(profile.account, event, Kind.SHARE, 1, Channel.PAGE, at))
commit_batch(acts)
(open_now,) = reads.published()
print(json.dumps([tokens, open_now.number]))
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site of its own, with a campaign that is open today."""
    with empty_database() as url:
        live = LiveSite(tmp_path_factory.mktemp("campaigns") / "home", url)
        live.prepare(36)
        live.start()
        yield live
        live.stop()


def take(shoot: Shots, page: Page, name: str) -> None:
    """The whole page: the back office scrolls inside its window, which is made as tall as what it holds."""
    size = page.viewport_size
    assert size is not None
    tall = page.evaluate("Math.max(...[...document.querySelectorAll('*')].map(each => each.scrollHeight))")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], min(tall, 3000))})
    shoot.take(page, name)
    page.set_viewport_size(size)


def tab(page: Page, name: str) -> None:
    page.locator(".sheet-tabs").get_by_role("link", name=name).click()


def save(page: Page) -> None:
    page.locator(".sheet-save button").click()


def divide(page: Page) -> None:
    """The notice's totals among nine units: backbones and volume evenly, registrations 10 and 45."""
    page.get_by_role("button", name="把本地的单位都列进来").click()
    expect(page.locator(".sheet-grid tbody tr")).to_have_count(9)
    for name, total in TOTALS.items():
        page.fill(f"#f-tasks-total-{name}", total)
    names = [each.strip().split()[0] for each in page.locator(".sheet-grid tbody th").all_inner_texts()]
    page.get_by_text("从表格里粘贴").click()
    page.fill("#pasted", "\n".join(f"{name}\t{10 if name == '机关、站所' else 45}" for name in names))
    page.select_option("#how_backbones", "even")
    page.select_option("#how_registrations", "column")
    page.select_option("#how_volume", "even")
    page.get_by_role("button", name="按总数分配").click()


def test_last_years_campaign_becomes_this_years_with_its_tasks(
    county: LiveSite, browser: Browser, shoot: Shots
) -> None:
    tokens, _number = json.loads(county.python(PREPARED))
    year = clock.day_of(clock.now()).year
    page = office(browser, county, tokens[0])
    page.goto(county.url + "/admin/campaigns/")
    take(shoot, page, "office-campaigns-list")
    page.get_by_role("link", name="新活动").click()
    page.locator(".sheet-list a").first.click()
    page.fill("#years", "1")
    page.fill("#campaign", f"chaqi-{year + 1}")
    page.fill("#title", f"插旗镇{year + 1}年科普信息传播活动")
    page.get_by_label("照通知办，有任务").check()
    take(shoot, page, "office-campaigns-wizard")
    page.get_by_role("button", name="开始起草").click()
    expect(page.locator(".sheet-fine")).to_be_visible()
    take(shoot, page, "office-campaigns-basics")
    tab(page, "任务")
    for left in reversed(range(9)):
        page.locator(".sheet-grid tbody button").first.click()
        expect(page.locator(".sheet-grid tbody tr")).to_have_count(left)
    divide(page)
    expect(page.locator(".sheet-fine")).to_be_visible()
    expect(page.locator("#pasted")).to_have_value(re.compile("机关、站所\t10"))
    expect(page.locator("output[data-sum]")).to_have_text(["18", "370", "39600"])
    take(shoot, page, "office-campaigns-tasks")
    page.fill("#f-tasks-units-2-volume", "4401")
    expect(page.locator("output[data-sum=volume]")).to_have_text("39601")
    save(page)
    expect(page.locator("#f-tasks-total-volume-wrong")).to_contain_text("各行合计是 39601")
    take(shoot, page, "office-campaigns-trouble")
    page.fill("#f-tasks-units-2-volume", "4400")
    save(page)
    tab(page, "评选轮次")
    take(shoot, page, "office-campaigns-rounds")
    tab(page, "公布")
    expect(page.locator(".sheet-clauses li")).to_have_count(8)
    page.select_option("#sign_off", label="李明")
    take(shoot, page, "office-campaigns-publish")
    page.get_by_role("button", name="公布").click()
    expect(page.locator("main")).to_contain_text("9 个单位：骨干 18 人，新注册 370 人，传播量 39600")
    take(shoot, page, "office-campaigns-published")
    everybody = browser.new_page(viewport={"width": 360, "height": 740})
    everybody.goto(f"{county.url}/campaigns/chaqi-{year + 1}/")
    expect(everybody.locator("tfoot td")).to_have_text(["18", "370", "39,600"])
    phone = office(browser, county, tokens[0], {"width": 360, "height": 740})
    phone.goto(county.url + "/admin/campaigns/")
    take(shoot, phone, "office-campaigns-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_lower_cap_is_tried_compared_and_published(
    county: LiveSite, browser: Browser, shoot: Shots
) -> None:
    later = PREPARED.replace("1380000200", "1380000300").replace("1 << 90", "1 << 91")
    later = later.replace("(open_now,) =", "open_now, *_more =")
    tokens, number = json.loads(county.python(later))
    page = office(browser, county, tokens[0])
    page.goto(f"{county.url}/admin/campaigns/{number}/")
    page.get_by_role("button", name="修改规则").click()
    tab(page, "积分与上限")
    page.fill("#f-earnings-share-per_day_max", "40")
    save(page)
    streak = page.get_by_role("group", name="签到", exact=True)
    streak.get_by_role("button", name="加一档").click()
    page.fill("#f-earnings-check_in-streaks-1-points", "2")
    page.get_by_role("button", name="加一段日子").click()
    page.fill("#f-weights-1-title", "科普周")
    page.fill("#f-weights-1-opens_on", f"{clock.now():%Y}-09-12")
    page.fill("#f-weights-1-closes_on", f"{clock.now():%Y}-09-20")
    page.get_by_role("group", name="对哪些有效").get_by_label("答题全对一次").check()
    page.fill("#f-points_per_day_max", "200")
    save(page)
    take(shoot, page, "office-campaigns-points")
    expect(page.get_by_text("没有问题")).to_be_visible()
    tab(page, "试算")
    page.get_by_role("button", name="试算").click()
    page.get_by_role("link", name="看看会有什么变化").click(timeout=20_000)
    expect(page.locator("main")).to_contain_text("减少最多的 20 人")
    expect(page.locator("main")).to_contain_text("多少人多几分、少几分")
    take(shoot, page, "office-campaigns-trial")
    page.get_by_role("link", name="回到草稿").click()
    tab(page, "试算")
    expect(page.locator(".sheet-tried")).to_contain_text("贺主任")
    tab(page, "公布")
    expect(page.locator(".sheet-compared ins").get_by_text("40", exact=True)).to_be_visible()
    page.select_option("#sign_off", label="李明")
    page.get_by_role("button", name="公布").click()
    expect(page.locator(".sheet-compared")).to_contain_text("300")
    take(shoot, page, "office-campaigns-versions")
