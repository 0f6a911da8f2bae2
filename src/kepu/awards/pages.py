"""An evaluated round, for anybody with masked names; and why, for oneself."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from kepu.awards import labels, reads
from kepu.awards.reads import StoredEvaluation
from kepu.awards.rules import NoRound
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published, Round, last_day_of, reached_tier, round_of
from kepu.kit import clock
from kepu.kit.paging import page_of, whole_number
from kepu.people.rules import masked_name
from kepu.regions import reads as regions
from kepu.standings.rules import scope_division

LINES = 50


@require_safe
def round_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """The newest stored list of a round, one scope at a time; htmx gets only the next lines.

    Nothing is evaluated here. At most five queries.
    """
    published, round_ = _round(slug, round_id)
    stored = reads.latest_evaluation(slug, round_id)
    person = request.user.pk if request.user.is_authenticated else 0
    context: dict[str, Any] = {"stored": stored, "round": round_}
    part_only = False
    if stored is not None:
        start = whole_number(request.GET.get("start"), 0, 100_000, 0)
        context |= _listed(stored, round_, published, request.GET.get("scope", ""), start, person)
        part_only = request.headers.get("HX-Request") == "true" and bool(start)
    if part_only:
        response = render(request, "awards/_winners.html", context)
    else:
        response = render(request, "awards/round.html", context | _conditions(published, round_))
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


@require_safe
@login_required
def why_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """Why I stand where I do on the newest stored list. At most 16 queries."""
    published, round_ = _round(slug, round_id)
    person = request.user.pk
    assert person is not None
    why = reads.why(slug, round_id, person)
    context: dict[str, Any] = {"round": round_, "sheet": published.sheet}
    if isinstance(why, NoRound):
        return render(request, "awards/not_yet.html", context)
    context |= {
        "why": why,
        "as_of": _moment(why.as_of),
        "scopes": [(place, labels.MISSED.get(place.missed) if place.missed else "") for place in why.scopes],
        "months": [(f"{month % 100:02d}", volume) for month, volume in why.months],
        "refused": [(labels.REFUSED.get(name, name), count) for name, count in why.refused],
        "volume": labels.VOLUME[published.sheet.measure],
    }
    return render(request, "awards/why.html", context)


def _round(slug: str, round_id: str) -> tuple[Published, Round]:
    published = campaigns.campaign(slug)
    round_ = round_of(published.sheet, round_id) if published is not None else None
    if published is None or round_ is None:
        raise Http404
    return published, round_


def _listed(
    stored: StoredEvaluation, round_: Round, published: Published, wished: str, start: int, person: int
) -> dict[str, Any]:
    """One scope of a stored list, the narrowest when none is asked for, and the lines from `start`."""
    scopes = stored.content()["scopes"]
    scope = next((each for each in scopes if each["division"] == wished), scopes[-1])
    page = page_of(scope["winners"][start : start + LINES + 1], start, LINES)
    tiers = [t for t in round_.tiers if scope_division(published.sheet, t.scope) == scope["division"]]
    lines, before = [], None
    for winner in page.rows:
        tier = reached_tier(tiers, tiers[0].scope, winner["rank"]) if tiers else None
        lines.append(
            {
                **winner,
                "name": winner["name"] if winner["communicator"] == person else masked_name(winner["name"]),
                "is_me": winner["communicator"] == person,
                "tier": tier if tier is not before else None,
            }
        )
        before = tier
    address = {"scope": scope["division"], "start": page.next_start}
    return {
        "scopes": scopes,
        "scope": scope,
        "count": len(scope["winners"]),
        "lines": lines,
        "more": f"?{urlencode(address)}" if page.next_start else "",
        "as_of": _moment(stored.as_of),
    }


def _conditions(published: Published, round_: Round) -> dict[str, Any]:
    sheet = published.sheet
    divisions = [scope_division(sheet, tier.scope) for tier in round_.tiers]
    names = regions.names(divisions)
    return {
        "sheet": sheet,
        "first_day": clock.day_of(round_.opens_at),
        "last_day": last_day_of(round_.closes_at),
        "tiers": [
            (tier, names.get(division, division))
            for tier, division in zip(round_.tiers, divisions, strict=True)
        ],
        "volume": labels.VOLUME[sheet.measure],
        "ties": labels.TIES[sheet.tie_rule],
        "double_award": labels.DOUBLE_AWARD[sheet.double_award],
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
