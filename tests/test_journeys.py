"""What people do on a phone, one journey a test, on two sizes of phone; each leaves screenshots.

`tests/test_journey.py` goes the whole way from sign-up to the board, `tests/test_offline.py` has no network.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browsing import Shots, signed_in
from tests.live import LiveSite

SIZES = {"small": (360, 740), "large": (412, 915)}
WECHAT = (
    "Mozilla/5.0 (Linux; Android 10; V1818A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0 "
    "Mobile Safari/537.36 MicroMessenger/8.0.40"
)
SHARES = "SELECT count(*) FROM ledger_entry WHERE kind = 4 AND person = {}"
pytestmark = pytest.mark.journey
Phone = Callable[..., Page]


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """The phone the journey is made on."""
    return str(request.param)


@pytest.fixture
def phone(browser: Browser, site: LiveSite, size: str) -> Iterator[Phone]:
    """Opens a page as a visitor, or as the owner of a token; options go to the browser's context."""
    width, height = SIZES[size]
    contexts: list[BrowserContext] = []

    def opened(token: str = "", **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            is_mobile=True,
            has_touch=True,
            service_workers="block",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        if token:
            signed_in(context, site, token)
            context.add_cookies([{"name": "kepu_guide", "value": "seen", "url": site.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def person(site: LiveSite, size: str, request: pytest.FixtureRequest) -> tuple[int, str]:
    """A communicator nobody else's journey uses: account and token."""
    number = PEOPLE_OF[request.node.originalname] + list(SIZES).index(size)
    return site.accounts[number], site.tokens()[number]


def test_a_reader_without_scripts_reads_a_shared_page(
    site: LiveSite, phone: Phone, person: tuple[int, str], shoot: Shots, size: str
) -> None:
    page = phone(person[1], java_script_enabled=False)
    page.goto(f"{site.url}/a/{site.articles[2]}/#share")
    page.click("button[value=copy_link]")
    page.wait_for_url(re.compile("/me/links/"))
    link = page.locator("input[readonly]").first.input_value()
    reader = phone(java_script_enabled=False, user_agent=WECHAT)
    answer = reader.goto(link)
    assert answer is not None
    assert answer.status == 200
    text = reader.locator("body").inner_text()
    for word in ("积分", "奖励", "补贴", "排名", "话费", "兑换"):
        assert word not in text
    shoot.take(reader, f"shared-no-script-{size}")
    reader.goto(link)
    page.goto(site.url + "/me/links/")
    expect(page.locator("main")).to_contain_text("已计入")
    shoot.take(page, f"links-{size}")


def painted(page: Page, address: str) -> bool:
    """Whether a poster comes in the end: while the painter is busy, it asks to come back in a few seconds."""
    for _time in range(30):
        answer = page.request.get(address)
        if answer.status != 503:
            return answer.ok
        page.wait_for_timeout(1_000)
    return False


def test_sharing_without_scripts_gives_a_link_and_posters(
    site: LiveSite, phone: Phone, person: tuple[int, str], shoot: Shots, size: str
) -> None:
    page = phone(person[1], java_script_enabled=False)
    page.goto(f"{site.url}/a/{site.articles[3]}/#share")
    shoot.take(page, f"share-no-script-{size}")
    page.click("button[value=poster]")
    page.wait_for_url(re.compile("/poster/"))
    shoot.take(page, f"poster-{size}", full=True)
    pictures = page.locator("main img")
    assert pictures.count() >= 1
    for address in pictures.evaluate_all("all => all.map(one => one.src)"):
        assert painted(page, address)
    assert site.number(SHARES.format(person[0])) == 1


def test_searching_saving_and_finding_again(
    site: LiveSite, phone: Phone, person: tuple[int, str], shoot: Shots, size: str
) -> None:
    page = phone(person[1])
    page.goto(site.url + "/discover/")
    page.fill("[name=q]", "血压")
    expect(page.locator("#suggestions a").first).to_be_visible()
    shoot.take(page, f"suggest-{size}")
    page.locator("#suggestions a").first.click()
    page.wait_for_url(re.compile(r"/a/\d+/"))
    title = page.locator("h1").inner_text()
    page.locator("form[action$='/save/'] button").first.click()
    page.locator("form[action$='/like/'] button").first.click()
    page.wait_for_load_state("networkidle")
    shoot.take(page, f"article-marked-{size}", full=True)
    page.goto(site.url + "/me/saved/")
    expect(page.locator("main")).to_contain_text(title)
    shoot.take(page, f"saved-{size}")


def test_large_letters_stay_large(site: LiveSite, phone: Phone, shoot: Shots, size: str) -> None:
    page = phone()
    page.goto(site.url + "/")
    page.click("button[name=mode][value=elder]")
    shoot.take(page, f"home-elder-{size}")
    for address in ("/", "/discover/", f"/a/{site.articles[0]}/", "/boards/"):
        page.goto(site.url + address)
        assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)") >= 18
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.click("button[name=mode][value=standard]")
    assert page.evaluate("!document.documentElement.classList.contains('elder')")


def test_a_quiz_is_answered_and_a_mistake_is_reported(
    site: LiveSite, phone: Phone, shoot: Shots, size: str
) -> None:
    page = phone()
    page.goto(f"{site.url}/a/{site.articles[1]}/")
    quiz = page.locator("[data-quiz], .quiz").first
    quiz.scroll_into_view_if_needed()
    quiz.locator("summary, label, button").first.click()
    shoot.take(page, f"quiz-{size}")
    page.click("a[href$='/report/']")
    page.locator("textarea").fill("第二段的数字好像写错了。")
    shoot.take(page, f"report-{size}")
    page.locator("main button.big, main form button").last.click()
    page.wait_for_load_state("load")
    expect(page.locator("main")).to_contain_text("谢谢您")


def test_boards_by_place_and_time_with_me_on_them(
    site: LiveSite, phone: Phone, person: tuple[int, str], shoot: Shots, size: str
) -> None:
    page = phone(person[1])
    headers = {"Authorization": f"Bearer {person[1]}"}
    for number in range(3):
        event = f"7f000000-0000-4000-8000-{person[0]:011d}{number}"
        report = {"event_id": event, "kind": "share", "article": site.articles[number]}
        assert page.request.post(site.url + "/v1/activities", data=report, headers=headers).status in (
            200,
            201,
        )
    for _ in range(40):
        page.goto(site.url + "/boards/?scope=county")
        if page.locator(".mine, [aria-current=true], .me").count():
            break
        page.wait_for_timeout(250)
    expect(page.locator("main")).to_contain_text("截至")
    shoot.take(page, f"board-county-{size}", full=True)
    for scope in ("unit", "town", "city"):
        page.goto(f"{site.url}/boards/?scope={scope}")
        expect(page.locator("main")).to_contain_text("分享")
    page.goto(site.url + "/units/")
    shoot.take(page, f"units-{size}")


def test_checking_in_counts_once_and_keeps_a_streak(
    site: LiveSite, phone: Phone, person: tuple[int, str], shoot: Shots, size: str
) -> None:
    page = phone(person[1])
    page.goto(site.url + "/")
    page.click("form[action='/check-in/'] button")
    expect(page.locator("main")).to_contain_text("签到")
    page.goto(site.url + "/")
    expect(page.locator("form[action='/check-in/'] button")).to_have_count(0)
    shoot.take(page, f"home-checked-in-{size}", full=True)
    count = "SELECT count(*) FROM ledger_entry WHERE kind = 2 AND person = {}"
    assert site.number(count.format(person[0])) == 1


def test_the_first_visit_shows_three_cards_until_they_are_put_away(
    site: LiveSite, phone: Phone, shoot: Shots, size: str
) -> None:
    page = phone(java_script_enabled=False)
    page.goto(site.url + "/")
    expect(page.locator("form[action='/guide/']")).to_have_count(1)
    shoot.take(page, f"guide-{size}")
    page.click("form[action='/guide/'] button")
    page.goto(site.url + "/")
    expect(page.locator("form[action='/guide/']")).to_have_count(0)


def test_my_settings_and_my_data(
    site: LiveSite, phone: Phone, person: tuple[int, str], shoot: Shots, size: str
) -> None:
    page = phone(person[1])
    page.goto(site.url + "/me/")
    shoot.take(page, f"me-{size}", full=True)
    page.click("a[href='/me/settings/']")
    shoot.take(page, f"settings-{size}", full=True)
    page.goto(site.url + "/me/messages/")
    shoot.take(page, f"messages-{size}")
    page.goto(site.url + "/me/settings/")
    page.click("a[href='/me/download/']")
    shoot.take(page, f"download-{size}")
    with page.expect_download() as download:
        page.click("button[value=json]")
    text = download.value.path().read_text("utf-8")
    assert str(person[0]) in text


def test_signing_out_ends_it_and_back_shows_nothing(
    site: LiveSite, phone: Phone, person: tuple[int, str], shoot: Shots, size: str
) -> None:
    page = phone(person[1])
    page.goto(site.url + "/me/points/")
    page.goto(site.url + "/me/settings/")
    page.locator("form[action='/sign-out/'] button").first.click()
    page.wait_for_load_state("load")
    page.goto(site.url + "/me/points/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    shoot.take(page, f"sign-in-{size}")


def test_on_a_network_that_drops_a_share_counts_once(
    site: LiveSite, phone: Phone, person: tuple[int, str], shoot: Shots, size: str
) -> None:
    page = phone(person[1])
    dropped = {"left": 2}

    def drop(route: Route) -> None:
        """The first request is lost; the second's answer is: the ledger has it, the phone does not know."""
        dropped["left"] -= 1
        if dropped["left"] == 1:
            route.abort("connectionreset")
        elif dropped["left"] == 0:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    slow = page.context.new_cdp_session(page)
    slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 600, "downloadThroughput": 40_000, "uploadThroughput": 20_000},
    )
    page.route("**/v1/activities", drop)
    page.goto(f"{site.url}/a/{site.articles[6]}/#share")
    page.click("button[value=copy_link]")
    for _ in range(6):
        page.wait_for_timeout(1_000)
        page.evaluate("dispatchEvent(new Event('online'))")
        if dropped["left"] < 0:
            break
    page.wait_for_timeout(1_500)
    shoot.take(page, f"share-dropped-{size}")
    assert site.number(SHARES.format(person[0])) == 1


# Two people a journey, none of them another file's: those of the offline journeys end at 18.
_WITH_PERSON = [
    name for name, test in list(globals().items()) if "person" in getattr(test, "__annotations__", ())
]
PEOPLE_OF = {name: 20 + 2 * number for number, name in enumerate(_WITH_PERSON)}
