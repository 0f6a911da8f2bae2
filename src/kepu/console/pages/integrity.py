"""Likes that look arranged: what was noticed and on what it rests, for an officer to decide. No verdicts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds
from kepu.console.scope import me, scopes_of, within
from kepu.integrity import reads, writes
from kepu.integrity.reads import Signal
from kepu.integrity.rules import WHY_CHARS_MAX, Decision, Refusal, SignalState
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.ledger import reads as ledger
from kepu.people import reads as people
from kepu.people.reads.merges import hands_of
from kepu.people.rules import Ability, may
from kepu.regions import reads as regions

PAGE_SIZE = 25
LIKES_SHOWN = 50
DAYS_SHOWN = 31
BEFORE_SHOWN = 5
START_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the two, as the page names them; `is_mine`: their own page is open to whoever asks."""

    account: int
    name: str
    unit_name: str
    is_mine: bool


@require_safe
def signals_page(request: HttpRequest) -> HttpResponse:
    """Signals in my divisions to be looked at, or those decided with ?decided=1. At most 14 queries."""
    within(request, Ability.SIGNALS)
    scopes = scopes_of(request)
    decided = request.GET.get("decided") == "1"
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.signals(scopes, start, PAGE_SIZE, waiting=not decided)
    somebody = _people(request, page.rows)
    names = people.account_names({row.decided_by for row in page.rows})
    context = {
        "header_title": _("Signals"),
        "header_icon": "warning",
        "rows": [_shown(row, somebody) | {"decided_by": names.get(row.decided_by, "")} for row in page.rows],
        "waiting": reads.signals_waiting(scopes),
        "rule": reads.rule_text(),
        "decided": decided,
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/signals.html", context)


@require_safe
def signal_page(request: HttpRequest, signal: int) -> HttpResponse:
    """One signal of my divisions with the entries it rests on, ?start= on; else 404. At most 21 queries."""
    return _detail(request, _found(request, signal), {}, 200)


@require_POST
def decide_page(request: HttpRequest, signal: int) -> HttpResponse:
    """The signal is harmless, or its likes do not count; or the page says why nothing was decided."""
    found, now = _found(request, signal), clock.now()
    becomes = {each.value: each for each in SignalState}.get(request.POST.get("becomes", ""))
    if becomes in (None, SignalState.OPEN):
        return _detail(request, found, {"refusal": _("Choose one of the two decisions.")}, 422)
    why = " ".join(request.POST.get("why", "").replace("\x00", "").split())
    decision = Decision(becomes, why, request.POST.get("seen", ""))
    refusal = _decide(request, found, decision, now)
    if refusal is Refusal.UNKNOWN:
        raise Http404
    if refusal is not None:
        unwritten = refusal in (Refusal.WHY_MISSING, Refusal.WHY_TOO_LONG)
        more = {"refusal": reads.refusal_text(refusal), "typed": why}
        return _detail(request, _found(request, signal), more, 422 if unwritten else 409)
    writes.take_back(now)
    told = _("Decided: the likes do not count. What they brought is being taken back.")
    messages.success(request, told if becomes is SignalState.NOT_COUNTED else _("Decided: harmless."))
    return redirect("console_signals")


def _decide(request: HttpRequest, found: Signal, decision: Decision, now: datetime) -> Refusal | None:
    with transaction.atomic():
        refusal = writes.decide_signal(found.number, decision, me(request), now)
        if refusal is None:
            names = people.account_names((found.low, found.high))
            subject = f"#{found.number} {names.get(found.low, '')}、{names.get(found.high, '')}"
            after = {"result": reads.state_text(decision.becomes), "reason": decision.why}
            change = {"count": found.likes}, after
            deeds.keep(request, "decide_signal", subject, found.division, now, change)
    return refusal


def _found(request: HttpRequest, number: int) -> Signal:
    within(request, Ability.SIGNALS)
    found = reads.signal(scopes_of(request), number)
    if found is None:
        raise Http404
    return found


def _people(request: HttpRequest, rows: Any) -> dict[int, Somebody]:
    """Whoever these signals are about, by account. Two queries."""
    wanted = {each for row in rows for each in (row.low, row.high)}
    names, profiles = people.account_names(wanted), people.profiles(wanted)
    scopes = scopes_of(request)
    found = {}
    for account in wanted:
        profile = profiles.get(account)
        is_mine = profile is not None and may(scopes, Ability.LOOK, profile.division)
        unit_name = profile.unit_name if profile else ""
        found[account] = Somebody(account, names.get(account, ""), unit_name, is_mine)
    return found


def _shown(row: Signal, somebody: dict[int, Somebody]) -> dict[str, Any]:
    return {
        "row": row,
        "low": somebody[row.low],
        "high": somebody[row.high],
        "state_label": reads.state_text(row.state),
    }


def _detail(request: HttpRequest, row: Signal, more: dict[str, Any], status: int) -> HttpResponse:
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    # Before the likes themselves: one that comes in between was not seen.
    seen = reads.seen_of(row.number)
    likes = reads.likes_of(row.number, start, LIKES_SHOWN)
    before = reads.decided_before(row, BEFORE_SHOWN)
    somebody = _people(request, [row])
    entries = {
        (each.book, each.seq): each
        for each in ledger.entries_at([(like.book, like.seq) for like in likes.rows])
    }
    staff = people.account_names({row.decided_by, *(each.decided_by for each in before)})
    context = {
        "header_title": _("Signal %(number)s") % {"number": row.number},
        "header_icon": "warning",
        "shown": _shown(row, somebody) | {"decided_by": staff.get(row.decided_by, "")},
        "place": regions.full_name(row.division) if row.division else _("Whole site"),
        "rule": reads.rule_text(),
        "days": reads.days_of(row.number, DAYS_SHOWN),
        "likes": [
            {
                "like": like,
                "giver": somebody[like.giver],
                "receiver": somebody[like.receiver],
                "post": entries[like.book, like.seq].ref_seq if (like.book, like.seq) in entries else 0,
            }
            for like in likes.rows
        ],
        "before": [
            {"row": each, "label": reads.state_text(each.state), "by": staff.get(each.decided_by, "")}
            for each in before
        ],
        "seen": seen,
        "is_open": row.state is SignalState.OPEN,
        "is_own": bool(hands_of(me(request)) & {row.low, row.high}),
        "why_chars_max": WHY_CHARS_MAX,
        "previous_start": max(0, start - LIKES_SHOWN) if start else None,
        "next_start": likes.next_start,
    }
    return render(request, "console/signal.html", context | more, status=status)
