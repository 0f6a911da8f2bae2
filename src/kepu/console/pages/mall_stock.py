"""积分商城: stock-taking. What lies on the shelf is typed, the differences are looked at, then kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kepu.console import deeds
from kepu.console.pages.mall_asking import typed, typed_number
from kepu.console.scope import me, within
from kepu.kit import clock
from kepu.kit.paging import Page, whole_number
from kepu.mall import reads, writes
from kepu.mall.reads import ItemRow
from kepu.mall.rules import REASON_MAX, STOCK_MAX, ItemKind, Refusal
from kepu.people.rules import Ability

PAGE_SIZE = 40
START_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Counted:
    """One item as it was counted. `expected`: what lies on the shelf by the books: to be had and ordered.

    `typed`: as it was typed; `count` None: nothing, or no number.
    """

    item: ItemRow
    expected: int
    typed: str
    count: int | None

    @property
    def difference(self) -> int:
        """How many more there are than the books say."""
        return (self.expected if self.count is None else self.count) - self.expected

    @property
    def is_wrong(self) -> bool:
        """Whether something was typed that is no number of pieces."""
        return bool(self.typed) and (self.count is None or self.count > STOCK_MAX)


@require_http_methods(["GET", "HEAD", "POST"])
def stock_taking_page(request: HttpRequest) -> HttpResponse:
    """The goods of my divisions to count, ?start=; what the books say is shown with the differences.

    POST with act=keep keeps them, where nothing was handed out since they were shown. At most 12 queries to
    look, and 6 for each item that is kept.
    """
    divisions, now = within(request, Ability.MALL), clock.now()
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.items_within(divisions, start, PAGE_SIZE)
    rows = _counted(page.rows, request.POST)
    if request.method != "POST":
        return _form(request, page, rows, start, "")
    counted = [row for row in rows if row.count is not None]
    if any(row.is_wrong for row in rows):
        return _form(request, page, rows, start, _("Enter whole numbers only, or leave a field empty."))
    if not counted:
        return _form(request, page, rows, start, _("Enter at least one count."))
    if request.POST.get("act") != "keep":
        return _differences(request, counted, start, "")
    note = typed(request, "note", REASON_MAX)
    if not note:
        return _differences(request, counted, start, _("Write down why or on what occasion you counted."))
    refused = _keep(request, counted, note, now)
    if refused:
        return _differences(request, counted, start, refused)
    said = ngettext("Counted and kept: %(count)s item.", "Counted and kept: %(count)s items.", len(counted))
    messages.success(request, said % {"count": len(counted)})
    return redirect("console_mall")


def _counted(items: Sequence[ItemRow], sent: Mapping[str, str]) -> list[Counted]:
    """The goods among these items, as they were counted."""
    goods = [item for item in items if item.kind is ItemKind.GOODS]
    on_shelf = reads.shelves([item.number for item in goods])
    found = []
    for item in goods:
        text = sent.get(f"count-{item.number}", "").strip()[:20]
        shelf = on_shelf[item.number]
        found.append(Counted(item, shelf.on_shelf, text, typed_number(text)))
    return found


def _keep(request: HttpRequest, counted: Sequence[Counted], note: str, now: datetime) -> str:
    """All of it stands, with one record of the audit for each difference, or nothing; why not, or ""."""
    with transaction.atomic():
        for row in counted:
            number, seen = row.item.number, typed_number(request.POST.get(f"seen-{row.item.number}", ""))
            expected = -1 if seen is None else seen
            refusal = writes.count_stock(number, row.count or 0, expected, me(request), note, now)
            if refusal is Refusal.MOVED:
                transaction.set_rollback(True)
                return _("Something was handed out or came in meanwhile. Look at the differences again.")
            if refusal is not None:
                transaction.set_rollback(True)
                return f"{row.item.name}：{_why_not(refusal)}"
            change: deeds.Change = {"count": row.expected}, {"count": row.count, "note": note}
            deeds.keep(request, "count_mall_stock", row.item.name, row.item.division, now, change)
    return ""


def _why_not(refusal: Refusal) -> str:
    return reads.refusal_text(refusal)


def _form(
    request: HttpRequest, page: Page[ItemRow], rows: Sequence[Counted], start: int, trouble: str
) -> HttpResponse:
    context = {
        "header_title": _("Stock-taking"),
        "header_icon": "clipboard-list",
        "rows": rows,
        "trouble": trouble,
        "start": start,
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/mall_stock_taking.html", context, status=422 if trouble else 200)


def _differences(request: HttpRequest, counted: Sequence[Counted], start: int, trouble: str) -> HttpResponse:
    context = {
        "header_title": _("Stock-taking"),
        "header_icon": "clipboard-list",
        "rows": counted,
        "differing": sum(bool(row.difference) for row in counted),
        "note": typed(request, "note", REASON_MAX),
        "note_max": REASON_MAX,
        "trouble": trouble,
        "start": start,
    }
    return render(request, "console/mall_differences.html", context, status=422 if trouble else 200)
