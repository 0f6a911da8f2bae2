"""A person's own orders: these are there also while the mall is switched off."""

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.ledger.reads import spend_of
from kepu.mall import labels, reads, writes
from kepu.mall.pages.buyers import me
from kepu.mall.pages.shop import ICONS
from kepu.mall.reads import OrderRow
from kepu.mall.rules import (
    By,
    ItemKind,
    OrderState,
    Refusal,
    Way,
    may_step,
    pick_up_path,
    pick_up_token,
)
from kepu.people import reads as people

ORDERS = 20
START_MAX = 100_000
QUIET = 4  # modules of white around a code, as ISO/IEC 18004 asks
PATHS: dict[Way, tuple[OrderState, ...]] = {
    Way.PICK_UP: (OrderState.PAID, OrderState.READY, OrderState.HANDED_OVER),
    Way.DELIVERY: (OrderState.PAID, OrderState.READY, OrderState.HANDED_OVER),
    Way.ONLINE: (OrderState.PAID, OrderState.HANDED_OVER),
}
BADGES = {
    OrderState.READY: "good",
    OrderState.HANDED_OVER: "good",
    OrderState.RESERVED: "info",
    OrderState.PAID: "info",
}


@never_cache
@login_required
@require_safe
def orders_page(request: HttpRequest) -> HttpResponse:
    """My orders, the newest first; htmx gets only the next ones. At most seven queries."""
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.orders_of(people.hands_of(me(request)), start, ORDERS)
    context = {
        "orders": [_line(order) for order in page.rows],
        "more": f"?start={page.next_start}" if page.next_start else "",
    }
    is_part = request.headers.get("HX-Request") == "true" and bool(start)
    response = render(request, "mall/_orders.html" if is_part else "mall/orders.html", context)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


@never_cache
@login_required
@require_safe
def order_page(request: HttpRequest, order: UUID) -> HttpResponse:
    """Where my order stands, the code it is picked up by, and what I can do. At most 12 queries."""
    return _order_page(request, _mine_or_404(request, order))


@never_cache
@login_required
@require_POST
def cancel_page(request: HttpRequest, order: UUID) -> HttpResponse:
    """My paid order is called off and the points are back."""
    row = _mine_or_404(request, order)
    refusal = writes.cancel_order(row.id, By.BUYER, me(request), "", clock.now())
    if refusal is not None:
        return _order_page(request, _mine_or_404(request, order), refusal=refusal)
    messages.success(request, _("Cancelled. The points are yours again."))
    return redirect("mall_order", order=order)


@never_cache
@login_required
@require_POST
def code_page(request: HttpRequest, order: UUID) -> HttpResponse:
    """My voucher's code, this once."""
    shown = writes.show_code(order, people.hands_of(me(request)), clock.now())
    row = _mine_or_404(request, order)
    if isinstance(shown, Refusal):
        return _order_page(request, row, refusal=shown)
    return _order_page(request, row, voucher=shown)


def _mine_or_404(request: HttpRequest, order: UUID) -> OrderRow:
    row = reads.order_of(order, people.hands_of(me(request)))
    if row is None:
        raise Http404
    return row


def _order_page(
    request: HttpRequest, order: OrderRow, voucher: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    steps = reads.steps_of(order.id)
    spend = spend_of(order.book, order.seq) if order.seq else None
    waits = order.state in (OrderState.PAID, OrderState.READY)
    context: dict[str, Any] = {
        **_line(order),
        "path": _path(order, steps),
        "last": steps[-1],
        "taken": spend.taken if spend is not None else (),
        "can_cancel": may_step(order.kind, order.state, OrderState.CANCELLED, By.BUYER),
        "can_show": order.kind is ItemKind.VOUCHER and order.state is OrderState.PAID,
        "voucher": voucher,
        "refusal": labels.REFUSALS[refusal] if refusal is not None else "",
        "contact": reads.contact_of(order.id) if order.has_contact else None,
        "is_delivery": order.way is Way.DELIVERY,
    }
    if waits and order.way is Way.PICK_UP:
        context |= _code(request, order)
    return render(request, "mall/order.html", context, status=409 if refusal is not None else 200)


def _line(order: OrderRow) -> dict[str, Any]:
    return {
        "order": order,
        "state": order.state.value,
        "state_words": _state_words(order),
        "badge": BADGES.get(order.state, ""),
        "icon": ICONS[order.kind],
    }


def _state_words(order: OrderRow) -> str:
    """The state as the buyer of such a thing says it."""
    words = labels.STATES_OF_WAY.get((order.way, order.state), labels.STATES[order.state])
    if order.kind is ItemKind.VOUCHER:
        words = labels.VOUCHER_STATES.get(order.state, words)
    return str(words)


def _path(order: OrderRow, steps: list[reads.Step]) -> list[dict[str, Any]]:
    """The steps as a line: what happened with its moment, then what is still to come, in words."""
    happened = [step for step in steps if step.state is not OrderState.RESERVED]
    seen = {step.state for step in happened}
    line = [_drawn(order, step.state, step) for step in happened]
    if order.is_open:
        line += [_drawn(order, state, None) for state in PATHS[order.way] if state not in seen]
    return line


def _drawn(order: OrderRow, state: OrderState, step: reads.Step | None) -> dict[str, Any]:
    """A point on the line; that points were taken stays true, what it is waiting for does not."""
    words = labels.STATES_OF_WAY.get((order.way, state), labels.STATES[state])
    if state is OrderState.PAID:
        words = labels.STATES[state]
    elif order.kind is ItemKind.VOUCHER:
        words = labels.VOUCHER_STATES.get(state, words)
    return {"words": words, "step": step, "at": step.at if step is not None else None}


def _code(request: HttpRequest, order: OrderRow) -> dict[str, Any]:
    """The QR code that the clerk's phone opens, and its digits in two groups to say aloud."""
    base: str = settings.KEPU_SITE_URL or f"{request.scheme}://{request.get_host()}"
    path = pick_up_path(pick_up_token(settings.KEPU_KEYS.link, order.id))
    matrix = segno.make(f"{base}{path}", error="m", micro=False).matrix
    dark = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return {
        "qr_path": dark,
        "qr_size": len(matrix) + 2 * QUIET,
        "digits": (order.code[:4], order.code[4:]),
    }
