"""Articles of other sites become drafts: cleaned, once each, with their source, never published."""

import time

import pytest

from kepu.console import labels
from kepu.content import importing, models, reads, writes
from kepu.content.import_reader import read_apart
from kepu.content.reads.feeds import feeds
from kepu.content.tests.test_reviewing import person
from kepu.content.tests.written import AT
from kepu.content.writes.feeds import add_feed, import_feed, import_link, remove_feed
from kepu.jobs.rules import Cancelled
from kepu.kit.fetching import Fetched, Trouble

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>科普中国</title>
<item><title>雷雨天怎么躲</title><link>https://kepu.example/1#top</link><guid>one</guid>
<description>&lt;p onclick="x()"&gt;别站树下&lt;script&gt;alert(1)&lt;/script&gt;
&lt;img src="http://10.0.0.1/x.png"&gt;
&lt;a href="javascript:x"&gt;点我&lt;/a&gt;&lt;/p&gt;</description></item>
<item><title></title><link>https://kepu.example/2</link><description>没有题目</description></item>
<item><title>没有正文</title><link>https://kepu.example/3</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>tag:1</id><title>山洪</title>
<link href="https://kepu.example/9"/><author><name>王工</name></author>
<content type="html">&lt;h1&gt;先跑&lt;/h1&gt;&lt;p&gt;往高处&lt;/p&gt;</content></entry></feed>"""
PAGE = """<html><head><title>春季防火 - 某某网</title><meta property="og:title" content="春季防火">
<meta property="og:site_name" content="某某网"></head><body><nav><p>首页</p></nav>
<article><h1>春季防火</h1><h2>为什么</h2><p>风大草干。</p><ul><li>别点火</li></ul><script>x()</script></article>
<footer><p>版权</p></footer></body></html>"""


def test_a_feed_gives_its_items_cleaned():
    (item,) = importing.items_of_feed(RSS.encode(), "https://kepu.example/feed", "科普中国")
    assert (item.title, item.source, item.url) == ("雷雨天怎么躲", "科普中国", "https://kepu.example/1")
    assert "别站树下" in item.html
    for bad in ("script", "alert", "onclick", "img", "javascript", "<a"):
        assert bad not in item.html
    (item,) = importing.items_of_feed(ATOM.encode(), "https://kepu.example/feed", "x")
    assert (item.title, item.author, item.html) == ("山洪", "王工", "<h2>先跑</h2><p>往高处</p>")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + RSS.partition("?>")[2]
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel/></rss>'


@pytest.mark.parametrize(
    "content", ["<html>no feed</html>", "", BOMB, FILE], ids=["html", "empty", "bomb", "file"]
)
def test_what_is_no_feed(content):
    assert importing.items_of_feed(content.encode(), "https://kepu.example/", "x") is None


def test_a_page_gives_its_article_without_what_surrounds_it():
    item = importing.item_of_page(PAGE.encode("gb18030"), "text/html; charset=gbk", "https://n.example/a")
    assert (item.title, item.source, item.url) == ("春季防火", "某某网", "https://n.example/a")
    assert item.html == "<h2>为什么</h2><p>风大草干。</p><p>别点火</p>"
    assert importing.item_of_page(b"<html></html>", "", "https://n.example/") is None


@pytest.fixture
def editor(db):
    writes.prepare_content()
    return person("编辑甲", "Editors")


def serve(text: str, kind: str = "text/html"):
    """A fetch that finds this text at every address."""
    return lambda url: Fetched(url, text.encode(), kind)


def made_feed(editor, address="https://kepu.example/feed"):
    topic = models.Topic.objects.first().pk
    assert add_feed("科普中国", address, topic, editor.pk, AT) is None
    return models.Feed.objects.get(address=address).pk


def test_an_item_becomes_a_draft_of_whoever_asked_once(editor):
    feed = made_feed(editor)
    seen = []
    report = lambda done, total: seen.append((done, total))  # noqa: E731
    first = import_feed(feed, editor.pk, report, AT, serve(RSS))
    page = models.ArticlePage.objects.get(pk=first.made[0])
    assert (page.live, page.owner, page.source, page.source_url) == (
        False,
        editor,
        "科普中国",
        "https://kepu.example/1",
    )
    assert reads.article(page.pk) is None
    assert page.get_latest_revision().as_object().references[0].value["url"] == "https://kepu.example/1"
    assert (first.known, seen) == (0, [(0, 0), (0, 1)])
    again = import_feed(feed, editor.pk, report, AT, serve(RSS))
    assert (again.made, again.known) == ((), 1)
    page.delete()
    assert import_feed(feed, editor.pk, report, AT, serve(RSS)).made == ()
    other = made_feed(editor, "https://kepu.example/other")
    assert import_feed(other, editor.pk, report, AT, serve(RSS)).made == ()


def test_a_feed_says_how_its_last_fetch_went(editor, django_assert_num_queries):
    feed = made_feed(editor)
    assert import_feed(feed, editor.pk, print, AT, lambda _url: Trouble.NOT_PUBLIC).trouble == "not_public"
    with django_assert_num_queries(1):
        (row,) = feeds()
    assert (row.trouble, row.fetched_at) == ("not_public", AT)
    assert import_feed(feed, editor.pk, print, AT, serve("<p>x</p>")).trouble == "no_feed"
    assert import_feed(feed + 1, editor.pk, print, AT, serve(RSS)) is None
    assert remove_feed(feed)
    assert not remove_feed(feed)


REFUSED = [
    ({"name": " "}, "name_missing"),
    ({"address": "ftp://x.example/"}, "address_wrong"),
    ({"address": "javascript:x"}, "address_wrong"),
    ({"topic": 0}, "topic_wrong"),
]


@pytest.mark.parametrize(("change", "trouble"), REFUSED)
def test_which_feeds_are_not_added(editor, change, trouble):
    fields = {"name": "x", "address": "https://x.example/", "topic": models.Topic.objects.first().pk} | change
    assert add_feed(**fields, account=editor.pk, now=AT) == trouble


def test_a_feed_is_on_the_list_once(editor):
    made_feed(editor)
    assert add_feed("又", "https://kepu.example/feed", models.Topic.objects.first().pk, 1, AT) == "known"


def test_a_pasted_link_becomes_a_draft_once(editor):
    topic = models.Topic.objects.first().pk
    seen: list[tuple[int, int]] = []
    report = lambda done, total: seen.append((done, total))  # noqa: E731
    link = ("https://n.example/a", topic)
    found = import_link(link, editor.pk, report, AT, serve(PAGE))
    assert models.ArticlePage.objects.get(pk=found.made[0]).title == "春季防火"
    assert seen == [(0, 3), (1, 3), (2, 3)]
    assert import_link(link, editor.pk, report, AT, serve(PAGE)).known == 1
    assert import_link(("https://n.example/b", topic), editor.pk, report, AT, serve("")).trouble == "no_text"
    assert import_link(("http://10.0.0.1/", topic), editor.pk, report, AT).trouble == "not_public"


def test_whoever_pasted_a_link_may_stop_it(editor):
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        import_link(
            ("https://n.example/a", models.Topic.objects.first().pk), editor.pk, stop, AT, serve(PAGE)
        )
    assert not models.ArticlePage.objects.exists()


# Pages on which a parser that looks up what is open, or looks ahead for an end, works for a minute.
COSTLY = ["<x>" * 20_000 + "<p>a" * 20_000, "<article>" + "<b>" * 60_000 + "<p>x</p>" * 20_000]


@pytest.mark.parametrize("page", COSTLY, ids=["nested", "deep"])
def test_a_page_costs_no_more_than_its_length(page):
    began = time.process_time()
    importing.item_of_page(page.encode(), "text/html", "https://n.example/")
    assert time.process_time() - began < 5, "it took 51 s when every tag looked through all that were open"


def test_what_cannot_be_read_in_time_is_said_to_be_so(editor):
    began = time.monotonic()
    assert read_apart("page", b"<!" * 1_000_000, "https://n.example/", "text/html", seconds=1) == "too_costly"
    assert time.monotonic() - began < 15
    assert labels.IMPORT_TROUBLES["too_costly"]


def test_a_tag_that_closes_what_was_never_opened_closes_nothing():
    page = b"<title>t</title></nav><article></nav><p>a</nav></p></article><p>b</p>"
    item = importing.item_of_page(page, "text/html", "https://n.example/a")
    assert item.html == "<p>a</p>"
