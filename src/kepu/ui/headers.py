"""Security headers of every answer; the back office alone may run inline scripts, as Wagtail needs."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.defaults import bad_request, page_not_found

PAGES = (
    "default-src 'self'; img-src 'self' data:; media-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
BACK_OFFICE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
WECHAT = "https://res.wx.qq.com"
PAGES_IN_WECHAT = f"{PAGES}; script-src 'self' {WECHAT}"
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


def headers_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Add the policy of the place asked for, unless a page set its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not (settings.DEBUG and response.status_code == 500):  # Django's own page for developers
            policy = BACK_OFFICE if request.path.startswith("/admin/") else PAGES
            response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return middleware


def missing_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever tries the app in development meets our 404 page, not Django's list of addresses.

    Stands next to the pages, where both are `HttpResponseNotFound`; a page's own 404 is another class.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.DEBUG and isinstance(response, HttpResponseNotFound):
            return page_not_found(request, Http404())
        return response

    return middleware


def address_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """No address and no query with a NUL in it is asked any further: PostgreSQL takes none in a question."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            return page_not_found(request, Http404())
        if "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request, BadRequest())
        return get_response(request)

    return middleware
