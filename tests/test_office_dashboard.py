"""The county's officer opens the back office and finds the village that will miss its task.

With $KEPU_SCREENS=1 the screenshots replace those in docs/screens.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Shots, signed_in
from tests.conftest import empty_database
from tests.live import LiveSite

pytestmark = pytest.mark.journey
DESK, PHONE, PAPER = (1280, 800), (360, 740), (1280, 800)
# Four towns whose villages differ: each village has a pace of its own, 注北村 nearly none.
VILLAGES = """
import json
from datetime import timedelta
from importlib.resources import files
from django.conf import settings
from kepu.campaigns import writes as campaigns
from kepu.campaigns.rules import Kind, Published
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel
from kepu.people import reads, writes
from kepu.people.models import Account
from kepu.people.rules import ApplicantType, Enrolment, Role, Session, session_token
from kepu.people.writes.complaints import send_complaint
from kepu.standings import writes as standings
now = clock.now()
today = clock.day_of(now)
towns = ("430623110", "430623101", "430623102", "430623103")
units = [unit for town in towns for unit in reads.units_within(town)[:9] if len(unit.division) == 12]
zhubei = next(unit for unit in reads.units_within("430623110") if unit.name.startswith("注北村"))
units = [unit for unit in units if unit.id != zhubei.id] + [zhubei]
sample = files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8")
head = sample.split("[tasks.total]")[0].replace('"430623110"', '"430623"')
head = head.replace("chaqi-2021", "huarong-year")
head = head.replace("插旗镇2021年科普信息传播活动", "华容县科普信息传播活动")
head = head.replace('counts_within = "4306"', 'counts_within = "430623"')
head = head.replace("opens_on = 2021-01-01", f"opens_on = {today - timedelta(days=100)}")
head = head.replace("closes_on = 2021-11-30", f"closes_on = {today + timedelta(days=99)}")
tasks = f"[tasks.total]\\nbackbones = {2 * len(units)}\\nregistrations = {15 * len(units)}\\n"
tasks += f"volume = {1500 * len(units)}\\n"
for unit in units:
    tasks += f'[[tasks.units]]\\nunit = "{unit.name}"\\ndivision = "{unit.division}"\\n'
    tasks += "backbones = 2\\nregistrations = 15\\nvolume = 1500\\n"
published = campaigns.publish_sheet(head + tasks, "测试", "测试签发人", now - timedelta(days=101))
assert isinstance(published, Published), published
association = reads.associations("华容", 1)[0].id
acts = []
for place, unit in enumerate(units):
    people = writes.enroll_many([
        Enrolment(f"136{place:04d}{n:04d}", "王李张刘陈"[n % 5] + "秀建桂"[n % 3] + "英华兰明"[place % 4],
                  unit.id, association, ApplicantType.TOWN, n < 2, now - timedelta(days=90 - 5 * n))
        for n in range(15)], now=now)
    pace = 1 if unit.id == zhubei.id else (13, 14, 75, 13, 12)[place % 5]
    for back in range(1, 21):
        at = clock.start_of(today - timedelta(days=back)) + timedelta(hours=9)
        for n in range(pace):
            event = f"{place:04d}{back:04d}{n:08d}".encode()
            acts.append(Act(people[n % 15], event, Kind.SHARE, 7, Channel.PAGE, clock.milliseconds(at) + n))
acts.sort(key=lambda act: act.at_ms)
for start in range(0, len(acts), 4000):
    ledger.commit_batch(acts[start : start + 4000])
while standings.follow():
    pass
send_complaint("榜上我的数字比手机里少两次，请看看。", "", path="/boards/", account=None, network_mark="n",
               now=now)
officer = writes.open_staff_account("13800000055", "县科协", None, 430623, now)
writes.grant_scope(officer, Role.COUNTY_OFFICER, "430623", now)
session = Session(officer, Account.objects.get(pk=officer).session_version, int(now.timestamp()))
print(json.dumps([session_token(settings.KEPU_KEYS.session, session), zhubei.id, zhubei.name]))
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveSite, str, str]]:
    """A site of its own whose villages differ, the officer's token, the name of the village that lags."""
    with empty_database() as url:
        live = LiveSite(tmp_path_factory.mktemp("dashboard") / "home", url)
        live.prepare(0)
        token, _unit, name = json.loads(live.python(VILLAGES))
        live.start()
        yield live, token, name
        live.stop()


def opened(browser: Browser, county: tuple[LiveSite, str, str], size: tuple[int, int]) -> Page:
    """A window of this size in which the officer is signed in, on the dashboard."""
    site, token, _name = county
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    signed_in(context, site, token)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto(site.url + "/admin/")
    return page


def whole(page: Page, shoot: Shots, name: str) -> None:
    """A picture of all of the page: what scrolls inside gets a window high enough."""
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.querySelector('.board').getBoundingClientRect().bottom + scrollY + 60")
    page.set_viewport_size({"width": size["width"], "height": int(max(height, size["height"]))})
    shoot.take(page, name)
    page.set_viewport_size(size)


def test_the_officer_finds_the_village_that_will_miss_its_task(
    browser: Browser, county: tuple[LiveSite, str, str], shoot: Shots
) -> None:
    name = county[2]
    page = opened(browser, county, DESK)
    worst = page.locator(".board-help li").first
    expect(worst).to_contain_text(name)
    expect(worst).to_contain_text("按现在的速度到期差 1,380，每天需要 15（现在每天 1）")
    assert worst.bounding_box()["y"] < DESK[1]  # type: ignore[index]
    shoot.take(page, "office-dashboard")
    whole(page, shoot, "office-dashboard-county")
    page.get_by_role("link", name="插旗镇").first.click()
    expect(page.locator("h1")).to_contain_text("插旗镇")
    whole(page, shoot, "office-dashboard-town")
    page.get_by_role("link", name=name).first.click()
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator(".board-worst")).to_contain_text("每天需要 15")
    expect(page.locator("main")).to_contain_text("*")
    whole(page, shoot, "office-dashboard-village")
    page.context.close()


def test_it_is_readable_on_a_phone_and_on_paper(
    browser: Browser, county: tuple[LiveSite, str, str], shoot: Shots
) -> None:
    page = opened(browser, county, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".board-help li").first).to_be_visible()
    whole(page, shoot, "office-dashboard-phone")
    page.context.close()
    page = opened(browser, county, PAPER)
    page.emulate_media(media="print")
    expect(page.locator("#wagtail-sidebar, .sidebar").first).to_be_hidden()
    expect(page.locator("h1")).to_contain_text("华容县")
    expect(page.locator(".board-map")).to_be_visible()
    whole(page, shoot, "office-dashboard-print")
    page.context.close()
