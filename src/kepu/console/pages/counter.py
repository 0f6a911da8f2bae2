"""代办登记 at the counter: the clerk enters somebody, who confirms by a code or a signature.

What happens with a number that is known already is decided in `people.writes.counter`, so that nobody can
ask it out of the site: nothing on these pages depends on it before the person has confirmed.
"""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.console import deeds
from kepu.console.pages.rounds_objections import rounds_at_counter
from kepu.console.scope import is_inside, me, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads
from kepu.people.reads.counter import EntryRow, entries, entry
from kepu.people.reads.words import counter_way_text
from kepu.people.rules import Ability, ApplicantType, Application, CounterWay, Refusal, Refused
from kepu.people.writes.counter import (
    confirm_entry,
    drop_entry,
    enter_at_counter,
    prove_presence,
    send_counter_code,
)
from kepu.regions import reads as regions
from kepu.regions.rules import Level, is_code

PAGE_SIZE = 25
START_MAX = 100_000
ID_MAX = 2**31 - 1
TOWNS_MAX = 500


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter_page(request: HttpRequest) -> HttpResponse:
    """The form, and what I entered lately. POST with act=enter keeps an entry; any other act only picks."""
    inside = within(request, Ability.COUNTER)
    stated = request.POST if request.method == "POST" else request.GET
    if request.method == "POST" and stated.get("act") == "enter":
        outcome = _enter(request)
        if not isinstance(outcome, Refused):
            return redirect("console_counter_entry", outcome)
        return _form(request, inside, reads.refusal_text(outcome.refusal))
    return _form(request, inside, "")


@never_cache
@require_safe
def entry_page(request: HttpRequest, number: int) -> HttpResponse:
    """My entry: what is read out to the person, and the two ways they may confirm it."""
    return _entry(request, _mine(request, number), "", 200)


@require_POST
def code_page(request: HttpRequest, number: int) -> HttpResponse:
    """A code is on its way to the person's phone, or the page says why not."""
    row, now = _mine(request, number), clock.now()
    outcome = send_counter_code(number, me(request), deeds.network_of(request), now)
    if isinstance(outcome, Refused):
        return _entry(request, row, reads.refusal_text(outcome.refusal), 409)
    with transaction.atomic():
        deeds.keep(request, "send_counter_code", f"{row.name} {row.form}", row.division, now)
    messages.success(request, _("A text message went to the person's phone. Let them read the code to you."))
    return redirect("console_counter_entry", number)


@require_POST
def confirm_page(request: HttpRequest, number: int) -> HttpResponse:
    """The application waits for a colleague: the code was right, or the form is signed."""
    row, now, by = _mine(request, number), clock.now(), me(request)
    if row.confirmed_at is not None:
        return redirect("console_counter_entry", number)
    way = CounterWay.FORM if request.POST.get("way") == CounterWay.FORM.value else CounterWay.CODE
    if way is CounterWay.FORM and request.POST.get("signed") != "1":
        return _entry(request, row, _("Tick that the form is signed and kept."), 422)
    if way is CounterWay.CODE:
        wrong = prove_presence(number, by, request.POST.get("code", ""), now)
        if wrong is not None:
            return _entry(request, row, reads.refusal_text(wrong.refusal), 422)
    with transaction.atomic():
        outcome = confirm_entry(number, way, by, now)
        if not isinstance(outcome, Refused):
            change: deeds.Change = {}, {"way": way.value, "form": row.form}
            deeds.keep(request, "confirm_at_counter", row.name, row.division, now, change)
    if isinstance(outcome, Refused):
        return _entry(request, row, _why_not(outcome.refusal), 409)
    messages.success(request, _("Entered. A colleague decides on it; you cannot decide on it yourself."))
    return redirect("console_counter_entry", number)


@require_POST
def drop_page(request: HttpRequest, number: int) -> HttpResponse:
    """An entry nobody confirmed is gone with all that was typed."""
    row = _mine(request, number)
    with transaction.atomic():
        if drop_entry(number, me(request)):
            deeds.keep(request, "drop_counter_entry", row.form, row.division, clock.now())
    return redirect("console_counter")


@never_cache
@require_safe
def form_page(request: HttpRequest, number: int) -> HttpResponse:
    """The form on one A4 page, for the person to sign."""
    row = _mine(request, number)
    near = reads.associations("", 1, near=settings.KEPU_DIVISION)
    context = {"row": row, "type_label": _type_label(row), "site": near[0].name if near else ""}
    return render(request, "console/counter_form.html", context)


def _enter(request: HttpRequest) -> int | Refused:
    stated, now = request.POST, clock.now()
    application = Application(
        name=stated.get("name", ""),
        town=stated.get("town", ""),
        unit=whole_number(stated.get("unit"), 0, ID_MAX, 0),
        applicant_type=stated.get("applicant_type", ""),
        association=whole_number(stated.get("association"), 0, ID_MAX, 0),
    )
    with transaction.atomic():
        outcome = enter_at_counter(stated.get("phone", ""), application, me(request), now)
        if not isinstance(outcome, Refused):
            row = entry(outcome, me(request))
            assert row is not None
            deeds.keep(request, "enter_at_counter", f"{row.name} {row.form}", row.division, now)
    return outcome


def _why_not(refusal: Refusal) -> str:
    """What a clerk may know of an application of their own division, said of the person and not to them."""
    return {
        Refusal.ALREADY_SUBMITTED: _("This person's application waits for review already."),
        Refusal.ALREADY_CERTIFIED: _("This person is certified already."),
    }.get(refusal) or reads.refusal_text(refusal)


def _mine(request: HttpRequest, number: int) -> EntryRow:
    inside = within(request, Ability.COUNTER)
    row = entry(number, me(request))
    if row is None or not is_inside(row.division, inside):
        raise Http404
    return row


def _form(request: HttpRequest, inside: tuple[str, ...], refusal: str) -> HttpResponse:
    stated = request.POST if request.method == "POST" else request.GET
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = entries(me(request), start, PAGE_SIZE)
    towns = _towns(inside)
    town = stated.get("town", "")
    town = town if town in dict(towns) else towns[0][0] if len(towns) == 1 else ""
    units = [unit for unit in reads.units_within(town) if is_inside(unit.division, inside)] if town else []
    found = reads.associations(stated.get("q", ""), near=town) if town else []
    chosen = stated.get("association") or (str(found[0].id) if len(found) == 1 else "")
    context = {
        "header_title": _("Sign-up at the counter"),
        "header_icon": "user",
        "stated": stated,
        "refusal": refusal,
        "towns": towns,
        "town": town,
        "units": units,
        "unit": stated.get("unit") or (str(units[0].id) if len(units) == 1 else ""),
        "types": [(each.value, reads.applicant_type_text(each)) for each in ApplicantType],
        "applicant_type": stated.get("applicant_type", ApplicantType.PERSONAL.value),
        "associations": found,
        "association": chosen,
        "rows": [{"row": row, "way": counter_way_text(row.way) if row.way else ""} for row in page.rows],
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
        "objectable": rounds_at_counter(inside),
    }
    return render(request, "console/counter.html", context, status=422 if refusal else 200)


def _towns(inside: tuple[str, ...]) -> list[tuple[str, str]]:
    """The towns in which I have a counter; of the whole site's or a province's those of its own county."""
    codes: dict[str, str] = {}
    for division in inside:
        within_it = division if len(division) >= 4 else settings.KEPU_DIVISION
        if len(within_it) >= 9:
            codes[within_it[:9]] = ""
        elif is_code(within_it):
            codes |= {each.code: "" for each in regions.within(within_it, Level.TOWN)[:TOWNS_MAX]}
    names = regions.names(codes)
    return [(code, names.get(code, code)) for code in sorted(codes)]


def _entry(request: HttpRequest, row: EntryRow, refusal: str, status: int) -> HttpResponse:
    context = {
        "header_title": _("At the counter: %(name)s") % {"name": row.name},
        "header_icon": "user",
        "row": row,
        "type_label": _type_label(row),
        "way": counter_way_text(row.way) if row.way else "",
        "refusal": refusal,
    }
    return render(request, "console/counter_entry.html", context, status=status)


def _type_label(row: EntryRow) -> str:
    return reads.applicant_type_text(ApplicantType(row.applicant_type)) if row.applicant_type else ""
