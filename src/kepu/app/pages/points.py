"""我的积分: what I have, what expires when, how each line came; and the level and badges I reached."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from kepu.app import statement
from kepu.app.pages.readers import account_of
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.reads import archived
from kepu.ledger.reads.points import account_of_points
from kepu.ledger.rules import read_spot, spot_of
from kepu.points import reads
from kepu.points.reads.standing import badges_of, level_of, levels
from kepu.points.rules import level_standing

LINES = 20


@require_safe
@login_required
def points_page(request: HttpRequest) -> HttpResponse:
    """What I have by year, and each line with its source and rule, newest first; htmx gets only older lines.

    Eight queries; one more for each older version of rules that a line names, for orders, and for posts, and
    two where anything was archived.
    """
    person = account_of(request)
    before = read_spot(request.GET.get("before", ""))
    entries = ledger.statement(person, before, LINES)
    more = f"/me/points/?before={spot_of(entries[-1])}" if len(entries) == LINES else ""
    context: dict[str, object] = {"lines": statement.lines(entries), "more": more}
    if request.headers.get("HX-Request") == "true" and before:
        response = render(request, "app/_lines.html", context)
    else:
        account = account_of_points(person)
        years = reads.years_of(person, account.lots)
        context |= {
            "account": account,
            "years": years,
            "soonest": reads.soonest(years),
            "level": level_of(account.earned),
            "drawn": statement.drawn(person, clock.day_of(clock.now())),
            "archived": archived.held_of(person),
        }
        response = render(request, "app/points.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@login_required
def level_page(request: HttpRequest) -> HttpResponse:
    """My level, what the next one asks for, and my topic badges with those still to reach. Seven queries."""
    person = account_of(request)
    account, all_levels = account_of_points(person), levels()
    standing = level_standing(all_levels, account.earned)
    badges = badges_of(person)
    context = {
        "level": standing,
        "ladder": [
            {"level": each, "is_reached": place <= standing.place, "is_mine": place == standing.place}
            for place, each in enumerate(all_levels, 1)
        ],
        "mine": [each for each in badges if each.is_reached],
        "others": [each for each in badges if not each.is_reached],
    }
    return render(request, "app/level.html", context)
