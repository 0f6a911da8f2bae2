"""What helps to read: text size, reading aloud, answers to questions; on a shared page too, and small."""

import re
from gzip import compress
from pathlib import Path

import pytest

from kepu.app.rules import link_of
from kepu.app.tests.test_reading import text_of
from kepu.content.models import ArticlePage
from kepu.ledger import reads as ledger
from kepu.ledger.links import link_token

ARTICLE_BYTES_MAX = 9_000
TOOLS_BYTES_MAX = 5_000
STATIC = Path(__file__).resolve().parent.parent / "static/app"
REWARDS = ("积分", "奖励", "补贴", "排行", "排名", "名次", "证书", "签到", "话费", "兑换")


@pytest.fixture
def shared(site, wang, settings) -> str:
    """The address a reader gets from a communicator."""
    wang.post(f"/a/{site.article}/share/", {"channel": "copy_link"})
    return f"/s/{link_token(settings.KEPU_KEYS.link, link_of(ledger.shares_of(site.wang, 1)[0]))}/"


@pytest.mark.parametrize("size", [1, 2, 4])
def test_the_letters_grow_and_shrink_by_a_form(site, reader, size):
    reader.post("/display/", {"size": str(size), "next": "/"})
    html = text_of(reader.get(f"/a/{site.article}/"))
    buttons = re.findall(r'name="size" value="(\d)"( disabled)?', html)
    assert buttons == [(str(size - 1), " disabled" * (size == 1)), (str(size + 1), " disabled" * (size == 4))]
    assert f'name="next" value="/a/{site.article}/"' in html


def test_reading_aloud_waits_for_a_script_that_can(site, reader):
    html = text_of(reader.get(f"/a/{site.article}/"))
    assert re.search(r"<button[^>]* data-listen hidden>", html)
    assert re.search(r"<div class=\"tools-player\"[^>]* hidden>", html)
    assert re.findall(r'data-rate="([\d.]+)"', html) == ["0.75", "1", "1.25"]
    assert "听文章" in html


def test_checkers_are_named_only_when_there_are_any(site, reader):
    assert "审核：" not in text_of(reader.get(f"/a/{site.article}/"))
    ArticlePage.objects.filter(pk=site.article).update(reviewers="李医生、王站长")
    assert "审核：李医生、王站长" in text_of(reader.get(f"/a/{site.article}/"))


def test_a_shared_page_has_the_tools_and_nothing_for_accounts(site, shared, reader, wang):
    for browser in (reader, wang):
        html = text_of(browser.get(shared))
        for part in (
            "data-sizes",
            "data-listen",
            "data-zoomed",
            f"/a/{site.article}/report/",
            "app/listen.js",
        ):
            assert part in html
        assert 'id="marks"' not in html
        assert "收藏" not in html
        assert not [word for word in REWARDS if word in html]


def test_the_page_and_its_scripts_are_small(site, wang, shared):
    for address in (f"/a/{site.article}/", shared):
        answer = wang.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer["Content-Encoding"] == "gzip"
        assert len(answer.content) < ARTICLE_BYTES_MAX, (address, len(answer.content))
    tools = [(STATIC / name).read_bytes() for name in ("reading.js", "listen.js", "reading.css")]
    assert sum(len(compress(each)) for each in tools) < TOOLS_BYTES_MAX
