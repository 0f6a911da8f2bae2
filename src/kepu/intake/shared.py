"""The ASGI door of shared pages: bytes that are the same for every reader, and what is this reader's own.

The page itself is rendered once for all (`Page`). What belongs to one reader travels in cookies: who they
are, and the stamp that their beacon gives back. Signed-in people are left to the full page.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import structlog
from django.http import parse_cookie

from kepu.intake.app import Scope, Send, headers_of
from kepu.kit import clock
from kepu.kit.crypto import Keyring
from kepu.ledger.committer import Committer, LineFullError, NotRecordedError
from kepu.ledger.links import Link, Stamp, opened, read_link, stamp_token
from kepu.ledger.rules import Receipt
from kepu.people.rules import SESSION_COOKIE, client_network
from kepu.people.rules.readers import (
    READER_COOKIE,
    READER_COOKIE_SECONDS,
    is_person,
    read_reader,
    reader_of_account,
    reader_of_network,
    reader_token,
)
from kepu.ui.display import COOKIE as DISPLAY_COOKIE
from kepu.ui.display import WORDS

Header = tuple[bytes, bytes]
PATH = "/s/"
STAMP_COOKIE, STAMP_COOKIE_SECONDS = "kepu_stamp", 6 * 3600
log = structlog.get_logger("kepu.intake")


class Page(NamedTuple):
    """A page as rendered for everybody: its headers without lengths, the bytes plain and with gzip."""

    etag: bytes
    headers: tuple[Header, ...]
    plain: bytes
    gzip: bytes


class Wanted(NamedTuple):
    """Which rendering of an article: by whom it is asked decides nothing but how it looks."""

    article: int
    host: str
    scheme: str
    display: str
    in_wechat: bool


class Settings(NamedTuple):
    """What the site's settings say: cookies only over https, proxies before us, its own host ("": any)."""

    secure: bool
    proxies: int
    host: str


class SharedPages:
    """Answers GET /s/<token>/ for readers.

    `page_of` renders; `seconds_of` says by campaign (0: none) how long a page must stay open to be read.
    """

    def __init__(
        self,
        keys: Keyring,
        committer: Committer,
        settings: Settings,
        page_of: Callable[[Wanted], Awaitable[Page | None]],
        seconds_of: Callable[[], Awaitable[dict[int, int]]],
    ) -> None:
        self._keys = keys
        self._committer = committer
        self._settings = settings
        self._own_host = settings.host.partition(":")[0]
        self._page_of = page_of
        self._seconds_of = seconds_of

    async def answered(self, scope: Scope, send: Send, now_ms: int) -> bool:
        """Whether the request was one for a shared page that could be answered here; then it is."""
        if scope["method"] != "GET" or not scope["path"].startswith(PATH) or scope["query_string"]:
            return False
        link = read_link(self._keys.link, scope["path"][len(PATH) : -1])
        if link is None or not scope["path"].endswith("/"):
            return False
        headers = headers_of(scope)
        cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
        if SESSION_COOKIE in cookies:
            return False
        page = await self._page_of(self._wanted(scope, headers, cookies, link.article))
        if page is None:
            return False
        own = await self._counted(scope, headers, cookies, link, now_ms) if _is_person(headers) else []
        await _send(send, page, headers, own)
        return True

    async def _counted(
        self, scope: Scope, headers: dict[bytes, bytes], cookies: dict[str, str], link: Link, now_ms: int
    ) -> list[Header]:
        """The open is in the ledger; the cookies that make the page this reader's. The sharer has none."""
        reader = self._reader(scope, headers, cookies, now_ms)
        if reader == reader_of_account(self._keys.reader, link.person):
            # A stamp from before they signed in here must not count their own dwelling.
            over = f"{STAMP_COOKIE}=; Path={scope['path']}; Max-Age=0; SameSite=Lax"
            return [(b"set-cookie", over.encode("latin-1"))]
        # Reading goes before counting: when nothing can be recorded the article is shown all the same.
        try:
            answer = await self._committer.record(opened(link, reader, now_ms))
        except (LineFullError, NotRecordedError):
            log.warning("open_not_recorded", book=link.book, seq=link.seq)
            return []
        secure = "; Secure" if self._settings.secure else ""
        known = reader_token(self._keys.reader, reader)
        own = (
            f"{READER_COOKIE}={known}; Path=/; Max-Age={READER_COOKIE_SECONDS}"
            f"; HttpOnly; SameSite=Lax{secure}"
        )
        told = [(b"set-cookie", own.encode("latin-1"))]
        if isinstance(answer, Receipt):
            by_campaign = await self._seconds_of()
            seconds = by_campaign.get(answer.counts_in, by_campaign[0])
            stamp = Stamp(*link[:4], now_ms, seconds, answer.counts_in, reader)
            this = (
                f"{STAMP_COOKIE}={seconds}.{stamp_token(self._keys.link, stamp)}; Path={scope['path']}"
                f"; Max-Age={STAMP_COOKIE_SECONDS}; SameSite=Lax{secure}"
            )
            told.append((b"set-cookie", this.encode("latin-1")))
        return told

    def _wanted(
        self, scope: Scope, headers: dict[bytes, bytes], cookies: dict[str, str], article: int
    ) -> Wanted:
        chosen = cookies.get(DISPLAY_COOKIE, "").split(".")
        display = ".".join(word for word in WORDS if word in chosen)
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if host.partition(":")[0] == self._own_host:
            host = self._settings.host  # one page, whatever port somebody names
        in_wechat = b"MicroMessenger" in headers.get(b"user-agent", b"")
        return Wanted(article, host, self._scheme(scope, headers), display, in_wechat)

    def _scheme(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        told = headers.get(b"x-forwarded-proto", b"").decode("latin-1") if self._settings.proxies else ""
        return told if told in ("http", "https") else str(scope["scheme"])

    def _reader(
        self, scope: Scope, headers: dict[bytes, bytes], cookies: dict[str, str], now_ms: int
    ) -> bytes:
        known = read_reader(self._keys.reader, cookies.get(READER_COOKIE, ""))
        if known is not None:
            return known
        client = scope.get("client")
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        network = client_network(client[0] if client else "", forwarded, self._settings.proxies)
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        day = clock.day_of(clock.from_milliseconds(now_ms)).isoformat()
        return reader_of_network(self._keys.reader, network, agent, day)


def _is_person(headers: dict[bytes, bytes]) -> bool:
    purpose = b" ".join(headers.get(name, b"") for name in (b"purpose", b"x-purpose", b"sec-purpose"))
    agent = headers.get(b"user-agent", b"").decode("latin-1")
    return is_person("GET", agent, purpose.decode("latin-1"))


async def _send(send: Send, page: Page, headers: dict[bytes, bytes], own: list[Header]) -> None:
    common = [*page.headers, (b"etag", page.etag), *own]
    if page.etag in [each.strip() for each in headers.get(b"if-none-match", b"").split(b",")]:
        await send({"type": "http.response.start", "status": 304, "headers": common})
        await send({"type": "http.response.body", "body": b""})
        return
    body = page.plain
    if b"gzip" in headers.get(b"accept-encoding", b""):
        body = page.gzip
        common.append((b"content-encoding", b"gzip"))
    common.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": common})
    await send({"type": "http.response.body", "body": body})
