"""axe finds no violation on any page, in both modes, light and dark, for a visitor and a communicator."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browsing import addresses, signed_in
from tests.live import LiveSite

PHONE_SIZE = {"width": 360, "height": 740}
MODES = ("light", "dark", "elder light", "elder dark")
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
}
# The dark is other colours and nothing else (see kepu.css): what is asked of colours is asked there again.
OF_COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
LOOK = """
async ([modes, rules]) => {
  const found = [];
  for (const [place, mode] of modes.entries()) {
    document.documentElement.className = mode;
    const said = await axe.run(document, rules[place]);
    for (const one of said.violations) found.push([mode, one.id, one.help, String(one.nodes[0].target)]);
  }
  return found;
}
"""


@pytest.mark.journey
@pytest.mark.parametrize("who", ["visitor", "communicator"])
def test_axe_finds_nothing(site: LiveSite, browser: Browser, who: str) -> None:
    token = site.tokens()[3]
    context = browser.new_context(viewport=PHONE_SIZE, is_mobile=True, reduced_motion="reduce")
    if who == "communicator":
        signed_in(context, site, token)
        _act(context.new_page(), site, token)
    page = context.new_page()
    found: list[str] = []
    start = ("/", "/me/", "/boards/", "/install/", "/sign-in/", "/sign-up/")
    pages = addresses(page, site, start, lambda address: found.extend(_violations(page, address)))
    assert len(pages) >= (16 if who == "communicator" else 8), pages
    context.close()
    assert not found, "\n".join(found)


def _act(page: Page, site: LiveSite, token: str) -> None:
    """Something stands in the statement, so that its pages are not empty."""
    headers = {"Authorization": f"Bearer {token}"}
    report = {
        "event_id": "0b9dc1a4-58f6-4b53-9d6c-4b42f7c3f0aa",
        "kind": "share",
        "article": site.articles[0],
    }
    page.request.post(site.url + "/v1/activities", data=report, headers=headers)


def _violations(page: Page, address: str) -> list[str]:
    """What axe finds on the open page, in each mode: the classes of <html> are all that modes differ in."""
    page.wait_for_load_state("load")
    page.evaluate(AXE_SCRIPT)
    rules = [OF_COLOURS if "dark" in mode else RULES for mode in MODES]
    found = page.evaluate(LOOK, [MODES, rules])
    return [f"{address} ({mode}): {name}, {says}, at {where}" for mode, name, says, where in found]


def test_axe_would_find_something(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<img src='data:,'><p style='color:#bbb;background:#fff'>这行字太浅了</p>")
    said = {one["id"] for one in Axe().run(page, options=RULES).response["violations"]}
    dark = {name for _mode, name, *_ in page.evaluate(LOOK, [["dark"], [OF_COLOURS]])}
    assert {"image-alt", "color-contrast", "html-has-lang"} <= said
    assert dark == {"color-contrast"}
