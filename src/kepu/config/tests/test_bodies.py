"""A body is whole, small and in time before a page thread sees it; or the sender is told why not."""

import asyncio
import json
from typing import Any

import pytest
from django.conf import settings

from kepu.config import bodies
from kepu.config.bodies import MEGABYTE, Bodies, Unread
from kepu.kit import clock
from kepu.people.rules import SESSION_COOKIE, Session, session_token


def scope(path: str = "/complaints/", **headers: str) -> dict[str, Any]:
    """A POST as the server hands it over."""
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "POST", "path": path, "headers": pairs}


def sender(*pieces: bytes, then: float = 0, gone: bool = False) -> Any:
    """A `receive` that gives the pieces, waits `then` seconds, and ends the body or leaves."""
    line = list(pieces)

    async def receive() -> dict[str, Any]:
        if line:
            piece = line.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(line) or bool(then) or gone}
        await asyncio.sleep(then)
        return {"type": "http.disconnect"}

    return receive


async def nobody(_cookies: str) -> bool:
    """No member of staff asks."""
    return False


async def everybody(cookies: str) -> bool:
    """Whoever has a cookie is staff."""
    return bool(cookies)


def read(asked: dict[str, Any], receive: Any, *, staff: bool = False, held_max: int = 10**9) -> Any:
    """What is read of one request."""

    async def scene() -> Any:
        kept = Bodies(everybody if staff else nobody, held_max=held_max)
        async with kept.read(asked, receive) as body:
            return body

    return asyncio.run(scene())


def test_a_body_is_put_together():
    assert read(scope(), sender(b"a", b"b", b"c")) == b"abc"
    assert read(scope(), sender(b"")) == b""


@pytest.mark.parametrize(
    ("path", "staff", "size", "taken"),
    [
        ("/complaints/", False, MEGABYTE, True),
        ("/complaints/", False, MEGABYTE + 1, False),
        ("/complaints/", True, MEGABYTE + 1, False),
        ("/admin/images/add/", False, MEGABYTE + 1, False),
        ("/admin/images/add/", True, 12 * MEGABYTE, True),
        ("/admin/images/add/", True, 12 * MEGABYTE + 1, False),
        ("/administrator/", True, MEGABYTE + 1, False),
    ],
)
def test_only_staff_send_more_than_a_megabyte(path, staff, size, taken):
    halves = (b"x" * (size // 2), b"x" * (size - size // 2))
    counted = read(scope(path, cookie="a=b"), sender(*halves), staff=staff)
    assert (len(counted) if taken else counted) == (size if taken else Unread.TOO_LARGE)
    told = read(scope(path, cookie="a=b", content_length=str(size)), sender(b"x"), staff=staff)
    assert told == (b"x" if taken else Unread.TOO_LARGE)


@pytest.mark.parametrize(
    ("path", "headers", "asked"),
    [
        ("/admin/images/add/", {"content_length": "2000000", "cookie": "a=b"}, True),
        ("/admin/images/add/", {"cookie": "a=b"}, True),
        ("/admin/images/add/", {"content_length": "2000000"}, False),
        ("/admin/login/", {"content_length": "3000", "cookie": "a=b"}, False),
        ("/complaints/", {"content_length": "2000000", "cookie": "a=b"}, False),
    ],
)
def test_who_sends_is_asked_for_large_bodies_alone(path, headers, asked):
    questions = []

    async def is_staff(cookies: str) -> bool:
        questions.append(cookies)
        return False

    async def scene() -> Any:
        async with Bodies(is_staff).read(scope(path, **headers), sender(b"x")) as body:
            return body

    asyncio.run(scene())
    assert questions == (["a=b"] if asked else [])


@pytest.mark.parametrize(
    ("path", "signed", "size", "taken"),
    [
        ("/clubs/1/post/", True, 12 * MEGABYTE, True),
        ("/clubs/1/post/", True, 12 * MEGABYTE + 1, False),
        ("/clubs/1/post/", False, MEGABYTE + 1, False),
        ("/complaints/", True, MEGABYTE + 1, False),
    ],
)
def test_photos_for_clubs_come_from_whoever_carries_a_session_of_ours(path, signed, size, taken):
    at = int(clock.now().timestamp())
    key = settings.KEPU_KEYS.session if signed else bytes(32)
    token = session_token(key, Session(7, 1, at))
    answer = read(scope(path, cookie=f"{SESSION_COOKIE}={token}"), sender(b"x" * size))
    assert (len(answer) if taken else answer) == (size if taken else Unread.TOO_LARGE)


@pytest.mark.parametrize("length", ["-1", "x", "1" * 400, "²", "1, 2"])
def test_a_length_that_is_none_is_not_believed(length):
    asked = scope()
    asked["headers"].append((b"content-length", length.encode("latin-1", "replace")))
    assert read(asked, sender(b"x")) is Unread.TOO_LARGE


def test_a_slow_sender_is_given_up(monkeypatch):
    monkeypatch.setattr(bodies, "SENT_SECONDS", 0.05)
    assert read(scope(), sender(b"a", then=5)) is Unread.TOO_SLOW


def test_a_sender_who_leaves_is_forgotten():
    assert read(scope(), sender(b"a", gone=True)) is Unread.GONE


def test_what_is_held_at_one_time_has_an_end_and_is_let_go(monkeypatch):
    monkeypatch.setattr(bodies, "FREE", 0)

    async def scene() -> list[Any]:
        kept = Bodies(nobody, held_max=5)
        async with kept.read(scope(), sender(b"abc")) as first, kept.read(scope(), sender(b"def")) as second:
            both = [first, second]
        async with kept.read(scope(), sender(b"def")) as after:
            return [*both, after]

    assert asyncio.run(scene()) == [b"abc", Unread.TOO_MANY, b"def"]


def test_a_small_form_passes_however_much_is_held_for_others():
    async def scene() -> list[Any]:
        kept = Bodies(nobody, held_max=10)
        large, small = b"x" * (bodies.FREE + 10), b"x" * bodies.FREE
        async with kept.read(scope(), sender(large)) as first:
            assert first == large
            async with kept.read(scope(), sender(small)) as form, kept.read(scope(), sender(large)) as more:
                held = [form == small, more]
        async with kept.read(scope(), sender(large)) as after:
            return [*held, after == large]

    assert asyncio.run(scene()) == [True, Unread.TOO_MANY, True]


def test_what_was_read_is_given_again_with_its_length():
    asked = scope(transfer_encoding="chunked", content_type="text/plain")

    async def scene() -> list[Any]:
        receive = bodies.replayed(asked, b"abc", sender(gone=True))
        return [await receive(), await receive()]

    assert asyncio.run(scene()) == [
        {"type": "http.request", "body": b"abc", "more_body": False},
        {"type": "http.disconnect"},
    ]
    assert asked["headers"] == [(b"content-type", b"text/plain"), (b"content-length", b"3")]


@pytest.mark.parametrize("why", [Unread.TOO_SLOW, Unread.TOO_LARGE, Unread.TOO_MANY, Unread.ANSWER_TOO_LARGE])
@pytest.mark.parametrize("path", ["/v1/accounts", "/sign-up/"])
def test_a_no_is_said_in_chinese_to_people_and_in_json_to_programs(why, path):
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(bodies.refuse(scope(path), send, why))
    start, end = sent
    assert start["status"] == why.value[0]
    text = end["body"].decode()
    assert why.value[2] in text
    assert not path.startswith("/v1/") or json.loads(text)["error"] == why.value[1]
