"""活动: the campaigns of my divisions, their versions and what changed between them; a new one begun."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.campaigns import reads, writes
from kepu.campaigns.reads import drafts, words
from kepu.campaigns.rules import Policy, Published, last_day_of, tasks_total
from kepu.campaigns.sheet import (
    differences,
    fitted_to,
    made_voluntary,
    moved_sheet,
    next_name,
    next_title,
    table_of,
    text_differences,
    text_of,
)
from kepu.console import deeds
from kepu.console.pages.campaign_drafts import fitted_words
from kepu.console.place_choices import place_choices
from kepu.console.scope import is_able, is_inside, me, scopes_of, within
from kepu.kit import clock
from kepu.kit.paging import page_of, whole_number
from kepu.people.rules import Ability, may
from kepu.regions import reads as regions

PAGE_SIZE = 25
START_MAX = 100_000
YEARS_MAX = 20
SLUG_MAX, TITLE_MAX = 50, 80
LINES_MAX = 400
TIMES: dict[str, int] = {"now": 0, "later": 1, "over": 2}


@require_safe
def campaigns_page(request: HttpRequest) -> HttpResponse:
    """The campaigns of my divisions, open ones first, PAGE_SIZE a page; ?text= in a title or place, start=.

    Above the first page the drafts I may work on. At most 20 queries.
    """
    divisions, now = within(request, Ability.LOOK), clock.now()
    mine = [each for each in reads.published() if overlaps(each.sheet.place, divisions)]
    names = regions.full_names({each.sheet.place for each in mine})
    asked = request.GET.get("text", "").strip()[:TITLE_MAX]
    found = [each for each in mine if asked in each.sheet.title or asked in names.get(each.sheet.place, "")]
    found.sort(key=lambda each: (TIMES[_time(each, now)], -each.number))
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = page_of(found[start : start + PAGE_SIZE + 1], start, PAGE_SIZE)
    able = is_able(request, Ability.CAMPAIGNS)
    context = {
        "header_title": _("Campaigns"),
        "header_icon": "calendar",
        "rows": [_row(each, names, now) for each in page.rows],
        "is_long": len(mine) > PAGE_SIZE,
        "text": asked,
        "query": urlencode({"text": asked}) if asked else "",
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
        "able": able,
        "drafts": [_draft_row(each) for each in drafts.drafts(within(request, Ability.CAMPAIGNS))]
        if able and not start and not asked
        else [],
    }
    return render(request, "console/campaigns.html", context)


@require_safe
def campaign_page(request: HttpRequest, campaign: int) -> HttpResponse:
    """One campaign of my divisions: what stands, its versions, and ?before= and ?after= compared."""
    found = campaign_of(request, campaign, Ability.LOOK)
    now, versions = clock.now(), drafts.versions(campaign)
    able = may(scopes_of(request), Ability.CAMPAIGNS, found.sheet.place)
    mine = within(request, Ability.CAMPAIGNS) if able else ()
    newest = versions[0].version
    after = whole_number(request.GET.get("after"), 1, newest, newest)
    before = whole_number(request.GET.get("before"), 1, newest, max(1, after - 1))
    texts = {each.version: each.text for each in versions}
    context = {
        "header_title": found.sheet.title,
        "header_icon": "calendar",
        "found": found,
        "row": _row(found, regions.full_names([found.sheet.place]), now),
        "measure": reads.volume_words(found.sheet.measure),
        "totals": tasks_total(found.sheet),
        "versions": versions,
        "before": before,
        "after": after,
        "compared": compared(texts.get(before, ""), texts.get(after, "")) if len(versions) > 1 else None,
        "able": able,
        "drafts": [_draft_row(each) for each in drafts.drafts(mine) if each.campaign == campaign],
    }
    return render(request, "console/campaign.html", context)


@require_POST
def edit_page(request: HttpRequest, campaign: int) -> HttpResponse:
    """A draft of the campaign's next version, from the newest one's text."""
    found, now = campaign_of(request, campaign, Ability.CAMPAIGNS), clock.now()
    text = drafts.newest_text(campaign)
    return _begun(request, Begun(text, found.sheet.place, campaign, found.sheet.title), now)


@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """A draft of a new campaign: from another one's newest version (?source=), or from nothing."""
    divisions, now = within(request, Ability.CAMPAIGNS), clock.now()
    sources = [each for each in reads.published() if is_inside(each.sheet.place, divisions)]
    sources.sort(key=lambda each: (each.sheet.opens_at, each.number), reverse=True)
    asked = whole_number(request.GET.get("source") or request.POST.get("source"), 0, 2**31, 0)
    source = next((each for each in sources if each.number == asked), None)
    year = clock.day_of(now).year
    years = 1
    if source is not None:
        old = clock.day_of(source.sheet.opens_at).year
        years = whole_number(request.POST.get("years"), 1, YEARS_MAX, min(max(year - old, 1), YEARS_MAX))
    place = request.POST.get("place", "").strip()[:12] or _first_place(divisions)
    kind = request.POST.get("kind", "")
    typed = {name: request.POST.get(name, "").strip() for name in ("campaign", "title")}
    troubles = _new_troubles(typed, place, divisions, source) if request.method == "POST" else {}
    if request.method == "POST" and not troubles:
        slug, title = typed["campaign"][:SLUG_MAX], typed["title"][:TITLE_MAX]
        if source is None:
            begun = Begun(text_of(_blank(slug, title, place, year)), place, 0, title)
        else:
            raw, said = _copied(source, years, (slug, title), kind, divisions)
            begun = Begun(text_of(raw), source.sheet.place, 0, title)
            if said:
                messages.info(request, " ".join(said))
        return _begun(request, begun, now)
    if request.method != "POST" and source is not None:
        typed["campaign"] = next_name(source.sheet.campaign, years)
        typed["title"] = next_title(source.sheet.title, clock.day_of(source.sheet.opens_at).year, years)
    context = {
        "header_title": _("New campaign"),
        "header_icon": "plus",
        "sources": sources,
        "source": source,
        "chosen": source is not None or "source" in request.GET or request.method == "POST",
        "years": years,
        "years_max": YEARS_MAX,
        "place": place,
        "places": place_choices(divisions, [place]) if source is None else (),
        "kind": kind,
        "typed": typed,
        "troubles": troubles,
    }
    return render(request, "console/campaign_new.html", context, status=422 if troubles else 200)


def campaign_of(request: HttpRequest, number: int, ability: Ability) -> Published:
    """A campaign I have the ability for; else 404. To look it is enough that it reaches my divisions."""
    divisions = within(request, ability)
    found = next((each for each in reads.published() if each.number == number), None)
    if found is None:
        raise Http404
    place = found.sheet.place
    if not (overlaps(place, divisions) if ability is Ability.LOOK else is_inside(place, divisions)):
        raise Http404
    return found


def overlaps(place: str, divisions: tuple[str, ...]) -> bool:
    """Whether a campaign's place lies in one of these divisions, or one of them in it."""
    return is_inside(place, divisions) or any(each.startswith(place) for each in divisions)


def compared(before: str, after: str) -> dict[str, Any]:
    """Two texts field by field in words, and their lines that differ."""
    return {
        "fields": [
            (words.steps_text(each), words.value_text(each, each.before), words.value_text(each, each.after))
            for each in differences(table_of(before), table_of(after))
        ],
        "lines": text_differences(before, after)[:LINES_MAX],
    }


@dataclass(frozen=True, slots=True)
class Begun:
    """What a draft begins with; `campaign` is 0 for a new one."""

    text: str
    division: str
    campaign: int
    title: str


def _begun(request: HttpRequest, begun: Begun, now: datetime) -> HttpResponse:
    by = (me(request), str(getattr(request.user, "display_name", "")))
    with transaction.atomic():
        number = writes.begin_draft(begun.text, begun.division, begun.campaign, by, now)
        deeds.keep(request, "begin_draft", begun.title, begun.division, now, ({}, {"draft": number}))
    messages.success(request, _("A draft is begun. Nothing counts before it is published."))
    return redirect("console_draft", number, "basics")


def _copied(
    source: Published, years: int, called: tuple[str, str], kind: str, divisions: tuple[str, ...]
) -> tuple[dict[str, Any], list[str]]:
    """Another year's sheet as my draft of the kind that was chosen, and what was changed beside the days."""
    old = table_of(drafts.newest_text(source.number))
    raw, told = fitted_to(moved_sheet(old, years, *called), divisions)
    said = fitted_words(told)
    if kind == Policy.NOTICE:
        raw["policy"] = kind
    else:
        free = made_voluntary(raw)
        if free != raw:
            said.append(
                _(
                    "Made voluntary: no tasks, no points for sharing and checking in, volume counts real"
                    " readers, and whoever wishes stands on boards without a name."
                )
            )
        raw = free
    if old.get("declared"):
        said.append(_("What was declared about the old notice is left behind: say anew what you settle."))
    return raw, said


def _new_troubles(
    typed: dict[str, str], place: str, divisions: tuple[str, ...], source: Published | None
) -> dict[str, str]:
    found = {name: _("Fill this in.") for name, value in typed.items() if not value}
    if source is None and not (is_inside(place, divisions) and regions.division(place)):
        found["place"] = _("Choose one of your divisions.")
    return found


def _first_place(divisions: tuple[str, ...]) -> str:
    return divisions[0] if len(divisions[0]) >= 4 else ""


def _blank(campaign: str, title: str, place: str, year: int) -> dict[str, Any]:
    """A voluntary sheet with the least a campaign must have; people go on from there."""
    return {
        "campaign": campaign,
        "title": title,
        "place": place,
        "counts_within": place,
        "opens_on": date(year + 1, 1, 1),
        "closes_on": date(year + 1, 12, 31),
        "policy": "voluntary",
        "measure": "reads",
        "dwell_seconds_min": 15,
        "certified_only": True,
        "tie_rule": "shared",
        "double_award": "both",
        "publicity_days_min": 5,
        "earnings": {"read": {"points": 1, "per_day_max": 50}},
    }


def _time(each: Published, now: datetime) -> str:
    return "later" if now < each.sheet.opens_at else "now" if now < each.sheet.closes_at else "over"


def _row(each: Published, names: dict[str, str], now: datetime) -> dict[str, Any]:
    sheet = each.sheet
    return {
        "campaign": each,
        "place": names.get(sheet.place, sheet.place),
        "first_day": clock.day_of(sheet.opens_at),
        "last_day": last_day_of(sheet.closes_at),
        "time": _time(each, now),
        "policy": dict(words.choices_of("policy")).get(sheet.policy.value, ""),
    }


def _draft_row(each: drafts.DraftRow) -> dict[str, Any]:
    raw = table_of(each.text)
    return {"draft": each, "title": str(raw.get("title") or _("Without a title"))}
