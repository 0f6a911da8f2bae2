"""积分商城: the pick-up points (领取点) of my divisions: where, when, and whether they are open."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kepu.console import deeds
from kepu.console import mall_labels as labels
from kepu.console.pages.mall_asking import typed
from kepu.console.place_choices import place_choices
from kepu.console.scope import is_inside, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.mall import reads, writes
from kepu.mall.reads import PointRow
from kepu.mall.rules import ADDRESS_MAX, HOURS_MAX, NAME_MAX, PointDraft, point_troubles
from kepu.people.rules import Ability
from kepu.regions import reads as regions

PAGE_SIZE, START_MAX = 50, 100_000
OF_POINTS = 6  # a county at least: somebody's clerks must know that it is theirs


@require_safe
def places_page(request: HttpRequest) -> HttpResponse:
    """The pick-up points of my divisions by ?q=, from ?start= on. At most 8 queries."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:NAME_MAX]
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.points_page(within(request, Ability.MALL), start, PAGE_SIZE, words)
    names = regions.full_names({point.division for point in page.rows})
    context = {
        "header_title": _("Pick-up points"),
        "header_icon": "home",
        "rows": [{"point": point, "place": names.get(point.division, "")} for point in page.rows],
        "words": words,
        "is_long": bool(words or start or page.next_start),
        "turning": urlencode({"q": words}) if words else "",
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/mall_places.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """The form of a new pick-up point. At most 10 queries to look."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest, place: int) -> HttpResponse:
    """The form of a pick-up point; a closed one takes no new orders. At most 10 queries to look."""
    found = reads.point_within(place, within(request, Ability.MALL))
    if found is None:
        raise Http404
    return _form(request, found)


def _form(request: HttpRequest, found: PointRow | None) -> HttpResponse:
    divisions = within(request, Ability.MALL)
    inside = tuple(division or settings.KEPU_DIVISION for division in divisions)
    chosen = (found.division,) if found is not None else ()
    places = [each for each in place_choices(inside, chosen) if len(each[0]) >= OF_POINTS]
    draft = _kept(found, places)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        draft = PointDraft(
            name=typed(request, "name", 2 * NAME_MAX),
            address=typed(request, "address", 2 * ADDRESS_MAX),
            hours=typed(request, "hours", 2 * HOURS_MAX),
            division=found.division if found is not None else request.POST.get("division", ""),
            is_open=request.POST.get("is_open") == "1",
        )
        wrong = {labels.FIELD_OF[each]: reads.trouble_text(each) for each in point_troubles(draft)}
        if not wrong and not is_inside(draft.division, divisions):
            raise Http404
        if not wrong:
            wrong = _keep(request, found, draft)
        if not wrong:
            messages.success(request, _("Saved."))
            return redirect("console_mall_places")
    context = {
        "header_title": found.name if found is not None else _("New pick-up point"),
        "header_icon": "home",
        "form": asdict(draft),
        "wrong": wrong,
        "place": regions.full_name(found.division) if found is not None else "",
        "places": places,
        "name_max": NAME_MAX,
        "address_max": ADDRESS_MAX,
        "hours_max": HOURS_MAX,
    }
    return render(request, "console/mall_place.html", context, status=422 if wrong else 200)


def _kept(found: PointRow | None, places: list[tuple[str, str]]) -> PointDraft:
    """The draft of a point as it stands; a new one lies in the first of my divisions."""
    if found is None:
        return PointDraft("", "", "", places[0][0] if places else "")
    return PointDraft(found.name, found.address, found.hours, found.division, found.is_open)


def _keep(request: HttpRequest, found: PointRow | None, draft: PointDraft) -> dict[str, str]:
    """The point stands as drafted ({}), or what is wrong by field."""
    now, number = clock.now(), found.number if found is not None else 0
    before: dict[str, Any] = asdict(_kept(found, [])) if found is not None else {}
    after = {name: value for name, value in asdict(draft).items() if before.get(name) != value}
    with transaction.atomic():
        kept = writes.keep_point(number, draft)
        if isinstance(kept, int) and after:
            change: deeds.Change = {name: before[name] for name in after if name in before}, after
            deeds.keep(request, "keep_mall_point", draft.name, draft.division, now, change)
    if isinstance(kept, int):
        return {}
    return {labels.FIELD_OF[each]: reads.trouble_text(each) for each in kept}
