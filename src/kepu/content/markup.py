"""HTML that is safe to show, whatever was stored; and the plain marks our own articles are written in."""

import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from kepu.content.rules import article_path
from kepu.kit.paging import whole_number

ARTICLE_MAX = 2**53

_KEPT = {"p": "p", "h2": "h2", "h3": "h3", "ul": "ul", "ol": "ol", "li": "li", "strong": "strong", "em": "em"}
_KEPT |= {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "div": "p"}
_ALONE = {"br"}
_SILENT = {"script", "style", "template", "iframe", "object", "svg", "math", "noscript", "textarea", "title"}
_BLANK_LINES = re.compile(r"\n\s*\n")


def safe_html(html: str) -> str:
    """`html` with only the tags of `rules.Text`, every tag closed, and links to http(s), tel or an article.

    A Wagtail link to a page (`linktype="page"`) becomes the article's address: addresses are made of
    ids, so no query is needed.
    """
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    return cleaner.finish()


def plain_text(html: str) -> str:
    """The text of `html` without tags, blocks separated by a line break."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts).strip()


def html_of(text: str) -> str:
    """HTML of a plain text: blank lines part paragraphs, "## " a heading, "- " the items of a list."""
    return "".join(_block(part) for part in _BLANK_LINES.split(text.strip()) if part)


def _block(part: str) -> str:
    lines = [line.strip() for line in part.strip().splitlines()]
    if lines[0].startswith("## "):
        return f"<h2>{escape(lines[0][3:])}</h2>"
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{escape(line[2:])}</li>" for line in lines) + "</ul>"
    return f"<p>{escape(''.join(lines))}</p>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _KEPT and tag not in ("strong", "em", "b", "i"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif self._silent:
            return
        elif tag in _ALONE:
            self._out.append(f"<{tag}>")
        elif tag in _KEPT:
            self._begin(_KEPT[tag], "")
        elif tag == "a" and "a" not in self._open and (href := _href(dict(attrs))):
            self._begin("a", f' href="{escape(href)}" rel="noopener nofollow"')

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
            return
        name = _KEPT.get(tag, tag)
        if name in self._open and not self._silent:
            while self._close() != name:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._out.append(escape(data, quote=False))

    def finish(self) -> str:
        while self._open:
            self._close()
        return "".join(self._out)

    def _begin(self, name: str, attributes: str) -> None:
        self._out.append(f"<{name}{attributes}>")
        self._open.append(name)

    def _close(self) -> str:
        name = self._open.pop()
        self._out.append(f"</{name}>")
        return name


def _href(attrs: dict[str, str | None]) -> str | None:
    page = attrs.get("id") or ""
    if attrs.get("linktype") == "page":
        number = whole_number(page, 0, ARTICLE_MAX, 0)
        return article_path(number) if number else None
    href = (attrs.get("href") or "").strip()
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if parts.scheme in ("http", "https") and parts.netloc:
        return href
    return href if parts.scheme == "tel" else None
