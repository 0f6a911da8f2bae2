"""积分商城: an item made or changed in a form that says what is wrong at its field; its pictures."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kepu.console import deeds
from kepu.console import mall_labels as labels
from kepu.console.pages.mall_asking import item_at, moment_field, typed, typed_moment, typed_number
from kepu.console.place_choices import place_choices
from kepu.console.scope import is_inside, me, within
from kepu.kit import clock
from kepu.kit.photos import PhotoTrouble
from kepu.mall import reads, writes
from kepu.mall.reads import ItemRow
from kepu.mall.reads.items import POINTS_SHOWN_MAX
from kepu.mall.rules import (
    NAME_MAX,
    OWNER_DIGITS,
    PICTURES_MAX,
    SUPPLIER_MAX,
    TEXT_MAX,
    WAITS_DAYS,
    ItemDraft,
    ItemKind,
    LimitSpan,
    item_troubles,
)
from kepu.people.rules import Ability

TIMES = ("opens_at", "closes_at")


@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """The form of a new item; it is hidden until it is put on sale. At most 12 queries to look."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest, item: int) -> HttpResponse:
    """The form of an item. Orders keep the price they were made at. At most 16 queries to look."""
    return _form(request, item_at(request, item))


@require_POST
def pictures_page(request: HttpRequest, item: int) -> HttpResponse:
    """Pictures are added to the item, or the one named `drop` is taken away."""
    found, now = item_at(request, item), clock.now()
    drop = typed_number(request.POST.get("drop", ""))
    if drop is not None:
        with transaction.atomic():
            if writes.drop_picture(item, drop):
                change: deeds.Change = {"picture": drop}, {}
                deeds.keep(request, "change_mall_pictures", found.name, found.division, now, change)
        return redirect("console_mall_item", item)
    sent = request.FILES.getlist("pictures")[:PICTURES_MAX]
    if not sent:
        messages.error(request, _("Choose a picture first."))
    for upload in sent:
        refused = _added(request, found, upload.read())
        if refused:
            messages.error(request, f"{upload.name}：{refused}")
    return redirect("console_mall_item", item)


def _added(request: HttpRequest, found: ItemRow, content: bytes) -> str:
    """The item has the picture; or why not."""
    # Made small before the transaction: on SQLite that would keep everybody else from writing.
    shrunk = writes.picture_of(content)
    if isinstance(shrunk, PhotoTrouble):
        return reads.photo_trouble_text(shrunk)
    with transaction.atomic():
        added = writes.add_picture(found.number, shrunk)
        if isinstance(added, int):
            after = {"picture": added}
            deeds.keep(request, "change_mall_pictures", found.name, found.division, clock.now(), ({}, after))
    return "" if isinstance(added, int) else reads.refusal_text(added)


def _form(request: HttpRequest, found: ItemRow | None) -> HttpResponse:
    divisions = within(request, Ability.MALL)
    owners, places = _places(divisions, found)
    form = _kept_form(found, owners)
    wrong: dict[str, str] = {}
    is_searched = request.method == "POST" and "find" in request.POST
    words = typed(request, "point_words", NAME_MAX) if is_searched else ""
    if request.method == "POST":
        form = _typed_form(request.POST)
    points = reads.pick_up_points(divisions, words=words, also=form["pick_up_points"])
    if request.method == "POST" and not is_searched:
        draft, wrong = _draft(request, found, owners)
        known = {point.number for point in points}
        if not set(draft.pick_up_points) <= known:
            raise Http404
        if not wrong:
            number = _keep(request, found, draft)
            if isinstance(number, int):
                return redirect("console_mall_item", number)
            wrong = number
    used = set(form["pick_up_points"])
    context = {
        "header_title": found.name if found is not None else _("New item"),
        "header_icon": "tag",
        "item": found,
        "form": form,
        "wrong": wrong,
        "kinds": [(each.value, reads.kind_text(each)) for each in ItemKind],
        "owners": owners,
        "places": places,
        "points": [point for point in points if point.is_open or point.number in used],
        "point_words": words,
        "is_searched": is_searched,
        "are_many": len(points) >= POINTS_SHOWN_MAX or is_searched,
        "name_max": NAME_MAX,
        "text_max": TEXT_MAX,
        "supplier_max": SUPPLIER_MAX,
    }
    return render(request, "console/mall_item_form.html", context, status=422 if wrong else 200)


def _keep(request: HttpRequest, found: ItemRow | None, draft: ItemDraft) -> int | dict[str, str]:
    """The number of the item as it is kept now, or what is wrong at which field."""
    now = clock.now()
    with transaction.atomic():
        kept = writes.keep_item(found.number if found is not None else 0, draft, me(request), now)
        if isinstance(kept, int):
            change = _change(found, draft)
            deeds.keep(request, "keep_mall_item", draft.name, draft.division, now, change)
    if not isinstance(kept, int):
        return {labels.FIELD_OF[trouble]: reads.trouble_text(trouble) for trouble in kept}
    messages.success(
        request,
        _("Saved.")
        if found is not None
        else _("Made, and still hidden. Add pictures and stock, then put it on sale."),
    )
    return kept


def _draft(
    request: HttpRequest, found: ItemRow | None, owners: Sequence[tuple[str, str]]
) -> tuple[ItemDraft, dict[str, str]]:
    """What was typed as a draft, and what is wrong with it by field."""
    sent, wrong = request.POST, {}
    moments: dict[str, datetime | None] = {name: typed_moment(typed(request, name, 30)) for name in TIMES}
    for name in TIMES:
        if moments[name] is None and typed(request, name, 30):
            wrong[name] = _("Enter a day and a time, like 2026-12-01 08:00.")
    kind = next((each for each in ItemKind if each.value == sent.get("kind")), None)
    if found is None and kind is None:
        wrong["kind"] = _("Choose what kind of item this is.")
    points, limit = typed_number(sent.get("points", "")), typed_number(sent.get("limit", "") or "0")
    waits_days = typed_number(sent.get("waits_days", "") or str(WAITS_DAYS))
    draft = ItemDraft(
        kind=found.kind if found is not None else kind or ItemKind.GOODS,
        name=typed(request, "name", 2 * NAME_MAX),
        text=typed(request, "text", 2 * TEXT_MAX).replace("\r\n", "\n"),
        points=-1 if points is None else points,
        division=_owner(sent, found, owners),
        seen_within=sent.get("seen_within", ""),
        limit=-1 if limit is None else limit,
        limit_span=LimitSpan.MONTH if sent.get("limit_span") == LimitSpan.MONTH else LimitSpan.EVER,
        certified_only=sent.get("certified_only") == "1",
        opens_at=moments["opens_at"],
        closes_at=moments["closes_at"],
        delivers=sent.get("delivers") == "1",
        pick_up_points=tuple(_numbers(sent.getlist("pick_up_points"))),
        supplier=typed(request, "supplier", 2 * SUPPLIER_MAX),
        waits_days=-1 if waits_days is None else waits_days,
    )
    if found is None and draft.division not in dict(owners):
        wrong["division"] = _("Choose to which association the item belongs.")
    for trouble in item_troubles(draft):
        wrong.setdefault(labels.FIELD_OF[trouble], reads.trouble_text(trouble))
    return draft, wrong


def _owner(sent: QueryDict, found: ItemRow | None, owners: Sequence[tuple[str, str]]) -> str:
    """Whose item it is: that stays; of a new one there may be nothing to choose."""
    if found is not None:
        return found.division
    return owners[0][0] if len(owners) == 1 else sent.get("division", "")


def _numbers(texts: Sequence[str]) -> list[int]:
    found = (typed_number(text) for text in texts[:200])
    return sorted({number for number in found if number is not None})


def _places(divisions: tuple[str, ...], found: ItemRow | None) -> tuple[list[tuple[str, str]], Any]:
    """The cities and counties an item may belong to, and the divisions it may be seen in, by name."""
    inside = tuple(division or settings.KEPU_DIVISION for division in divisions)
    chosen = (found.division, found.seen_within) if found is not None else ()
    places = place_choices(inside, chosen)
    owners = [
        (code, name.strip())
        for code, name in places
        if len(code) in OWNER_DIGITS and is_inside(code, divisions)
    ]
    return owners, places


def _kept_form(found: ItemRow | None, owners: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The form of an item as it is kept; a new one belongs to my first association and is seen there."""
    if found is None:
        mine = max((code for code, _name in owners), key=len, default="")
        start = {"division": mine, "seen_within": mine, "certified_only": True, "kind": ItemKind.GOODS.value}
        empty = dict.fromkeys(("name", "text", "points", "limit", *TIMES, "supplier"), "")
        start |= {"limit_span": LimitSpan.EVER.value, "waits_days": WAITS_DAYS}
        return {**empty, **start, "delivers": False, "pick_up_points": []}
    kept = {
        field.name: getattr(found, field.name) for field in fields(ItemDraft) if hasattr(found, field.name)
    }
    return {
        **kept,
        "kind": found.kind.value,
        "limit": found.limit or "",
        "limit_span": found.limit_span.value,
        "opens_at": moment_field(found.opens_at),
        "closes_at": moment_field(found.closes_at),
        "pick_up_points": [point.number for point in found.pick_up],
    }


def _typed_form(sent: QueryDict) -> dict[str, Any]:
    """The form as it was typed, to be shown again."""
    texts = {name: sent.get(name, "")[:2000].replace("\x00", "") for name in _TEXTS}
    ticks = {name: sent.get(name) == "1" for name in ("certified_only", "delivers")}
    return {**texts, **ticks, "pick_up_points": _numbers(sent.getlist("pick_up_points"))}


_TEXTS = (
    "kind",
    "name",
    "text",
    "points",
    "limit",
    "limit_span",
    "waits_days",
    "division",
    "seen_within",
    *TIMES,
    "supplier",
)


def _change(found: ItemRow | None, draft: ItemDraft) -> deeds.Change:
    """What of the item is another: before and after."""
    after = _plain(asdict(draft))
    if found is None:
        return {}, after
    kept = {name: getattr(found, name, None) for name in after}
    before = _plain({**kept, "pick_up_points": sorted(point.number for point in found.pick_up)})
    changed = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values as the audit keeps them."""
    return {
        name: sorted(value)
        if isinstance(value, tuple | list)
        else moment_field(value)
        if isinstance(value, datetime)
        else value
        for name, value in values.items()
    }
