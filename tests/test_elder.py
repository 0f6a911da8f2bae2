"""长辈版 on every page: letters of 18 px, lines 1.3 apart, nothing smaller than a thumb, nothing cut off.

What is measured, on a phone of 360 × 740: every visible piece of text, and every visible link, button,
field and fold (`summary`). Two things need no box of 60 × 60 of their own: a link inside running text (it is
`inline` and stands in a line with other words), and a tick or a dot whose label is the touch area.
"""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsing import addresses, signed_in
from tests.live import LiveSite

PHONE_SIZE = {"width": 360, "height": 740}
FONT_MIN, LINE_MIN, TOUCH_MIN, LARGEST_MIN = 18, 1.3, 60, 30
START = ("/", "/me/", "/boards/", "/units/", "/discover/", "/sign-in/", "/sign-up/", "/complaints/")
MEASURE = """
([fontMin, lineMin, touchMin]) => {
  const said = [];
  const say = (node, what) => {
    const words = (node.innerText || node.value || node.name || "").trim().slice(0, 24);
    const line = `<${node.tagName.toLowerCase()}.${node.getAttribute("class") || ""}> ${words}: ${what}`;
    if (!said.includes(line)) said.push(line);
  };
  const boxOf = (node) => node.getBoundingClientRect();
  const shown = (node) => {
    const box = boxOf(node);
    if (box.width < 2 || box.height < 2 || box.bottom + scrollY < 0) return false;
    return node.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  };

  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || !shown(node)) continue;
    if (node.closest("svg, script, style, .visually-hidden, noscript")) continue;
    const style = getComputedStyle(node);
    const size = parseFloat(style.fontSize), line = parseFloat(style.lineHeight);
    if (size < fontMin) say(node, `letters of ${size} px`);
    if (!(line / size >= lineMin - 0.001)) say(node, `lines ${style.lineHeight} for ${size} px`);
    const around = node.closest(".card, .tile, .button, .chip, .badge"), words = document.createRange();
    words.selectNodeContents(text);
    if (around && boxOf(words).right > boxOf(around).right - 3) say(node, "cut off");
  }

  const runs = (link) => getComputedStyle(link).display === "inline" &&
    [...link.parentElement.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
  for (const node of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (node.type === "hidden" || node.matches(".visually-hidden") || !shown(node) || runs(node)) continue;
    const box = boxOf(["checkbox", "radio"].includes(node.type) && node.closest("label") || node);
    if (box.width < touchMin - 0.5 || box.height < touchMin - 0.5)
      say(node, `touch area ${Math.round(box.width)} × ${Math.round(box.height)}`);
  }

  for (const node of document.querySelectorAll("body *")) {
    if (!shown(node) || node.closest("svg, .visually-hidden, .table-box")) continue;
    const box = boxOf(node), card = node.parentElement.closest(".card"), style = getComputedStyle(node);
    if (box.right > innerWidth + 1 || box.left < -1) say(node, `reaches from ${box.left} to ${box.right}`);
    if (card && box.right > boxOf(card).right + 1) say(node, "reaches out of its card");
    const cuts = style.overflowX !== "visible" && node.tagName !== "INPUT" && node.clientWidth;
    if (cuts && node.scrollWidth > node.clientWidth + 1)
      say(node, `holds ${node.scrollWidth} in ${node.clientWidth}`);
    const covers = box.height * box.width > innerHeight * innerWidth / 2;
    if (style.position === "fixed" && covers) say(node, "a pop-up");
  }
  return said;
}
"""

COVERED = """
() => {
  const box = (node) => node.getBoundingClientRect();
  const mine = document.querySelector("section .item.mine");
  const basis = [...document.querySelectorAll("main p.note")].find((one) => one.innerText.includes("截至"));
  const rows = [...document.querySelectorAll("main .card.list > .item")];
  const said = new Set(), over = (one, other) => one.bottom > other.top + 1 && one.top < other.bottom - 1;
  for (let y = 0; ; y += 40) {
    scrollTo(0, y);
    if (over(box(mine), box(basis))) said.add("the measure and the cut-off are covered");
    if (y > document.documentElement.scrollHeight - innerHeight) break;
  }
  if (over(box(mine), box(rows.at(-1)))) said.add("the last row is covered");
  return [rows.length > 3, ...said];
}
"""
BROKEN = """
() => [...document.querySelectorAll("section.thirds .stat p")].filter((one) => {
  const words = document.createRange();
  words.selectNodeContents(one);
  return new Set([...words.getClientRects()].map((line) => Math.round(line.top))).size > 1;
}).map((one) => one.innerText)
"""
LETTERS = ("", "text-2", "text-3", "text-4", "elder", "elder.text-2", "elder.text-3", "elder.text-4")


@pytest.fixture
def elder(site: LiveSite, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE_SIZE, is_mobile=True, has_touch=True)
    _shown(context, site, "elder")
    yield context
    context.close()


def _shown(context: BrowserContext, site: LiveSite, words: str) -> None:
    context.add_cookies([{"name": "kepu_display", "value": words, "url": site.url}])


def violations(page: Page) -> list[str]:
    """What is too small, too tight or cut off on the page as it stands."""
    page.wait_for_load_state("load")
    assert "elder" in (page.get_attribute("html", "class") or "").split()
    return list(page.evaluate(MEASURE, [FONT_MIN, LINE_MIN, TOUCH_MIN]))


@pytest.mark.journey
@pytest.mark.parametrize("who", ["visitor", "communicator"])
def test_every_page_can_be_read_and_touched(site: LiveSite, elder: BrowserContext, who: str) -> None:
    if who == "communicator":
        signed_in(elder, site, site.tokens()[5])
    page = elder.new_page()
    opened: list[str] = []
    page.on("dialog", lambda dialog: opened.append(dialog.message))
    found: list[str] = []

    def look(address: str, words: str = "elder") -> None:
        found.extend(f"{words} {address} {said}" for said in violations(page))

    pages = addresses(page, site, START, look)
    assert len(pages) >= (16 if who == "communicator" else 8), pages
    _shown(elder, site, "elder.text-4")
    for address in pages:
        page.goto(site.url + address)
        look(address, "elder.text-4")
    assert not found, "\n".join(found)
    assert not opened, "nothing pops up"


@pytest.mark.journey
def test_main_text_can_be_enlarged_to_thirty_pixels(site: LiveSite, elder: BrowserContext) -> None:
    page = elder.new_page()
    page.goto(f"{site.url}/a/{site.articles[0]}/")
    for _ in range(3):
        with page.expect_response("**/display/"):
            page.locator("button[name=size]:visible").last.click()
    page.goto(f"{site.url}/a/{site.articles[0]}/")
    size = page.locator(".prose p").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= LARGEST_MIN


@pytest.mark.journey
def test_what_opens_from_below_can_be_touched_too(site: LiveSite, elder: BrowserContext) -> None:
    signed_in(elder, site, site.tokens()[5])
    page = elder.new_page()
    page.goto(f"{site.url}/a/{site.articles[0]}/#share")
    page.wait_for_timeout(600)
    found = [
        said for said in violations(page) if "a pop-up" not in said
    ]  # it was asked for, and has a way back
    assert not found, "\n".join(found)


@pytest.mark.journey
def test_the_own_place_covers_no_words_and_no_figure_is_broken(site: LiveSite, elder: BrowserContext) -> None:
    page = elder.new_page()
    tokens = site.tokens()
    for number in range(5, 11):
        report = {"event_id": str(uuid4()), "kind": "share", "article": site.articles[0]}
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        assert page.request.post(site.url + "/v1/activities", data=report, headers=headers).status == 201
    signed_in(elder, site, tokens[5])
    until = time.monotonic() + 20
    while True:
        page.goto(site.url + "/boards/?scope=city")
        if page.locator("section .item.mine").count() and page.locator("main .card.list > .item").count() > 3:
            break
        assert time.monotonic() < until, "no place on the board"
        page.wait_for_timeout(200)
    for words in LETTERS:
        _shown(elder, site, words)
        page.goto(site.url + "/boards/?scope=city")
        assert page.evaluate(COVERED) == [True], words
        page.goto(site.url + "/me/")
        assert page.locator("section.thirds .stat p").count() == 6
        assert page.evaluate(BROKEN) == [], words


def test_the_measure_would_find_something(browser: Browser) -> None:
    page = browser.new_context(viewport=PHONE_SIZE).new_page()
    page.set_content(
        "<html class=elder><body style='margin:0'><p style='font-size:17px;line-height:1.2'>太小太密</p>"
        "<button>小</button><p style='font-size:20px;line-height:1.5'>看 <a href='/'>这里</a> 的字</p>"
        "<div style='width:500px;height:9px;background:red'></div>"
        "<div style='position:fixed;inset:0;background:#000a'></div></body></html>"
    )
    said = "\n".join(page.evaluate(MEASURE, [FONT_MIN, LINE_MIN, TOUCH_MIN]))
    for words in ("letters of 17 px", "lines 20.4px", "小: touch area", "to 500", "a pop-up"):
        assert words in said, said
    assert "这里" not in said
