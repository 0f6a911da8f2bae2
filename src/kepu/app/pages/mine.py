"""A person's own pages: state, points and links."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from kepu.app import labels, reads
from kepu.app.pages.daily import note_sign_in
from kepu.app.pages.readers import account_of, book_of, know_account
from kepu.awards import reads as awards
from kepu.awards.reads.certificates import certificates_of
from kepu.awards.reads.payouts import lines_of, winner_text
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import COUNTED, Kind, Reason
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.rules import read_spot, spot_of
from kepu.people import reads as people
from kepu.ui.off import is_off

LINES = 20


@require_safe
def me_page(request: HttpRequest) -> HttpResponse:
    """My state and the way to everything of mine; a visitor is invited to sign in. At most 20 queries."""
    if not request.user.is_authenticated:
        return render(request, "app/me_visitor.html")
    person, now = account_of(request), clock.now()
    today = reads.today(person, book_of(request), now)
    current = reads.campaign_of(today, book_of(request), now)
    rounds = reads.progress(person, today.profile, current, now) if current else []
    has_boards = not is_off(request, "boards")
    context = {
        "account": people.account(person),
        "certification": people.certification_of(person),
        "today": today,
        "campaign": current.sheet if current else None,
        "balance": ledger.balance(person),
        "rounds": reads.rounds_to_show(rounds),
        "evaluated": awards.evaluated_rounds(current.sheet.campaign) if current else (),
        "unread": people.unread(person),
        "has_boards": has_boards,
        "mine": reads.place(person, today.profile, current, rounds) if has_boards else None,
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
    before = read_spot(request.GET.get("before", ""))
    entries = ledger.statement(person, before, LINES)
    more = f"/me/points/?before={spot_of(entries[-1])}" if len(entries) == LINES else ""
    context = {"lines": _lines(reads.named(entries)), "more": more}
    if request.headers.get("HX-Request") == "true" and before:
        response = render(request, "app/_lines.html", context)
    else:
        response = render(request, "app/points.html", context | {"balance": ledger.balance(person)})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@login_required
def certificates_page(request: HttpRequest) -> HttpResponse:
    """My certificates and my money, and what I won on lists whose awards are not given yet. Six queries."""
    person = account_of(request)
    given, lines = certificates_of(person), lines_of(person)
    settled = {(each.campaign, each.round, each.place) for each in given}
    settled |= {(each.of.campaign, each.of.round, each.title) for each in lines}
    proposed = [
        each
        for each in awards.won(person, clock.now())
        if not settled & {(each.campaign, each.round, each.place), (each.campaign, each.round, each.title)}
    ]
    money = [(each, winner_text(each.standing.state)) for each in lines]
    context = {
        "given": given,
        "money": money,
        "won": proposed,
    }
    return render(request, "app/certificates.html", context)


def _lines(entries: list[reads.NamedEntry]) -> list[dict[str, object]]:
    campaign_titles = {each.number: each.sheet.title for each in campaigns.published()}
    return [
        {
            "kind": labels.KINDS[Kind(each.entry.kind)],
            "icon": labels.KIND_ICONS[Kind(each.entry.kind)],
            "reason": labels.REASONS[Reason(each.entry.reason)],
            "counted": each.entry.reason in COUNTED | {Reason.ADJUSTED},
            "at": clock.from_milliseconds(each.entry.at_ms),
            "entry": each.entry,
            "title": each.title,
            "campaign": campaign_titles.get(each.entry.campaign, ""),
        }
        for each in entries
    ]
