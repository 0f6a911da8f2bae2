"""The second factor at the door of the back office, and the sessions behind it."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.console import deeds, labels
from kepu.console.gate import locked_page, set_staff_cookie
from kepu.console.qr import qr_path, setup_address
from kepu.console.scope import me, my_place
from kepu.kit import clock
from kepu.people import reads
from kepu.people.reads.staff_sessions import (
    SessionRow,
    has_second_factor,
    is_dormant,
    recovery_codes_left,
    staff_sessions,
)
from kepu.people.rules import Refused
from kepu.people.rules.second_factor import device_of
from kepu.people.writes.second_factor import (
    Proof,
    begin_second_factor,
    confirm_second_factor,
    prove_second_factor,
)
from kepu.people.writes.staff_sessions import end_staff_session, end_staff_sessions, open_staff_session


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Asks for the code and opens a session of the back office; whoever has no factor sets one up first."""
    _staff_only(request)
    now = clock.now()
    if is_dormant(me(request), now) and _session(request) is None:
        return locked_page(request)
    if not has_second_factor(me(request)):
        return redirect(f"{reverse('console_set_up')}?{urlencode({'next': _next(request)})}")
    refusal = ""
    if request.method == "POST":
        response = redirect(_next(request))
        proof = prove_second_factor(
            me(request),
            request.POST.get("code", ""),
            now,
            lambda by: _open(request, response, by_recovery=by is Proof.RECOVERY_CODE),
        )
        if isinstance(proof, Proof):
            return response
        refusal = reads.refusal_text(proof.refusal)
    context = {"refusal": refusal, "next": _next(request)}
    return render(request, "console/second_factor.html", context, status=422 if refusal else 200)


@never_cache
@sensitive_post_parameters("code", "present")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_page(request: HttpRequest) -> HttpResponse:
    """The key as a QR code and as letters; a right code makes it the second factor and opens a session.

    Whoever has one already comes here from inside only, and proves the present one too.
    """
    _staff_only(request)
    has_one = has_second_factor(me(request))
    if _session(request) is None:
        if is_dormant(me(request), clock.now()):
            return locked_page(request)
        if has_one:
            return redirect(f"{reverse('console_second_factor')}?{urlencode({'next': _next(request)})}")
    refusal = ""
    if request.method == "POST":
        code, present = request.POST.get("code", ""), request.POST.get("present", "")
        opening = HttpResponse()
        answer = confirm_second_factor(
            me(request), code, present, clock.now(), lambda: _keep_set_up(request, opening)
        )
        if not isinstance(answer, Refused):
            return _set_up(request, answer, opening)
        refusal = reads.refusal_text(answer.refusal)
    key = begin_second_factor(me(request))
    name = str(getattr(request.user, "display_name", "")) or str(me(request))
    path, size = qr_path(setup_address(key, name))
    context = {
        "key": " ".join(key[place : place + 4] for place in range(0, len(key), 4)),
        "qr_path": path,
        "qr_size": size,
        "has_one": has_one,
        "may_wait": settings.KEPU_DEVELOPMENT or _session(request) is not None,
        "refusal": refusal,
        "next": _next(request),
    }
    return render(request, "console/set_up.html", context, status=422 if refusal else 200)


@require_safe
def sessions_page(request: HttpRequest) -> HttpResponse:
    """Where I am signed in to the back office, and my second factor."""
    _staff_only(request)
    mine = _session(request)
    context = {
        "header_title": _("My sessions"),
        "header_icon": "key",
        "rows": [shown_session(row, mine) for row in staff_sessions(me(request), clock.now())],
        "has_factor": has_second_factor(me(request)),
        "codes_left": recovery_codes_left(me(request)),
    }
    return render(request, "console/sessions.html", context)


@require_POST
def end_session_page(request: HttpRequest, session: int) -> HttpResponse:
    """One of my sessions is over; 404 for another's."""
    _staff_only(request)
    now = clock.now()
    with transaction.atomic():
        if not end_staff_session(session, me(request), now):
            raise Http404
        deeds.keep(request, "end_staff_session", _my_name(request), my_place(request), now)
    messages.success(request, _("That session is over."))
    return redirect("console_sessions")


@require_POST
def end_others_page(request: HttpRequest) -> HttpResponse:
    """All my sessions but this one are over."""
    _staff_only(request)
    now, mine = clock.now(), _session(request)
    with transaction.atomic():
        if end_staff_sessions(me(request), now, but=mine.number if mine else None):
            deeds.keep(request, "end_staff_session", _my_name(request), my_place(request), now)
    messages.success(request, _("All other sessions are over."))
    return redirect("console_sessions")


def shown_session(row: SessionRow, mine: SessionRow | None) -> dict[str, object]:
    """A session as a list shows it."""
    is_mine = mine is not None and mine.number == row.number
    return {"row": row, "device": labels.device_text(row.device), "is_mine": is_mine}


def _keep_set_up(request: HttpRequest, opening: HttpResponse) -> None:
    """In the transaction that sets the factor up: its record, and a session where there is none."""
    deeds.keep(request, "set_second_factor", _my_name(request), my_place(request), clock.now())
    if _session(request) is None:
        _open(request, opening)


def _set_up(request: HttpRequest, codes: tuple[str, ...], opening: HttpResponse) -> HttpResponse:
    response = render(request, "console/recovery_codes.html", {"codes": codes, "next": _next(request)})
    response.cookies.update(opening.cookies)
    return response


def _open(request: HttpRequest, response: HttpResponse, *, by_recovery: bool = False) -> None:
    now, device = clock.now(), device_of(request.headers.get("User-Agent", ""))
    token = open_staff_session(me(request), deeds.network_of(request), device, now)
    act = "spend_recovery_code" if by_recovery else "open_staff_session"
    deeds.keep(request, act, _my_name(request), my_place(request), now, ({}, {"device": device}))
    set_staff_cookie(response, token)


def _staff_only(request: HttpRequest) -> None:
    if not request.user.is_staff:
        raise Http404


def _session(request: HttpRequest) -> SessionRow | None:
    session: SessionRow | None = getattr(request, "staff_session", None)
    return session


def _my_name(request: HttpRequest) -> str:
    return str(getattr(request.user, "display_name", ""))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    local = wanted.startswith("/admin/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if local else "/admin/"
