"""积分商城: the items of my divisions, and one of them: what it is, its stock, putting it on sale."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds
from kepu.console import mall_labels as labels
from kepu.console.pages.mall_asking import item_at, typed, typed_number
from kepu.console.scope import me, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.mall import reads, writes
from kepu.mall.reads import ItemRow
from kepu.mall.rules import NAME_MAX, REASON_MAX, ItemKind, LimitSpan, Refusal
from kepu.people import reads as people
from kepu.people.rules import Ability
from kepu.regions import reads as regions

PAGE_SIZE, LINES_SHOWN = 25, 20
START_MAX = 100_000


@require_safe
def mall_page(request: HttpRequest) -> HttpResponse:
    """The items of my divisions with stock and orders, newest first, by ?q=. At most 12 queries."""
    divisions, now = within(request, Ability.MALL), clock.now()
    words = request.GET.get("q", "").replace("\x00", "").strip()[:NAME_MAX]
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.items_within(divisions, start, PAGE_SIZE, words)
    on_shelf = reads.shelves([row.number for row in page.rows])
    context = {
        "header_title": _("Points mall"),
        "header_icon": "tag",
        "words": words,
        "turning": urlencode({"q": words}) if words else "",
        "rows": [
            {"item": row, "shelf": on_shelf.get(row.number), **_standing(row, now)} for row in page.rows
        ],
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/mall.html", context)


@require_safe
def item_page(request: HttpRequest, item: int) -> HttpResponse:
    """One item: how it stands, its stock and how that changed (?start=). At most 16 queries."""
    found, now = item_at(request, item), clock.now()
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    lines = reads.stock_lines(item, start, LINES_SHOWN)
    names = people.account_names({line.author for line in lines.rows})
    places = regions.full_names({found.division, found.seen_within})
    context = {
        "header_title": found.name,
        "header_icon": "tag",
        "item": found,
        **_standing(found, now),
        "kind": reads.kind_text(found.kind),
        "is_voucher": found.kind is ItemKind.VOUCHER,
        "is_goods": found.kind is ItemKind.GOODS,
        "is_monthly": found.limit_span is LimitSpan.MONTH,
        "shelf": reads.shelf(item),
        "owner": places.get(found.division, found.division),
        "seen_within": places.get(found.seen_within, found.seen_within),
        "form": uuid4(),
        "lines": [
            {"line": line, "cause": reads.cause_text(line.cause), "who": names.get(line.author, "")}
            for line in lines.rows
        ],
        "previous_start": max(0, start - LINES_SHOWN) if start else None,
        "next_start": lines.next_start,
    }
    return render(request, "console/mall_item.html", context)


@require_POST
def sale_page(request: HttpRequest, item: int) -> HttpResponse:
    """The item is to be had from now on, or hidden; what was ordered stays ordered."""
    found, now = item_at(request, item), clock.now()
    is_on_sale = request.POST.get("on") == "1"
    with transaction.atomic():
        refusal = writes.set_on_sale(item, is_on_sale)
        if refusal is None and is_on_sale != found.is_on_sale:
            change: deeds.Change = {"on_sale": found.is_on_sale}, {"on_sale": is_on_sale}
            deeds.keep(request, "set_mall_item", found.name, found.division, now, change)
    if refusal is not None:
        messages.error(request, reads.refusal_text(refusal))
    return redirect("console_mall_item", item)


@require_POST
def receive_page(request: HttpRequest, item: int) -> HttpResponse:
    """What came in is on the shelf, once for each form: how many, and from where."""
    found, now = item_at(request, item), clock.now()
    amount, note = typed_number(request.POST.get("amount", "")) or 0, typed(request, "note", REASON_MAX)
    with transaction.atomic():
        refusal = writes.receive_stock(item, amount, me(request), note, now, _form_id(request))
        if refusal is None:
            after = {"count": amount, "note": note}
            deeds.keep(request, "receive_mall_stock", found.name, found.division, now, ({}, after))
    if refusal is Refusal.ENTERED_BEFORE:
        messages.warning(request, reads.refusal_text(refusal))
    elif refusal is not None:
        messages.error(request, stock_refusal(refusal))
    else:
        said = ngettext("%(count)s piece entered.", "%(count)s pieces entered.", amount)
        messages.success(request, said % {"count": amount})
    return redirect("console_mall_item", item)


def _form_id(request: HttpRequest) -> UUID:
    """What the form chose for this entry; one that chose nothing is an entry of its own."""
    try:
        return UUID(request.POST.get("form", ""))
    except ValueError:
        return uuid4()


def stock_refusal(refusal: Refusal) -> str:
    """Why the stock stays as it is."""
    if refusal is Refusal.AMOUNT_WRONG:
        return _("Enter how many, as a whole number from 1 on.")
    return reads.refusal_text(refusal)


def _standing(item: ItemRow, now: Any) -> dict[str, Any]:
    standing = labels.standing_of(item, now)
    return {"standing": standing.value, "standing_label": labels.STANDINGS[standing]}
