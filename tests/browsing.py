"""A phone's browser on a live site, and every page one can reach in it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.live import LiveSite

LEFT_OUT = re.compile(r"^/(admin|static|media|v1|outbox|sign-out|gallery)(/|$)|\.(png|json|xlsx|toml)$")
PAGES_MAX = 80
DESK = {"width": 1280, "height": 800}
# Two suites share two cores: what a page must show may come late; that it comes is what is claimed.
expect.set_options(timeout=20_000)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """The Chromium at `path`, closed afterwards."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield running
        running.close()


class Shots:
    """Screenshots into a folder, in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, page: Page, name: str, *, full: bool = False) -> None:
        """The page as it stands."""
        page.wait_for_load_state("load")
        path = self._folder / f"{name}.png"
        size = page.viewport_size
        assert size is not None
        if full:  # a taller window, so that the tab bar stays at its foot
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        page.screenshot(path=path)
        if full:
            page.set_viewport_size(size)
        assert path.stat().st_size > 5000


def signed_in(context: BrowserContext, site: LiveSite, token: str) -> None:
    """Whoever browses in this context is the owner of `token`."""
    context.add_cookies([{"name": "kepu_session", "value": token, "url": site.url}])


def office(browser: Browser, site: LiveSite, token: str, size: dict[str, int] = DESK) -> Page:
    """A page of the member of staff whose session token that is; a script that fails fails the test."""
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    signed_in(context, site, token)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


def nothing(_address: str) -> None:
    """Nothing is done with a page."""


def addresses(
    page: Page, site: LiveSite, start: tuple[str, ...] = ("/",), look: Callable[[str], None] = nothing
) -> list[str]:
    """One address of each kind of page that links lead to, numbers and tokens taken as one kind.

    `look` is told each address while its page is open.
    """
    found: dict[str, str] = {}
    line = list(start)
    while line and len(found) < PAGES_MAX:
        address = line.pop(0)
        kind = kind_of(address)
        if kind in found or LEFT_OUT.search(urlsplit(address).path):
            continue
        answer = page.goto(site.url + address)
        if answer is None or answer.status != 200 or "text/html" not in answer.headers["content-type"]:
            continue
        found[kind] = address
        links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        line += [link.removeprefix(site.url).split("#")[0] for link in links if link.startswith(site.url)]
        look(address)
    return list(found.values())


def kind_of(address: str) -> str:
    """The address with numbers, tokens and the values of its query left out: /a/5/ and /a/6/ are one kind."""
    parts = urlsplit(address)
    steps = [
        "*" if re.fullmatch(r"\d+|[\w-]{20,}|(19|20)\d\d.*", step) else step for step in parts.path.split("/")
    ]
    names = sorted(re.findall(r"(?:^|&)(\w+)=", parts.query))
    return "/".join(steps) + ("?" + "&".join(names) if names else "")
