"""Boards and unit progress, for anybody: names are masked, only one's own is whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from kepu.campaigns import reads as campaigns
from kepu.campaigns.reads.switches import off_in
from kepu.campaigns.rules import SCOPES, Published, RuleSheet, Switch, campaign_to_show, round_of
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.ledger.reads.state import one_state
from kepu.people import reads as people
from kepu.people.reads import Profile
from kepu.regions import reads as regions
from kepu.regions.rules import is_within
from kepu.standings import labels, reads
from kepu.standings.reads import Place, UnitProgress
from kepu.standings.rules import (
    ALL,
    TaskProgress,
    is_day,
    lists_people,
    task_progress,
)
from kepu.ui.off import off_page

PLACES = 20
START_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Scope:
    """One choice among whom to rank: a division, or a unit by its id."""

    key: str
    division: str
    unit: int
    name: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a board: 0 and None for a stranger; `division` is where they belong, or the site's."""

    person: int
    profile: Profile | None
    division: str


@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """The places of one scope and window with mine pinned; htmx gets only the next places.

    At most 24 queries.
    """
    visitor, now = _visitor(request), clock.now()
    every = campaigns.published()
    published = _chosen(request, every, visitor, now)
    if Switch.BOARDS in off_in(published):
        return off_page(request, Switch.BOARDS)
    if published is None:
        return render(request, "standings/no_campaign.html")
    sheet = published.sheet
    scope, scopes = _scope(request, sheet, visitor)
    windows = _windows(published, now)
    window = _window(request, windows, sheet, now)
    address = {"campaign": sheet.campaign, "scope": scope.key, "window": window}
    if scope.key == "unit":
        address["unit"] = str(scope.unit)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    is_part = request.headers.get("HX-Request") == "true" and bool(start)
    with one_state():  # the list, my own place and the cut-off are of one moment
        page = reads.board(published.number, window, scope.division, start, PLACES, unit=scope.unit)
        beside = {} if is_part else _basis(published) | _mine(published, window, scope, visitor)
    more = f"?{urlencode(address | {'start': page.next_start})}" if page.next_start else ""
    context: dict[str, Any] = {
        "places": [_line(place, visitor.person) for place in page.rows],
        "more": more,
        "tied": labels.TIED[sheet.tie_rule],
    }
    if is_part:
        response = render(request, "standings/_places.html", context)
    else:
        context |= {
            "sheet": sheet,
            "scope": scope,
            "scopes": [(each, labels.SCOPES[each.key], _link(address, each)) for each in scopes],
            "windows": [
                (name, labels.window_text(name, sheet, clock.day_of(now)), _link(address, scope, name))
                for name in sorted(windows, key=lambda name: name != window)
            ],
            "window": window,
            "is_today": window == clock.day_of(now).isoformat(),
            "round": round_of(sheet, window),
            "others": [
                each.sheet
                for each in every
                if each.number != published.number and Switch.BOARDS not in each.sheet.switched_off
            ],
            "visitor": visitor,
            "unread": people.unread(visitor.person) if visitor.person else 0,
            "listed": lists_people(sheet),
        }
        context |= beside
        response = render(request, "standings/board.html", context)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


@require_safe
def units_page(request: HttpRequest) -> HttpResponse:
    """Every unit's three tasks with bars, the whole place first. At most 13 queries."""
    visitor = _visitor(request)
    every = campaigns.published()
    published = _chosen(request, every, visitor, clock.now())
    if published is None:
        return render(request, "standings/no_campaign.html")
    sheet = published.sheet
    units = reads.unit_progress(published.number)
    context = {
        "sheet": sheet,
        "place": regions.names([sheet.place]).get(sheet.place, sheet.place),
        "volume": campaigns.volume_words(sheet.measure),
        "units": units,
        "total": _total(units),
        "has_boards": Switch.BOARDS not in off_in(published),
        "mine": visitor.profile.unit if visitor.profile is not None else 0,
        "others": [each.sheet for each in every if each.number != published.number],
    }
    response = render(request, "standings/units.html", context | _basis(published))
    patch_vary_headers(response, ["Cookie"])
    return response


def _visitor(request: HttpRequest) -> Visitor:
    if not request.user.is_authenticated:
        return Visitor(0, None, settings.KEPU_DIVISION)
    profile = people.profile(request.user.pk)
    return Visitor(request.user.pk, profile, profile.division if profile else str(request.user.book))


def _chosen(
    request: HttpRequest, every: tuple[Published, ...], visitor: Visitor, now: datetime
) -> Published | None:
    """The campaign asked for, else the one that the visitor's division is shown, else any with boards."""
    asked = request.GET.get("campaign", "")
    named = next((each for each in every if each.sheet.campaign == asked), None)
    ranking = [each for each in every if Switch.BOARDS not in each.sheet.switched_off]
    return named or campaign_to_show(every, visitor.division, now) or (ranking[-1] if ranking else None)


def _scope(request: HttpRequest, sheet: RuleSheet, visitor: Visitor) -> tuple[Scope, list[Scope]]:
    """The scope asked for and all there are, the narrowest first; without a wish, the town."""
    profile, counts = visitor.profile, is_within(visitor.division, sheet.counts_within)
    here = visitor.division
    if not counts or is_within(sheet.place, here):
        here = sheet.place
    codes = {key: here[:level] for key, level in SCOPES.items() if len(here) >= level}
    codes = {key: code for key, code in codes.items() if is_within(code, sheet.counts_within)}
    names = regions.names(codes.values())
    scopes = [Scope(key, code, 0, names.get(code, code)) for key, code in codes.items()]
    scopes.sort(key=lambda scope: -len(scope.division))
    if profile is not None and counts:
        scopes.insert(0, Scope("unit", "", profile.unit, profile.unit_name))
    wished = request.GET.get("scope", "")
    other = whole_number(request.GET.get("unit"), 1, 2**31 - 1, 0)
    if wished == "unit" and other and (profile is None or other != profile.unit):
        unit = people.unit(other)
        if unit is not None:
            return Scope("unit", "", unit.id, unit.name), scopes
    by_key = {scope.key: scope for scope in scopes}
    return by_key.get(wished) or by_key.get("town") or scopes[-1], scopes


def _windows(published: Published, now: datetime) -> list[str]:
    """What is open first: its rounds, this month, today; then the whole campaign and what is over.

    Of a campaign that is over the whole comes first, and the last day that counted stands for today.
    """
    held = reads.windows(published.number)
    days = [window for window in held if is_day(window)]
    rounds = [round_.id for round_ in published.sheet.rounds]
    months = [window for window in held if window not in (ALL, *rounds, *days)]
    if not published.sheet.opens_at <= now < published.sheet.closes_at:
        return [ALL, *rounds, *days[:1], *months]
    today = clock.day_of(now).isoformat()
    open_now = [each.id for each in published.sheet.rounds if each.opens_at <= now < each.closes_at]
    return list(dict.fromkeys([*open_now, today[:7], today, ALL, *rounds, *months]))


def _window(request: HttpRequest, windows: list[str], sheet: RuleSheet, now: datetime) -> str:
    """The window asked for, else the round that is open, else the whole campaign."""
    asked = request.GET.get("window", "")
    if asked in windows:
        return asked
    return next((each.id for each in sheet.rounds if each.opens_at <= now < each.closes_at), ALL)


def _link(address: dict[str, str], scope: Scope, window: str = "") -> str:
    wanted = {key: value for key, value in address.items() if key != "unit"}
    wanted |= {"scope": scope.key, "window": window or address["window"]}
    if scope.key == "unit":
        wanted["unit"] = str(scope.unit)
    return f"?{urlencode(wanted)}"


def _line(place: Place, person: int) -> dict[str, Any]:
    is_me = place.person == person
    return {
        "rank": place.rank,
        "name": place.name if is_me else reads.name_for_others(place.name, place.is_hidden),
        "unit_name": "" if place.is_hidden and not is_me else place.unit_name,
        "volume": place.volume,
        "is_me": is_me,
        "is_tied": place.is_tied,
    }


def _mine(published: Published, window: str, scope: Scope, visitor: Visitor) -> dict[str, Any]:
    if visitor.profile is None:
        return {}
    mine = reads.my_place(published.number, window, scope.division, visitor.person, unit=scope.unit)
    return {"mine": mine, "has_place_here": scope.unit in (0, visitor.profile.unit)}


def _basis(published: Published) -> dict[str, Any]:
    return {
        "ranked_by": labels.RANKED_BY[published.sheet.measure],
        "ties": campaigns.tie_words(published.sheet.tie_rule),
        "cut_off": reads.cut_off(published.number),
    }


def _total(units: list[UnitProgress]) -> tuple[TaskProgress, TaskProgress, TaskProgress]:
    backbones, registrations, volumes = (
        [getattr(unit, task) for unit in units] for task in ("backbones", "registrations", "volume")
    )
    return _sum(backbones), _sum(registrations), _sum(volumes)


def _sum(tasks: list[TaskProgress]) -> TaskProgress:
    return task_progress(sum(task.target for task in tasks), sum(task.actual for task in tasks))
