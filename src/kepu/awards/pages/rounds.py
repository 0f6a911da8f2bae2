"""An evaluated round, for anybody with masked names; and why, for oneself."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from kepu.awards import labels, reads, writes
from kepu.awards.reads import StoredEvaluation
from kepu.awards.rules import (
    Life,
    NoObjection,
    NoRound,
    Said,
    Stage,
    by_day_and_reason,
    life_of,
    reached,
    revocations_of,
    withdrawn,
)
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published, Round, last_day_of, reached_tier, round_of
from kepu.kit import clock
from kepu.kit.paging import page_of, whole_number
from kepu.people import reads as people
from kepu.regions import reads as regions
from kepu.standings.reads import name_for_others
from kepu.standings.rules import scope_division

LINES = 50


@require_safe
def round_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """The list of a round that stands, its stage and how to object; htmx gets only the next lines.

    Nothing is evaluated here. At most nine queries, seven for a list that is public.
    """
    published, round_ = _round(slug, round_id)
    taken = reads.steps(slug, round_id)
    life, gone = life_of(taken), revocations_of(taken)
    stored = _shown(life, slug, round_id)
    person = request.user.pk if request.user.is_authenticated else 0
    context: dict[str, Any] = {"stored": stored, "round": round_} | _stage(life)
    if (back := withdrawn(taken)) is not None:
        context["withdrawn_on"] = clock.day_of(back.at)
        context["because"] = reads.upheld_at(slug, round_id, back.at)
    if person and taken and not context["may_object"]:
        context["has_objected"] = reads.has_objected(person, slug, round_id)
    part_only = False
    if stored is not None:
        start = whole_number(request.GET.get("start"), 0, 100_000, 0)
        context |= _listed(stored, round_, published, request.GET.get("scope", ""), start, person)
        revoked = {each.person for each in gone if each.division == context["scope"]["division"]}
        for line in context["lines"]:
            line["is_revoked"] = line["communicator"] in revoked
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
    """Why I stand where I do on the list that stands. At most 16 queries."""
    published, round_ = _round(slug, round_id)
    person = request.user.pk
    assert person is not None
    why = reads.why_in(published, round_id, person)
    context: dict[str, Any] = {"round": round_, "sheet": published.sheet}
    if isinstance(why, NoRound):
        return render(request, "awards/not_yet.html", context)
    taken = reads.steps(slug, round_id)
    gone = {each.division: each.reason for each in revocations_of(taken) if each.person == person}
    context |= {
        **_stage(life_of(taken)),
        "why": why,
        "corrections": by_day_and_reason(why.corrections),
        "as_of": _moment(why.as_of),
        "scopes": [
            (place, labels.MISSED[place.missed] if place.missed else "", gone.get(place.division))
            for place in why.scopes
        ],
        "months": [(f"{month % 100:02d}", volume) for month, volume in why.months],
        "refused": [(labels.REFUSED.get(name, name), count) for name, count in why.refused],
        "volume": campaigns.volume_words(published.sheet.measure),
    }
    return render(request, "awards/why.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def object_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """An objection against a public list, under one's own name, which is not published; what I filed before.

    At most 16 queries.
    """
    published, round_ = _round(slug, round_id)
    person, now = request.user.pk, clock.now()
    assert person is not None
    told, form, done = "", request.POST, False
    life = reads.life(slug, round_id)
    chosen = form if request.method == "POST" else request.GET
    line = _line_of(_shown(life, slug, round_id), chosen.get("scope", ""), chosen.get("line", ""))
    about = line["communicator"] if line is not None else person
    if request.method == "POST":
        name = str(getattr(request.user, "display_name", ""))
        said = Said(person, name, about, form.get("says", "")[:5_000], form.get("evidence", "")[:5_000])
        filed = writes.file_objection(slug, round_id, said, now)
        done = not isinstance(filed, NoObjection)
        told = str(labels.NO_OBJECTION[filed]) if isinstance(filed, NoObjection) else ""
    hidden = _hidden(published, [about])
    context = {
        "round": round_,
        "sheet": published.sheet,
        "told": told,
        "done": done,
        "form": {} if done else form,
        "scope": chosen.get("scope", "")[:12] if line is not None else "",
        "line": chosen.get("line", "")[:6] if line is not None else "",
        "rank": line["rank"] if line is not None else 0,
        "about_name": name_for_others(line["name"], bool(hidden)) if line is not None else "",
        "mine": reads.objections_of(person, slug, round_id),
        **_stage(life),
    }
    return render(request, "awards/object.html", context, status=400 if told else 200)


def _line_of(stored: StoredEvaluation | None, division: str, line: str) -> dict[str, Any] | None:
    """The winner on a line (from 0) of one scope of a list; None for none."""
    if stored is None or not line:
        return None
    scopes = stored.content()["scopes"]
    winners: list[dict[str, Any]] = next(
        (each["winners"] for each in scopes if each["division"] == division), []
    )
    at = whole_number(line, 0, 100_000, 100_000)
    return winners[at] if at < len(winners) else None


def _round(slug: str, round_id: str) -> tuple[Published, Round]:
    published = campaigns.campaign(slug)
    round_ = round_of(published.sheet, round_id) if published is not None else None
    if published is None or round_ is None:
        raise Http404
    return published, round_


def _shown(life: Life, slug: str, round_id: str) -> StoredEvaluation | None:
    """What is shown: the list that was published, or an interim one while the round counts.

    Between closing and publicity nothing is shown: it is not yet a list anybody answers for. One query.
    """
    if life.stage is Stage.OPEN:
        return reads.latest_evaluation(slug, round_id)
    return reads.evaluation(life.evaluation) if reached(life.stage, Stage.PUBLIC) else None


def _stage(life: Life) -> dict[str, Any]:
    today = clock.day_of(clock.now())
    until = life.public_until
    return {
        "life": life,
        "stage": labels.STAGES[life.stage],
        "is_counting": life.stage is Stage.OPEN,
        "may_object": life.stage is Stage.PUBLIC and until is not None and today <= until,
    }


def _listed(
    stored: StoredEvaluation, round_: Round, published: Published, wished: str, start: int, person: int
) -> dict[str, Any]:
    """One scope of a stored list, the narrowest when none is asked for, and the lines from `start`."""
    scopes = stored.content()["scopes"]
    scope = next((each for each in scopes if each["division"] == wished), scopes[-1])
    page = page_of(scope["winners"][start : start + LINES + 1], start, LINES)
    tiers = [t for t in round_.tiers if scope_division(published.sheet, t.scope) == scope["division"]]
    hidden = _hidden(published, [winner["communicator"] for winner in page.rows])
    best = max((winner["volume"] for winner in scope["winners"]), default=0)
    lines, before = [], None
    for at, winner in enumerate(page.rows, start):
        is_me = winner["communicator"] == person
        is_hidden = winner["communicator"] in hidden
        tier = reached_tier(tiers, tiers[0].scope, winner["rank"]) if tiers else None
        lines.append(
            {
                **winner,
                "name": winner["name"] if is_me else name_for_others(winner["name"], is_hidden),
                "unit": "" if is_hidden and not is_me else winner["unit"],
                "is_me": is_me,
                "line": at,
                "share": winner["volume"] * 100 // best if best else 0,
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


def _hidden(published: Published, persons: list[int]) -> set[int]:
    """Those of these persons who stand without their name: who closed their account, and who wishes it where
    the sheet allows it. One query, two where it does."""
    closed = set(people.closed_accounts(persons))
    if not published.sheet.boards_may_hide:
        return closed
    return closed | {person for person, profile in people.profiles(persons).items() if profile.hides_name}


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
        "volume": campaigns.volume_words(sheet.measure),
        "ties": campaigns.tie_words(sheet.tie_rule),
        "double_award": labels.DOUBLE_AWARD[sheet.double_award],
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
