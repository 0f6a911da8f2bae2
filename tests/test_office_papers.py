"""A notice on paper, by the hands of two officers: from the rule sheet to an issued document."""

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import Shots, office
from tests.live import LiveSite

pytestmark = pytest.mark.journey
PREPARED = """
import json
from django.conf import settings
from kepu.kit import clock
from kepu.people import writes
from kepu.people.models import Account
from kepu.people.rules import Role, Session, session_token
now = clock.now()
tokens = []
for number, name in enumerate(("王建国", "李明")):
    account = writes.open_staff_account(f"1380000100{number}", name, None, 430623, now)
    writes.grant_scope(account, Role.COUNTY_OFFICER, "430623", now)
    version = Account.objects.get(pk=account).session_version
    tokens.append(session_token(settings.KEPU_KEYS.session, Session(account, version, int(now.timestamp()))))
print(json.dumps(tokens))
"""


def test_a_notice_is_written_approved_and_issued(site: LiveSite, browser: Browser, shoot: Shots) -> None:
    tokens = json.loads(site.python(PREPARED))
    page = office(browser, site, tokens[0])
    page.goto(site.url + "/admin/papers/")
    expect(page.locator("main")).to_contain_text("请先登记发文机关")
    shoot.take(page, "office-papers-empty")
    page.locator("main").get_by_role("link", name="发文机关").click()
    page.fill("#name", "华容县科学技术协会")
    page.fill("#mark", "华容县科学技术协会文件")
    page.fill("#code", "华科协发")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("main")).to_contain_text("可以发文了")
    shoot.take(page, "office-papers-organs")
    page.goto(site.url + "/admin/papers/new/")
    page.get_by_label("活动通知").check()
    shoot.take(page, "office-papers-kinds")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="生成草稿").click()
    expect(page.locator(".papers-sheet")).to_contain_text("39600")
    expect(page.locator("main")).to_contain_text("要由别人批准")
    page.fill("#addressee", "机关各站所，各村、社区")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".papers-sheet")).to_contain_text("机关各站所，各村、社区：")
    shoot.take(page, "office-papers-draft", full=True)
    second = office(browser, site, tokens[1])
    second.goto(page.url)
    second.get_by_role("button", name="批准").click()
    expect(second.locator(".papers-state")).to_have_text("已批准，待印发")
    second.get_by_role("button", name="印发").click()
    expect(second.locator(".papers-state")).to_have_text("已印发", timeout=30_000)
    expect(second.locator(".papers-number")).to_contain_text("1号")
    shoot.take(second, "office-papers-issued", full=True)
    with second.expect_download() as saved:
        second.get_by_role("link", name="下载 PDF").click()
    assert saved.value.suggested_filename.endswith(".pdf")
    page.goto(site.url + "/admin/papers/")
    shoot.take(page, "office-papers-list")
    phone = office(browser, site, tokens[0], {"width": 360, "height": 740})
    phone.goto(second.url)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    shoot.take(phone, "office-papers-phone", full=True)
    page.goto(site.url + "/admin/papers/new/")
    page.get_by_label("通报批评").check()
    page.get_by_role("button", name="继续").click()
    shoot.take(page, "office-papers-criticism", full=True)
