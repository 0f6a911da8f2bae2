"""名册: the people of my divisions, marked as backbones together, saved as a file."""

from dataclasses import asdict
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds
from kepu.console import roster_labels as labels
from kepu.console.pages.unmask import may_unmask
from kepu.console.scope import is_able, me, within
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads
from kepu.people.reads.rosters import CERTIFIED, STATES, RosterSearch, how_many, roster
from kepu.people.reads.unit_register import towns_of
from kepu.people.rules import Ability
from kepu.people.rules.registers import AT_ONCE_MAX
from kepu.people.writes.moves import set_backbones

PAGE_SIZE = 25
START_MAX = 1_000_000
NUMBER_MAX = 2**53
REASON_MAX = 200


@require_safe
def rosters_page(request: HttpRequest) -> HttpResponse:
    """People of my divisions; ?state=, text=, town=, unit=, backbone=1, start=. At most 20 queries."""
    divisions = within(request, Ability.LOOK)
    search = search_of(request.GET)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = roster(divisions, search, start, PAGE_SIZE)
    asked = asked_of(search)
    context = {
        "header_title": _("Rosters"),
        "header_icon": "list-ul",
        "rows": [{"person": row, "may_unmask": may_unmask(request, row.division)} for row in page.rows],
        "search": search,
        "states": [
            {"to": "?" + urlencode(asked | {"state": state}), "label": labels.STATES[state], "state": state}
            for state in STATES
        ],
        "towns": towns_of(divisions),
        "units": _units(search, divisions),
        "asked": asked,
        "query": urlencode(asked),
        "is_asked": any(value for name, value in asked.items() if name != "state"),
        "may_unmask": may_unmask(request),
        "keeps": is_able(request, Ability.ROSTERS),
        "is_certified": search.state == CERTIFIED,
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/rosters.html", context)


@require_POST
def backbones_page(request: HttpRequest) -> HttpResponse:
    """The people ticked are or are not backbones; those outside my divisions stay as they are.

    It is kept in the audit of every town it concerns.
    """
    within(request, Ability.ROSTERS)
    now = clock.now()
    chosen = [whole_number(text, 1, NUMBER_MAX, 0) for text in request.POST.getlist("people")[:AT_ONCE_MAX]]
    is_backbone = request.POST.get("is_backbone") == "1"
    with transaction.atomic():
        changed = set_backbones(chosen, is_backbone, me(request), now)
        for town in sorted({division[:9] for _account, _name, division in changed}):
            here = [(account, name) for account, name, division in changed if division.startswith(town)]
            subject = "、".join(name for _account, name in here)  # the audit shortens it, the numbers stay
            numbers = "、".join(str(account) for account, _name in here)
            after = {"is_backbone": is_backbone, "accounts": numbers}
            deeds.keep(request, "set_backbones", subject, town, now, ({}, after))
    count = len(changed)
    if not chosen:
        messages.warning(request, _("Tick the people first."))
    elif not changed:
        said = _("Nobody was changed: they are that already, or are no communicators of your divisions now.")
        messages.warning(request, said)
    elif is_backbone:
        said = ngettext("%(count)s named a backbone.", "%(count)s named backbones.", count)
        messages.success(request, said % {"count": count})
    else:
        said = ngettext("%(count)s is no longer a backbone.", "%(count)s are no longer backbones.", count)
        messages.success(request, said % {"count": count})
    query = urlencode(asked_of(search_of(request.POST)))
    return redirect(f"{reverse('console_rosters')}?{query}")


@require_POST
def export_page(request: HttpRequest) -> HttpResponse:
    """The communicators asked for as xlsx, made as long work; whole numbers where I may see them.

    That somebody took them is kept in the audit of each of my divisions they are of, whether with whole
    numbers, and what these are for.
    """
    divisions, now = within(request, Ability.LOOK), clock.now()
    search = search_of(request.POST)
    whole = request.POST.get("whole") == "1" and bool(within(request, Ability.UNMASK))
    reason = request.POST.get("reason", "").strip()[:REASON_MAX].replace("\x00", "")
    if whole and not reason:
        messages.error(request, _("Say what the whole numbers are for: the audit keeps it."))
        return redirect(f"{reverse('console_rosters')}?{urlencode(asked_of(search))}")
    title = _("Roster as a file, with whole numbers") if whole else _("Roster as a file")
    after: dict[str, object] = {"whole_numbers": whole} | ({"reason": reason} if whole else {})
    with transaction.atomic():
        wants = {"search": asdict(search), "whole": whole}
        job = ask_job("export_roster", title, wants, me(request), now)
        if job is not None:
            _keep_export(request, search, after, divisions, now)
    if job is None:
        messages.error(request, _("Too much long work of yours is under way. Wait until some is done."))
        return redirect("console_rosters")
    return redirect("console_job", job)


def _keep_export(
    request: HttpRequest,
    search: RosterSearch,
    after: dict[str, object],
    divisions: tuple[str, ...],
    now: datetime,
) -> None:
    counts = {division: how_many((division,), search) for division in divisions}
    concerned = [division for division in divisions if counts[division]] or divisions[:1]
    for division in concerned:
        subject = _("%(count)s people.") % {"count": counts[division]}
        deeds.keep(request, "export_roster", subject, division, now, ({}, after))


def search_of(asked: QueryDict) -> RosterSearch:
    """What a query asks for; what cannot be read asks for everything."""
    town = asked.get("town", "")
    return RosterSearch(
        state=asked.get("state", "") if asked.get("state") in STATES else CERTIFIED,
        text=asked.get("text", "").strip()[:40].replace("\x00", ""),
        town=town if town.isascii() and town.isdigit() and len(town) == 9 else "",
        unit=whole_number(asked.get("unit"), 0, NUMBER_MAX, 0),
        is_backbone=asked.get("backbone") == "1",
    )


def asked_of(search: RosterSearch) -> dict[str, str]:
    """The query that asks for a search."""
    asked = {
        "state": search.state,
        "text": search.text,
        "town": search.town,
        "unit": str(search.unit or ""),
        "backbone": "1" if search.is_backbone else "",
    }
    return {name: value for name, value in asked.items() if value}


def _units(search: RosterSearch, divisions: tuple[str, ...]) -> list[tuple[int, str]]:
    """The units one may narrow the list to: those of the chosen town, or the chosen one."""
    if search.town:
        rows = reads.units_within(search.town)
        return [(row.id, row.name) for row in rows if any(row.division.startswith(d) for d in divisions)]
    chosen = reads.unit(search.unit) if search.unit else None
    if chosen is None or not any(chosen.division.startswith(each) for each in divisions):
        return []
    return [(chosen.id, chosen.name)]
