"""The life of rounds: where each stands, its list, and the one step that comes next."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.awards import reads, writes
from kepu.awards.reads import words
from kepu.awards.rules import (
    NEEDS_REASON,
    Life,
    NoStep,
    Stage,
    Step,
    Taken,
    brought_by,
    life_of,
    next_steps,
    reached,
    step_trouble,
)
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published, Round, last_day_of, round_of
from kepu.console import deeds
from kepu.console.scope import is_inside, me, scopes_of, within
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.kit.paging import page_of, whole_number
from kepu.people import reads as people
from kepu.people.rules import Ability, may
from kepu.regions import reads as regions

LINES, MOVED_SHOWN = 50, 40
# What one button does. Revoking names an award, evaluating is long work, and awards are given and paid
# on pages of their own.
ELSEWHERE = {Step.AWARD: "console_certificates", Step.PAY: "console_payouts"}
PLAIN = frozenset(Step) - {Step.REVOKE, Step.EVALUATE, *ELSEWHERE}


def round_in_scope(request: HttpRequest, slug: str, round_id: str) -> tuple[Published, Round]:
    """The round of a campaign whose place lies where I run rounds; 404 elsewhere. One query."""
    published = campaigns.campaign(slug)
    round_ = round_of(published.sheet, round_id) if published is not None else None
    if (
        published is None
        or round_ is None
        or not may(scopes_of(request), Ability.ROUNDS, published.sheet.place)
    ):
        raise Http404
    return published, round_


@require_safe
def rounds_page(request: HttpRequest) -> HttpResponse:
    """The rounds of campaigns in my divisions, each with its stage and next step. At most 12 queries."""
    divisions, now = within(request, Ability.ROUNDS), clock.now()
    sheets = [each.sheet for each in campaigns.published() if is_inside(each.sheet.place, divisions)]
    lives = reads.lives([sheet.campaign for sheet in sheets])
    open_ones = reads.open_objections_of([sheet.campaign for sheet in sheets])
    rows = []
    for sheet in sheets:
        for round_ in sheet.rounds:
            life = lives.get((sheet.campaign, round_.id), Life())
            waiting = open_ones.get((sheet.campaign, round_.id), 0)
            rows.append(
                {
                    "sheet": sheet,
                    "round": round_,
                    "stage": words.stage_text(life.stage),
                    "next": words.next_text(life, round_.closes_at, waiting, now),
                    "waiting": waiting,
                    "last_day": last_day_of(round_.closes_at),
                }
            )
    context = {"header_title": _("Rounds and awards"), "header_icon": "pick", "rows": rows}
    return render(request, "console/rounds/rounds.html", context)


@require_safe
def round_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """One round: its line of stages, its list in one scope with who moved, objections, and what is next.

    At most 20 queries.
    """
    published, round_ = round_in_scope(request, slug, round_id)
    taken, now = reads.steps(slug, round_id), clock.now()
    life = life_of(taken)
    objections = reads.objections(slug, round_id) if taken else []
    waiting = sum(each.is_upheld is None for each in objections)
    stored = reads.evaluation(life.evaluation) if life.evaluation else None
    buttons = _buttons(request, published, round_, life)
    if life.stage is Stage.EVALUATED and not any(each["step"] == Step.FREEZE for each in buttons):
        life = replace(life, is_taken_back=True)
    context: dict[str, Any] = {
        "header_title": f"{published.sheet.title} · {round_.title}",
        "header_icon": "pick",
        "sheet": published.sheet,
        "round": round_,
        "life": life,
        "line": _line(life, taken),
        "next": words.next_text(life, round_.closes_at, waiting, now),
        "buttons": buttons,
        "taken": [(each, words.step_text(each.step)) for each in reversed(taken)],
        "objections": objections,
        "waiting": waiting,
        "snapshot": next((each.details for each in reversed(taken) if each.step is Step.FREEZE), None),
        "years": reads.known_years(),
        "may_revoke": reached(life.stage, Stage.FINAL),
        "may_file": life.stage is Stage.PUBLIC,
    }
    if stored is not None:
        start = whole_number(request.GET.get("start"), 0, 100_000, 0)
        context |= _listed(stored, slug, round_id, request.GET.get("scope", ""), start)
    return render(request, "console/rounds/round.html", context)


@require_POST
def step_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """One step more in the round's life, or a sentence why not. Evaluating is asked for as long work."""
    published, round_ = round_in_scope(request, slug, round_id)
    step = next((each for each in Step if each.value == request.POST.get("step")), None)
    now, title = clock.now(), f"{slug} · {round_.title}"
    if step is Step.EVALUATE:
        return _judge(request, published, round_)
    if step is None or step not in PLAIN:
        return HttpResponse(status=400)
    reason = request.POST.get("reason", "")[:1_000]
    fresh = reads.fresh_list(slug, round_id) if step is Step.FREEZE else None
    with transaction.atomic():
        if step is Step.FREEZE:
            taken = writes.freeze_round(slug, round_id, fresh, me(request), now)
        else:
            taken = writes.take_step(slug, round_id, step, me(request), now, reason)
        if isinstance(taken, NoStep):
            messages.error(request, words.no_step_text(taken))
        else:
            change: deeds.Change = (
                {},
                {"step": step.value, "reason": reason} if reason else {"step": step.value},
            )
            deeds.keep(request, "round_step", title, published.sheet.place, now, change)
            messages.success(request, words.step_text(step))
    return redirect("console_round", slug, round_id)


@require_POST
def revoke_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """One award of a final list is revoked for a reason, or a sentence why not."""
    published, round_ = round_in_scope(request, slug, round_id)
    person = whole_number(request.POST.get("person"), 1, 2**53, 0)
    award, now = (person, request.POST.get("division", "")[:12]), clock.now()
    reason = request.POST.get("reason", "")[:1_000]
    with transaction.atomic():
        taken = writes.revoke_award(slug, round_id, award, me(request), now, reason)
        if isinstance(taken, Taken):
            about = {"person": person, "reason": reason}
            subject = f"{slug} · {round_.title}"
            deeds.keep(request, "revoke_award", subject, published.sheet.place, now, ({}, about))
            messages.success(request, words.step_text(Step.REVOKE))
        else:
            messages.error(request, words.no_step_text(taken))
    return redirect("console_round", slug, round_id)


def _judge(request: HttpRequest, published: Published, round_: Round) -> HttpResponse:
    slug, now = published.sheet.campaign, clock.now()
    life = reads.life(slug, round_.id)
    facts = reads.facts_for(published, round_, life, Step.EVALUATE, me(request), now)
    if (trouble := step_trouble(life, Step.EVALUATE, facts)) is not None:
        messages.error(request, words.no_step_text(trouble))
        return redirect("console_round", slug, round_.id)
    title = _("Evaluate: %(title)s") % {"title": round_.title}
    with transaction.atomic():
        job = ask_job("judge_round", title, {"campaign": slug, "round": round_.id}, me(request), now)
        if job is not None:
            deeds.keep(request, "evaluate_round", f"{slug} · {round_.title}", published.sheet.place, now)
    if job is None:
        messages.error(request, _("Too much long work of yours is under way. Wait until some is done."))
        return redirect("console_round", slug, round_.id)
    return redirect("console_job", job)


def _line(life: Life, taken: tuple[Taken, ...]) -> list[dict[str, Any]]:
    """The stages in order, each with who brought the round there and when, while it stands."""
    by_stage = brought_by(taken)
    return [
        {
            "text": words.stage_text(stage),
            "is_here": stage is life.stage,
            "is_past": reached(life.stage, stage),
            "step": by_stage.get(stage) if reached(life.stage, stage) else None,
        }
        for stage in Stage
    ]


def _buttons(request: HttpRequest, published: Published, round_: Round, life: Life) -> list[dict[str, Any]]:
    """The steps that are possible here, in words; one that must wait says why instead."""
    now, buttons = clock.now(), []
    for step in next_steps(life.stage, len(life.signers)):
        if step is Step.REVOKE:
            continue
        facts = reads.facts_for(published, round_, life, step, me(request), now)
        needs_reason = step in NEEDS_REASON
        trouble = step_trouble(life, step, facts, "…")
        if step is Step.FREEZE and trouble is NoStep.CORRECTIONS_MISSING:
            continue  # nothing but a new list helps
        buttons.append(
            {
                "step": step.value,
                "text": words.button_text(step),
                "needs_reason": needs_reason,
                "asks": words.asks_text(step),
                "waits": words.no_step_text(trouble) if trouble is not None else "",
                "at": reverse(ELSEWHERE[step]) if step in ELSEWHERE else "",
            }
        )
    return [each for each in buttons if not (each["waits"] and each["step"] == Step.TAKE_BACK)]


def _listed(
    stored: reads.StoredEvaluation, slug: str, round_id: str, wished: str, start: int
) -> dict[str, Any]:
    scopes = stored.content()["scopes"]
    scope = next((each for each in scopes if each["division"] == wished), scopes[-1])
    page = page_of(scope["winners"][start : start + LINES + 1], start, LINES)
    before = reads.evaluation_before(slug, round_id, stored.id)
    moved = reads.moved_between(before, stored.id, scope["division"]) if before is not None else []
    by_person = {each.person: each for each in moved}
    persons = [each.person for each in moved[:MOVED_SHOWN]]
    names = {person: profile.name for person, profile in people.profiles(persons).items()} if persons else {}
    gone = {(each.person, each.division): each for each in reads.revocations(slug, round_id)}
    return {
        "stored": stored,
        "scopes": scopes,
        "scope": scope,
        "count": len(scope["winners"]),
        "lines": [
            {
                **line,
                "moved": by_person.get(line["communicator"]),
                "revoked": gone.get((line["communicator"], scope["division"])),
            }
            for line in page.rows
        ],
        "next_start": page.next_start,
        "moved": [(each, names.get(each.person, "")) for each in moved[:MOVED_SHOWN]],
        "moved_more": max(0, len(moved) - MOVED_SHOWN),
        "place": regions.names([scope["division"]]),
    }
