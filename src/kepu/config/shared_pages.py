"""Shared pages rendered once for every reader: a bounded store of bytes, asked from Django on a miss."""

import asyncio
import gzip
import hashlib
import io
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from kepu.intake.shared import Header, Page, Wanted
from kepu.ui.display import COOKIE as DISPLAY_COOKIE

PAGES_MAX, BYTES_MAX = 1_024, 64 * 1_048_576
# What stands beside the article (related ones, its cover) may be as old as this; the article itself never.
FRESH_SECONDS = 60.0
OWN_HEADERS = (b"content-length", b"content-encoding", b"set-cookie", b"vary", b"etag", b"cache-control")


class Pages:
    """Pages by article, revision and look; the oldest go when there is no more room."""

    def __init__(self, revisions: Callable[[], Awaitable[dict[int, int]]], render: "Render") -> None:
        self._revisions = revisions
        self._render = render
        self._kept: OrderedDict[Wanted, tuple[int, float, Page]] = OrderedDict()
        self._bytes = 0
        self._making: dict[Wanted, asyncio.Future[Page | None]] = {}

    async def get(self, wanted: Wanted) -> Page | None:
        """The page as it is published now; None where Django is to answer (withdrawn, a strange host)."""
        revision = (await self._revisions()).get(wanted.article)
        if revision is None:
            return None
        kept = self._kept.get(wanted)
        if kept is not None and kept[0] == revision and time.monotonic() < kept[1]:
            self._kept.move_to_end(wanted)
            return kept[2]
        return await self._made(wanted, revision)

    async def _made(self, wanted: Wanted, revision: int) -> Page | None:
        """Rendered once, however many ask for it meanwhile."""
        if wanted in self._making:
            return await asyncio.shield(self._making[wanted])
        making = self._making[wanted] = asyncio.ensure_future(asyncio.to_thread(self._render, wanted))
        try:
            page = await asyncio.shield(making)
        finally:
            del self._making[wanted]
        if page is not None:
            self._keep(wanted, revision, page)
        return page

    def _keep(self, wanted: Wanted, revision: int, page: Page) -> None:
        before = self._kept.pop(wanted, None)
        self._bytes += _size(page) - (_size(before[2]) if before else 0)
        self._kept[wanted] = (revision, time.monotonic() + FRESH_SECONDS, page)
        while len(self._kept) > PAGES_MAX or self._bytes > BYTES_MAX:
            _wanted, (_revision, _until, oldest) = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)


class Render:
    """Asks Django for /a/<article>/shared/ as a reader without any cookie but that of the look would."""

    def __init__(self, django: WSGIHandler) -> None:
        self._django = django

    def __call__(self, wanted: Wanted) -> Page | None:
        """The page, None when Django answers with anything else than 200. For a thread of its own."""
        try:
            response = self._django(_environ(wanted), _started)
            body = b"".join(response)
            response.close()
        finally:
            connection.close()
        if response.status_code != 200:
            return None
        headers: tuple[Header, ...] = tuple(
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()
        )
        return page_of(body, headers)


def _started(
    _status: str, _headers: list[tuple[str, str]], _trouble: Any = None
) -> Callable[[bytes], object]:
    return len


def page_of(body: bytes, headers: tuple[Header, ...]) -> Page:
    """A body with its headers as a page that can be served again and again."""
    kept = [pair for pair in headers if pair[0] not in OWN_HEADERS]
    kept += [(b"cache-control", b"private, no-cache"), (b"vary", b"Cookie, Accept-Encoding, User-Agent")]
    etag = b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"'
    return Page(etag, tuple(kept), body, gzip.compress(body, 9, mtime=0))


def _size(page: Page) -> int:
    return len(page.plain) + len(page.gzip)


def _environ(wanted: Wanted) -> dict[str, Any]:
    host, _colon, port = wanted.host.partition(":")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f"/a/{wanted.article}/shared/",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": wanted.host,
        "HTTP_X_FORWARDED_PROTO": wanted.scheme,
        "HTTP_COOKIE": f"{DISPLAY_COOKIE}={wanted.display}",
        "HTTP_USER_AGENT": "MicroMessenger" if wanted.in_wechat else "Kepu",
        "wsgi.url_scheme": wanted.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }
