"""One application: what is stated, its history, who may be the same person, and the decision on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds
from kepu.console.pages.certifications import kept_of, reviewing, shown, sought_of
from kepu.console.pages.unmask import may_unmask
from kepu.console.scope import me
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads, writes
from kepu.people.reads import CertificationRow
from kepu.people.reads.certifications import (
    applications,
    entered_by,
    next_waiting,
    steps_of_many,
    waiting_and_overdue,
)
from kepu.people.reads.counter import CounterNote, counter_notes
from kepu.people.reads.twins import twins_of
from kepu.people.reads.words import counter_way_text, return_reasons
from kepu.people.rules import CertificationState, CounterWay, Refusal, Refused

TWINS_SHOWN = 3
_STATES = {
    "approve_certification": CertificationState.APPROVED,
    "return_certification": CertificationState.RETURNED,
    "revoke_certification": CertificationState.REVOKED,
}


@require_safe
def certification_page(request: HttpRequest, account: int) -> HttpResponse:
    """One application in my scopes with what may be done with it; else 404."""
    row = reads.application(account, reviewing(request))
    if row is None:
        raise Http404
    return _detail(request, row, {}, 200)


@require_POST
def approve_page(request: HttpRequest, account: int) -> HttpResponse:
    """The application is approved and the next one opens, or the page says why it cannot be."""
    return _decide(request, account, writes.approve_certification, _("Approved."), with_reason=False)


@require_POST
def return_page(request: HttpRequest, account: int) -> HttpResponse:
    """The application is back with the applicant, with reasons, and the next one opens."""
    return _decide(request, account, writes.return_certification, _("Returned to the applicant."))


@require_POST
def revoke_page(request: HttpRequest, account: int) -> HttpResponse:
    """The certification is revoked, with a reason."""
    return _decide(request, account, writes.revoke_certification, _("Revoked."))


@require_POST
def backbone_page(request: HttpRequest, account: int) -> HttpResponse:
    """The communicator is or is no longer a backbone of the unit."""
    is_backbone, now = request.POST.get("is_backbone") == "1", clock.now()
    before = reads.application(account, reviewing(request))
    with transaction.atomic():
        outcome = writes.set_backbone(account, is_backbone, me(request), now)
        if before is not None and not isinstance(outcome, Refused):
            change = {"is_backbone": before.is_backbone}, {"is_backbone": is_backbone}
            deeds.keep(request, "set_backbone", before.name, before.town, now, change)
    done = _("Named a backbone.") if is_backbone else _("No longer a backbone.")
    return _answer(request, before, account, outcome, done)


def _decide(
    request: HttpRequest,
    account: int,
    write: Callable[..., int | Refused],
    done: str,
    *,
    with_reason: bool = True,
) -> HttpResponse:
    seen = whole_number(request.POST.get("seen"), 0, 2**53, -1)
    reason = {"reason": _reason(request)} if with_reason else {}
    now, before = clock.now(), reads.application(account, reviewing(request))
    with transaction.atomic():
        outcome = write(account, by=me(request), now=now, seen=seen, **reason)
        if before is not None and not isinstance(outcome, Refused):
            change = {"state": before.state.value}, {"state": _STATES[write.__name__].value, **reason}
            deeds.keep(request, write.__name__, before.name, before.town, now, change)
    return _answer(request, before, account, outcome, done)


def _reason(request: HttpRequest) -> str:
    """The ticked reasons in the list's order, then what was typed."""
    ticked = request.POST.getlist("reasons")
    parts = [words for reason, words in return_reasons() if reason.value in ticked]
    return "；".join([*parts, *filter(None, [request.POST.get("reason", "").strip()])])


def _answer(
    request: HttpRequest, before: CertificationRow | None, account: int, outcome: int | Refused, done: str
) -> HttpResponse:
    scopes, now = reviewing(request), clock.now()
    if not isinstance(outcome, Refused):
        messages.success(request, f"{before.name}：{done}" if before is not None else done)
        sought = sought_of(request, now)
        following = next_waiting(scopes, sought, before) or next_waiting(scopes, sought, None)
        was_waiting = before is not None and before.state is CertificationState.SUBMITTED
        to = reverse("console_certification", args=(following,)) if following and was_waiting else ""
        query = kept_of(sought)
        return redirect((to or reverse("console_certifications")) + (f"?{query}" if query else ""))
    row = reads.application(account, scopes)
    if outcome.refusal is Refusal.UNKNOWN or row is None:
        raise Http404
    more = {
        "refusal": reads.refusal_text(outcome.refusal),
        "typed_reason": request.POST.get("reason", ""),
        "ticked": request.POST.getlist("reasons"),
    }
    return _detail(request, row, more, 422 if outcome.refusal is Refusal.REASON_MISSING else 409)


def _detail(request: HttpRequest, row: CertificationRow, more: dict[str, Any], status: int) -> HttpResponse:
    scopes, now = reviewing(request), clock.now()
    sought = sought_of(request, now)
    doubled = twins_of([row]).get(row.account, [])
    twins = applications(doubled[:TWINS_SHOWN], scopes)
    query = kept_of(sought)
    steps = _steps([row, *twins.values()])
    context = {
        "header_title": _("Certification of %(name)s") % {"name": row.name},
        "shown": shown(row, now) | {"steps": steps[row.account]},
        "twins": [shown(twin, now) | {"steps": steps[twin.account]} for twin in twins.values()],
        "twins_more": len(doubled) - len(twins),
        "is_own": row.account == request.user.pk,
        "is_own_entry": bool(entered_by([row], me(request))),
        "may_unmask": may_unmask(request),
        "query": f"?{query}" if query else "",
        "waiting": waiting_and_overdue(scopes, now)[0],
        "reasons": [(reason.value, words) for reason, words in return_reasons()],
        "following": next_waiting(scopes, sought, row),
        "preceding": next_waiting(scopes, sought, row, back=True),
        **more,
    }
    return render(request, "console/certification.html", context, status=status)


def _steps(rows: list[CertificationRow]) -> dict[int, list[dict[str, Any]]]:
    """The history of each, with how what was entered at the counter was confirmed. Two queries or three."""
    found = steps_of_many([row.account for row in rows], names=True)
    at_counter = [account for account, steps in found.items() if any(each.at_counter for each in steps)]
    ways = {account: _way(note) for account, note in counter_notes(at_counter).items()}
    return {
        row.account: [
            {
                "label": _step_label(step),
                "step": step,
                "way": ways.get(row.account, "") if step.at_counter else "",
            }
            for step in found.get(row.account, [])
        ]
        for row in rows
    }


def _way(note: CounterNote) -> str:
    words = counter_way_text(note.way)
    return f"{words} {note.form}" if note.way is CounterWay.FORM else words


def _step_label(step: reads.StepRow) -> str:
    if step.is_backbone is not None:
        return _("Named a backbone.") if step.is_backbone else _("No longer a backbone.")
    if step.at_counter:
        return _("Entered at the counter")
    return _("Submitted") if step.by_applicant else reads.state_text(step.state)
