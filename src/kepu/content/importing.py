"""Articles of other sites, as their feeds or pages give them, in the blocks we have. No network here."""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

import feedparser

from kepu.content import markup
from kepu.content.rules import SUMMARY_CHARS_MAX, TITLE_CHARS_MAX

ITEMS_MAX = 50
TEXT_CHARS_MAX = 50_000
SOURCE_CHARS_MAX = 80
_TEXT = {"p", "h1", "h2", "h3", "h4", "li", "blockquote"}
_ASIDE = {
    "script",
    "style",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "noscript",
    "svg",
    "iframe",
    "template",
}
_VOID = {"br", "img", "meta", "link", "input", "hr", "source", "area", "base", "col", "embed", "wbr"}
_BODY = {"article", "main"}
# No article lies deeper; a parser that remembers more does quadratic work for whoever asks it to.
DEPTH_MAX = 500
_ENTITIES = re.compile(rb"<!ENTITY", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """Something to import: `html` is clean and never empty; `keys` are the names it is known by."""

    title: str
    summary: str
    author: str
    source: str
    url: str
    html: str
    keys: tuple[str, ...]


def items_of_feed(content: bytes, address: str, source: str) -> list[Item] | None:
    """The newest items of an RSS or Atom document that have a title and a text; None when it is no feed.

    One with entities of its own is no feed: they are a way to make much of little.
    """
    if _ENTITIES.search(content):
        return None
    headers = {"content-location": address}
    if b"encoding=" not in content[:200]:
        headers["content-type"] = "application/xml; charset=utf-8"
    parsed = feedparser.parse(io.BytesIO(content), response_headers=headers)
    if not parsed.get("version"):
        return None
    found = []
    for entry in parsed.entries[:ITEMS_MAX]:
        texts = [part.get("value", "") for part in entry.get("content", [])] or [entry.get("summary", "")]
        link = web_address(entry.get("link", ""))
        names = [key_of(f"{address} {entry.id}")] if entry.get("id") else []
        item = _item(entry.get("title", ""), texts[0], entry.get("author", ""), source, link, names)
        if item is not None:
            found.append(item)
    return found


def item_of_page(content: bytes, content_type: str, address: str) -> Item | None:
    """The article on a web page: its title and the text of <article>, <main> or body; None without any."""
    reader = _PageReader()
    reader.feed(_decoded(content, content_type))
    reader.close()
    host = urlsplit(address).hostname or ""
    source = reader.meta.get("og:site_name") or host
    title = reader.meta.get("og:title") or "".join(reader.title)
    return _item(title, reader.html(), reader.meta.get("author", ""), source, web_address(address), [])


def key_of(name: str) -> str:
    """The name in a form of one length."""
    return hashlib.sha256(name.encode()).hexdigest()


def web_address(link: str) -> str:
    """The link without its fragment when it is http(s) and short enough to keep, else ""."""
    try:
        parts = urlsplit(urldefrag(link.strip()).url)
    except ValueError:
        return ""
    address = parts.geturl()
    return address if parts.scheme in ("http", "https") and parts.netloc and len(address) <= 500 else ""


def _item(title: str, html: str, author: str, source: str, url: str, names: Sequence[str]) -> Item | None:
    clean = markup.safe_html(html[:TEXT_CHARS_MAX])
    text = " ".join(markup.plain_text(clean).split())
    title = " ".join(markup.plain_text(title).split())[:TITLE_CHARS_MAX]
    keys = (*names, *([key_of(url)] if url else []))
    if not title or not text or not keys:
        return None
    if "<p>" not in clean and "<ul>" not in clean and "<ol>" not in clean:
        clean = f"<p>{clean}</p>"
    author = " ".join(author.split())[:40] or source[:40]
    return Item(title, text[:SUMMARY_CHARS_MAX], author, source[:SOURCE_CHARS_MAX], url, clean, keys)


def _decoded(content: bytes, content_type: str) -> str:
    stated = re.search(rb"charset=[\"']?([\w-]+)", content_type.encode() + content[:2048], re.IGNORECASE)
    for encoding in (stated.group(1).decode() if stated else "utf-8", "utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")


class _PageReader(HTMLParser):
    """Collects titles and paragraphs; those in an <article> or <main> count, where there is one.

    Its work grows with the length of the page: how often each tag is open is counted, not looked up.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self.title: list[str] = []
        self._inside: list[str] = []
        self._open: Counter[str] = Counter()
        self._text: list[str] | None = None
        self._block = ""
        self._found: dict[bool, list[tuple[str, str]]] = {True: [], False: []}

    def html(self) -> str:
        """The paragraphs, headings and items found, each once."""
        found = self._found[True] or self._found[False]
        return "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in found)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            given = dict(attrs)
            name = given.get("property") or given.get("name") or ""
            self.meta.setdefault(name, (given.get("content") or "").strip())
        if tag in _TEXT and not self._is_in(_ASIDE):
            self._end()
            self._block, self._text = tag, []
        if tag not in _VOID and len(self._inside) < DEPTH_MAX:
            self._inside.append(tag)
            self._open[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == self._block:
            self._end()
        while self._open[tag]:
            closed = self._inside.pop()
            self._open[closed] -= 1
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] == "title" and not self._open["svg"]:
            self.title.append(data)
        elif self._text is not None and not self._is_in(_ASIDE):
            self._text.append(data)

    def _is_in(self, tags: set[str]) -> bool:
        return any(self._open[tag] for tag in tags)

    def _end(self) -> None:
        text = " ".join("".join(self._text or ()).split())
        if text and self._block:
            tag = {"h1": "h2", "h4": "h3", "li": "p", "blockquote": "p"}.get(self._block, self._block)
            if self._block != "h1":
                self._found[self._is_in(_BODY)].append((tag, text))
        self._text, self._block = None, ""
