"""Who asks: one signed token serves the pages, the back office and the HTTP API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from kepu.kit import clock
from kepu.people.models import Account
from kepu.people.rules import SESSION_COOKIE, SESSION_LIFE, account_mark, is_spent_for_staff, read_session

COOKIE = SESSION_COOKIE
# Where a request remembers that it was asked who it is from: an account's id, 0 for a visitor.
ASKER = "kepu.asker"
# Tells the worker beside the pages (/sw.js) whose an answer is, so that it keeps accounts apart.
MARK, NOBODY = "Kepu-Account", "-"


class AccountBackend(ModelBackend):
    """Permissions as Django knows them; signing in goes through `people.writes` alone."""

    def authenticate(self, request: HttpRequest | None, **_credentials: object) -> None:  # type: ignore[override]
        return None

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """None: permissions come from the groups of a person's roles alone. No query on every staff page."""
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Those of the groups, read once a request."""
        return set(self.get_group_permissions(user_obj, obj))


def session_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Set `request.user` from the session token, at the first use; costs one query then.

    An answer that depends on who asks says so to caches, and one for somebody signed in is kept by nobody.
    `request.account_mark()` is the account's mark where a page has asked already, else ""; it asks nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: account_of(request) or AnonymousUser())  # type: ignore[assignment]
        request.account_mark = lambda: _mark(request)  # type: ignore[attr-defined]
        response = get_response(request)
        asker = request.META.get(ASKER)
        if asker is not None:
            patch_vary_headers(response, ("Cookie",))
            response.headers[MARK] = _mark(request) or NOBODY
        if asker:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def account_of(request: HttpRequest) -> Account | None:
    """The open account whose valid token the request carries (bearer header or cookie)."""
    request.META[ASKER] = 0
    account = _account_with(token_of(request), clock.now())
    if account is not None:
        request.META[ASKER] = account.pk
    return account


def is_staff_token(token: str, now: datetime) -> bool:
    """Whether a member of staff asks: a valid token of an open account that holds a scope.

    One query, none where the token is not ours or past its life.
    """
    account = _account_with(token, now)
    return account is not None and account.is_staff


def _account_with(token: str, now: datetime) -> Account | None:
    now_s = int(now.timestamp())
    session = read_session(settings.KEPU_KEYS.session, token, now_s)
    if session is None:
        return None
    found = Account.objects.filter(pk=session.account, session_version=session.version)
    account: Account | None = found.first()
    if account is None or not account.is_active:
        return None
    return None if account.is_staff and is_spent_for_staff(session, now_s) else account


def _mark(request: HttpRequest) -> str:
    asker = request.META.get(ASKER)
    return account_mark(settings.KEPU_KEYS.reader, asker) if asker else ""


def me_of(request: HttpRequest) -> int:
    """The id of the account that asks; only where a person is known to be signed in."""
    assert request.user.pk is not None
    return request.user.pk


def token_of(request: HttpRequest) -> str:
    """The token as sent, or ""."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else request.COOKIES.get(COOKIE, "")


def set_session_cookie(response: HttpResponse, token: str) -> None:
    """The browser that gets `response` carries `token` from now on."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def drop_session_cookie(response: HttpResponse) -> None:
    """The browser that gets `response` is nobody's."""
    response.delete_cookie(COOKIE, samesite="Lax")
