"""Rendered once, bounded, and never older than the revision that is published."""

import asyncio

from kepu.config import shared_pages
from kepu.config.shared_pages import Pages, page_of
from kepu.intake.shared import Wanted

LINK = Wanted(7, "kepu.test", "https", "", False)


class Rendering:
    """Renders a page that says how often it was asked; counts how often."""

    def __init__(self, size=10):
        self.times, self.size = 0, size

    def __call__(self, wanted):
        self.times += 1
        if wanted.host == "strange":
            return None
        return page_of(b"%d" % self.times * self.size, ((b"content-type", b"text/html"),))


def kept(revisions, render):
    async def published():
        return revisions

    return Pages(published, render)


def get(pages, wanted=LINK):
    return asyncio.run(pages.get(wanted))


def test_a_page_is_rendered_once_and_again_for_another_revision():
    revisions, render = {7: 1}, Rendering()
    pages = kept(revisions, render)
    assert get(pages) is get(pages)
    revisions[7] = 2
    assert get(pages).plain == b"2" * 10
    assert render.times == 2


def test_a_withdrawn_article_is_not_served_from_memory():
    revisions, render = {7: 1}, Rendering()
    pages = kept(revisions, render)
    assert get(pages) is not None
    del revisions[7]
    assert get(pages) is None


def test_everybody_who_asks_at_once_waits_for_one_rendering():
    render = Rendering()
    pages = kept({7: 1}, render)

    async def scene():
        return await asyncio.gather(*(pages.get(LINK) for _ in range(20)))

    assert len({page.etag for page in asyncio.run(scene())}) == 1
    assert render.times == 1


def test_what_is_kept_has_an_end(monkeypatch):
    monkeypatch.setattr(shared_pages, "PAGES_MAX", 3)
    render = Rendering()
    pages = kept(dict.fromkeys(range(9), 1), render)
    for article in range(5):
        get(pages, LINK._replace(article=article))
    assert len(pages._kept) == 3
    assert pages._bytes == sum(len(page.plain) + len(page.gzip) for _r, _u, page in pages._kept.values())
    get(pages, LINK._replace(article=4))
    assert render.times == 5
    monkeypatch.setattr(shared_pages, "BYTES_MAX", 1)
    get(pages, LINK._replace(article=8))
    assert not pages._kept
    assert not pages._bytes


def test_another_answer_than_a_page_is_left_to_django_and_not_kept():
    render = Rendering()
    pages = kept({7: 1}, render)
    assert get(pages, LINK._replace(host="strange")) is None
    assert get(pages, LINK._replace(host="strange")) is None
    assert render.times == 2


def test_what_belongs_to_one_answer_is_not_kept():
    page = page_of(
        b"x" * 100, ((b"set-cookie", b"a=b"), (b"content-length", b"1"), (b"x-frame-options", b"DENY"))
    )
    assert dict(page.headers) == {
        b"x-frame-options": b"DENY",
        b"cache-control": b"private, no-cache",
        b"vary": b"Cookie, Accept-Encoding, User-Agent",
    }
