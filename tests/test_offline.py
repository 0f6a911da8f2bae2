"""A phone that loses its network: pages still open, and what was done there is in the ledger exactly once."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from kepu.campaigns.rules import Kind
from tests.browsing import signed_in
from tests.live import LiveSite

pytestmark = pytest.mark.journey
PHONE_SIZE = {"width": 360, "height": 740}
SHARES = 20
KEPT = """async () => {
  const pages = (await caches.keys()).filter((name) => name.startsWith("kepu-pages-"));
  const kept = [];
  for (const name of pages) {
    for (const one of await (await caches.open(name)).keys()) kept.push(name + new URL(one.url).pathname);
  }
  return kept;
}"""


@pytest.fixture(scope="module")
def tokens(site: LiveSite) -> list[str]:
    return site.tokens()


def phone(browser: Browser, site: LiveSite, token: str) -> Page:
    """A phone on which somebody is signed in and has opened home."""
    context = browser.new_context(
        viewport=PHONE_SIZE, is_mobile=True, has_touch=True, permissions=["clipboard-write"]
    )
    signed_in(context, site, token)
    page = context.new_page()
    page.goto(site.url + "/")
    wait_for_kept(page, "/")
    return page


def wait_for_kept(page: Page, path: str) -> None:
    """The worker watches this page and has kept the one of `path`."""
    for _ in range(100):
        controlled = page.evaluate("navigator.serviceWorker.controller !== null")
        if controlled and any(re.sub("^[^/]*", "", one) == path for one in page.evaluate(KEPT)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{path} was not kept within ten seconds")


def opened(page: Page, site: LiveSite, article: int) -> str:
    """The article's title, once the article is read and kept."""
    page.goto(f"{site.url}/a/{article}/")
    wait_for_kept(page, f"/a/{article}/")
    return page.locator("h1").inner_text()


def entries(site: LiveSite, person: int, kind: Kind) -> int:
    """How many acts of a kind the ledger holds of a person."""
    return site.number(f"SELECT count(*) FROM ledger_entry WHERE person = {person} AND kind = {int(kind)}")


def sign_out(page: Page, site: LiveSite) -> None:
    """Nobody is signed in on this phone any more."""
    page.goto(site.url + "/sign-out/")
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/sign-in/"))


def without_network(context: BrowserContext, off: bool = True) -> None:
    """The phone is out of reach, or back."""
    context.set_offline(off)


@contextmanager
def hanging(site: LiveSite) -> Iterator[None]:
    """Connections are taken and nobody answers, as behind a mast that is overrun."""
    assert site.server is not None
    os.killpg(site.server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(site.server.pid, signal.SIGCONT)


def test_what_was_opened_once_opens_without_a_network(site, browser, tokens):
    page = phone(browser, site, tokens[10])
    title = opened(page, site, site.articles[0])
    without_network(page.context)

    page.goto(site.url + "/")
    expect(page.locator("h1")).to_contain_text("好")
    expect(page.locator("#strip")).to_contain_text("存下的")
    page.goto(f"{site.url}/a/{site.articles[0]}/")
    expect(page.locator("h1")).to_have_text(title)
    assert page.locator("article img.cover").evaluate("image => image.complete && image.naturalWidth > 0")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).borderRadius") != "0px"

    page.goto(site.url + "/boards/")
    expect(page.locator("h1")).to_have_text("现在没有网")
    expect(page.locator("[data-kept-list]")).to_contain_text(title)
    page.get_by_role("link", name=title).click()
    expect(page.locator("h1")).to_have_text(title)

    without_network(page.context, False)
    page.reload()
    expect(page.locator("#strip")).to_be_hidden()
    page.context.close()


def test_shares_made_without_a_network_are_in_the_ledger_once(site, browser, tokens):
    person, article = site.accounts[11], site.articles[0]
    page = phone(browser, site, tokens[11])
    opened(page, site, article)
    before = entries(site, person, Kind.SHARE)
    without_network(page.context)
    page.goto(f"{site.url}/a/{article}/#share")
    for number in range(1, SHARES + 1):
        page.click("button[name=channel][value=copy_link]")
        expect(page.locator("#strip")).to_contain_text(re.compile(rf"\b{number} 条已存在手机里"))
    expect(page.locator("[data-said]")).to_contain_text("联网后补记")
    assert page.locator("[data-link]").input_value() == f"{site.url}/a/{article}/"
    assert entries(site, person, Kind.SHARE) == before

    without_network(page.context, False)
    expect(page.locator("#strip")).to_contain_text(re.compile(r"已补记 2[01] 条"), timeout=15_000)
    assert entries(site, person, Kind.SHARE) == before + SHARES
    expect(page.locator("[data-said]")).to_contain_text("您的专属链接")
    assert re.search(r"/s/[\w-]+/$", page.locator("[data-link]").input_value())

    for _ in range(2):
        page.reload()
        page.wait_for_load_state("networkidle")
    without_network(page.context)
    without_network(page.context, False)
    page.goto(site.url + "/")
    page.wait_for_load_state("networkidle")
    assert entries(site, person, Kind.SHARE) == before + SHARES
    page.context.close()


def test_a_check_in_without_a_network_counts_once_it_is_back(site, browser, tokens):
    person = site.accounts[12]
    page = phone(browser, site, tokens[12])
    without_network(page.context)
    page.goto(site.url + "/")
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("签到已存在手机里")).to_be_visible()
    page.reload()
    expect(page.get_by_text("签到已存在手机里")).to_be_visible()
    assert entries(site, person, Kind.CHECK_IN) == 0
    without_network(page.context, False)
    expect(page.locator("#strip")).to_contain_text("已补记 1 条")
    expect(page.get_by_text("签到已存在手机里")).to_be_hidden()
    assert entries(site, person, Kind.CHECK_IN) == 1
    page.reload()
    expect(page.get_by_text("今天已签到")).to_be_visible()
    page.context.close()


def test_a_network_that_hangs_shows_the_kept_page_and_counts_a_share_once(site, browser, tokens):
    person, article = site.accounts[17], site.articles[0]
    page = phone(browser, site, tokens[17])
    opened(page, site, article)
    page.goto(site.url + "/")
    with hanging(site):
        page.goto(f"{site.url}/a/{article}/#share", wait_until="domcontentloaded")
        expect(page.locator("#strip")).to_contain_text("存下的", timeout=15_000)
        page.click("button[name=channel][value=copy_link]")
        expect(page.locator("#strip")).to_contain_text("已存在手机里", timeout=15_000)
    page.goto(site.url + "/")  # the server had the share in its ear all the time, and gets it again
    expect(page.locator("#strip")).to_contain_text(re.compile("已补记 [12] 条"), timeout=15_000)
    assert entries(site, person, Kind.SHARE) == 1
    page.context.close()


def test_signing_out_takes_the_pages_away(site, browser, tokens):
    page = phone(browser, site, tokens[13])
    opened(page, site, site.articles[0])
    sign_out(page, site)
    assert [one for one in page.evaluate(KEPT) if not one.startswith("kepu-pages--/")] == []
    without_network(page.context)
    page.goto(site.url + "/")
    expect(page.locator("h1")).to_have_text("现在没有网")
    page.context.close()


def test_what_one_account_did_is_never_sent_for_another(site, browser, tokens):
    first, second, article = site.accounts[14], site.accounts[15], site.articles[0]
    page = phone(browser, site, tokens[14])
    opened(page, site, article)
    without_network(page.context)
    page.click("a[href='#share']")
    page.click("button[name=channel][value=copy_link]")
    expect(page.locator("#strip")).to_contain_text("已存在手机里")

    signed_in(page.context, site, tokens[15])  # behind the page's back: the page still thinks it is the first
    without_network(page.context, False)
    page.wait_for_timeout(1000)
    page.goto(site.url + "/")
    page.wait_for_load_state("networkidle")
    assert [entries(site, person, Kind.SHARE) for person in (first, second)] == [0, 0]
    marks = {one.split("/")[0] for one in page.evaluate(KEPT)}
    assert len(marks) == 1

    signed_in(page.context, site, tokens[14])
    page.goto(site.url + "/")
    expect(page.locator("#strip")).to_contain_text("已补记 1 条")
    assert [entries(site, person, Kind.SHARE) for person in (first, second)] == [1, 0]
    page.context.close()


def test_nothing_personal_is_kept(site, browser, tokens):
    page = phone(browser, site, tokens[16])
    for path in ("/me/", "/me/points/", "/me/links/", "/boards/", "/sign-in/", "/?start=20"):
        page.goto(site.url + path)
        page.wait_for_load_state("networkidle")
    kept = {re.sub(r"^kepu-pages-[^/]*", "", one) for one in page.evaluate(KEPT)}
    assert kept <= {"/", "/discover/"}
    page.context.close()


ACTS = "**/v1/activities"
SEND = "([id, account]) => self.acts.deliver('/v1/activities', {event_id: id, kind: 'check_in'}, account)"
DRAIN = "account => self.acts.drain(account)"


def queue(browser: Browser, site: LiveSite, token: str, answers: dict[str, Any]) -> tuple[Page, list[str]]:
    """A page without a worker, and the event ids it sends; the server answers them as `answers` says."""
    context = browser.new_context(service_workers="block")
    signed_in(context, site, token)
    page, sent = context.new_page(), []

    def answer(route: Route) -> None:
        event_id = route.request.post_data_json["event_id"]
        sent.append(event_id)
        status = answers.get(event_id, answers.get(route.request.headers["kepu-account"], 201))
        if status:
            date = {"Date": answers["date"]} if "date" in answers else {}
            route.fulfill(status=status, headers=date, json={"message": "由服务器说明", "reason": "credited"})
        else:
            route.abort()

    page.route(ACTS, answer)
    page.goto(f"{site.url}/a/{site.articles[0]}/#share")
    page.wait_for_function("self.acts !== undefined")
    return page, sent


def test_an_act_is_tried_however_old_the_clock_makes_it(site, browser, tokens):
    answers = {"old": 0, "refused": 0}
    page, sent = queue(browser, site, tokens[18], answers)
    page.evaluate(SEND, ["old", "A"])
    page.evaluate(SEND, ["refused", "A"])
    page.evaluate("() => { const now = Date.now(); Date.now = () => now + 4000 * 86400e3; }")
    page.evaluate(DRAIN, "A")
    assert len(page.evaluate("self.acts.waiting('A')")) == 2  # silence gives nothing up
    answers.update(old=201, refused=500)
    sent.clear()
    page.evaluate(DRAIN, "A")
    assert sent == ["old", "refused"]
    assert page.evaluate("self.acts.waiting('A')") == []
    told = page.evaluate("self.acts.told()")
    assert (told["recorded"], told["lost"]) == (1, 1)
    page.context.close()


@pytest.mark.parametrize(("status", "goes_on"), [(0, False), (429, False), (503, False), (500, True)])
def test_only_silence_and_a_full_house_end_a_round(site, browser, tokens, status, goes_on):
    page, sent = queue(browser, site, tokens[18], answers := {"first": 0, "second": 0})
    page.evaluate(SEND, ["first", "A"])
    page.evaluate(SEND, ["second", "A"])
    answers.update(first=status, second=201)
    sent.clear()
    assert page.evaluate(DRAIN, "A") is False
    assert sent == (["first", "second"] if goes_on else ["first"])
    page.context.close()


def test_an_act_that_waits_for_one_account_does_not_swallow_anothers(site, browser, tokens):
    page, sent = queue(browser, site, tokens[18], answers := {"A": 0, "B": 201})
    assert page.evaluate(SEND, ["same", "A"])["kept"]
    assert page.evaluate(SEND, ["same", "B"])["status"] == 201
    answers["A"] = 201
    page.evaluate(DRAIN, "A")
    assert sent == ["same"] * 3
    assert page.evaluate("self.acts.waiting('A')") == []
    page.context.close()


def test_a_session_that_ends_keeps_what_was_done_until_its_owner_signs_in(site, browser, tokens):
    """Wherever the phone's clock stands; and it is in the ledger once."""
    person, article = site.accounts[19], site.articles[0]
    page = phone(browser, site, tokens[19])
    opened(page, site, article)
    without_network(page.context)
    page.click("a[href='#share']")
    page.click("button[name=channel][value=copy_link]")
    expect(page.locator("#strip")).to_contain_text("已存在手机里")
    signed_in(page.context, site, "spent")
    page.context.add_init_script("const now = Date.now; Date.now = () => now() + 4000 * 86400e3;")
    without_network(page.context, False)
    expect(page.locator("#strip")).to_contain_text("请重新登录", timeout=15_000)
    page.click("button[name=channel][value=copy_link]")
    expect(page.locator("[data-said]")).to_contain_text("重新登录后自动补记")

    page.goto(f"{site.url}/a/{article}/")
    expect(page.locator("#strip")).to_contain_text(re.compile(r"\b[23] 条"))
    page.get_by_role("link", name="重新登录").click()
    page.wait_for_url(f"{site.url}/sign-in/?next=%2Fa%2F{article}%2F")
    expect(page.locator("#strip")).to_be_hidden()
    assert entries(site, person, Kind.SHARE) == 0
    signed_in(page.context, site, tokens[19])
    page.goto(site.url + "/")
    for _ in range(100):
        if entries(site, person, Kind.SHARE) == 2:
            break
        page.wait_for_timeout(100)
    page.goto(site.url + "/")
    page.wait_for_load_state("networkidle")
    assert entries(site, person, Kind.SHARE) == 2
    assert page.evaluate("self.acts.locked('')") == 0
    page.context.close()


LOCKED = "account => self.acts.locked(account)"


def test_acts_of_a_session_that_ended_wait_thirty_days_by_the_servers_clock(site, browser, tokens):
    page, sent = queue(browser, site, tokens[18], answers := {"first": 0, "second": 0, "other": 0})
    for event_id, account in (("first", "A"), ("second", "A"), ("other", "B")):
        page.evaluate(SEND, [event_id, account])
    answers.update(first=401, second=401, other=201)
    days = ["Mon, 01 Jun 2026 00:00:00 GMT", "Tue, 30 Jun 2026 00:00:00 GMT", "Thu, 02 Jul 2026 00:00:00 GMT"]
    left = []
    for day in days:
        answers["date"] = day
        sent.clear()
        page.evaluate("self.acts.drain()")
        left.append((page.evaluate(LOCKED, "A"), page.evaluate(LOCKED, "B"), page.evaluate(LOCKED, "")))
        assert sent.count("second") == 0  # one no is enough for an account
    assert left == [(2, 0, 2), (2, 0, 2), (0, 0, 0)]
    told = page.evaluate("self.acts.told()")
    assert (told["recorded"], told["lost"]) == (1, 2)
    page.context.close()


def test_a_poster_that_is_not_painted_yet_is_asked_for_again(site, browser, tokens):
    page, _sent = queue(browser, site, tokens[18], {})
    asked = []

    def paint(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) < 3:
            route.fulfill(status=503, body="busy", headers={"Retry-After": "3"})
        else:
            route.continue_()

    page.route("**/*-phone.png", paint)
    page.goto(f"{site.url}/a/{site.articles[0]}/#share")
    page.unroute(ACTS)
    page.click("button[name=channel][value=poster]")
    page.wait_for_url(re.compile("/poster/"))
    for _ in range(100):
        if page.locator("[data-poster]").evaluate("image => image.naturalWidth"):
            break
        page.wait_for_timeout(100)
    assert len(asked) == 3
    page.context.close()


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_share_that_is_kept_is_never_asked_for_again(site, browser, tokens, status):
    answers: dict[str, int] = {}
    page, sent = queue(browser, site, tokens[18], answers)
    answers[page.evaluate("document.body.dataset.account")] = status
    page.click("button[name=channel][value=copy_link]")
    said = page.locator("[data-said]")
    expect(said).to_contain_text("重新登录后自动补记" if status == 401 else "不用再点")
    assert ("由服务器说明" in said.inner_text()) is (status == 403)
    assert page.locator("[data-link]").input_value() == f"{site.url}/a/{site.articles[0]}/"
    page.click("button[name=channel][value=copy_link]")
    expect(page.locator("#strip")).to_contain_text(re.compile("2 条已?存在手机里"))
    assert len(set(sent)) == 2
    page.context.close()
