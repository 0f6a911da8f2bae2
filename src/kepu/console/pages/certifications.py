"""The queue of applications: sought, ticked, approved together; scopes limit it in the reads themselves."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds
from kepu.console.scope import me, scopes_of, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads, writes
from kepu.people.reads import CertificationRow
from kepu.people.reads.certifications import (
    Sought,
    applications,
    decided_by,
    entered_by,
    towns_applied,
    waiting_and_overdue,
)
from kepu.people.reads.twins import twins_of
from kepu.people.rules import Ability, CertificationState, Refused, Scopes, Urgency, urgency
from kepu.regions.rules import is_code

PAGE_SIZE = 25
START_MAX = 100_000
NAME_LENGTH_MAX = 40
ID_MAX = 2**53


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """Applications in my scopes, most pressing first; sought by state, town, unit, deadline and name."""
    return _list(request, reviewing(request))


@require_POST
def approve_many_page(request: HttpRequest) -> HttpResponse:
    """Every ticked application has its own verdict: approved, or why not; the queue says so by name."""
    scopes, now = reviewing(request), clock.now()
    ticked = _ticked(request)
    rows = applications(ticked, scopes)
    doubled = twins_of(rows.values())
    told: dict[str, list[str]] = {}
    for account, step in ticked.items():
        if account in rows:
            trouble = _approve(request, rows[account], step, account in doubled, now)
            told.setdefault(trouble, []).append(rows[account].name)
    if "" in told:
        messages.success(request, _("Approved: %(names)s.") % {"names": "、".join(told.pop(""))})
    for trouble, names in told.items():
        messages.warning(request, f"{'、'.join(names)}：{trouble}")
    if not ticked:
        messages.warning(request, _("Tick the people first."))
    kept = kept_of(sought_of(request, now), start=request.GET.get("start", "")[:6])
    return redirect(f"{reverse('console_certifications')}{'?' if kept else ''}{kept}#queue")


def reviewing(request: HttpRequest) -> Scopes:
    """The reviewer's scopes; 404 for staff who review nothing. One query."""
    within(request, Ability.CERTIFY)
    return scopes_of(request)


def sought_of(request: HttpRequest, now: datetime) -> Sought:
    """What the address asks for: ?state= (or `all`), ?due=overdue, ?town=, ?unit=, ?name=."""
    asked = request.GET
    state = asked.get("state", CertificationState.SUBMITTED.value)
    town = asked.get("town", "")
    return Sought(
        state=next((each for each in CertificationState if each.value == state), None),
        due_before=now if asked.get("due") == Urgency.OVERDUE.value else None,
        division=town if is_code(town) else "",
        unit=whole_number(asked.get("unit"), 0, 2**31 - 1, 0),
        name="".join(asked.get("name", "").replace("\x00", "").split())[:NAME_LENGTH_MAX],
    )


def kept_of(sought: Sought, **other: object) -> str:
    """The query of an address that asks for the same; `other` replaces parts of it."""
    parts = {
        "state": "all" if sought.state is None else sought.state.value,
        "due": Urgency.OVERDUE.value if sought.due_before is not None else "",
        "town": sought.division,
        "unit": sought.unit or "",
        "name": sought.name,
    } | other
    plain = {"state": CertificationState.SUBMITTED.value}
    return urlencode({name: value for name, value in parts.items() if value and value != plain.get(name)})


def shown(row: CertificationRow, now: datetime) -> dict[str, Any]:
    """An application with the words for its state, type and deadline."""
    waits = row.state is CertificationState.SUBMITTED
    pressing = urgency(row.review_due_at, now) if waits else None
    return {
        "row": row,
        "state_label": reads.state_text(row.state),
        "type_label": reads.applicant_type_text(row.applicant_type),
        "urgency": pressing.value if pressing is not None else "",
        "urgency_label": {
            Urgency.OVERDUE: _("Past its deadline"),
            Urgency.SOON: _("Due within a day"),
            Urgency.CALM: _("In time"),
            None: "",
        }[pressing],
    }


def _ticked(request: HttpRequest) -> dict[int, int]:
    """The step that was seen of each ticked account, at most a page of them; one alone with `only`."""
    given = [request.POST["only"]] if "only" in request.POST else request.POST.getlist("ticked")
    found: dict[int, int] = {}
    for text in given[:PAGE_SIZE]:
        account, _colon, step = text.partition(":")
        found[whole_number(account, 0, ID_MAX, 0)] = whole_number(step, 0, ID_MAX, 0)
    return found


def _approve(request: HttpRequest, row: CertificationRow, seen: int, is_doubled: bool, now: datetime) -> str:
    if is_doubled:
        return _("Somebody of this name is in the unit already: open it and compare.")
    with transaction.atomic():
        outcome = writes.approve_certification(row.account, me(request), now, seen)
        if not isinstance(outcome, Refused):
            change = {"state": row.state.value}, {"state": CertificationState.APPROVED.value}
            deeds.keep(request, "approve_certification", row.name, row.town, now, change)
    return reads.refusal_text(outcome.refusal) if isinstance(outcome, Refused) else ""


def _list(request: HttpRequest, scopes: Scopes) -> HttpResponse:
    now = clock.now()
    sought = sought_of(request, now)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.queue(scopes, start, PAGE_SIZE, sought)
    doubled = twins_of(page.rows)
    own = entered_by(page.rows, me(request)) | {me(request)}
    waiting, overdue = waiting_and_overdue(scopes, now)
    towns = towns_applied(scopes)
    town = sought.division or (towns[0][0] if len(towns) == 1 else "")
    back = {"start": max(0, start - PAGE_SIZE)} if start else None
    context = {
        "header_title": _("Certifications"),
        "rows": [
            shown(row, now) | {"is_doubled": row.account in doubled, "is_own": row.account in own}
            for row in page.rows
        ],
        "views": _views(sought),
        "sought": sought,
        "kept": kept_of(sought),
        "here": kept_of(sought, start=start or ""),
        "towns": towns,
        "units": reads.units_within(town) if town else [],
        "waiting": waiting,
        "overdue": overdue,
        "decided": decided_by(me(request), clock.start_of(clock.day_of(now))),
        "previous": kept_of(sought, **back) if back is not None else None,
        "next": kept_of(sought, start=page.next_start) if page.next_start is not None else None,
        "may_tick": any(row.state is CertificationState.SUBMITTED for row in page.rows),
    }
    return render(request, "console/certifications.html", context)


def _views(sought: Sought) -> list[dict[str, Any]]:
    """The states one looks at, with whatever else is sought kept: address, label, whether it is this one."""
    overdue = sought.due_before is not None
    views = [
        (state.value, "", reads.state_text(state), state is sought.state and not overdue)
        for state in CertificationState
    ]
    views.insert(1, (CertificationState.SUBMITTED.value, "overdue", _("Past its deadline"), overdue))
    views.append(("all", "", _("All"), sought.state is None))
    return [
        {"to": "?" + kept_of(sought, state=state, due=due), "label": label, "current": current}
        for state, due, label, current in views
    ]
