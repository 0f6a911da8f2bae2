"""What there is to exchange points for, one item, and the page on which it is exchanged."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.mall import labels, reads, writes
from kepu.mall.forms import WishForm
from kepu.mall.pages.buyers import Buyer, buyer_of, me
from kepu.mall.reads import ItemRow, Offer
from kepu.mall.rules import FEW_LEFT, POINTS_MAX, ItemKind, Refusal, Way, taken_from, ways_of
from kepu.people import reads as people
from kepu.ui.off import is_off, part_of

ITEMS = 20
START_MAX = 10_000
ICONS = {ItemKind.GOODS: "gift", ItemKind.VOUCHER: "points", ItemKind.BADGE: "medal"}
# Why somebody cannot have it, and where they could do something about it.
WAYS_ON = {Refusal.NOT_CERTIFIED: "/me/certification/"}


@never_cache
@require_safe
def mall_page(request: HttpRequest) -> HttpResponse:
    """What is on sale for me, what I can afford first; htmx gets only the next items. At most 12 queries.

    404 while the mall is switched off, with the way to my orders where something is still to come.
    """
    return _off_page(request) if is_off(request, "mall") else _open_page(request)


def _off_page(request: HttpRequest) -> HttpResponse:
    known = request.user.is_authenticated
    waiting = reads.open_orders_of(people.hands_of(me(request))) if known else 0
    return render(request, "mall/off.html", {"open_orders": waiting}, status=404)


@login_required
def _open_page(request: HttpRequest) -> HttpResponse:
    buyer, now = buyer_of(request), clock.now()
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.window(buyer.standing, buyer.points.balance, now, start, ITEMS)
    context: dict[str, Any] = {
        "cards": [_card(item, buyer) for item in page.rows],
        "more": f"?start={page.next_start}" if page.next_start else "",
    }
    if request.headers.get("HX-Request") == "true" and start:
        response = render(request, "mall/_cards.html", context)
    else:
        context |= {
            "points": buyer.points,
            "open_orders": reads.open_orders_of(people.hands_of(buyer.person)),
            "is_certified": buyer.standing.is_certified,
        }
        response = render(request, "mall/mall.html", context)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


@part_of("mall")
@never_cache
@login_required
@require_safe
def item_page(request: HttpRequest, item: int) -> HttpResponse:
    """One item: its pictures, its price, how it is got, and why I cannot have it. At most 12 queries."""
    buyer = buyer_of(request)
    return render(request, "mall/item.html", _item_context(buyer, _offer_or_404(item, buyer)))


@part_of("mall")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest, item: int) -> HttpResponse:
    """What is taken from which points and where it is got; POST exchanges it, once for each form.

    Whoever cannot have it is shown the item, which says why.
    """
    buyer = buyer_of(request)
    order = _order_id(request)
    if request.method == "POST" and reads.order_of(order, {buyer.person}) is not None:
        return redirect("mall_order", order=order)
    offer = _offer_or_404(item, buyer)
    way = _way(request, offer.item)
    if not offer.is_open or way is None:
        status = 409 if request.method == "POST" else 200
        return render(request, "mall/item.html", _item_context(buyer, offer), status=status)
    profile = people.profile(buyer.person)
    data = request.POST if request.method == "POST" else None
    form = WishForm(offer.item, way, data, profile.name if profile is not None else "")
    if form.is_bound and form.is_valid():
        seen = whole_number(request.POST.get("points"), 0, POINTS_MAX, 0)
        refusal = writes.buy(order, buyer.person, item, form.wish(seen), clock.now())
        # An order that was made says itself what became of it, also where the points did not reach.
        if refusal in (None, Refusal.POINTS_SHORT):
            return redirect("mall_order", order=order)
        form.refuse(refusal)
        offer = reads.offer(item, buyer.person, buyer.standing, buyer.points.balance, clock.now()) or offer
        order = uuid4()
    context = {
        "offer": offer,
        "card": _card(offer.item, buyer),
        "form": form,
        "way": way,
        "way_words": labels.WAYS[way],
        "places": {str(point.number): point for point in offer.item.pick_up},
        "order": order,
        "points": buyer.points,
        "left": buyer.points.balance - offer.item.points,
        "taken": taken_from(buyer.points.lots, offer.item.points),
    }
    return render(request, "mall/confirm.html", context, status=422 if form.is_bound else 200)


def _offer_or_404(item: int, buyer: Buyer) -> Offer:
    offer = reads.offer(item, buyer.person, buyer.standing, buyer.points.balance, clock.now())
    if offer is None:
        raise Http404
    return offer


def _item_context(buyer: Buyer, offer: Offer) -> dict[str, Any]:
    return {
        "offer": offer,
        "card": _card(offer.item, buyer),
        "points": buyer.points,
        "ways": [(way.value, labels.WAYS[way]) for way in ways_of(offer.item.terms)],
        "places": [point for point in offer.item.pick_up if point.is_open],
        "why": labels.REFUSALS[offer.refusal] if offer.refusal is not None else "",
        "way_on": WAYS_ON.get(offer.refusal, "") if offer.refusal is not None else "",
        "span": labels.SPANS[offer.item.limit_span],
        "has_opening": offer.refusal is Refusal.NOT_OPEN_YET,
    }


def _card(item: ItemRow, buyer: Buyer) -> dict[str, Any]:
    """How an item looks in a list: its stock in plain words, and how many points I am short of."""
    return {
        "item": item,
        "kind": labels.KINDS[item.kind],
        "icon": ICONS[item.kind],
        "is_gone": item.stock < 1,
        "few": item.stock if 0 < item.stock <= FEW_LEFT else 0,
        "missing": max(0, item.points - buyer.points.balance),
        "is_locked": item.certified_only and not buyer.standing.is_certified,
        "opens_at": item.opens_at if item.opens_at and item.opens_at > clock.now() else None,
    }


def _way(request: HttpRequest, item: ItemRow) -> Way | None:
    """The way asked for where the item is got so, else the only one there is."""
    ways = ways_of(item.terms)
    asked = (request.POST if request.method == "POST" else request.GET).get("way", "")
    return next((way for way in ways if way == asked), ways[0] if len(ways) == 1 else None)


def _order_id(request: HttpRequest) -> UUID:
    """The id the form was given, or a new one where it carries none."""
    try:
        return UUID(request.POST.get("order", ""))
    except ValueError:
        return uuid4()
