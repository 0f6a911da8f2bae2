"""公文: beginning one from kept figures; who issues; what units said; the policy guard's memo."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published
from kepu.console import deeds
from kepu.console.composing import Asked, gathered, memo_of, progress_facts, unit_names
from kepu.console.pages.campaigns import campaign_of
from kepu.console.pages.papers import by_of, file_answer, written
from kepu.console.scope import is_inside, within
from kepu.documents.typesetting import TypesettingError
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.papers import reads, writes
from kepu.papers.rules import (
    OF_A_ROUND,
    SAID_MAX,
    WITHOUT_PERSONS,
    Facts,
    FactsNo,
    Kind,
    Organ,
    first_texts,
    typed_text,
)
from kepu.people.rules import Ability
from kepu.regions import reads as regions

NUMBER_MAX = 10**15 - 1


@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """A draft of a kind about a campaign of mine, with its figures as they stand now.

    At most 20 queries to look.
    """
    divisions = within(request, Ability.CAMPAIGNS)
    typed = request.POST if request.method == "POST" else request.GET
    mine = [each for each in campaigns.published() if is_inside(each.sheet.place, divisions)]
    number = whole_number(typed.get("campaign"), 0, NUMBER_MAX, 0)
    chosen = next((each for each in mine if each.number == number), None)
    kind = Kind(typed["kind"]) if typed.get("kind") in tuple(Kind) else None
    organs = reads.organs(divisions)
    refusal = ""
    if request.method == "POST":
        wanted = whole_number(typed.get("organ"), 0, NUMBER_MAX, 0)
        organ = next((each for each in organs if each.number == wanted), None)
        if chosen is None or kind is None:
            refusal = reads.facts_no_text(FactsNo.NO_CAMPAIGN)
        elif organ is None:
            refusal = _("Choose who issues the document.")
        else:
            units = tuple(typed.getlist("unit"))[:600]
            asked = Asked(kind, chosen, typed.get("round", "")[:60], units, organ)
            facts = gathered(asked)
            if isinstance(facts, Facts):
                return _begun(request, asked, facts, organ)
            refusal = reads.facts_no_text(facts)
    context = {
        "header_title": _("Write a document"),
        "header_icon": "plus",
        "campaigns": mine,
        "chosen": chosen,
        "kind": kind,
        "kind_text": reads.kind_text(kind) if kind else "",
        "kinds": [(each.value, reads.kind_text(each), reads.kind_hint(each)) for each in Kind],
        "organs": organs,
        "rounds": chosen.sheet.rounds if chosen is not None and kind in OF_A_ROUND else (),
        "picked": typed.getlist("unit"),
        "refusal": refusal,
        **(_units(chosen, kind) if chosen is not None and kind in WITHOUT_PERSONS else {}),
    }
    return render(request, "console/paper_new.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def organs_page(request: HttpRequest) -> HttpResponse:
    """Who issues documents in my divisions; a POST declares one. At most 20 queries."""
    divisions, now = within(request, Ability.CAMPAIGNS), clock.now()
    names = ("name", "mark", "code", "division")
    lengths = {"name": 60, "mark": 60, "code": 20, "division": 12}
    typed = {each: typed_text(request.POST.get(each, ""))[: lengths[each]] for each in names}
    refusal = ""
    if request.method == "POST":
        if not all(typed.values()):
            refusal = _("Fill in all four fields.")
        elif not is_inside(typed["division"], divisions) or not regions.names([typed["division"]]):
            refusal = _("Enter the code of one of your divisions.")
        else:
            organ = Organ(typed["name"], typed["mark"], typed["code"])
            with transaction.atomic():
                declared = writes.declare_organ(organ, typed["division"], by_of(request), now)
                if declared is not None:
                    after = {"code": organ.code}
                    deeds.keep(request, "declare_organ", organ.name, typed["division"], now, ({}, after))
            if declared is not None:
                messages.success(request, _("%(name)s can issue documents now.") % {"name": organ.name})
                return redirect("console_paper_organs")
            refusal = _("Another organ has this code already. Choose another one.")
    elif len(divisions[0]) >= 6:
        typed["division"] = divisions[0]
    lines = reads.organs(divisions)
    places = regions.full_names({each.division for each in lines})
    context = {
        "header_title": _("Who issues documents"),
        "header_icon": "group",
        "organs": [{"line": each, "place": places.get(each.division, each.division)} for each in lines],
        "typed": typed,
        "lengths": lengths,
        "refusal": refusal,
    }
    return render(request, "console/paper_organs.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def hearings_page(request: HttpRequest, campaign: int) -> HttpResponse:
    """What units of a campaign of mine said about what they missed; a POST puts more on record.

    At most 20 queries.
    """
    found, now = campaign_of(request, campaign, Ability.CAMPAIGNS), clock.now()
    units = unit_names(found.sheet)
    unit = request.POST.get("unit", "") or request.GET.get("unit", "")
    said, refusal = typed_text(request.POST.get("said", ""))[:SAID_MAX], ""
    if request.method == "POST":
        if unit not in units:
            refusal = _("Choose a unit that has tasks in this campaign.")
        elif not said:
            refusal = _("Write down what the unit said.")
        else:
            with transaction.atomic():
                writes.keep_hearing(campaign, (units[unit], unit), said, by_of(request), now)
                after = {"unit": units[unit]}
                deeds.keep(request, "keep_hearing", found.sheet.title, found.sheet.place, now, ({}, after))
            messages.success(request, _("It is on record."))
            return redirect("console_paper_hearings", campaign)
    context = {
        "header_title": _("What units said: %(campaign)s") % {"campaign": found.sheet.title},
        "header_icon": "comment",
        "found": found,
        "units": list(units.items()),
        "unit": unit,
        "said": said,
        "said_max": SAID_MAX,
        "hearings": reads.hearings(campaign),
        "refusal": refusal,
    }
    return render(request, "console/paper_hearings.html", context, status=422 if refusal else 200)


@require_safe
def memo_file(request: HttpRequest, campaign: int) -> HttpResponse:
    """The policy guard's memo of ?version= of a campaign, as ?form=pdf or docx. At most 20 queries."""
    found, form = campaign_of(request, campaign, Ability.LOOK), request.GET.get("form", "pdf")
    newest = found.sheet.version
    version = whole_number(request.GET.get("version"), 1, newest, newest)
    paper = memo_of(found, version)
    if paper is None or form not in ("pdf", "docx"):
        raise Http404
    try:
        body = written(paper, form)
    except TypesettingError:
        messages.error(request, _("The pages could not be set just now. Try again in a minute."))
        return redirect("console_campaign", campaign)
    return file_answer(body, form, f"{found.sheet.campaign}-v{version}-memo")


def _begun(request: HttpRequest, asked: Asked, facts: Facts, organ: reads.OrganLine) -> HttpResponse:
    now, texts = clock.now(), first_texts(asked.kind, organ.organ, facts)
    wanted = writes.Wanted(organ.number, asked.kind, asked.published.number, asked.round)
    place = asked.published.sheet.place
    with transaction.atomic():
        number = writes.begin_paper(wanted, facts, texts, by_of(request), now)
        subject = f"{reads.kind_text(asked.kind)} {texts.title}"
        deeds.keep(request, "begin_paper", subject, place, now, ({}, {"draft": number}))
    messages.success(request, _("A draft is begun. Its figures are kept as they stand now."))
    return redirect("console_paper", number)


def _units(chosen: Published, kind: Kind | None) -> dict[str, Any]:
    """The units to choose from: those that missed something, and whether they were heard."""
    progress = progress_facts(chosen)
    if isinstance(progress, FactsNo):
        return {"nothing": reads.facts_no_text(progress)}
    heard = {each.division for each in reads.hearings(chosen.number)}
    missing = [unit for unit in progress.units if unit.missed]
    rows = [{"unit": unit, "heard": unit.division in heard} for unit in missing]
    is_criticism = kind is Kind.CRITICISM
    return {"units": rows, "cut_off": progress.cut_off, "is_criticism": is_criticism, "all_done": not rows}
