"""Who is in front of a page: a signed-in person, or a reader known only by a cookie of ours."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kepu.kit import clock
from kepu.people.rules import Session, client_network
from kepu.people.rules.readers import (
    READER_COOKIE,
    READER_COOKIE_SECONDS,
    is_person,
    read_reader,
    reader_of_account,
    reader_of_network,
    reader_token,
)


def person_of(request: HttpRequest) -> int | None:
    """The signed-in account's id, or None. One query the first time a request asks."""
    return request.user.pk if request.user.is_authenticated else None


def account_of(request: HttpRequest) -> int:
    """The signed-in account's id, on a page that only signed-in people reach."""
    person = person_of(request)
    assert person is not None
    return person


def book_of(request: HttpRequest) -> int:
    """The county book a signed-in person's account was opened in."""
    assert request.user.is_authenticated
    return request.user.book


def session_of(request: HttpRequest) -> Session:
    """The session a signed-in person asks with, for what the ledger checks as it writes."""
    assert request.user.is_authenticated
    return Session(request.user.pk, request.user.session_version, 0)


def reader_of(request: HttpRequest) -> bytes:
    """The reader (16 bytes) of this browser: its account's, its cookie's, or one of its network's."""
    person = person_of(request)
    if person is not None:
        return reader_of_account(settings.KEPU_KEYS.reader, person)
    known = read_reader(settings.KEPU_KEYS.reader, request.COOKIES.get(READER_COOKIE, ""))
    if known is not None:
        return known
    day = clock.day_of(clock.now()).isoformat()
    agent = request.headers.get("User-Agent", "")
    return reader_of_network(settings.KEPU_KEYS.reader, network_of(request), agent, day)


def remember_reader(response: HttpResponse, reader: bytes) -> None:
    """The browser that gets `response` stays this reader for a year."""
    response.set_cookie(
        READER_COOKIE,
        reader_token(settings.KEPU_KEYS.reader, reader),
        max_age=READER_COOKIE_SECONDS,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def know_account(request: HttpRequest, response: HttpResponse) -> None:
    """A signed-in browser stays its account's reader after signing out, so nobody reads their own links."""
    person = person_of(request)
    if person is None:
        return
    mine = reader_of_account(settings.KEPU_KEYS.reader, person)
    if read_reader(settings.KEPU_KEYS.reader, request.COOKIES.get(READER_COOKIE, "")) != mine:
        remember_reader(response, mine)


def asked_by_person(request: HttpRequest) -> bool:
    """Whether a human, not a preview or a robot, asked for this page."""
    purpose = " ".join(request.headers.get(name, "") for name in ("Purpose", "X-Purpose", "Sec-Purpose"))
    return is_person(request.method or "", request.headers.get("User-Agent", ""), purpose)


def network_of(request: HttpRequest) -> str:
    """The network the request came from; "" when unknown."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_network(request.META.get("REMOTE_ADDR", ""), forwarded, settings.KEPU_PROXIES)
