"""A person's own pages: state, points and links."""

import re

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from kepu.app import labels, reads
from kepu.app.pages.daily import note_sign_in
from kepu.app.pages.readers import account_of, know_account
from kepu.app.rules import link_of
from kepu.campaigns.rules import Kind, Reason
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.links import link_token
from kepu.people import reads as people

LINES = 20
LINKS = 50


@require_safe
def me_page(request: HttpRequest) -> HttpResponse:
    """My state; a visitor is invited to sign in instead of being sent away."""
    if not request.user.is_authenticated:
        return render(request, "app/me_visitor.html")
    person, now = account_of(request), clock.now()
    today = reads.today(person, request.user.book, now)
    rounds = reads.progress(person, today.published, now) if today.published else []
    context = {
        "account": people.account(person),
        "certification": people.certification_of(person),
        "today": today,
        "balance": ledger.balance(person),
        "rounds": rounds,
        "mine": reads.place(person, today, rounds),
    }
    response = render(request, "app/me.html", context)
    know_account(request, response)
    if today.published:
        note_sign_in(request, response)
    return response


@require_safe
@login_required
def points_page(request: HttpRequest) -> HttpResponse:
    """Each line of my points with its source, rule and day, newest first; htmx gets only older lines."""
    person = account_of(request)
    before = _before(request.GET.get("before", ""))
    entries = ledger.statement(person, before, LINES)
    more = f"/me/points/?before={entries[-1].at_ms}" if len(entries) == LINES else ""
    context = {"lines": _lines(reads.named(entries)), "more": more}
    if request.headers.get("HX-Request") == "true" and before:
        response = render(request, "app/_lines.html", context)
    else:
        response = render(request, "app/points.html", context | {"balance": ledger.balance(person)})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@login_required
def links_page(request: HttpRequest) -> HttpResponse:
    """My newest shares, each with its own link."""
    shares = reads.named(ledger.shares_of(account_of(request), LINKS))
    links = [
        {
            "title": each.title,
            "at": clock.from_milliseconds(each.entry.at_ms),
            "counted": each.entry.reason == Reason.CREDITED,
            "reason": labels.REASONS[Reason(each.entry.reason)],
            "token": link_token(settings.KEPU_KEYS.link, link_of(each.entry)),
        }
        for each in shares
    ]
    return render(request, "app/links.html", {"links": links})


def _before(text: str) -> int:
    """The moment (ms) before which older lines are asked for, 0 when none is named."""
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else 0


def _lines(entries: list[reads.NamedEntry]) -> list[dict[str, object]]:
    return [
        {
            "kind": labels.KINDS[Kind(each.entry.kind)],
            "icon": labels.KIND_ICONS[Kind(each.entry.kind)],
            "reason": labels.REASONS[Reason(each.entry.reason)],
            "counted": each.entry.reason in (Reason.CREDITED, Reason.ADJUSTED),
            "at": clock.from_milliseconds(each.entry.at_ms),
            "entry": each.entry,
            "title": each.title,
        }
        for each in entries
    ]
