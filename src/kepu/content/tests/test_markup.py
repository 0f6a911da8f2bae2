"""Whatever was stored, only harmless HTML is shown."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.content.markup import html_of, plain_text, safe_html

ALLOWED = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "br", "a"}
HTML = """<p>|</p>|<script>|</script>|<b|>|<a href='javascript:x'>|</a>|<li>|<svg/onload=x>|文字|"|'|<h3>|
<a href=http://a.cn onclick=x>|<img src=x onerror=x>|<!--|-->|&lt;|<h1 |/>|<br>|</b>|<iframe>|</svg>"""
PIECES = st.sampled_from(HTML.split("|"))


class Seen(HTMLParser):
    """Tags and attributes of a piece of HTML, and whether its tags are balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.balanced = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.balanced &= bool(self.open) and self.open.pop() == tag


@given(st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join))
def test_nothing_but_harmless_tags_ever_comes_out(html):
    seen = Seen(safe_html(html))
    assert seen.tags <= ALLOWED
    assert seen.attributes <= {"href", "rel"}
    assert seen.balanced
    assert not seen.open


@given(st.lists(PIECES, max_size=12).map("".join))
def test_cleaning_twice_is_cleaning_once(html):
    assert safe_html(safe_html(html)) == safe_html(html)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("<p>甲<b>乙</b></p>", "<p>甲<strong>乙</strong></p>"),
        ("<script>alert(1)</script><p>甲</p>", "<p>甲</p>"),
        ('<p onclick="x" style="y">甲</p>', "<p>甲</p>"),
        ('<a href="javascript:x">甲</a>', "甲"),
        ('<a href=" java\tscript:x">甲</a>', "甲"),
        ('<a href="data:text/html,x">甲</a>', "甲"),
        ('<a href="//evil.cn">甲</a>', "甲"),
        (
            '<a href="https://a.cn/?a=1&amp;b=2">甲</a>',
            '<a href="https://a.cn/?a=1&amp;b=2" rel="noopener nofollow">甲</a>',
        ),
        ('<a linktype="page" id="7">甲</a>', '<a href="/a/7/" rel="noopener nofollow">甲</a>'),
        ('<a linktype="page" id="x">甲</a>', "甲"),
        ("<p>1 &lt; 2</p>", "<p>1 &lt; 2</p>"),
        ("<ul><li>甲", "<ul><li>甲</li></ul>"),
    ],
)
def test_what_is_shown(stored, shown):
    assert safe_html(stored) == shown


def test_our_own_plain_marks():
    text = "头一段\n接着。\n\n## 小题<\n\n- 甲\n- 乙\n"
    html = html_of(text)
    assert html == "<p>头一段接着。</p><h2>小题&lt;</h2><ul><li>甲</li><li>乙</li></ul>"
    assert safe_html(html) == html
    assert re.sub(r"\s", "", plain_text(html)) == "头一段接着。小题<甲乙"


@pytest.mark.parametrize(
    ("page", "link"), [("7", "/a/7/"), ("7" * 5000, None), ("x", None), ("0", None), ("²", None)]
)
def test_a_link_to_a_page_becomes_the_articles_address(page, link):
    shown = safe_html(f'<a linktype="page" id="{page}">x</a>')
    assert shown == (f'<a href="{link}" rel="noopener nofollow">x</a>' if link else "x")
