"""社团: those that are asked for, with who founds them and their rule; opened, refused or closed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.campaigns.reads.switches import site_off
from kepu.campaigns.rules import Switch
from kepu.clubs import reads
from kepu.clubs.reads import OfficeClub
from kepu.clubs.reads.judging import club_to_decide, clubs_asked, clubs_waiting, clubs_within
from kepu.clubs.reads.office import club_state_text, clubs_managed, rule_text
from kepu.clubs.rules import REASON_CHARS_MAX, ClubState, Refusal, Refused, Viewer
from kepu.clubs.writes.judging import open_club, refuse_club
from kepu.clubs.writes.office import close_by_office
from kepu.console import deeds
from kepu.console.scope import me, scopes_of, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.people.reads.merges import hands_of
from kepu.people.rules import Ability, Scopes, may
from kepu.regions import reads as regions

PAGE_SIZE = 25
START_MAX = 100_000
WORDS_LENGTH_MAX = 20
EVERY = "all"


@require_safe
def clubs_page(request: HttpRequest) -> HttpResponse:
    """Clubs of my divisions: those asked for, the oldest first, or by ?state= and ?words= in the name.

    At most 18 queries.
    """
    scopes = judging_clubs(request)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    asked = request.GET.get("state", ClubState.ASKED.value)
    state = next((each for each in ClubState if each.value == asked), None)
    words = "".join(request.GET.get("words", "").replace("\x00", "").split())[:WORDS_LENGTH_MAX]
    if state is ClubState.ASKED and not words:
        page = clubs_asked(scopes, start, PAGE_SIZE)
    else:
        page = clubs_within(scopes, start, PAGE_SIZE, words=words, state=state)
    kept = {"state": state.value if state else EVERY, "words": words}
    context = {
        "header_title": _("Clubs"),
        "header_icon": "group",
        "rows": _rows(request, scopes, page.rows),
        "waiting": clubs_waiting(scopes),
        "is_off": clubs_are_off(),
        "state": kept["state"],
        "words": words,
        "views": [
            (each.value, club_state_text(each), each is state)
            for each in (ClubState.ASKED, ClubState.OPEN, ClubState.REFUSED, ClubState.CLOSED)
        ]
        + [(EVERY, _("All"), state is None)],
        "previous": urlencode(kept | {"start": max(0, start - PAGE_SIZE)}) if start else "",
        "next": urlencode(kept | {"start": page.next_start}) if page.next_start is not None else "",
    }
    return render(request, "console/clubs.html", context)


@require_safe
def club_page(request: HttpRequest, club: int) -> HttpResponse:
    """One club of my divisions, and what may be decided about it; else 404. At most 20 queries."""
    return _detail(request, _found(request, club), {}, 200)


@require_safe
def club_picture(request: HttpRequest, club: int) -> FileResponse:
    """The club's own picture, for whoever judges it."""
    viewer = Viewer(me(request), within(request, Ability.CLUBS))
    return jpeg(reads.club_picture_file(club, viewer, small=False))


@require_POST
def open_page(request: HttpRequest, club: int) -> HttpResponse:
    """The club is open."""
    return _decide(request, club, "open_club", lambda by, now: open_club(club, by, now), _("Opened."))


@require_POST
def refuse_page(request: HttpRequest, club: int) -> HttpResponse:
    """The club is not opened, with a reason; the founder is told."""
    why = typed_reason(request)
    done = _("Not opened. The founder is told why.")
    return _decide(request, club, "refuse_club", lambda by, now: refuse_club(club, why, by, now), done)


@require_POST
def close_page(request: HttpRequest, club: int) -> HttpResponse:
    """The open club is closed for good, with a reason; the founder is told."""
    why = typed_reason(request)
    done = _("Closed. The founder is told why.")
    return _decide(request, club, "close_club", lambda by, now: close_by_office(club, why, by, now), done)


def judging_clubs(request: HttpRequest) -> Scopes:
    """The scopes of whoever judges clubs; 404 for others."""
    within(request, Ability.CLUBS)
    return scopes_of(request)


def clubs_are_off() -> bool:
    """Whether the whole site does without clubs: what waits is judged, and the page says so. One query."""
    return Switch.CLUBS in site_off()


def typed_reason(request: HttpRequest) -> str:
    """The reason of a form, on one line."""
    return " ".join(request.POST.get("reason", "").replace("\x00", "").split())


def jpeg(path: Any) -> FileResponse:
    """The picture at a path, for this reader alone; 404 for none."""
    if path is None or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


def refusal_status(refused: Refused) -> int:
    """422 where the form is not whole, 409 where something stands against it."""
    unwritten = (Refusal.REASON_MISSING, Refusal.DAYS_WRONG, Refusal.CHOICE_WRONG)
    return 422 if refused.refusal in unwritten else 409


def _decide(
    request: HttpRequest,
    club: int,
    act: str,
    write: Callable[[int, datetime], Refused | None],
    done: str,
) -> HttpResponse:
    found, now, why = _found(request, club), clock.now(), typed_reason(request)
    with transaction.atomic():
        refused = write(me(request), now)
        if refused is None:
            change: deeds.Change = ({}, {"reason": why} if why else {})
            deeds.keep(request, act, f"{found.name}（{found.founder_name}）", found.division, now, change)
    if refused is None:
        messages.success(request, f"{found.name}：{done}")
        return redirect("console_clubs")
    if refused.refusal is Refusal.UNKNOWN:
        raise Http404
    more = {"refusal": reads.refusal_text(refused), "typed": why}
    return _detail(request, _found(request, club), more, refusal_status(refused))


def _found(request: HttpRequest, club: int) -> OfficeClub:
    found = club_to_decide(judging_clubs(request), club)
    if found is None:
        raise Http404
    return found


def _rows(request: HttpRequest, scopes: Scopes, clubs: Any) -> list[dict[str, Any]]:
    """Clubs with the words for what they are, where they lie, and whether they are my own. Six queries."""
    founders = people.profiles({each.founder for each in clubs})
    places = regions.full_names({each.division for each in clubs})
    hands = hands_of(me(request))
    mine = clubs_managed(hands, [each.number for each in clubs])
    rows = []
    for each in clubs:
        profile = founders.get(each.founder)
        rows.append(
            {
                "row": each,
                "state_label": club_state_text(each.state),
                "rule": rule_text(each.rule),
                "place": places.get(each.division, ""),
                "founder_unit": profile.unit_name if profile else "",
                "may_open_founder": profile is not None and may(scopes, Ability.LOOK, profile.division),
                "is_own": each.founder in hands or each.number in mine,
            }
        )
    return rows


def _detail(request: HttpRequest, club: OfficeClub, more: dict[str, Any], status: int) -> HttpResponse:
    (shown,) = _rows(request, scopes_of(request), [club])
    context = {
        "header_title": club.name,
        "header_icon": "group",
        "shown": shown,
        "reason_chars_max": REASON_CHARS_MAX,
    }
    return render(request, "console/club.html", context | more, status=status)
