"""An article that stays open on a phone for as long as the campaign asks is browsed, once that day."""

import pytest
from playwright.sync_api import Browser, Page, Request

from kepu.campaigns.rules import Kind
from tests.browsing import signed_in
from tests.live import LiveSite

pytestmark = pytest.mark.journey
WITHIN_MS = 60_000


def is_browse(request: Request) -> bool:
    """Whether a phone tells that it read an article."""
    return request.url.endswith("/v1/activities") and '"browse"' in (request.post_data or "")


def read(page: Page, address: str) -> tuple[int, int]:
    """Status of what came of reading this article, and after how many seconds it was told."""
    with page.expect_event("requestfinished", is_browse, timeout=WITHIN_MS) as told:
        page.goto(address)
        opened = page.evaluate("Date.now()")
    answer = told.value.response()
    assert answer is not None
    return answer.status, (page.evaluate("Date.now()") - opened) // 1000


def test_an_article_is_browsed_once_it_was_open_long_enough(site: LiveSite, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    signed_in(context, site, site.tokens()[3])
    page, address = context.new_page(), f"{site.url}/a/{site.articles[0]}/"
    count = (
        f"SELECT COUNT(*) FROM ledger_entry WHERE kind = {int(Kind.BROWSE)} AND person = {site.accounts[3]}"
    )
    status, seconds = read(page, address)
    assert (status, site.number(count)) == (201, 1)
    assert seconds >= 14
    assert read(page, address)[0] == 200
    assert site.number(count) == 1
