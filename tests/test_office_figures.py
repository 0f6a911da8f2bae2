"""A county that cannot replace the national app: an export becomes a board, by the hands of two officers."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from kepu.figures.tests import exports
from kepu.kit import clock
from tests.browsing import Shots, office
from tests.conftest import empty_database
from tests.live import LiveSite

pytestmark = pytest.mark.journey
PREPARED = """
import json
from django.conf import settings
from kepu.campaigns import writes as campaigns
from kepu.campaigns.rules import Published
from kepu.kit import clock
from kepu.people import writes
from kepu.people.models import Account, Communicator
from kepu.people.accounts import opened_phone
from kepu.people.rules import Role, Session, session_token
now = clock.now()
text = open("src/kepu/campaigns/samples/imported-2026.toml", encoding="utf-8").read()
text = text.replace("2026-", str(clock.day_of(now).year) + "-").replace("huarong-", "huarong")
text = text.replace("2027-", str(clock.day_of(now).year + 1) + "-")
published = campaigns.publish_sheet(text, "王建国", "李明", now)
assert isinstance(published, Published), published
tokens = []
for number, name in enumerate(("王建国", "李明")):
    account = writes.open_staff_account(f"1380000100{number}", name, None, 430623, now)
    writes.grant_scope(account, Role.COUNTY_OFFICER, "430623", now)
    version = Account.objects.get(pk=account).session_version
    tokens.append(session_token(settings.KEPU_KEYS.session, Session(account, version, int(now.timestamp()))))
people = [(row.name, opened_phone(row.account.phone_sealed, row.account.phone_index), row.unit.name)
          for row in Communicator.objects.select_related("account", "unit").order_by("pk")[:30]]
print(json.dumps([tokens, people]))
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site of its own: its campaign ranks by imported figures."""
    with empty_database() as url:
        live = LiveSite(tmp_path_factory.mktemp("figures") / "home", url)
        live.prepare(36)
        live.start()
        yield live
        live.stop()


def test_an_export_becomes_a_board(county: LiveSite, browser: Browser, shoot: Shots) -> None:
    tokens, people = json.loads(county.python(PREPARED))
    rows: list[tuple[object, ...]] = [
        (number, name, phone, unit, 900 - 7 * number) for number, (name, phone, unit) in enumerate(people, 1)
    ]
    rows.append((31, "赵不在", "13700000009", "同福村", 45))
    rows.append((32, people[0][0], people[0][1], people[0][2], 11))
    rows.append((33, "钱约数", people[1][1], people[1][2], "1.2万"))
    year = clock.day_of(clock.now()).year
    page = office(browser, county, tokens[0])
    page.goto(county.url + "/admin/figures/")
    page.get_by_role("link", name="导入文件").click()
    page.select_option("#campaign", index=0)
    content = exports.xlsx(rows, title=f"华容县科普员传播量统计（{year}年1月）")
    page.set_input_files(
        "#file", {"name": "一月.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    shoot.take(page, "office-figures-send")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("#column_phone")).to_have_value("2")
    page.fill("#month", "")
    page.fill("#first_day", f"{year}-01-01")
    page.fill("#last_day", f"{year}-01-01")
    page.fill("#name", "月报")
    shoot.take(page, "office-figures-columns", full=True)
    page.get_by_role("button", name="看看会怎样").click()
    expect(page.locator(".figures-state")).to_have_text("等第二个人批准", timeout=20_000)
    expect(page.locator("main")).to_contain_text("有 4 行不能录入")
    shoot.take(page, "office-figures-preview", full=True)
    address = page.url
    second = office(browser, county, tokens[1])
    second.goto(address)
    second.get_by_role("button", name="批准并录入").click()
    expect(second.locator(".figures-state")).to_have_text("已录入", timeout=20_000)
    shoot.take(second, "office-figures-entered", full=True)
    second.get_by_role("link", name="核对差异").click()
    expect(second.locator("main")).to_contain_text("137****0009")
    second.get_by_role("link", name="本系统有，文件没有").click()
    shoot.take(second, "office-figures-differences", full=True)
    phone = office(browser, county, tokens[1], {"width": 360, "height": 740})
    phone.goto(address)
    shoot.take(phone, "office-figures-phone")
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    county.kepu("work", "--once")
    phone.goto(county.url + "/boards/?window=all")
    entered = county.number("SELECT coalesce(sum(volume), 0) FROM ledger_entry WHERE kind = 11")
    assert entered == sum(900 - 7 * number for number in range(2, 31))
    again = office(browser, county, tokens[0])
    again.goto(county.url + "/admin/figures/")
    shoot.take(again, "office-figures-list")
