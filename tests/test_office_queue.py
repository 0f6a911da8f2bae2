"""A morning in the back office: thirty applications by keyboard and in bulk, the counter, a reminder."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Shots
from tests.live import LiveSite

pytestmark = pytest.mark.journey
PASSWORD = "xiangzhen-2026"
CLERK, COLLEAGUE = "13800007101", "13800007102"
PREPARE = f"""
import json
from datetime import timedelta
from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.models import Certification
from kepu.people.rules import Application, Role
now = clock.now()
for phone, name in (("{CLERK}", "周慧"), ("{COLLEAGUE}", "赵明")):
    account = writes.open_staff_account(phone, name, "{PASSWORD}", 430623, now)
    assert writes.grant_scope(account, Role.TOWN_CLERK, "430623110", now) is None
units = [unit for unit in reads.units_within("430623110") if len(unit.division) == 12]
association = reads.associations("华容", 1)[0].id
people = []
for number in range(30):
    account = writes.open_staff_account(f"139000071{{number:02}}", "待审", None, 430623, now)
    name = "陈" + "安邦才德恩芳光海吉健康兰梅宁平清荣山泰伟祥秀阳义永玉云志忠珠"[number]
    if number == 29:
        name = "陈安"  # the same person once more, in the same unit
    unit = units[number % 4 if number < 29 else 0].id
    stated = Application(name, "430623110", unit, "personal", association)
    at = now - timedelta(hours=6 * (29 - number))
    assert isinstance(writes.submit_certification(account, stated, at), int)
    people.append(account)
print(json.dumps(people))
"""


@pytest.fixture(scope="module")
def people(site: LiveSite) -> list[int]:
    """Thirty who applied over a week; the last bears the first one's name in the first one's unit."""
    made: list[int] = json.loads(site.python(PREPARE))
    return made


def office(browser: Browser, site: LiveSite, phone: str, width: int = 1280, height: int = 800) -> Page:
    """A member of staff at their desk."""
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(site.url + "/sign-in/?next=/admin/certifications/")
    page.fill("[name=phone]", phone)
    page.fill("[name=password]", PASSWORD)
    page.click("button.big")
    page.wait_for_url(re.compile("/admin/certifications/"))
    return page


def waiting(site: LiveSite, people: list[int]) -> int:
    numbers = ",".join(map(str, people))
    return site.number(
        f"SELECT count(*) FROM people_certification WHERE state = 'submitted' AND account_id IN ({numbers})"
    )


def test_thirty_applications_by_keyboard_and_in_bulk(
    browser: Browser, site: LiveSite, people: list[int], shoot: Shots
) -> None:
    page = office(browser, site, COLLEAGUE)
    expect(page.locator("#queue-keys")).to_be_visible()
    shoot.take(page, "office-queue")
    # Two on the list: the first bears a twin's name, so the keys pass it over and open it instead.
    page.keyboard.press("?")
    expect(page.locator("#queue-help")).to_be_visible()
    page.keyboard.press("j")
    name = page.locator("tr.is-current a").first.inner_text()
    page.keyboard.press("a")
    expect(page.locator(".messages")).to_contain_text(f"已通过：{name}")
    expect(page.locator("table.queue tbody")).not_to_contain_text(name)
    page.wait_for_load_state()  # the new page's script listens for keys then
    # One after another: approve, return with a reason from the list.
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/certifications/\d+/"))
    first = page.url
    page.keyboard.press("a")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator(".messages")).to_contain_text("已通过")
    second = page.url
    page.keyboard.press("r")
    expect(page.locator("[name=reasons]").first).to_be_focused()
    page.keyboard.press("Space")
    page.fill("#return-reason", "请写身份证上的姓名")
    shoot.take(page, "office-return", full=True)
    page.get_by_role("button", name="退回", exact=True).click()
    page.wait_for_url(lambda url: url != second)
    assert waiting(site, people) == 27
    # The rest in bulk; the twins stay and are compared.
    page.goto(site.url + "/admin/certifications/")
    for left in (3, 2):  # a page of 25, without the twin on it
        page.check("#tick-all")
        page.get_by_role("button", name="通过勾选的").click()
        expect(page.locator(".messages")).to_contain_text("已通过：")
        assert waiting(site, people) == left
        page.goto(site.url + "/admin/certifications/")
    expect(page.locator(".queue-twin").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/certifications/\d+/"))
    expect(page.locator(".queue-other")).to_be_visible()
    shoot.take(page, "office-twins", full=True)
    page.keyboard.press("a")
    page.wait_for_url(lambda url: str(people[-1]) in url)
    page.locator("[name=reasons][value=twice]").check()
    page.get_by_role("button", name="退回").click()
    page.wait_for_url(lambda url: str(people[-1]) not in url)
    assert waiting(site, people) == 0
    page.context.close()


def test_two_people_at_the_counter(browser: Browser, site: LiveSite, people: list[int], shoot: Shots) -> None:
    page = office(browser, site, CLERK)
    for phone, name in (("13900007201", "李桂枝"), ("13900007202", "王福生")):
        page.goto(site.url + "/admin/counter/")
        page.fill("#phone", phone)
        page.fill("#name", name)
        page.select_option("#unit", label="同福村")
        if not page.locator("#association").input_value():
            page.select_option("#association", index=1)
        if name == "李桂枝":
            shoot.take(page, "office-counter")
        page.get_by_role("button", name="继续").click()
        page.wait_for_url(re.compile(r"/admin/counter/\d+/"))
        if name == "李桂枝":
            _by_code(page, site, shoot)
        else:
            _by_form(page, shoot)
        expect(page.locator(".messages")).to_contain_text("由同事审核")
    page.context.close()
    colleague = office(browser, site, COLLEAGUE)
    for name in ("李桂枝", "王福生"):
        colleague.goto(site.url + "/admin/certifications/")
        colleague.get_by_role("link", name=name).click()
        expect(colleague.locator(".queue-columns ol")).to_contain_text("柜台代办")
        colleague.wait_for_load_state()  # its script listens for keys then
        colleague.keyboard.press("a")
        expect(colleague.locator(".messages")).to_contain_text(f"{name}：")
    colleague.context.close()


def _by_code(page: Page, site: LiveSite, shoot: Shots) -> None:
    page.get_by_role("button", name="发验证码").click()
    expect(page.locator(".messages")).to_contain_text("短信已发到对方手机")
    outbox = page.context.new_page()
    outbox.goto(site.url + "/outbox/")
    code = re.search(r"验证码(\d{6})", outbox.locator("body").inner_text())
    outbox.close()
    assert code is not None
    page.fill("#code", code[1])
    shoot.take(page, "office-counter-entry", full=True)
    page.get_by_role("button", name="确定").first.click()


def _by_form(page: Page, shoot: Shots) -> None:
    with page.context.expect_page() as printed:
        page.get_by_role("link", name="打印登记表").click()
    paper = printed.value
    paper.emulate_media(media="print")
    paper.set_viewport_size({"width": 794, "height": 1123})
    expect(paper.locator("main")).to_contain_text("申请人签字")
    shoot.take(paper, "office-form")
    paper.close()
    page.locator("[name=signed]").check()
    page.get_by_role("button", name="确定").last.click()


def test_a_reminder_is_seen_before_it_goes_out(
    browser: Browser, site: LiveSite, people: list[int], shoot: Shots
) -> None:
    page = office(browser, site, CLERK)
    page.goto(site.url + "/admin/announcements/")
    shoot.take(page, "office-announcements")
    page.get_by_role("link", name="写通知").click()
    page.fill("#text", "周六上午九点，镇政府一楼有防溺水讲座，欢迎参加。")
    shoot.take(page, "office-announcement")
    page.get_by_role("button", name="先看一遍").click()
    send = page.get_by_role("button", name=re.compile("发给 [1-9]"))
    expect(send).to_be_visible()
    shoot.take(page, "office-announcement-preview")
    send.dblclick()
    page.wait_for_url(re.compile(r"/admin/announcements/\d+/"))
    for _second in range(60):
        if "未完成" not in page.locator("main").inner_text():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.locator("main")).not_to_contain_text("未完成")
    shoot.take(page, "office-announcement-result")
    assert site.number("SELECT count(*) FROM people_announcement") == 1
    page.context.close()


def test_the_queue_on_a_phone_and_without_scripts(
    browser: Browser, site: LiveSite, people: list[int], shoot: Shots
) -> None:
    page = office(browser, site, CLERK, 360, 740)
    page.goto(site.url + "/admin/certifications/?state=approved")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 361, "the page itself does not scroll sideways"
    shoot.take(page, "office-queue-phone")
    page.goto(site.url + "/admin/counter/")
    shoot.take(page, "office-counter-phone", full=True)
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 1024, "height": 768})
    plain.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    desk = plain.new_page()
    desk.goto(f"{site.url}/admin/certifications/?state=approved&name=陈")
    expect(desk.locator("table.queue tbody tr").first).to_be_visible()
    plain.close()
    page.context.close()
