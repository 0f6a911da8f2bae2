"""A person's own certification: the form with its pickers, its state, what to mend, its history."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kepu.kit import clock
from kepu.people import labels, reads, writes
from kepu.people.forms import CertificationForm, refuse
from kepu.people.reads import CertificationRow
from kepu.people.rules import ApplicantType, Application, Refused, may_submit
from kepu.people.sessions import me_of
from kepu.regions import reads as regions
from kepu.regions.rules import is_code

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Picked:
    """How far down the tree the unit's address is picked; "" where not yet."""

    city: str
    county: str
    town: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be chosen next, as (value, text) pairs, each list with an empty first choice."""

    cities: Choices
    counties: Choices
    towns: Choices
    units: Choices


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def certification_page(request: HttpRequest) -> HttpResponse:
    """My application: its state and history, and the form while one may be submitted.

    POST with act=submit submits; any other act only picks or searches and keeps what was typed, so that
    the page works without JavaScript.
    """
    me = me_of(request)
    row = reads.certification_of(me)
    if may_submit(row.state if row is not None else None) is not None:
        return redirect("/me/certification/") if request.method == "POST" else _page(request, row, {})
    stated = request.POST if request.method == "POST" else _stated(row)
    picked = _picked(stated)
    offer = _offer(picked)
    form = _form(stated, picked, offer, bound=stated.get("act") == "submit")
    if form.is_bound and form.is_valid():
        outcome = writes.submit_certification(me, _application(form), clock.now())
        if not isinstance(outcome, Refused):
            messages.success(request, _("Submitted. Your association will look at it within three days."))
            return redirect("/me/certification/")
        refuse(form, outcome)
    return _page(request, row, {"q": stated.get("q", ""), **_place_context(picked, offer, form)})


def _page(request: HttpRequest, row: CertificationRow | None, more: dict[str, Any]) -> HttpResponse:
    context = {
        "row": row,
        "type_label": dict(labels.APPLICANT_TYPES)[row.applicant_type] if row is not None else "",
        "steps": _steps(row.account) if row is not None else [],
        **more,
    }
    form = more.get("form")
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "people/certification.html", context, status=status)


@never_cache
@login_required
@require_GET
def places_part(request: HttpRequest) -> HttpResponse:
    """The four pick lists for htmx, with what can be chosen after the last choice. Four queries at most."""
    picked = _picked(request.GET)
    offer = _offer(picked)
    form = _form(request.GET, picked, offer, bound=False, with_associations=False)
    return render(request, "people/_places.html", _place_context(picked, offer, form))


@never_cache
@login_required
@require_GET
def associations_part(request: HttpRequest) -> HttpResponse:
    """The associations found, for htmx. Two queries at most."""
    choices = _associations(request.GET, _picked(request.GET))
    form = CertificationForm(initial=_initial(request.GET, choices))
    _set_choices(form, "association", choices)
    return render(request, "people/_associations.html", {"form": form})


def _stated(row: CertificationRow | None) -> QueryDict:
    """What the form shows first: the last application, so that only what was wrong is mended."""
    stated = QueryDict(mutable=True)
    if row is not None:
        stated["name"] = row.name
        stated["town"] = row.town
        stated["unit"] = str(row.unit)
        stated["applicant_type"] = row.applicant_type
        stated["association"] = str(row.association)
    return stated


def _picked(stated: QueryDict) -> Picked:
    """The line of divisions picked; what does not lie below the pick above it is dropped."""
    town = _code(stated, "town", 9)
    county = _code(stated, "county", 6)
    city = _code(stated, "city", 4)
    if not (city or county or town):
        return Picked(settings.KEPU_DIVISION[:4], settings.KEPU_DIVISION, "")
    if not (city or county):
        city, county = town[:4], town[:6]
    county = county if county.startswith(city) else ""
    return Picked(city or county[:4], county, town if county and town.startswith(county) else "")


def _code(stated: QueryDict, name: str, digits: int) -> str:
    text = stated.get(name, "")
    return text if is_code(text) and len(text) == digits else ""


def _offer(picked: Picked) -> Offer:
    province = (picked.city or settings.KEPU_DIVISION)[:2]
    units = reads.units_within(picked.town) if picked.town else []
    return Offer(
        cities=_below(province),
        counties=_below(picked.city),
        towns=_below(picked.county),
        units=[("", _("Choose your unit")), *((str(unit.id), unit.name) for unit in units)],
    )


def _below(code: str) -> Choices:
    rows = regions.children(code).rows if code else ()
    return [("", _("Choose")), *((row.code, row.name) for row in rows)]


def _form(
    stated: QueryDict, picked: Picked, offer: Offer, *, bound: bool, with_associations: bool = True
) -> CertificationForm:
    found = _associations(stated, picked) if with_associations else []
    form = CertificationForm(stated) if bound else CertificationForm(initial=_initial(stated, found))
    _set_choices(form, "town", offer.towns)
    _set_choices(form, "unit", offer.units)
    _set_choices(form, "association", found)
    if not bound:
        form.initial["town"] = picked.town
    return form


def _associations(stated: QueryDict, picked: Picked) -> Choices:
    """Those found by name, the one chosen before kept among them."""
    found = reads.associations(stated.get("q", ""), near=picked.town or picked.county)
    choices = [(str(row.id), row.name) for row in found]
    chosen = stated.get("association", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 and chosen not in dict(choices):
        row = reads.association(int(chosen))
        choices = [*choices, (chosen, row.name)] if row is not None else choices
    return choices


def _initial(stated: QueryDict, found: Choices) -> dict[str, str]:
    """What was typed; the only association near is chosen already."""
    initial = {"applicant_type": ApplicantType.PERSONAL.value, **stated.dict()}
    if len(found) == 1 and not initial.get("association"):
        initial["association"] = found[0][0]
    return {name: str(value) for name, value in initial.items()}


def _set_choices(form: CertificationForm, name: str, choices: Choices) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


def _application(form: CertificationForm) -> Application:
    stated = form.cleaned_data
    return Application(
        name=stated["name"],
        town=stated["town"],
        unit=int(stated["unit"]),
        applicant_type=stated["applicant_type"],
        association=int(stated["association"]),
    )


def _place_context(picked: Picked, offer: Offer, form: CertificationForm) -> dict[str, Any]:
    lists = [
        ("city", _("City"), offer.cities, picked.city),
        ("county", _("County"), offer.counties, picked.county),
    ]
    return {"lists": lists, "form": form, "no_units": bool(picked.town) and len(offer.units) == 1}


def _steps(account: int) -> list[dict[str, object]]:
    """The history as the applicant may read it: what, when and why, never who decided."""
    state_labels = dict(labels.CERTIFICATION_STATES)
    return [
        {"label": _step_label(step, state_labels[step.state]), "at": step.at, "reason": step.reason}
        for step in reads.steps_of(account, names=False)
    ]


def _step_label(step: reads.StepRow, label: object) -> object:
    if step.is_backbone is not None:
        return _("Named a backbone") if step.is_backbone else _("No longer a backbone")
    return _("Submitted") if step.by_applicant else label
