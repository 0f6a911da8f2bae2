"""领取: the clerk's phone. The buyer's code by photo, camera or typed; the order behind it, and one button.

Scope is in the read (decision 12): an order of another place is not found, whoever scans its code.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kepu.console import deeds
from kepu.console import mall_labels as labels
from kepu.console.pages.mall_asking import buyers, order_mark
from kepu.console.pages.mall_orders import subject_of
from kepu.console.scope import me, within
from kepu.kit import clock
from kepu.kit.photo_codes import PHOTO_BYTES_MAX, Unread, codes_on
from kepu.mall import reads, writes
from kepu.mall.reads import OrderRow
from kepu.mall.reads.words import hand_text
from kepu.mall.rules import By, ItemKind, OrderState, Way, pick_up_token, steps_open
from kepu.people import reads as people
from kepu.people.rules import Ability

SENT_MAX = 500
# Which point the clerk stands at, so that a code for another one is said before anything is handed out.
POINT_COOKIE, POINT_SECONDS = "kepu_mall_point", 60 * 60 * 24 * 180
# The site lets no page use the camera; these two scan codes with it.
CAMERA = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pick_up_page(request: HttpRequest) -> HttpResponse:
    """A photo of the code, the camera, or eight digits; leads on to the order. At most 8 queries.

    POST with `point` keeps in this browser where the clerk stands.
    """
    places = within(request, Ability.HAND_OVER)
    trouble = ""
    if request.method == "POST" and "point" in request.POST:
        return _standing_at(request, places)
    if request.method == "POST":
        found = _asked(request, places)
        if isinstance(found, OrderRow):
            token = pick_up_token(settings.KEPU_KEYS.link, found.id)
            return redirect("console_hand_over", token)
        trouble = found
    points = reads.pick_up_points(places, only_open=True)
    here, waiting = request.COOKIES.get(POINT_COOKIE, ""), reads.open_counts((), places)
    context = {
        "header_title": _("Hand over"),
        "header_icon": "tag",
        "trouble": trouble,
        "points": points,
        "here": next((point for point in points if str(point.number) == here), None),
        "ready": waiting.get(OrderState.READY),
        "paid": waiting.get(OrderState.PAID),
        "typed": request.POST.get("code", "")[:40] if trouble else "",
    }
    response = render(request, "console/mall_pick_up.html", context, status=422 if trouble else 200)
    response.headers["Permissions-Policy"] = CAMERA
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_page(request: HttpRequest, token: str) -> HttpResponse:
    """The order of a code with item, picture and buyer, or plainly why nothing is handed over.

    POST: it is handed over, once; whoever comes second is told when and by whom it was done. At most 14
    queries to look.
    """
    places = within(request, Ability.HAND_OVER)
    found = reads.order_by_code(token[:SENT_MAX], (), places)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _order(request, found)
    now = clock.now()
    with transaction.atomic():
        refusal = writes.hand_over(found.id, me(request), now)
        if refusal is None:
            deeds.keep(request, "hand_over_mall_order", subject_of(found), found.place, now)
    if refusal is not None:
        again = reads.order_within(found.id, (), places) or found
        return _order(request, again, reads.refusal_text(refusal) if again.state is found.state else "")
    messages.success(request, _("Handed over."))
    return redirect("console_hand_over", token)


def _order(request: HttpRequest, found: OrderRow, refusal: str = "") -> HttpResponse:
    steps = reads.steps_of(found.id)
    last = next((step for step in steps if step.state is found.state), None)
    names = people.account_names({last.author}) if last is not None and last.by is By.STAFF else {}
    here = request.COOKIES.get(POINT_COOKIE, "")
    item = reads.items_by_number([found.item]).get(found.item)
    may = OrderState.HANDED_OVER in steps_open(found.kind, found.state, By.STAFF)
    context: dict[str, Any] = {
        "header_title": _("Hand over"),
        "header_icon": "tag",
        "order": found,
        "mark": order_mark(found.id),
        "state": found.state.value,
        "picture": item.pictures[0] if item is not None and item.pictures else None,
        "buyer": buyers({found.person})[found.person],
        "last": last,
        "who": (names.get(last.author) or hand_text(last.by)) if last is not None else "",
        "is_delivery": found.way is Way.DELIVERY,
        "may_hand": may and found.kind is ItemKind.GOODS,
        "elsewhere": found.point is not None and here.isdigit() and int(here) != found.point.number,
        "refusal": refusal,
    }
    status = 409 if refusal or (request.method == "POST") else 200
    return render(request, "console/mall_hand_over.html", context, status=status)


def _asked(request: HttpRequest, places: tuple[str, ...]) -> OrderRow | str:
    """The order whose code was photographed, scanned or typed; or what to do instead."""
    photo = request.FILES.get("photo")
    if photo is not None:
        codes = Unread.TOO_LARGE if (photo.size or 0) > PHOTO_BYTES_MAX else codes_on(photo.read())
        if isinstance(codes, Unread):
            return str(labels.UNREAD[codes])
        found = _first(codes, places)
        return found or _(
            "This code belongs to no order that is picked up in your divisions. Ask the buyer where."
        )
    typed = request.POST.get("code", "").replace("\x00", "")[:SENT_MAX]
    if not typed.strip():
        return _("Take a photo of the code, or type its eight digits.")
    return _first([typed], places) or _(
        "No order is picked up in your divisions under this code. Read the eight digits once more."
    )


def _first(codes: Iterable[str], places: tuple[str, ...]) -> OrderRow | None:
    looked_up = (reads.order_by_code(code, (), places) for code in codes)
    return next((found for found in looked_up if found is not None), None)


def _standing_at(request: HttpRequest, places: tuple[str, ...]) -> HttpResponse:
    """This browser stands at a pick-up point of mine; an empty number: at none."""
    text = request.POST.get("point", "")
    response = redirect("console_pick_up")
    if not text:
        response.delete_cookie(POINT_COOKIE, path="/admin/mall/")
        return response
    known = {str(point.number) for point in reads.pick_up_points(places, only_open=True)}
    if text not in known:
        raise Http404
    response.set_cookie(
        POINT_COOKIE,
        text,
        max_age=POINT_SECONDS,
        path="/admin/mall/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
