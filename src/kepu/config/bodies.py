"""What people send, read whole on the event loop before a page thread is entered, and never without end.

A page thread waits for its request's body. Four slow senders would stop every page, so no thread sees a
request before all of it is here; and what is here at one time has an end as well.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import Enum

import msgspec
from django.conf import settings
from django.http import parse_cookie

from kepu.intake.app import Receive, Scope, Send
from kepu.kit import clock
from kepu.people.rules import SESSION_COOKIE as COOKIE
from kepu.people.rules import read_session

MEGABYTE = 1_048_576
SENT_MAX, SENT_SECONDS = MEGABYTE, 15.0
# Photographs for articles, from offices whose line is slow: only from members of staff. Those for clubs from
# whoever carries a session that we signed; the page asks whether it still holds.
UPLOAD_MAX, UPLOAD_SECONDS = 12 * MEGABYTE, 120.0
UPLOADS_UNDER, PHOTOS_UNDER = "/admin/", "/clubs/"
# Any line carries that much in SENT_SECONDS: nobody is asked who they are for it.
PROMPT_MAX = 131_072
# Of all bodies together, without the first FREE bytes of each: small forms pass whatever others send.
HELD_MAX = 64 * MEGABYTE
FREE = 65_536


class Unread(Enum):
    """Why a body was not read, or an answer not given: status, word for programs, sentence for people."""

    TOO_SLOW = (408, "too_slow", "等了太久也没有收完。请检查网络，再试一次。")
    TOO_LARGE = (413, "too_large", "发送的内容太大了。请缩小以后再试。")
    TOO_MANY = (503, "busy", "现在人太多了，请过一会儿再试。")
    ANSWER_TOO_LARGE = (
        507,
        "answer_too_large",
        "内容超过 64 MB，一次装不下，所以没有给出。请在“投诉与建议”里告诉我们，由工作人员分次交给您。",
    )
    GONE = (0, "", "")


class Bodies:
    """Reads bodies for one server process and counts the bytes beyond FREE that it holds for them.

    `is_staff` says of a Cookie header whether a member of staff sent it; asked about large bodies alone.
    """

    def __init__(self, is_staff: Callable[[str], Awaitable[bool]], *, held_max: int = HELD_MAX) -> None:
        self._is_staff = is_staff
        self._held_max = held_max
        self._held = 0

    @asynccontextmanager
    async def read(self, scope: Scope, receive: Receive) -> AsyncIterator[bytes | Unread]:
        """The whole body while the request is served, or why there is none; the rest is not read."""
        most, seconds = await self._allowed(scope)
        body = bytearray()
        try:
            try:
                unread = await asyncio.wait_for(self._fill(body, most, scope, receive), seconds)
            except TimeoutError:
                unread = Unread.TOO_SLOW
            yield unread or bytes(body)
        finally:
            self._held -= _counted(len(body))

    async def _allowed(self, scope: Scope) -> tuple[int, float]:
        path, cookies = scope["path"], _header(scope, b"cookie")
        if cookies and path.startswith((UPLOADS_UNDER, PHOTOS_UNDER)) and not _fits(scope, PROMPT_MAX):
            is_photo = path.startswith(PHOTOS_UNDER)
            if is_session(cookies) if is_photo else await self._is_staff(cookies):
                return UPLOAD_MAX, UPLOAD_SECONDS
        return SENT_MAX, SENT_SECONDS

    async def _fill(self, body: bytearray, most: int, scope: Scope, receive: Receive) -> Unread | None:
        if _header(scope, b"content-length") and not _fits(scope, most):
            return Unread.TOO_LARGE
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return Unread.GONE
            piece = message.get("body", b"")
            if len(body) + len(piece) > most:
                return Unread.TOO_LARGE
            more = _counted(len(body) + len(piece)) - _counted(len(body))
            if more and self._held + more > self._held_max:
                return Unread.TOO_MANY
            body += piece
            self._held += more
            if not message.get("more_body"):
                return None


def _fits(scope: Scope, most: int) -> bool:
    """Whether the request names a length, and one of at most `most` bytes."""
    length = _header(scope, b"content-length")
    return length.isascii() and length.isdigit() and len(length) < 12 and int(length) <= most


def _counted(size: int) -> int:
    """How much of a body of `size` bytes counts as held."""
    return max(size - FREE, 0)


def session_cookie(header: str, name: str) -> str:
    """The cookie `name` in a Cookie header, read as the pages read it; "" when it is not there."""
    return parse_cookie(header).get(name, "")


def is_session(header: str) -> bool:
    """Whether a Cookie header holds a session that we signed and that has not run out."""
    token = session_cookie(header, COOKIE)
    return read_session(settings.KEPU_KEYS.session, token, int(clock.now().timestamp())) is not None


def replayed(scope: Scope, body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the whole body at once; `scope` then says its length.

    A coroutine function, which Granian's own `receive` is not and a2wsgi asks for.
    """
    lengths = (b"content-length", b"transfer-encoding")
    scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in lengths]
    scope["headers"].append((b"content-length", str(len(body)).encode()))
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def received() -> dict[str, object]:
        return next(messages, None) or dict(await receive())

    return received


async def refuse(scope: Scope, send: Send, why: Unread) -> None:
    """The no is on the wire, as JSON under /v1 and as a small page elsewhere, and the connection ends."""
    status, error, sentence = why.value
    if not status:
        return
    if scope["path"].startswith("/v1/"):
        kind, body = "application/json", msgspec.json.encode({"error": error, "message": sentence})
    else:
        kind, body = "text/html", _PAGE.format(sentence).encode()
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    if why is Unread.TOO_MANY:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _header(scope: Scope, name: bytes) -> str:
    return b"; ".join(value for each, value in scope["headers"] if each == name).decode("latin-1")


_PAGE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width"><title>没有办成</title><p>{}</p><p><a href="/">回到首页</a></p></html>'
)
