"""A person's own page, and what they were awarded."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kepu.app import reads
from kepu.app.pages.daily import note_sign_in
from kepu.app.pages.readers import account_of, book_of, know_account
from kepu.awards import reads as awards
from kepu.awards.reads.certificates import certificates_of
from kepu.awards.reads.payouts import lines_of, winner_text
from kepu.kit import clock
from kepu.ledger.reads.points import account_of_points
from kepu.mall.reads.orders import open_orders_of
from kepu.people import reads as people
from kepu.points import reads as points
from kepu.points.reads.standing import level_of
from kepu.ui.off import is_off


@require_safe
def me_page(request: HttpRequest) -> HttpResponse:
    """My state and the way to everything of mine; a visitor is invited to sign in. At most 23 queries."""
    if not request.user.is_authenticated:
        return render(request, "app/me_visitor.html")
    person, now = account_of(request), clock.now()
    today = reads.today(person, book_of(request), now)
    current = reads.campaign_of(today, book_of(request), now)
    rounds = reads.progress(person, today.profile, current, now) if current else []
    has_boards = not is_off(request, "boards")
    has_points = account_of_points(person)
    context = {
        "account": people.account(person),
        "certification": people.certification_of(person),
        "today": today,
        "campaign": current.sheet if current else None,
        "balance": has_points.balance,
        "level": level_of(has_points.earned),
        "expiring": points.soonest(points.years_of(person, has_points.lots)) if has_points.lots else None,
        "rounds": reads.rounds_to_show(rounds),
        "evaluated": awards.evaluated_rounds(current.sheet.campaign) if current else (),
        "unread": people.unread(person),
        "has_boards": has_boards,
        "orders_waiting": open_orders_of(people.hands_of(person)) if is_off(request, "mall") else 0,
        "mine": reads.place(person, today.profile, current, rounds) if has_boards else None,
    }
    response = render(request, "app/me.html", context)
    know_account(request, response)
    if today.published:
        note_sign_in(request, response)
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
