"""One port for everything: the hot path answers in the event loop, Django's pages in a few threads."""

import asyncio
import os
import time
from collections.abc import Callable, MutableMapping
from typing import Any, Generic, TypeVar

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepu.config.settings")
django.setup(set_prefix=False)

from kepu.campaigns import reads as campaigns  # noqa: E402  (Django must be ready first)
from kepu.campaigns.rules import sheet_covering  # noqa: E402
from kepu.content import reads as content  # noqa: E402
from kepu.intake.app import PATHS, Intake, Receive, Scope, Send  # noqa: E402
from kepu.kit import clock  # noqa: E402
from kepu.ledger.committer import Committer  # noqa: E402
from kepu.ledger.writes import commit_batch  # noqa: E402

PAGE_THREADS = 4
FRESH_SECONDS = 2.0
DWELL_OTHERWISE = 10
Value = TypeVar("Value")


class Recent(Generic[Value]):
    """A value asked of the database at most every `FRESH_SECONDS`, off the event loop."""

    def __init__(self, ask: Callable[[], Value]) -> None:
        self._ask = ask
        self._value: Value | None = None
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> Value:
        """The value, at most `FRESH_SECONDS` old."""
        if self._value is None or time.monotonic() > self._until:
            async with self._lock:
                if self._value is None or time.monotonic() > self._until:
                    self._value = await asyncio.to_thread(self._ask)
                    self._until = time.monotonic() + FRESH_SECONDS
        return self._value


class Site:
    """The ASGI application: hands each request to the intake or to Django."""

    def __init__(self) -> None:
        translation.activate(settings.LANGUAGE_CODE)
        self._pages = WSGIMiddleware(get_wsgi_application(), workers=PAGE_THREADS)  # type: ignore[arg-type]
        self._articles = Recent(content.published_ids)
        self._published = Recent(campaigns.published)
        self._intake = Intake(
            settings.KEPU_KEYS,
            Committer(commit_batch, settings.KEPU_LINE_MAX),
            self._may_share,
            self._dwell_seconds,
            now_ms=lambda: clock.milliseconds(clock.now()),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or answer the server's start and stop."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["path"] in PATHS and scope["method"] != "GET":
            await self._intake(scope, receive, send)
        elif scope["type"] == "http":
            await self._pages(scope, _as_coroutine(receive), send)  # type: ignore[arg-type]

    async def _may_share(self, article: int) -> bool:
        return article in await self._articles.get()

    async def _dwell_seconds(self, book: int) -> int:
        current = sheet_covering(await self._published.get(), str(book), clock.now())
        return current.sheet.dwell_seconds_min if current else DWELL_OTHERWISE


def _as_coroutine(receive: Receive) -> Receive:
    """Granian's `receive` gives an awaitable; a2wsgi hands it to a loop that takes coroutines alone."""

    async def received() -> MutableMapping[str, Any]:
        return await receive()

    return received


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


application = Site()
