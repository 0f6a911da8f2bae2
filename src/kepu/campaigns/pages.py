"""A campaign's rules in plain words, the file they come from, and what every request knows of campaigns."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET

from kepu.campaigns import labels, reads
from kepu.campaigns.policy import Feature
from kepu.campaigns.reads import Publication
from kepu.campaigns.reads.asking import asked_once
from kepu.campaigns.reads.switches import off_in, switched_off_for
from kepu.campaigns.rules import Kind, Measure, Round, Switch, Weight, budget_of, last_day_of, tasks_total
from kepu.campaigns.rules.sheets import SWITCH_OF
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.regions import reads as regions
from kepu.ui.off import PARTS

VERSION_MAX = 2**31 - 1


def campaigns_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """`request.switched_off` holds what the one who asks does without, asked at the first use.

    One query then, none where the sheets were asked for before. Who asks is looked at only while a sheet
    switches anything off: else a page that shows nobody's own stays the same for all.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = SimpleLazyObject(lambda: switched_off_for(lambda: request.user.pk, clock.now()))
        request.switched_off = asked  # type: ignore[attr-defined]
        with asked_once():
            return get_response(request)

    return middleware


@require_GET
def campaign_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What counts, what is asked, who is awarded and what we declared ourselves. Three queries.

    `version` asks for the rules as they were, for whoever looks up by which of them an act was judged.
    """
    publication = _publication(request, slug)
    sheet = publication.published.sheet
    off = off_in(publication.published)
    names = regions.full_names([sheet.place, sheet.counts_within])
    context = {
        "publication": publication,
        "sheet": sheet,
        "place": names.get(sheet.place, sheet.place),
        "counts_within": names.get(sheet.counts_within, sheet.counts_within),
        "first_day": clock.day_of(sheet.opens_at),
        "last_day": last_day_of(sheet.closes_at),
        "measure": labels.MEASURES[sheet.measure],
        "policy": labels.POLICIES[sheet.policy],
        "tie_rule": labels.TIE_RULES[sheet.tie_rule],
        "double_award": labels.DOUBLE_AWARDS[sheet.double_award],
        "reads_count": sheet.measure is Measure.READS or Kind.READ in sheet.earnings,
        "earnings": [
            (labels.KINDS[kind], earning, SWITCH_OF.get(kind) in off)
            for kind, earning in sheet.earnings.items()
        ],
        "off": [PARTS[each] for each in Switch if each in off],
        "weights": [_weight(each) for each in sheet.weights],
        "totals": tasks_total(sheet),
        "rounds": [_round(each) for each in sheet.rounds],
        "declared": [(labels.field_text(each.field), each.why) for each in sheet.declared],
        "conflicts": [
            (row, [labels.FEATURES[Feature(each)] for each in row.features]) for row in publication.conflicts
        ],
    }
    return render(request, "campaigns/campaign.html", context)


@require_GET
def sheet_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest sheet, or one version, exactly as published, so that its hash can be checked. One query."""
    text = _publication(request, slug).text
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _publication(request: HttpRequest, slug: str) -> Publication:
    version = whole_number(request.GET.get("version"), 0, VERSION_MAX, 0)
    publication = reads.publication(slug, version)
    if publication is None:
        raise Http404
    return publication


def _weight(each: Weight) -> dict[str, Any]:
    return {
        "title": each.title,
        "first_day": clock.day_of(each.opens_at),
        "last_day": last_day_of(each.closes_at),
        "times": each.times,
        "kinds": [labels.KINDS[kind] for kind in sorted(each.kinds)],
    }


def _round(each: Round) -> dict[str, Any]:
    return {
        "title": each.title,
        "first_day": clock.day_of(each.opens_at),
        "last_day": last_day_of(each.closes_at),
        "judged_on": each.judged_on,
        "basic_task": each.basic_task,
        "scopes": [
            (labels.SCOPES[scope], [tier for tier in each.tiers if tier.scope == scope])
            for scope in labels.SCOPES
            if any(tier.scope == scope for tier in each.tiers)
        ],
        "budget": budget_of(each.tiers),
    }
