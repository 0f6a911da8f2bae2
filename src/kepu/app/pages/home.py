"""The first page: the day, what is asked of one, what to read; and the guide for whoever is new."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kepu.app import labels, reads
from kepu.app.pages.daily import note_sign_in
from kepu.app.pages.readers import account_of, book_of
from kepu.app.rules import part_of_day
from kepu.clubs import reads as clubs
from kepu.content import reads as content
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.points import reads as points
from kepu.ui.off import is_off

SIZE = 20
FEED = 2
START_MAX = 10_000
GUIDED = "kepu_guided"
YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    """What the day asks and offers, then the newest articles; htmx gets only more of those.

    At most 15 queries, five for a visitor; two more for each list that shows uploaded covers, three where
    points expire soon.
    """
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    found = content.articles(start=start, size=SIZE)
    context: dict[str, Any] = {
        "articles": found.rows,
        "more": f"/?start={found.next_start}" if found.next_start else "",
    }
    if request.headers.get("HX-Request") == "true" and "start" in request.GET:
        response = render(request, "app/_articles.html", context)
    else:
        context |= _day(request) | {"topics": content.topics(), "first_page": start == 0}
        if start == 0:
            context |= _asked(request, context["today"])
        response = render(request, "app/home.html", context)
        if context["today"] and context["today"].published:
            note_sign_in(request, response)
    patch_vary_headers(response, ["HX-Request"])
    return response


@csrf_exempt  # changes only what this browser is shown, as /display/ does
@require_POST
def guide_page(_request: HttpRequest) -> HttpResponse:
    """The guide is put away in this browser for a year."""
    response = redirect("/")
    response.set_cookie(
        GUIDED, "1", max_age=YEAR_SECONDS, secure=settings.SECURE, httponly=True, samesite="Lax"
    )
    return response


def _day(request: HttpRequest) -> dict[str, Any]:
    now, today = clock.now(), None
    if request.user.is_authenticated:
        today = reads.today(account_of(request), book_of(request), now)
    name = today.profile.name if today and today.profile else ""
    return {"today": today, "greeting": labels.greeting(part_of_day(now), name)}


def _asked(request: HttpRequest, today: reads.Today | None) -> dict[str, Any]:
    """What stands above the newest articles: what is announced and designated, and one's own day."""
    now = clock.now()
    asked: dict[str, Any] = {
        "announcement": content.announcement(now),
        "designated": content.designated(clock.day_of(now)),
        "is_new": GUIDED not in request.COOKIES and not (today and today.profile),
    }
    if today is None:
        return asked
    person = account_of(request)
    asked["unread"] = people.unread(person)
    asked["soonest"] = points.expires_soon(person)
    asked["reading_on"] = reads.reading_on(person)
    if not is_off(request, "clubs"):
        asked["feed"] = clubs.feed(person, FEED)
    if today.profile is None:
        asked["certification"] = people.certification_of(person)
    if today.published and today.profile:
        rounds = reads.progress(person, today.profile, today.published, now)
        if not is_off(request, "check_in"):
            asked["streak"] = reads.check_ins(person, now)
        asked["goal"] = reads.goal_of_day(rounds)
        asked["all_done"] = bool(rounds) and not any(each.missing for each in rounds if each.is_open)
    return asked
