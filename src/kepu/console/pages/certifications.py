"""The queue of applications: every list and act limited to the reviewer's scopes in the read itself."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads, writes
from kepu.people.reads import CertificationRow
from kepu.people.rules import (
    CertificationState,
    Refusal,
    Refused,
    Role,
    Urgency,
    reviewed_divisions,
    urgency,
)

PAGE_SIZE = 25
START_MAX = 100_000
Scopes = frozenset[tuple[Role, str]]


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """Applications in my scopes, most pressing first; ?state= a state or `all`, ?due=overdue."""
    scopes, now = _scopes(request), clock.now()
    asked = request.GET.get("state", CertificationState.SUBMITTED.value)
    state = next((state for state in CertificationState if state.value == asked), None)
    overdue = request.GET.get("due") == Urgency.OVERDUE.value
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.queue(scopes, start, PAGE_SIZE, state=state, due_before=now if overdue else None)
    context = {
        "header_title": _("Certifications"),
        "rows": [_shown(row, now) for row in page.rows],
        "filters": _filters(state, overdue),
        "waiting": reads.waiting(scopes),
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
        "state": state.value if state is not None else "all",
        "due": Urgency.OVERDUE.value if overdue else "",
    }
    return render(request, "console/certifications.html", context)


@require_safe
def certification_page(request: HttpRequest, account: int) -> HttpResponse:
    """One application in my scopes: what is stated, its history, and what may be done with it; else 404."""
    row = reads.application(account, _scopes(request))
    if row is None:
        raise Http404
    return _detail(request, row, {}, 200)


@require_POST
def approve_page(request: HttpRequest, account: int) -> HttpResponse:
    """The application is approved, or the page says why it cannot be."""
    return _decide(request, account, writes.approve_certification, _("Approved."), with_reason=False)


@require_POST
def return_page(request: HttpRequest, account: int) -> HttpResponse:
    """The application is back with the applicant, with a reason."""
    return _decide(request, account, writes.return_certification, _("Returned to the applicant."))


@require_POST
def revoke_page(request: HttpRequest, account: int) -> HttpResponse:
    """The certification is revoked, with a reason."""
    return _decide(request, account, writes.revoke_certification, _("Revoked."))


@require_POST
def backbone_page(request: HttpRequest, account: int) -> HttpResponse:
    """The communicator is or is no longer a backbone of the unit."""
    is_backbone = request.POST.get("is_backbone") == "1"
    outcome = writes.set_backbone(account, is_backbone, int(request.user.pk or 0), clock.now())
    done = _("Named a backbone.") if is_backbone else _("No longer a backbone.")
    return _answer(request, account, outcome, done)


def _decide(
    request: HttpRequest,
    account: int,
    write: Callable[..., int | Refused],
    done: str,
    *,
    with_reason: bool = True,
) -> HttpResponse:
    seen = whole_number(request.POST.get("seen"), 0, 2**53, -1)
    reason = {"reason": request.POST.get("reason", "")} if with_reason else {}
    outcome = write(account, by=int(request.user.pk or 0), now=clock.now(), seen=seen, **reason)
    return _answer(request, account, outcome, done)


def _answer(request: HttpRequest, account: int, outcome: int | Refused, done: str) -> HttpResponse:
    if not isinstance(outcome, Refused):
        messages.success(request, done)
        return redirect("console_certifications")
    row = reads.application(account, _scopes(request))
    if outcome.refusal is Refusal.UNKNOWN or row is None:
        raise Http404
    more = {"refusal": reads.refusal_text(outcome.refusal), "typed_reason": request.POST.get("reason", "")}
    return _detail(request, row, more, 422 if outcome.refusal is Refusal.REASON_MISSING else 409)


def _scopes(request: HttpRequest) -> Scopes:
    """The reviewer's scopes; 404 for staff who review nothing. One query."""
    scopes = reads.scopes_of(int(request.user.pk or 0))
    if not reviewed_divisions(scopes):
        raise Http404
    return scopes


def _detail(request: HttpRequest, row: CertificationRow, more: dict[str, str], status: int) -> HttpResponse:
    context = {
        "header_title": _("Certification of %(name)s") % {"name": row.name},
        "shown": _shown(row, clock.now()),
        "steps": [
            {"label": _step_label(step), "step": step} for step in reads.steps_of(row.account, names=True)
        ],
        "is_own": row.account == request.user.pk,
        **more,
    }
    return render(request, "console/certification.html", context, status=status)


def _shown(row: CertificationRow, now: datetime) -> dict[str, Any]:
    waits = row.state is CertificationState.SUBMITTED
    pressing = urgency(row.review_due_at, now) if waits else None
    return {
        "row": row,
        "state_label": reads.state_text(row.state),
        "type_label": reads.applicant_type_text(row.applicant_type),
        "urgency": pressing.value if pressing is not None else "",
        "urgency_label": {
            Urgency.OVERDUE: _("Past its deadline"),
            Urgency.SOON: _("Due within a day"),
            Urgency.CALM: _("In time"),
            None: "",
        }[pressing],
    }


def _filters(chosen: CertificationState | None, overdue: bool) -> list[dict[str, Any]]:
    """The views of the list: (address, label, current)."""
    views = [
        (f"?state={state.value}", reads.state_text(state), state is chosen and not overdue)
        for state in CertificationState
    ]
    views.insert(1, ("?state=submitted&due=overdue", _("Past its deadline"), overdue))
    views.append(("?state=all", _("All"), chosen is None))
    return [{"to": to, "label": label, "current": current} for to, label, current in views]


def _step_label(step: reads.StepRow) -> str:
    if step.is_backbone is not None:
        return _("Named a backbone.") if step.is_backbone else _("No longer a backbone.")
    return _("Submitted") if step.by_applicant else reads.state_text(step.state)
