"""What people told the site, for the officers of their county: read here, and marked when dealt with."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds
from kepu.console.scope import me, scopes_of, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people.reads.complaints import complaints, complaints_waiting
from kepu.people.rules import Ability, Refused
from kepu.people.writes.complaints import settle_complaint

PAGE_SIZE = 25
START_MAX = 100_000


@require_safe
def complaints_page(request: HttpRequest) -> HttpResponse:
    """Complaints in my scopes, newest first: those that wait, or all of them with ?all=1."""
    within(request, Ability.COMPLAINTS)
    scopes = scopes_of(request)
    everything = request.GET.get("all") == "1"
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = complaints(scopes, start, PAGE_SIZE, waiting=not everything)
    context = {
        "header_title": _("Complaints and suggestions"),
        "rows": page.rows,
        "waiting": complaints_waiting(scopes),
        "everything": everything,
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/complaints.html", context)


@require_POST
def settle_page(request: HttpRequest, complaint: int) -> HttpResponse:
    """The complaint is marked as dealt with; 404 outside my scopes."""
    now = clock.now()
    with transaction.atomic():
        settled = settle_complaint(complaint, me(request), now)
        if isinstance(settled, Refused):
            raise Http404
        if settled.is_first:
            deeds.keep(request, "settle_complaint", f"#{complaint}", settled.division, now)
    messages.success(request, _("Complaint %(number)s is dealt with.") % {"number": complaint})
    return redirect("console_complaints")
