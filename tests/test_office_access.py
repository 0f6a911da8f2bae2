"""How a member of staff gets in and stays alone: second factor, sessions, roles handed down, a lock."""

import base64
import re
import time

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, expect

from tests.browsing import DESK, Shots
from tests.live import LiveSite

pytestmark = pytest.mark.journey
PASSWORD = "xinlai-2026"
NEWCOMER, OFFICER, HANDED = "13800007301", "13800007302", "13800007303"
STEP_SECONDS = 30
BENT = (("county_officer", "430623"), ("city_officer", "4306"), ("town_clerk", "430602001"))
PREPARE = f"""
from kepu.kit import clock
from kepu.people import writes
from kepu.people.rules import Role
now = clock.now()
for phone, name, role, division in (
    ("{NEWCOMER}", "孙新来", Role.TOWN_CLERK, "430623110"),
    ("{OFFICER}", "罗县科", Role.COUNTY_OFFICER, "430623"),
):
    account = writes.open_staff_account(phone, name, "{PASSWORD}", 430623, now)
    assert writes.grant_scope(account, role, division, now) is None
"""
AWAY = f"""
from datetime import timedelta
from kepu.kit import clock
from kepu.people import reads
from kepu.people.models import StaffSession, StaffWatch
account, now = reads.account_with_phone("{NEWCOMER}"), clock.now()
assert StaffWatch.objects.filter(account=account).update(awake_at=now - timedelta(days=90)) == 1
assert StaffSession.objects.filter(account=account).update(opened_at=now - timedelta(days=90))
"""


def entered(browser: Browser, site: LiveSite, phone: str, leads_to: str) -> Page:
    """A browser of its own in which somebody has signed in by password, on their way to the back office."""
    page = browser.new_context(viewport=DESK).new_page()  # type: ignore[arg-type]
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto(site.url + "/sign-in/?next=/admin/sessions/")
    page.fill("[name=phone]", phone)
    page.fill("[name=password]", PASSWORD)
    page.click("button.big")
    page.wait_for_url(re.compile(leads_to))
    return page


def shown_by(key: str, steps: int = 0) -> str:
    """What an authenticator with this key shows, so many half minutes from now."""
    clock = TOTP(base64.b32decode(key.replace(" ", "")))
    clock.time = time.time() + steps * STEP_SECONDS
    return f"{clock.token():06}"


def set_up(page: Page, shoot: Shots) -> tuple[str, list[str]]:
    """The second factor set up on the page of one's sessions: its key and its recovery codes."""
    page.get_by_role("link", name="设置", exact=True).click()
    page.get_by_text("扫不了").click()
    key = page.locator(".console-key").inner_text()
    shoot.take(page, "office-access-set-up", full=True)
    page.fill("#code", wrong_for(key))
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("alert")).to_contain_text("动态码不对")
    page.fill("#code", shown_by(key))
    page.get_by_role("button", name="确定").click()
    expect(page.locator("h1")).to_contain_text("动态码已设好")
    codes = page.locator(".console-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    shoot.take(page, "office-access-recovery", full=True)
    page.get_by_role("link", name="已经记下").click()
    expect(page.locator("table.listing tbody tr")).to_have_count(1)
    return key, codes


def wrong_for(key: str) -> str:
    """Six digits that the authenticator shows neither now nor a step before or after."""
    right = {shown_by(key, steps) for steps in range(-3, 4)}
    return next(f"{number:06}" for number in range(20) if f"{number:06}" not in right)


def test_a_new_member_of_staff_from_the_first_day_to_the_lock(
    browser: Browser, site: LiveSite, shoot: Shots
) -> None:
    site.python(PREPARE)
    first = entered(browser, site, NEWCOMER, "/admin/sessions/")
    expect(first.locator(".console-walks-in")).to_be_visible()
    key, recovery = set_up(first, shoot)

    # A second computer: the password alone opens nothing any more, a wrong code neither.
    second = entered(browser, site, NEWCOMER, "/admin/second-factor/")
    second.goto(site.url + "/admin/certifications/")
    expect(second.locator("h1")).to_contain_text("输入动态码")
    second.fill("#code", wrong_for(key))
    second.get_by_role("button", name="进入后台").click()
    expect(second.get_by_role("alert")).to_contain_text("动态码不对")
    shoot.take(second, "office-access-wrong-code")
    # The step that set the factor up is spent; the next one's code is taken a little early.
    second.fill("#code", shown_by(key, 1))
    second.get_by_role("button", name="进入后台").click()
    second.wait_for_url(re.compile("/admin/certifications/"))

    # Both are on the list; ended from here, the first computer stands outside.
    second.goto(site.url + "/admin/sessions/")
    rows = second.locator("table.listing tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="本机")).to_have_count(1)
    shoot.take(second, "office-access-sessions")
    rows.filter(has_not_text="本机").get_by_role("button", name="结束").click()
    expect(second.locator(".messages")).to_contain_text("已结束那处登录")
    expect(rows).to_have_count(1)
    first.goto(site.url + "/admin/certifications/")
    expect(first.locator("h1")).to_contain_text("输入动态码")

    # Ninety days away: locked for the code that was right, until somebody above opens the account again.
    site.python(AWAY)
    for page in (first, second):
        page.goto(site.url + "/admin/certifications/")
        expect(page.locator("h1")).to_contain_text("账号已锁定")
    shoot.take(second, "office-access-locked")
    officer = entered(browser, site, OFFICER, "/admin/sessions/")
    officer.goto(site.url + "/admin/staff/?words=孙新来")
    expect(officer.locator("table.listing")).to_contain_text("已锁定：太久没来")
    officer.get_by_role("link", name="孙新来").click()
    shoot.take(officer, "office-access-wake", full=True)
    officer.get_by_role("button", name="重新开启账号").click()
    expect(officer.locator(".messages")).to_contain_text("账号已重新开启")
    expect(officer.locator("main")).not_to_contain_text("已锁定")
    second.goto(site.url + "/admin/certifications/")
    second.get_by_text("手机不在身边").click()
    second.fill("#recovery", recovery[0].lower())
    second.get_by_role("button", name="用备用码进入").click()
    second.wait_for_url(re.compile("/admin/certifications/"))
    second.goto(site.url + "/admin/sessions/")
    expect(second.locator("main")).to_contain_text("还有 9 个备用码")
    for page in (first, second, officer):
        page.context.close()


def test_an_officer_hands_a_role_down_and_neither_up_nor_sideways(
    browser: Browser, site: LiveSite, shoot: Shots
) -> None:
    site.python(PREPARE.replace(NEWCOMER, "13800007304").replace(OFFICER, "13800007305"))
    page = entered(browser, site, "13800007305", "/admin/sessions/")
    page.goto(site.url + "/admin/staff/")
    page.get_by_role("link", name="授予职务").click()
    expect(page.locator("#role")).to_be_visible()  # what follows takes what is there and does not wait
    offered = page.locator("#role option").evaluate_all("all => all.map(one => one.value)")
    assert sorted(offered) == ["", "town_clerk", "unit_clerk"]
    fill(page, "town_clerk", "插旗")
    shoot.take(page, "office-access-give", full=True)
    # The form bent in the browser: a role as high, a higher one, another county's town.
    for role, division in (
        ("county_officer", "430623"),
        ("city_officer", "4306"),
        ("town_clerk", "430602001"),
    ):
        bend(page, role, division)
        page.get_by_role("button", name="授予", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text(re.compile("只能向下给|地区"))
        assert handed(site) == 0
        if role == "county_officer":
            shoot.take(page, "office-access-refused", full=True)
        page.goto(site.url + "/admin/staff/give/")
        fill(page, "town_clerk", "插旗")
    page.get_by_role("button", name="授予", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("职务已授予")
    expect(page.locator("main")).to_contain_text("插旗镇")
    assert handed(site) == 1
    shoot.take(page, "office-access-given", full=True)
    page.context.close()


def fill(page: Page, role: str, place: str) -> None:
    """The form filled in, with the divisions that fit."""
    page.fill("#phone", HANDED)
    page.fill("#name", "钱接手")
    page.select_option("#role", role)
    page.fill("#place", place)
    page.get_by_role("button", name="查找地区").click()
    page.locator("[name=division]").first.check()


def bend(page: Page, role: str, division: str) -> None:
    """The form's role and division are others than the page offers."""
    page.evaluate(
        """([role, division]) => {
            document.querySelector("#role").selectedOptions[0].value = role;
            document.querySelector("[name=division]:checked").value = division;
        }""",
        [role, division],
    )


def handed(site: LiveSite) -> int:
    """How many roles the person holds to whom one is handed."""
    return site.number(
        "SELECT count(*) FROM people_staffscope s JOIN people_account a ON a.id = s.account_id"
        " WHERE a.display_name = '钱接手'"
    )
