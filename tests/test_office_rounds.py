"""A round from closing to its awards by three officers, with an objection that changes ranks 30 and 31."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Shots, chromium, office, signed_in
from tests.conftest import empty_database
from tests.live import LiveSite

pytestmark = pytest.mark.journey
ROUND = "/admin/rounds/chaqi-2021/annual/"
# 31 on the county's list, ten apart; the round's last day is long past.
PREPARED = """
import json
from datetime import date
from django.conf import settings
from kepu.kit import clock
from kepu.people import writes
from kepu.people.models import Account
from kepu.people.rules import Role, Session, session_token
from kepu.standings.tests import town
town.build()
here = town.enrol(31)
for place, person in enumerate(here):
    town.credit(person, 4000 - 10 * place, date(2021, 8, 2), place)
now = clock.now()
officers = []
for number, name in enumerate(("吴评审", "郑复核", "王签发")):
    account = writes.open_staff_account(f"1380000100{number}", name, None, 430623, now)
    writes.grant_scope(account, Role.COUNTY_OFFICER, "430623", now)
    officers.append(account)
def token(account):
    version = Account.objects.get(pk=account).session_version
    return session_token(settings.KEPU_KEYS.session, Session(account, version, int(clock.now().timestamp())))
print(json.dumps([[token(each) for each in officers], token(here[30]), here[29], here[30]]))
"""
# Working days pass: the days of publicity that were fixed lie two weeks back.
DAYS_PASS = """
from datetime import date, timedelta
from kepu.awards.models import RoundStep
row = RoundStep.objects.filter(step="publish").latest("number")
for name in ("first_day", "last_day"):
    row.details[name] = (date.fromisoformat(row.details[name]) - timedelta(days=14)).isoformat()
row.save()
"""


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with chromium(chromium_path) as running:
        yield running


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with empty_database() as url:
        live = LiveSite(tmp_path_factory.mktemp("rounds") / "home", url)
        live.python("from django.core.management import call_command; call_command('migrate', verbosity=0)")
        live.start()
        yield live
        live.stop()


def press(page: Page, name: str, then: str) -> None:
    """A button of the round's page is pressed, and its headline says what is next."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=then)).to_be_visible()


def evaluate(page: Page, county: LiveSite) -> None:
    page.get_by_role("button", name="评出名单", exact=True).click()
    expect(page.get_by_text("名单已评出")).to_be_visible()
    page.goto(county.url + ROUND + "?scope=430623")
    expect(page.get_by_role("heading", name="下一步：锁定名单")).to_be_visible()


def test_from_counting_to_final_with_an_upheld_objection(
    county: LiveSite, browser: Browser, shoot: Shots
) -> None:
    tokens, villager, thirtieth, next_one = json.loads(county.python(PREPARED))
    maker, checker, signer = (office(browser, county, each) for each in tokens)
    maker.goto(county.url + "/admin/rounds/")
    expect(maker.get_by_role("cell", name="下一步：封账").first).to_be_visible()
    shoot.take(maker, "office-rounds")
    maker.goto(county.url + ROUND)
    press(maker, "封账", "下一步：评出名单")
    evaluate(maker, county)
    shoot.take(maker, "office-round-evaluated", full=True)
    press(maker, "锁定名单", "下一步：公示")
    press(maker, "开始公示", "公示中")
    shoot.take(maker, "office-round-public", full=True)

    # The thirty-first objects on her phone, against the thirtieth.
    phone = browser.new_context(viewport={"width": 390, "height": 844})
    signed_in(phone, county, villager)
    hers = phone.new_page()
    hers.goto(county.url + "/rounds/chaqi-2021/annual/?scope=430623")
    shoot.take(hers, "round-public")
    hers.get_by_role("link", name="异议", exact=True).nth(29).click()
    expect(hers.get_by_role("heading", name="第 30 名")).to_be_visible()
    hers.get_by_label("哪里不对？").fill("他八月二日那天在医院，不是本人转发的。")
    hers.get_by_label("有什么证据？").fill("住院单编号 0802，同病房的人可以作证。")
    shoot.take(hers, "round-objection")
    hers.get_by_role("button", name="提出异议").click()
    expect(hers.get_by_text("异议已提出")).to_be_visible()

    # Whoever made the list does not answer; a colleague upholds and takes 20 of that day.
    maker.goto(county.url + ROUND)
    maker.get_by_role("link", name="答复").click()
    maker.get_by_label("理由").or_(maker.get_by_label("原因")).first.fill(
        "经核实，住院单属实，当天不是本人转发。"
    )
    maker.get_by_role("button", name="异议不成立").click()
    expect(maker.get_by_text("请同事来办")).to_be_visible()
    address = maker.url
    checker.goto(address)
    checker.locator("#day").fill("2021-08-02")
    checker.locator("#volume").fill("-20")
    checker.locator("#reason").fill("经核实，住院单属实，当天不是本人转发。")
    shoot.take(checker, "office-objection", full=True)
    checker.get_by_role("button", name="异议成立").click()
    expect(checker.get_by_text("请重新评出名单")).to_be_visible()

    # Evaluated, frozen and public anew; the page says who rose and who fell.
    maker.goto(county.url + ROUND)
    evaluate(maker, county)
    moved = maker.get_by_role("table").first
    expect(moved.get_by_role("row").nth(1)).to_contain_text("31")
    expect(moved.get_by_role("row").nth(2)).to_contain_text("-20")
    shoot.take(maker, "office-round-moved", full=True)
    press(maker, "锁定名单", "下一步：公示")
    press(maker, "开始公示", "公示中")
    hers.goto(county.url + "/rounds/chaqi-2021/annual/why/")
    expect(hers.get_by_text("上一份名单")).to_be_visible()
    shoot.take(hers, "round-why", full=True)
    expect(maker.get_by_text("公示期满后再签字")).to_be_visible()
    county.python(DAYS_PASS)

    checker.goto(county.url + ROUND)
    press(checker, "签字定案", "下一步：第二人签字")
    signer.goto(county.url + ROUND)
    press(signer, "签字定案", "下一步：颁奖")
    signer.goto(county.url + ROUND + "?scope=430623")
    shoot.take(signer, "office-round-final", full=True)
    rows = signer.get_by_role("table").nth(1).get_by_role("row")
    expect(rows.nth(30)).to_contain_text("300")
    expect(rows.nth(31)).to_contain_text("200")
    expect(rows.nth(30).get_by_role("link")).to_have_attribute("href", f"{ROUND}persons/{next_one}/")
    expect(rows.nth(31).get_by_role("link")).to_have_attribute("href", f"{ROUND}persons/{thirtieth}/")
    signer.locator(".round-steps a").click()
    expect(signer).to_have_url(f"{county.url}/admin/certificates/chaqi-2021/annual/")
