"""单位: the units of my divisions; added, named anew or coded anew by date, closed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.console import deeds
from kepu.console import roster_labels as labels
from kepu.console.pages.persons import day_of
from kepu.console.scope import is_able, me, scopes_of, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people.reads.unit_register import (
    RegisterUnit,
    names_of,
    register,
    register_unit,
    towns_of,
    unit_kind_text,
)
from kepu.people.rules import Ability, UnitKind, may
from kepu.people.rules.registers import RegisterNo
from kepu.people.writes.renaming import add_unit, call_off_renaming, close_unit, rename_unit

PAGE_SIZE = 25
START_MAX = 1_000_000


@require_safe
def units_page(request: HttpRequest) -> HttpResponse:
    """The units of my divisions by code; ?text=, town=, closed=1, start=. At most 20 queries."""
    divisions = within(request, Ability.LOOK)
    text, town = request.GET.get("text", "")[:40], request.GET.get("town", "")
    town = town if town.isascii() and town.isdigit() and len(town) == 9 else ""
    closed = request.GET.get("closed") == "1"
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = register(divisions, text, town, start, PAGE_SIZE, closed=closed)
    asked = {"text": text, "town": town, "closed": "1" if closed else ""}
    context = {
        "header_title": _("Units"),
        "header_icon": "site",
        "rows": [{"unit": row, "kind": unit_kind_text(row.kind)} for row in page.rows],
        "towns": towns_of(divisions),
        "asked": asked,
        "is_asked": any(asked.values()),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "keeps": is_able(request, Ability.ROSTERS),
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/units.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: HttpRequest) -> HttpResponse:
    """A new unit in one of my divisions."""
    divisions = within(request, Ability.ROSTERS)
    refusal, now = "", clock.now()
    kind = next((each for each in UnitKind if each.value == request.POST.get("kind")), UnitKind.VILLAGE)
    code, name = request.POST.get("code", "").strip()[:12], request.POST.get("name", "")[:80]
    if request.method == "POST":
        with transaction.atomic():
            unit = add_unit(name, kind, code, me(request), now)
            if not isinstance(unit, RegisterNo):
                deeds.keep(request, "add_unit", name.strip(), code, now, ({}, {"name": name, "code": code}))
        if not isinstance(unit, RegisterNo):
            messages.success(request, _("The unit is there."))
            return redirect("console_unit", unit)
        refusal = str(labels.REGISTER_NOS[unit])
    context = {
        "header_title": _("New unit"),
        "header_icon": "plus",
        "kinds": [(each.value, unit_kind_text(each), each is kind) for each in UnitKind],
        "name": name,
        "code": code or (divisions[0] if len(divisions[0]) == 9 else ""),
        "refusal": refusal,
    }
    return render(request, "console/unit_add.html", context, status=422 if refusal else 200)


@require_safe
def unit_page(request: HttpRequest, unit: int) -> HttpResponse:
    """One unit of my divisions: what it was called when, its people, and what may be done; else 404."""
    return _shown(request, _unit(request, unit, Ability.LOOK), {}, 200)


@require_POST
def rename_page(request: HttpRequest, unit: int) -> HttpResponse:
    """The unit bears another name or code from a day on."""
    found, now = _unit(request, unit, Ability.ROSTERS), clock.now()
    name, code = request.POST.get("name", "")[:80], request.POST.get("code", "").strip()[:12]
    since = day_of(request.POST.get("since"))
    if since is None:
        return _answered(request, found, RegisterNo.DAY_WRONG, "")
    with transaction.atomic():
        no = rename_unit(unit, name, code, since, me(request), now)
        if no is None:
            before = {"name": found.name, "code": found.division}
            after = {"name": name.strip(), "code": code, "since": f"{since}"}
            deeds.keep(request, "rename_unit", found.name, found.division, now, (before, after))
    return _answered(request, found, no, _("Kept. Before that day the unit is called as it was."))


@require_POST
def call_off_renaming_page(request: HttpRequest, unit: int) -> HttpResponse:
    """The change that waits for its day is off."""
    found, now = _unit(request, unit, Ability.ROSTERS), clock.now()
    with transaction.atomic():
        no = call_off_renaming(unit, me(request))
        if no is None:
            deeds.keep(request, "call_off_renaming", found.name, found.division, now)
    return _answered(request, found, no, _("The change is called off."))


@require_POST
def close_page(request: HttpRequest, unit: int) -> HttpResponse:
    """The unit is closed, or opened again."""
    found, now = _unit(request, unit, Ability.ROSTERS), clock.now()
    is_closed = request.POST.get("is_closed") == "1"
    with transaction.atomic():
        no = close_unit(unit, is_closed, me(request), now)
        if no is None:
            act = "close_unit" if is_closed else "reopen_unit"
            deeds.keep(request, act, found.name, found.division, now)
    done = _("The unit is closed.") if is_closed else _("The unit is open again.")
    return _answered(request, found, no, done)


def _unit(request: HttpRequest, unit: int, ability: Ability) -> RegisterUnit:
    found = register_unit(unit, within(request, ability))
    if found is None:
        raise Http404
    return found


def _answered(request: HttpRequest, found: RegisterUnit, no: RegisterNo | None, done: str) -> HttpResponse:
    if no is None:
        messages.success(request, done)
        return redirect("console_unit", found.unit)
    return _shown(request, found, {"refusal": labels.REGISTER_NOS[no]}, 409)


def _shown(request: HttpRequest, found: RegisterUnit, more: Mapping[str, Any], status: int) -> HttpResponse:
    history = names_of(found.unit)
    context = {
        "header_title": found.name,
        "header_icon": "site",
        "unit": found,
        "kind": unit_kind_text(found.kind),
        "names": history,
        "change_waits": any(not each.is_applied for each in history),
        "keeps": may(scopes_of(request), Ability.ROSTERS, found.division),
        "today": f"{clock.day_of(clock.now())}",
        **more,
    }
    return render(request, "console/unit.html", context, status=status)
