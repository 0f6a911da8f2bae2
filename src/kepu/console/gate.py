"""The gate of the back office: whoever holds a role shows a second factor once a working day."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from wagtail.permission_policies.collections import CollectionPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.users.models import UserProfile

from kepu.console.deeds import ASKED_BY, ASKED_FROM, network_of
from kepu.console.scope import is_able, keep_scopes
from kepu.kit import clock
from kepu.people.reads.staff_sessions import SessionRow, entered, has_second_factor, is_dormant
from kepu.people.rules import Ability
from kepu.people.rules.second_factor import STAFF_COOKIE, WORKING_DAY
from kepu.people.writes.staff_sessions import note_seen, note_walked_in

PLACE = "/admin/"
# Ways in and out, and what Wagtail shows to anybody: pictures of its icons and words for its scripts.
ARTICLES = (Ability.WRITE, Ability.REVIEW_1, Ability.REVIEW_2, Ability.REVIEW_3)
FOR_ALL_STAFF = {
    "wagtailadmin_home",
    "wagtailadmin_dismissibles",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
}
OPEN = ("login/", "logout/", "account/", "sprite/", "jsi18n/", "second-factor/")


def gate_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing under /admin/ answers a member of staff without a session of the back office.

    Whoever is no member of staff goes on to Wagtail, which sends them to the sign-in page. One query.
    In development a member of staff who set up no second factor walks in, and every page says so.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            return answered(request)
        finally:
            ASKED_FROM.set("")
            ASKED_BY.set(0)

    def answered(request: HttpRequest) -> HttpResponse:
        request.staff_session = None  # type: ignore[attr-defined]
        request.walks_in = False  # type: ignore[attr-defined]
        if not request.path_info.startswith(PLACE) or not request.user.is_staff:
            return get_response(request)
        ASKED_FROM.set(network_of(request))
        ASKED_BY.set(int(request.user.pk or 0))
        now = clock.now()
        session = session_of(request, now)
        request.staff_session = session  # type: ignore[attr-defined]
        if session is not None:
            note_seen(int(request.user.pk or 0), session, now)
            return _in_our_frame(request, get_response(request))
        if request.path_info.startswith(tuple(PLACE + each for each in OPEN)):
            return get_response(request)
        return _stopped(request, now) or _in_our_frame(request, get_response(request))

    middleware.process_view = _articles_only_for_their_people  # type: ignore[attr-defined]
    middleware.process_exception = _told  # type: ignore[attr-defined]
    return middleware


def session_of(request: HttpRequest, now: datetime) -> SessionRow | None:
    """The session of the back office that the request carries; its scopes are read with it.

    One query, none without its cookie.
    """
    token = request.COOKIES.get(STAFF_COOKIE, "")
    version = int(getattr(request.user, "session_version", 0))
    found = entered(int(request.user.pk or 0), version, token, now)
    if found is None:
        return None
    keep_scopes(request, found[1])
    return found[0]


def set_staff_cookie(response: HttpResponse, token: str) -> None:
    """The browser that gets `response` is in the back office for a working day."""
    response.set_cookie(
        STAFF_COOKIE,
        token,
        max_age=int(WORKING_DAY.total_seconds()),
        path=PLACE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def locked_page(request: HttpRequest) -> HttpResponse:
    """403: the account was away too long; who can open it again."""
    days = settings.KEPU_STAFF_DORMANT_DAYS
    return render(request, "console/dormant.html", {"days": days}, status=403)


def _articles_only_for_their_people(
    request: HttpRequest, _view: object, _args: object, _words: object
) -> HttpResponse | None:
    """Wagtail's own pages are for those who write and review: its choosers show drafts to all staff."""
    match = request.resolver_match
    if match is None or not request.path_info.startswith(PLACE) or not request.user.is_staff:
        return None
    if match.func.__module__.startswith("kepu.") or match.view_name.startswith("console_"):
        _spare_wagtail_its_questions(request)
        return None
    if match.view_name in FOR_ALL_STAFF or any(is_able(request, ability) for ability in ARTICLES):
        return None
    return page_not_found(request, Http404())


def _told(request: HttpRequest, trouble: Exception) -> HttpResponse | None:
    """400 for a form without the fields that Wagtail's pages take for granted: nothing was changed by it.

    403 in the back office's own frame for what Wagtail lets nobody do.
    """
    if not request.path_info.startswith(PLACE):
        return None
    if isinstance(trouble, PermissionDenied) and request.user.is_staff:
        return _missing(request, _("Not allowed"), _("Your roles do not allow this."), 403)
    if not isinstance(trouble, MultiValueDictKeyError):
        return None
    return render(request, "console/incomplete.html", {"to": request.path_info}, status=400)


def _in_our_frame(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page that is not there, or only takes forms, says so with the menu of the back office around it."""
    programs = request.headers.get("X-Requested-With") or request.headers.get("HX-Request")
    if response.status_code not in (404, 405) or programs or request.method not in ("GET", "HEAD", "POST"):
        return response
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return response
    if response.status_code == 405:
        words = _("This address only takes forms that are sent; there is nothing to look at.")
        told = _missing(request, _("Nothing to look at here"), words, 405)
        told.headers["Allow"] = response.headers.get("Allow", "")
        return told
    words = _("There is no such page, or it is outside your divisions and roles.")
    return _missing(request, _("No such page"), words, 404)


def _missing(request: HttpRequest, title: str, words: str, status: int) -> HttpResponse:
    context = {"header_title": title, "header_icon": "warning", "words": words, "above": _above(request)}
    return render(request, "console/missing.html", context, status=status)


def _above(request: HttpRequest) -> str:
    """The nearest address of ours above the one asked for; "" when that is the home page."""
    path = request.path_info.rstrip("/")
    while path := path.rpartition("/")[0]:
        try:
            match = resolve(f"{path}/")
        except Resolver404:
            continue
        if match.func.__module__.startswith("kepu.console") and f"{path}/" != PLACE:
            return f"{path}/"
    return ""


def _spare_wagtail_its_questions(request: HttpRequest) -> None:
    """On our own pages Wagtail's shell asks nothing of whoever has nothing to do with articles.

    Its menu would read twice what they may do there: nothing (`people.writes.staff` gives its groups to those
    who write and review alone). And nobody keeps a profile of Wagtail's: its page of accounts leads to ours.
    """
    if any(is_able(request, ability) for ability in ARTICLES):
        return
    for policy in (PagePermissionPolicy, CollectionPermissionPolicy):
        setattr(request.user, policy.permission_cache_name, [])
    UserProfile._meta.get_field("user").remote_field.set_cached_value(request.user, None)


def _stopped(request: HttpRequest, now: datetime) -> HttpResponse | None:
    """What a member of staff without a session gets; None where they walk in. Two queries at most."""
    account = int(request.user.pk or 0)
    if settings.KEPU_DEVELOPMENT and not has_second_factor(account):
        request.walks_in = True  # type: ignore[attr-defined]
        note_walked_in(account, now)
        return None
    if is_dormant(account, now):
        return locked_page(request)
    to = reverse("console_second_factor")
    programs = request.headers.get("X-Requested-With") or request.headers.get("HX-Request")
    if programs or "json" in request.headers.get("Accept", "") or request.path_info.startswith("/admin/api/"):
        return JsonResponse({"error": "second_factor", "at": to}, status=403)
    if request.method in ("GET", "HEAD"):
        return redirect(f"{to}?{urlencode({'next': request.get_full_path()})}")
    return render(request, "console/lapsed.html", {"to": to}, status=403)
