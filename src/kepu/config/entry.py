"""One port for everything: the hot path answers in the event loop, Django's pages in a few threads."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from datetime import datetime
from string import punctuation
from typing import Generic, TypeVar
from urllib.parse import quote, urlsplit

import structlog
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection
from django.utils import translation

from kepu.app.reads import dwell_seconds
from kepu.campaigns.reads.switches import switched_off_for
from kepu.campaigns.rules import Switch
from kepu.config import answers, bodies
from kepu.config.files import Files
from kepu.config.shared_pages import Pages, Render
from kepu.content import reads as content
from kepu.intake.app import PATHS, Intake, Receive, Scope, Send
from kepu.intake.shared import Settings, SharedPages
from kepu.kit import clock
from kepu.ledger.committer import Committer
from kepu.people.rules import read_session
from kepu.people.sessions import COOKIE, is_staff_token

PAGE_THREADS = 4
FRESH_SECONDS = 2.0
Value = TypeVar("Value")
log = structlog.get_logger("kepu.entry")


class Recent(Generic[Value]):
    """A value asked of the database at most every `FRESH_SECONDS`, off the event loop."""

    def __init__(self, ask: Callable[[], Value]) -> None:
        self._ask = ask
        self._value: Value | None = None
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> Value:
        """The value, at most `FRESH_SECONDS` old; older while the database is away."""
        if self._value is None or time.monotonic() > self._until:
            async with self._lock:
                if self._value is None or time.monotonic() > self._until:
                    self._value = await self._asked()
                    self._until = time.monotonic() + FRESH_SECONDS
        return self._value

    async def _asked(self) -> Value:
        try:
            return await asyncio.to_thread(self._ask)
        except DatabaseError:
            if self._value is None:
                raise
            log.exception("asked_in_vain")
            return self._value


class Site:
    """The ASGI application: hands each request to the intake or to Django.

    `ledger`: the way to the ledger's process.
    """

    def __init__(self, ledger: socket.socket) -> None:
        translation.activate(settings.LANGUAGE_CODE)
        pages = get_wsgi_application()
        self._pages = WSGIMiddleware(pages, workers=PAGE_THREADS)  # type: ignore[arg-type]
        self._files = Files(settings.STATIC_ROOT, settings.MEDIA_ROOT / "images")
        self._bodies = bodies.Bodies(_is_staff)
        self._answers = answers.Answers(settings.HOME)
        self._articles = Recent(content.published_revisions)
        committer = Committer(ledger, settings.KEPU_LINE_MAX, _end)
        self._shared = SharedPages(
            settings.KEPU_KEYS,
            committer,
            Settings(settings.SECURE, settings.KEPU_PROXIES, urlsplit(settings.KEPU_SITE_URL).netloc),
            Pages(self._articles.get, Render(pages)).get,
            Recent(dwell_seconds).get,
        )
        self._intake = Intake(
            settings.KEPU_KEYS,
            committer,
            self._may_share,
            self._may_check_in,
            now_ms=clock.now_ms,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or answer the server's start and stop."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close"})
        elif scope["path"] in PATHS and scope["method"] != "GET":
            await self._intake(scope, receive, send)
        elif not await self._answered(scope, send):
            await self._page(_encoded(_plain(scope)), receive, send)

    async def _answered(self, scope: Scope, send: Send) -> bool:
        """Whether a file or a shared page was asked for, and given."""
        if await self._files.answered(scope, send):
            return True
        return await self._shared.answered(scope, send, clock.now_ms())

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page of Django: its thread waits for no sender and no reader."""
        async with self._answers.kept() as answer:
            unread = await self._asked(scope, receive, answer)
            if unread is None and not answer.is_whole:
                unread = bodies.Unread.TOO_MANY
                if answer.is_too_large:
                    unread = bodies.Unread.ANSWER_TOO_LARGE
            if unread is None:
                await answer.deliver(send)
            else:
                await bodies.refuse(scope, send, unread)

    async def _asked(self, scope: Scope, receive: Receive, answer: answers.Answer) -> bodies.Unread | None:
        """None when Django was asked and gave its answer; why it was not asked otherwise."""
        async with self._bodies.read(scope, receive) as body:
            if isinstance(body, bodies.Unread):
                return body
            again = bodies.replayed(scope, body, receive)
            await self._pages(scope, again, answer.take)  # type: ignore[arg-type]
        return None

    async def _may_share(self, article: int) -> bool:
        return article in await self._articles.get()

    async def _may_check_in(self, account: int) -> bool:
        return not await asyncio.to_thread(_is_off_for, Switch.CHECK_IN, account)


def _encoded(scope: Scope) -> Scope:
    """The request with a query in ASCII: some clients send Chinese as it is, and WSGI must not see that."""
    query = scope["query_string"]
    if not query.isascii():
        scope["query_string"] = quote(query, safe=punctuation).encode()
    return scope


def _plain(scope: Scope) -> Scope:
    """The request without headers that hold an underscore: WSGI would not tell X_Forwarded_For from X-."""
    scope["headers"] = [pair for pair in scope["headers"] if b"_" not in pair[0]]
    return scope


async def _is_staff(cookies: str) -> bool:
    """Whether a member of staff sent a Cookie header; the database is asked only for a token we signed."""
    token, now = bodies.session_cookie(cookies, COOKIE), clock.now()
    if read_session(settings.KEPU_KEYS.session, token, int(now.timestamp())) is None:
        return False
    return await asyncio.to_thread(_asked_in_thread, token, now)


def _asked_in_thread(token: str, now: datetime) -> bool:
    """The answer of the database, whose connection is not left open; nobody is staff while it is away."""
    try:
        return is_staff_token(token, now)
    except DatabaseError:
        log.exception("staff_unknown")
        return False
    finally:
        connection.close()


def _is_off_for(switch: Switch, account: int) -> bool:
    """The answer of the database, whose connection is not left open.

    While it is away nothing is off: the ledger will say itself that it could not record.
    """
    try:
        return switch in switched_off_for(lambda: account, clock.now())
    except DatabaseError:
        log.exception("switches_unknown")
        return False
    finally:
        connection.close()


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _end() -> None:
    """This process ends in good order, and the server begins another with a ledger of its own."""
    os.kill(os.getpid(), signal.SIGTERM)
