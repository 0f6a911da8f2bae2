"""Objections: entered from paper, looked at with the same numbers the communicator sees, and answered."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kepu.awards import reads, writes
from kepu.awards.reads import words
from kepu.awards.rules import (
    Answer,
    Filed,
    NoObjection,
    NoRound,
    Said,
    Stage,
    by_day_and_reason,
    may_answer,
    may_enter,
)
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published, Round, RuleSheet, round_of
from kepu.console import deeds
from kepu.console.pages.rounds import round_in_scope
from kepu.console.scope import me, scopes_of, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.ledger import reads as ledger
from kepu.ledger.rules import Entry, Spot, takes_back
from kepu.people import reads as people
from kepu.people.rules import Ability, masked_name, may
from kepu.standings.rules import round_days

ENTRIES_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def file_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """An objection from paper is entered at the counter, under the name on it. At most 15 queries."""
    published, round_ = _round_at_counter(request, slug, round_id)
    form, told, now = request.POST, "", clock.now()
    if request.method == "POST":
        said = Said(
            objector=whole_number(form.get("objector"), 1, 2**53, 0),
            objector_name=form.get("name", "")[:200],
            about=whole_number(form.get("about"), 1, 2**53, 0),
            says=form.get("says", "")[:5_000],
            evidence=form.get("evidence", "")[:5_000],
            entered_by=me(request),
        )
        with transaction.atomic():
            filed = writes.file_objection(slug, round_id, said, now)
            if isinstance(filed, Filed):
                subject = f"{slug} · {round_.title} #{filed.id}"
                deeds.keep(request, "file_objection", subject, published.sheet.place, now)
        if isinstance(filed, Filed):
            about = people.profiles([filed.about]).get(filed.about)
            name = masked_name(about.name) if about is not None else filed.about
            said_about = {"number": filed.id, "name": name}
            messages.success(request, _("Objection %(number)s about %(name)s is entered.") % said_about)
            return redirect("console_objection_file", slug, round_id)
        told = words.no_objection_text(filed)
    life = reads.life(slug, round_id)
    context = {
        "header_title": _("Objection from paper: %(title)s") % {"title": round_.title},
        "header_icon": "edit",
        "form": form or {"about": request.GET.get("about", "")[:12]},
        "told": told,
        "sheet": published.sheet,
        "round": round_,
        "until": life.public_until if life.stage is Stage.PUBLIC else None,
        "may_look": may(scopes_of(request), Ability.ROUNDS, published.sheet.place),
    }
    return render(request, "console/rounds/objection_file.html", context, status=400 if told else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def objection_page(request: HttpRequest, objection: int) -> HttpResponse:
    """An objection with the person's numbers; a POST answers it. Upholding says what is corrected.

    Whom it is about, should they be of the office, does not read who objected. At most 20 queries.
    """
    filed, published, round_, made_list = _objection_in_scope(request, objection)
    told, now = "", clock.now()
    if request.method == "POST":
        answer = _answer(request)
        done: Filed | NoObjection = NoObjection.BAD_VOLUME
        with transaction.atomic():
            if answer is not None:
                done = writes.answer_objection(objection, answer, me(request), now)
            if isinstance(done, Filed):
                change: deeds.Change = ({}, {"upheld": done.is_upheld, "reason": done.reason})
                subject = f"{filed.campaign} · {round_.title} #{objection}"
                deeds.keep(request, "answer_objection", subject, published.sheet.place, now, change)
        if isinstance(done, Filed):
            if done.is_upheld:
                writes.enter_corrections(filed.campaign, filed.round, now)
                messages.success(
                    request, _("Upheld. The corrections are in the ledger: evaluate the round again.")
                )
            else:
                messages.success(request, _("Rejected, with the reason."))
            return redirect("console_round", filed.campaign, filed.round)
        told = words.no_objection_text(done)
    day = _day(request.GET.get("day") or request.POST.get("looked_at") or "")
    is_open = filed.is_upheld is None
    makers = frozenset({me(request)} if made_list else ())
    name = str(getattr(request.user, "display_name", ""))
    entries = _entries(filed, published, round_, day) if is_open and day is not None else []
    context = {
        "header_title": _("Objection %(number)s") % {"number": objection},
        "header_icon": "comment",
        "filed": filed,
        "is_about_me": filed.about == me(request),
        "sheet": published.sheet,
        "round": round_,
        "told": told,
        "form": request.POST,
        "may_answer": may_answer(filed, me(request), name, makers),
        "why_not": words.no_objection_text(NoObjection.NOT_INDEPENDENT),
        "entries": [(each, f"{each.book}-{each.seq}" in request.POST.getlist("entry")) for each in entries],
        "day": day,
        **_why(published, filed.round, filed.about),
    }
    return render(request, "console/rounds/objection.html", context, status=400 if told else 200)


@require_safe
def person_page(request: HttpRequest, slug: str, round_id: str, person: int) -> HttpResponse:
    """Why somebody stands where they do: the numbers of their own page. At most 20 queries."""
    published, round_ = round_in_scope(request, slug, round_id)
    context = _why(published, round_id, person)
    if context["why"] is None:
        raise Http404
    context |= {
        "header_title": context["why"].name,
        "header_icon": "user",
        "sheet": published.sheet,
        "round": round_,
        "may_file": reads.life(slug, round_id).stage is Stage.PUBLIC,
    }
    return render(request, "console/rounds/person.html", context)


def rounds_at_counter(counters: tuple[str, ...]) -> list[tuple[RuleSheet, Round]]:
    """The rounds whose list is public today and about which these counters enter paper. Two queries."""
    today = clock.day_of(clock.now())
    sheets = [each.sheet for each in campaigns.published() if may_enter(counters, each.sheet.place)]
    lives = reads.lives([sheet.campaign for sheet in sheets])
    found = []
    for sheet in sheets:
        for round_ in sheet.rounds:
            life = lives.get((sheet.campaign, round_.id))
            if life is not None and life.stage is Stage.PUBLIC and life.public_until is not None:
                found += [(sheet, round_)] if today <= life.public_until else []
    return found


def _round_at_counter(request: HttpRequest, slug: str, round_id: str) -> tuple[Published, Round]:
    """The round of a campaign about whose place my counter may enter paper; 404 elsewhere. One query."""
    published = campaigns.campaign(slug)
    round_ = round_of(published.sheet, round_id) if published is not None else None
    counters = within(request, Ability.COUNTER)
    if published is None or round_ is None or not may_enter(counters, published.sheet.place):
        raise Http404
    return published, round_


def _why(published: Published, round_id: str, person: int) -> dict[str, Any]:
    why = reads.why_in(published, round_id, person)
    if isinstance(why, NoRound):
        return {"why": None}
    refused = [(words.refused_text(name), count) for name, count in why.refused]
    missed = [(place, words.missed_text(place.missed)) for place in why.scopes]
    corrections = by_day_and_reason(why.corrections)
    return {"why": why, "refused": refused, "places": missed, "corrections": corrections}


def _objection_in_scope(request: HttpRequest, objection: int) -> tuple[Filed, Published, Round, bool]:
    filed, made_list = reads.objection_seen_by(objection, me(request)) or (None, False)
    published = campaigns.campaign(filed.campaign) if filed is not None else None
    if filed is None or published is None:
        raise Http404
    round_ = round_of(published.sheet, filed.round)
    if round_ is None or not may(scopes_of(request), Ability.ROUNDS, published.sheet.place):
        raise Http404
    return filed, published, round_, made_list


def _answer(request: HttpRequest) -> Answer | None:
    """What the form says; None when a number in it is none."""
    form = request.POST
    refs = [ref.partition("-") for ref in form.getlist("entry")[:200]]
    if not all(book.isdigit() and seq.isdigit() and len(book + seq) < 30 for book, _dash, seq in refs):
        return None
    takes = tuple((int(book), int(seq)) for book, _dash, seq in refs)
    adds: tuple[tuple[int, int], ...] = ()
    if typed := form.get("volume", "").strip():
        day, plain = _day(form.get("day", "")), typed.removeprefix("-").removeprefix("+")
        if day is None or not plain.isascii() or not plain.isdigit() or len(plain) > 7:
            return None
        adds = ((day.year * 10_000 + day.month * 100 + day.day, int(typed)),)
    return Answer(form.get("verdict") == "uphold", form.get("reason", "")[:5_000], takes, adds)


def _entries(filed: Filed, published: Published, round_: Round, day: date | None) -> list[Entry]:
    """The newest entries with a volume of whom the objection is about, or those recorded until a day."""
    before = None
    if day is not None:
        at = clock.start_of(date.fromordinal(day.toordinal() + 1))
        before = Spot(clock.milliseconds(at), 0, 0)
    first, last = round_days(round_)
    return [
        each
        for each in ledger.statement(filed.about, before, ENTRIES_SHOWN)
        if each.volume
        and each.campaign == published.number
        and first <= each.day <= last
        and not takes_back(each)
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
