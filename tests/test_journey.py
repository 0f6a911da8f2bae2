"""One person's whole way on a phone: from a phone number to a place on the board.

With $KEPU_SCREENS=1 the screenshots replace those in docs/screens.
"""

import re
import secrets

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Shots
from tests.live import LiveSite

PHONE_SIZE = {"width": 360, "height": 740}
READER_AGENT = (
    "Mozilla/5.0 (Linux; Android 10; V1818A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0 "
    "Mobile Safari/537.36 MicroMessenger/8.0.40"
)
OFFICER = """
from django.conf import settings
from kepu.kit import clock
from kepu.people import writes
from kepu.people.rules import Role
now = clock.now()
officer = writes.open_staff_account("13800000009", "审核员", "{password}", 430623, now)
writes.grant_scope(officer, Role.COUNTY_OFFICER, "430623", now)
"""


def _phone(browser: Browser, agent: str | None = None) -> Page:
    context = browser.new_context(
        viewport=PHONE_SIZE, device_scale_factor=2, is_mobile=True, has_touch=True, user_agent=agent
    )
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


@pytest.mark.journey
@pytest.mark.both_databases
def test_from_a_phone_number_to_a_place_on_the_board(site: LiveSite, browser: Browser, shoot: Shots) -> None:
    phone = f"135{secrets.randbelow(10**8):08d}"
    password = "xiangrikui-" + secrets.token_hex(3)
    site.python(OFFICER.format(password=password))
    page = _phone(browser)
    page.goto(site.url + "/")
    shoot.take(page, "home")

    _sign_up(page, site, phone, password, shoot)
    _certify(page, site, shoot)
    _approve(browser, site, password, shoot)
    page.goto(site.url + "/me/")
    expect(page.locator("main")).to_contain_text("李桂香")
    shoot.take(page, "me", full=True)

    link = _share(page, site, shoot)
    _read(browser, site, link, shoot)
    _board(page, site, shoot)


def _sign_up(page: Page, site: LiveSite, phone: str, password: str, shoot: Shots) -> None:
    page.goto(site.url + "/sign-up/")
    page.fill("[name=phone]", phone)
    page.click("button[name=act][value=code]:visible")
    expect(page.locator("#code-sent")).not_to_be_empty()
    outbox = page.context.new_page()
    outbox.goto(site.url + "/outbox/")
    found = re.search(r"\b(\d{6})\b", outbox.locator("main").inner_text())
    assert found is not None
    outbox.close()
    page.fill("[name=code]", found[1])
    page.fill("[name=password]", password)
    page.check("[name=agreed]")
    shoot.take(page, "sign-up", full=True)
    page.click("button.big[value=enter]")
    page.wait_for_url(re.compile(r"/(me/.*)?$"))


def _certify(page: Page, site: LiveSite, shoot: Shots) -> None:
    page.goto(site.url + "/me/certification/")
    page.fill("[name=name]", "李桂香")
    for name, value in (("city", "4306"), ("county", "430623"), ("town", "430623110")):
        if page.locator(f"[name={name}]").input_value() != value:
            with page.expect_response(re.compile("/places/")):
                page.select_option(f"[name={name}]", value)
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    page.select_option("[name=unit]", label="同福村")
    page.locator("[name=applicant_type]").last.wait_for()
    _choose(page, "applicant_type", "town")
    with page.expect_response(re.compile("/associations/")):
        page.fill("#id_q", "华容")
    page.locator("#associations [name=association]").first.wait_for()
    _choose(page, "association", None)
    shoot.take(page, "certification", full=True)
    page.click("button.big[value=submit]")
    expect(page.locator("main")).to_contain_text("审核")


def _choose(page: Page, name: str, value: str | None) -> None:
    """Choose in a list or among radio buttons, whichever the form has; the first real choice for None."""
    field = page.locator(f"[name={name}]").first
    if field.evaluate("node => node.tagName") == "SELECT":
        field.select_option(value) if value else field.select_option(index=1)
    else:
        chosen = f"[name={name}][value={value}]" if value else f"[name={name}]"
        page.locator(chosen).first.check()


def _approve(browser: Browser, site: LiveSite, password: str, shoot: Shots) -> None:
    desk = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    desk.goto(site.url + "/sign-in/?next=/admin/certifications/")
    desk.fill("[name=phone]", "13800000009")
    desk.fill("[name=password]", password)
    desk.click("button.big")
    desk.wait_for_url(re.compile("/admin/certifications/"))
    shoot.take(desk, "queue")
    desk.get_by_role("link", name="李桂香").first.click()
    expect(desk.get_by_role("button", name="通过")).to_be_visible()
    shoot.take(desk, "review")
    desk.get_by_role("button", name="通过").click()
    expect(desk.locator(".messages")).to_contain_text("李桂香：已通过")
    desk.context.close()


def _share(page: Page, site: LiveSite, shoot: Shots) -> str:
    page.goto(f"{site.url}/a/{site.articles[0]}/")
    shoot.take(page, "article")
    page.get_by_role("link", name="分享").first.click()
    shoot.take(page, "share")
    with page.expect_response(re.compile("/v1/activities")) as answered:
        page.click("button[name=channel][value=copy_link]")
    receipt = answered.value.json()
    assert (receipt["reason"], receipt["volume"]) == ("credited", 1)
    said = page.locator("[data-said]")
    expect(said).to_be_visible()
    shoot.take(page, "shared-said")
    link: str = receipt["link"]
    return link


def _read(browser: Browser, site: LiveSite, link: str, shoot: Shots) -> None:
    reader = _phone(browser, READER_AGENT)
    with reader.expect_response(re.compile("/v1/reads"), timeout=30_000) as beacon:
        reader.goto(site.url + link)
        shoot.take(reader, "shared")
    assert beacon.value.status == 201  # counted; the body of a kept-alive request cannot be asked for
    words = reader.locator("body").inner_text()
    assert not re.search("积分|奖|补贴|话费|排名", words), "a shared page never speaks of reward"
    reader.context.close()


def _board(page: Page, site: LiveSite, shoot: Shots) -> None:
    until = 50
    for _ in range(until):
        page.goto(site.url + "/boards/")
        if "李桂香" in page.locator("main").inner_text():
            break
        page.wait_for_timeout(200)
    expect(page.locator("main")).to_contain_text("李桂香")
    shoot.take(page, "board", full=True)
    page.goto(site.url + "/units/")
    expect(page.locator("main")).to_contain_text("同福村")
    shoot.take(page, "units", full=True)
