"""Who asks: one signed token serves the pages, the back office and the HTTP API."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kepu.kit import clock
from kepu.people.models import Account
from kepu.people.rules import SESSION_LIFE, read_session

COOKIE = "kepu_session"


class AccountBackend(ModelBackend):
    """Permissions as Django knows them; signing in goes through `people.writes` alone."""

    def authenticate(self, request: HttpRequest | None, **_credentials: object) -> None:  # type: ignore[override]
        return None


def session_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Set `request.user` from the session token, at the first use; costs one query then."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: account_of(request) or AnonymousUser())  # type: ignore[assignment]
        return get_response(request)

    return middleware


def account_of(request: HttpRequest) -> Account | None:
    """The open account whose valid token the request carries (bearer header or cookie)."""
    session = read_session(settings.KEPU_KEYS.session, token_of(request), int(clock.now().timestamp()))
    if session is None:
        return None
    account = Account.objects.filter(pk=session.account, session_version=session.version).first()
    return account if account is not None and account.is_active else None


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
