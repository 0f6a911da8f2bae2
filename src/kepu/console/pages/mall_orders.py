"""积分商城: orders by state and pick-up point; got ready, handed over by name, called off, taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds
from kepu.console.pages.mall_asking import Reach, buyers, order_at, order_mark, reach_of, typed
from kepu.console.scope import is_inside, me, scopes_of
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.mall import reads, writes
from kepu.mall.reads import OrderFilter, OrderRow
from kepu.mall.reads.words import hand_text
from kepu.mall.rules import REASON_MAX, By, ItemKind, OrderState, Refusal, Way, steps_open
from kepu.people import reads as people
from kepu.people.rules import Ability, divisions_for

PAGE_SIZE = 50
START_MAX = 1_000_000
ID_MAX = 2**31 - 1
# What waits for somebody comes first: it is what the list is opened for.
VIEWS = (OrderState.PAID, OrderState.READY, OrderState.HANDED_OVER, OrderState.CANCELLED, OrderState.RETURNED)


@never_cache
@require_safe
def orders_page(request: HttpRequest) -> HttpResponse:
    """Orders I may see, newest first, by ?state=, ?point= and ?item=; 50 a page. At most 14 queries."""
    reach = reach_of(request)
    filters = _filters(request)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.orders_within(reach.owners, reach.places, filters, start, PAGE_SIZE)
    shown = buyers({row.person for row in page.rows})
    counts = reads.open_counts(reach.owners, reach.places)
    points = _points(reach, filters.point)
    context = {
        "header_title": _("Orders of the mall"),
        "header_icon": "list-ul",
        "rows": [_line(row, reach) | {"buyer": shown[row.person]} for row in page.rows],
        "views": [
            {
                "to": _narrowed(filters, state=state),
                "label": reads.state_text(state),
                "count": counts.get(state),
                "is_current": state is filters.state,
            }
            for state in VIEWS
        ],
        "all_of_them": _narrowed(filters, state=None),
        "filters": filters,
        "state": filters.state.value if filters.state is not None else "",
        "points": points,
        "may_tick": filters.state is OrderState.PAID and any(_may_ready(row) for row in page.rows),
        "runs": bool(reach.owners),
        "unmasks": _unmasks(request, reach),
        "turning": _query(filters),
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/mall_orders.html", context)


@never_cache
@require_safe
def order_page(request: HttpRequest, order: UUID) -> HttpResponse:
    """One order: its steps with who and when, and what I may do with it. At most 14 queries."""
    return shown_order(request, *order_at(request, order))


def shown_order(
    request: HttpRequest, reach: Reach, found: OrderRow, refusal: str = "", address: Any = None
) -> HttpResponse:
    """The page of an order, with why not, or with the address that was asked for."""
    steps = reads.steps_of(found.id)
    names = people.account_names({step.author for step in steps if step.by is By.STAFF})
    buyer = buyers({found.person})[found.person]
    may_do = set(steps_open(found.kind, found.state, By.STAFF))
    context = {
        "header_title": f"{found.item_name} · {buyer.name}",
        "header_icon": "list-ul",
        "order": found,
        "mark": order_mark(found.id),
        "state": reads.state_text(found.state),
        "way": reads.way_text(found.way),
        "buyer": buyer,
        "steps": [
            {"step": step, "state": reads.state_text(step.state), "who": _who(step, names)} for step in steps
        ],
        "may_ready": OrderState.READY in may_do and _may_ready(found),
        "may_hand": OrderState.HANDED_OVER in may_do and (reach.hands_out(found) or reach.runs(found)),
        "may_cancel": OrderState.CANCELLED in may_do and reach.runs(found),
        "may_return": OrderState.RETURNED in may_do and reach.runs(found),
        "is_goods": found.kind is ItemKind.GOODS,
        "is_delivery": found.way is Way.DELIVERY,
        "may_see_address": found.has_contact and sees_address(request, found),
        "address": address,
        "refusal": refusal,
        "reason": typed(request, "reason", REASON_MAX) if refusal else "",
        "reason_max": REASON_MAX,
        "to_run": reach.runs(found),
    }
    return render(request, "console/mall_order.html", context, status=409 if refusal else 200)


@require_POST
def ready_page(request: HttpRequest) -> HttpResponse:
    """The orders that were ticked lie ready: each with its own record. What is not mine is passed over."""
    reach, now = reach_of(request), clock.now()
    ticked = [number for text in request.POST.getlist("ticked")[:PAGE_SIZE] if (number := _uuid(text))]
    done, refused = 0, ""
    for order in dict.fromkeys(ticked):
        found = reads.order_within(order, reach.owners, reach.places)
        if found is None:
            continue
        refusal = _made_ready(request, found, now)
        done += refusal is None
        refused = refused or (f"{found.item_name}：{reads.refusal_text(refusal)}" if refusal else "")
    if refused:
        messages.error(request, refused)
    elif not done:
        messages.warning(request, _("Tick at least one order."))
    if done:
        said = ngettext("%(count)s order lies ready.", "%(count)s orders lie ready.", done)
        messages.success(request, said % {"count": done})
    return redirect(f"{reverse('console_mall_orders')}?{_query(_filters(request))}")


@require_POST
def act_page(request: HttpRequest, order: UUID) -> HttpResponse:
    """POST `act`: ready, hand_over (without a code, with how the buyer is known), cancel or take_back.

    The refund follows once the order itself is cancelled or taken back; a crash between is mended by a task.
    """
    reach, found = order_at(request, order)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    refusal = act(request, reach, found, clock.now())
    if refusal:
        return shown_order(request, *order_at(request, order), refusal=refusal)
    return redirect("console_mall_order", order)


@never_cache
@require_POST
def address_page(request: HttpRequest, order: UUID) -> HttpResponse:
    """Where a delivery goes, for whoever runs its item and may see whole numbers; kept in the audit."""
    reach, found = order_at(request, order)
    contact = reads.contact_of(order) if sees_address(request, found) else None
    if contact is None:
        raise Http404
    with transaction.atomic():
        deeds.keep(request, "see_mall_address", subject_of(found), found.place, clock.now())
    return shown_order(request, reach, found, address=contact)


@require_POST
def supplier_page(request: HttpRequest) -> HttpResponse:
    """The list for the supplier as xlsx, made as long work; addresses only where I may see them."""
    reach, now = reach_of(request), clock.now()
    if not reach.owners:
        raise Http404
    filters = _filters(request)
    whole = request.POST.get("whole") == "1"
    if whole and not _unmasks(request, reach):
        raise Http404
    wants = {"item": filters.item, "point": filters.point, "whole": whole}
    with transaction.atomic():
        job = ask_job("mall_supplier_list", _("List for suppliers"), wants, me(request), now)
        if job is not None:
            after = {"whole_numbers": whole}
            deeds.keep(request, "export_mall_orders", f"#{job}", reach.owners[0], now, ({}, after))
    if job is None:
        messages.error(request, _("Too much long work of yours is under way. Wait until some is done."))
        return redirect("console_mall_orders")
    return redirect("console_job", job)


def subject_of(order: OrderRow) -> str:
    """What the audit calls an order. One query."""
    names = people.account_names({order.person})
    return f"{order.item_name} {order_mark(order.id)} {names.get(order.person, '')}"[:200]


def sees_address(request: HttpRequest, order: OrderRow) -> bool:
    """Whether whoever asks runs the item and may see whole numbers there."""
    scopes = scopes_of(request)
    both = (divisions_for(scopes, Ability.MALL), divisions_for(scopes, Ability.UNMASK))
    return all(is_inside(order.division, divisions) for divisions in both)


def _ready(request: HttpRequest, _reach: Reach, found: OrderRow, now: datetime) -> str:
    return _words(_made_ready(request, found, now))


def _made_ready(request: HttpRequest, found: OrderRow, now: datetime) -> Refusal | None:
    with transaction.atomic():
        refusal = writes.make_ready(found.id, me(request), now)
        if refusal is None and found.state is not OrderState.READY:
            deeds.keep(request, "ready_mall_order", subject_of(found), found.place, now)
    return refusal


def _hand_over(request: HttpRequest, reach: Reach, found: OrderRow, now: datetime) -> str:
    """Without a code, by whoever hands out there or runs the item: a delivery is sent off this way too."""
    if not (reach.hands_out(found) or reach.runs(found)):
        raise Http404
    reason = typed(request, "reason", REASON_MAX)
    if not reason:
        return _("Write down how you know that it is the buyer, or how it was sent.")
    with transaction.atomic():
        refusal = writes.hand_over(found.id, me(request), now)
        if refusal is None:
            after = {"reason": reason}
            deeds.keep(request, "hand_over_mall_order", subject_of(found), found.place, now, ({}, after))
    return _words(refusal)


def _cancel(request: HttpRequest, reach: Reach, found: OrderRow, now: datetime) -> str:
    if not reach.runs(found):
        raise Http404
    why = typed(request, "reason", REASON_MAX)
    with transaction.atomic():
        refusal = writes.call_off(found.id, By.STAFF, me(request), why, now)
        if refusal is None and found.state is not OrderState.CANCELLED:
            deeds.keep(
                request, "cancel_mall_order", subject_of(found), found.place, now, ({}, {"reason": why})
            )
    if refusal is None:
        writes.refund_order(found.id, now)
    return _words(refusal)


def _take_back(request: HttpRequest, reach: Reach, found: OrderRow, now: datetime) -> str:
    if not reach.runs(found):
        raise Http404
    why, is_sellable = typed(request, "reason", REASON_MAX), request.POST.get("sellable") == "1"
    with transaction.atomic():
        refusal = writes.take_back(found.id, me(request), why, is_sellable, now)
        if refusal is None and found.state is not OrderState.RETURNED:
            after = {"reason": why, "sellable": is_sellable}
            deeds.keep(request, "return_mall_order", subject_of(found), found.place, now, ({}, after))
    if refusal is None:
        writes.refund_order(found.id, now)
    return _words(refusal)


_ACTS = {"ready": _ready, "hand_over": _hand_over, "cancel": _cancel, "take_back": _take_back}


def _words(refusal: Refusal | None) -> str:
    return reads.refusal_text(refusal) if refusal is not None else ""


def _who(step: reads.Step, names: dict[int, str]) -> str:
    return names.get(step.author, "") if step.by is By.STAFF else hand_text(step.by)


def _may_ready(row: OrderRow) -> bool:
    return OrderState.READY in steps_open(row.kind, row.state, By.STAFF) and row.way is not Way.ONLINE


def _line(row: OrderRow, reach: Reach) -> dict[str, Any]:
    where = row.point.name if row.point is not None else reads.way_text(row.way)
    return {
        "order": row,
        "mark": order_mark(row.id),
        "state": reads.state_text(row.state),
        "where": where,
        "may_tick": _may_ready(row),
    }


def _points(reach: Reach, chosen: int) -> Sequence[reads.PointRow]:
    """The pick-up points of my items and those where I hand out, among them the chosen one."""
    both = sorted({*reach.owners, *reach.places})
    outer = tuple(each for each in both if not any(each != one and each.startswith(one) for one in both))
    return reads.pick_up_points(outer, also=[chosen] if chosen else ())


def _unmasks(request: HttpRequest, reach: Reach) -> bool:
    """Whether some of my items' deliveries may be listed with their addresses."""
    divisions = divisions_for(scopes_of(request), Ability.UNMASK)
    return any(is_inside(owner, divisions) for owner in reach.owners)


def _filters(request: HttpRequest) -> OrderFilter:
    asked = request.POST if request.method == "POST" else request.GET
    state = next((each for each in VIEWS if each.value == asked.get("state")), None)
    item, point = (whole_number(asked.get(name), 0, ID_MAX, 0) for name in ("item", "point"))
    return OrderFilter(state=state, item=item, point=point)


def _query(filters: OrderFilter) -> str:
    state = filters.state.value if filters.state is not None else ""
    asked: dict[str, str | int] = {"state": state, "item": filters.item, "point": filters.point}
    return urlencode({name: value for name, value in asked.items() if value})


def _narrowed(filters: OrderFilter, state: OrderState | None) -> str:
    return "?" + _query(OrderFilter(state=state, item=filters.item, point=filters.point))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
