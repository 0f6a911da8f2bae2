"""The back office's home: who needs help, what came of today and of the campaign, what waits for me."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Measure, Policy, Published
from kepu.console import outlooks, reads
from kepu.console.pages.writing import shelves
from kepu.console.reads import Below, Board, Spot, Week
from kepu.console.scope import is_able, is_inside, within
from kepu.console.waiting import newest_complaints, waiting_for
from kepu.kit import clock
from kepu.kit.paging import page_of, whole_number
from kepu.people import reads as people
from kepu.people.reads.turnout import communicators_of
from kepu.people.rules import Ability, masked_name
from kepu.regions import reads as regions
from kepu.regions.rules import ancestors_of, is_code
from kepu.standings.reads.counts import volumes_of
from kepu.standings.rules import Forecast, Outlook
from kepu.standings.rules.outlook import Progress
from kepu.ui import charts

WORST_SHOWN = 5
PEOPLE_SHOWN = 25
START_MAX = 1_000_000
ACROSS = 7
CHART_WIDTH, CHART_HEIGHT, CHART_HEAD = 560, 150, 18


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    """The dashboard of a place in my scopes (?division=, ?unit=, ?campaign=), or what waits for me alone.

    404 for a place outside my scopes. At most 20 queries.
    """
    now = clock.now()
    if not is_able(request, Ability.LOOK):
        home = {
            "header_title": _("Home"),
            "header_icon": "home",
            "waiting": waiting_for(request),
            "shelves": shelves(request),
        }
        return render(request, "console/home.html", home)
    inside = within(request, Ability.LOOK)
    spot, ways = _spot(request, inside)
    choices = reads.campaigns_of(campaigns.published(), spot.division, now)
    published = _campaign(request, choices)
    context: dict[str, Any] = {
        "header_title": spot.name,
        "header_icon": "home",
        "now": now,
        "spot": spot,
        "is_home": not {"division", "unit"} & request.GET.keys(),
    }
    if context["is_home"]:
        context["waiting"] = waiting_for(request)
        context["complaints"] = newest_complaints(request)[1]
        context["hears"] = is_able(request, Ability.COMPLAINTS)
    context |= ways
    if published is not None:
        board = reads.board_of(published, spot, now)
        context |= _campaign_part(request, published, choices, spot, now)
        context |= _numbers(published, board) | _tasks(request, published, spot, board)
        context |= _map(request, published, board) | _trend(published, board.weeks)
        if spot.unit is not None:
            context |= _people(request, published, spot)
    return render(request, "console/dashboard.html", context)


def _spot(request: HttpRequest, inside: tuple[str, ...]) -> tuple[Spot, dict[str, Any]]:
    """The place asked for, or the first of mine, with the ways from it; 404 outside. Two queries at most."""
    wanted, unit = request.GET.get("unit"), None
    division = request.GET.get("division", "") or inside[0] or settings.KEPU_DIVISION
    if wanted:
        unit = people.unit(whole_number(wanted, 0, 2**31 - 1, 0))
        if unit is None:
            raise Http404
        division = unit.division
    if not is_code(division) or not is_inside(division, inside):
        raise Http404
    there = people.units_ever_within(division) if len(division) == 12 and unit is None else []
    unit = unit or next(reversed(there), None)
    above = [code for code in ancestors_of(division) if is_inside(code, inside)]
    if unit is not None and len(division) == 9:
        above.append(division)  # a town's departments have no code of their own
    mine = [code for code in inside if code]
    names, below = regions.around({division, *above, *mine}, division)
    if unit is None and division not in names and request.GET.get("division"):
        raise Http404
    name = unit.name if unit is not None else names.get(division, division)
    here = next((code for code in inside if division.startswith(code)), "")
    ways = {
        "above": [(names[code], _link(request, division=code)) for code in above if code in names],
        "scopes": [(names.get(code, code), _link(request, division=code), code == here) for code in mine]
        if len(mine) > 1
        else [],
    }
    return Spot(division, name, unit, tuple(below), tuple(there)), ways


def _campaign(request: HttpRequest, choices: list[Published]) -> Published | None:
    asked = request.GET.get("campaign", "")
    return next((each for each in choices if each.sheet.campaign == asked), choices[0] if choices else None)


def _campaign_part(
    request: HttpRequest, published: Published, choices: list[Published], spot: Spot, now: datetime
) -> dict[str, Any]:
    sheet = published.sheet
    here = {"unit": spot.unit_id} if spot.unit is not None else {"division": spot.division}
    return {
        "sheet": sheet,
        "is_open": sheet.opens_at <= now < sheet.closes_at,
        "is_over": now >= sheet.closes_at,
        "is_voluntary": sheet.policy is Policy.VOLUNTARY,
        "volume": campaigns.volume_words(sheet.measure),
        "campaigns": [
            (each.sheet.title, f"?{urlencode(here | {'campaign': each.sheet.campaign})}", each == published)
            for each in choices[:6]
        ]
        if len(choices) > 1
        else [],
    }


def _numbers(published: Published, board: Board) -> dict[str, Any]:
    """(name, today, campaign to date, what it means) of each number, as text."""
    today, total, turnout = board.today, board.total, board.people
    in_all = _("%(people)s certified in all") % {"people": f"{turnout.certified:,}"}
    rows: list[tuple[str, int, int, str]] = [
        (_("Applied for certification"), board.arrivals.applied_today, board.arrivals.applied, ""),
        (_("Newly certified"), turnout.today, turnout.registrations, in_all),
        (_("Active people"), today.active, total.active, _("did something in the app themselves")),
        (_("Shares"), today.shares, total.shares, _("the app saw the button; not what became of it")),
        (_("Opens"), today.opens, total.opens, ""),
        (_("Reads"), today.reads, total.reads, ""),
    ]
    if published.sheet.measure is Measure.IMPORTED:
        words = campaigns.volume_words(published.sheet.measure)
        rows.append((words, today.volume, total.volume, _("from the official back office")))
    read = (
        _("Share of opens that were read"),
        _percent(today.reads, today.opens),
        _percent(total.reads, total.opens),
        "",
    )
    said = [(name, f"{now:,}", f"{ever:,}", hint) for name, now, ever, hint in rows]
    return {"numbers": [*said, read], "cut_off": board.cut_off}


def _percent(part: int, whole: int) -> str:
    return f"{min(100, part * 100 // whole)}%" if whole else "—"


def _tasks(request: HttpRequest, published: Published, spot: Spot, board: Board) -> dict[str, Any]:
    """The whole's three tasks, the units that need help most in words, and everybody's progress."""
    volume = campaigns.volume_words(published.sheet.measure)
    helpless = [each for each in board.units if each.helpless]
    risky = [each for each in board.units if each.outlook is Outlook.AT_RISK]
    worst = (helpless or risky)[:WORST_SHOWN]
    return {
        "whole": _three(board.whole, volume) if board.whole is not None else [],
        "left": board.pace.left,
        "units_count": len(board.units),
        "helpless": len(helpless),
        "risky": len(risky),
        "worst": [
            {
                "name": each.name,
                "words": outlooks.why(each, volume),
                "link": _link(request, unit=each.unit) if each.unit else "",
                "outlook": _outlook(each.outlook),
            }
            for each in worst
        ],
        "by_outlook": [
            (_outlook(outlook), sum(each.outlook is outlook for each in board.units)) for outlook in Outlook
        ],
        "rows": [
            {
                "name": each.name,
                "link": _below_link(request, each),
                "units": each.progress.units,
                "helpless": each.progress.helpless,
                "outlook": _outlook(each.progress.outlook),
                "tasks": _three(each.progress, volume),
                "words": outlooks.why(each.progress, volume),
            }
            for each in board.below
            if each.progress is not None
        ],
        "own": _outlook(board.units[0].outlook) if spot.unit is not None and board.units else None,
        "own_words": outlooks.why(board.units[0], volume) if board.units else "",
    }


def _three(progress: Progress, volume: str) -> list[dict[str, Any]]:
    words = (
        (_("Backbones"), progress.backbones, outlooks.backbones_words(progress.backbones)),
        (_("New registrations"), progress.registrations, outlooks.task_words(progress.registrations)),
        (volume, progress.volume, outlooks.task_words(progress.volume)),
    )
    return [
        {
            "name": name,
            "task": task,
            "words": text,
            "outlook": _outlook(task.outlook),
            "needed": _needed(task),
        }
        for name, task, text in words
    ]


def _needed(task: Forecast) -> str:
    """What each day left must bring, or what is missing where that is one a day; "" where nothing is."""
    if not task.a_day or not task.left:
        return ""
    if task.a_day == 1:
        return _("%(lacking)s more until the end") % {"lacking": f"{max(0, task.target - task.actual):,}"}
    return _("%(needed)s a day needed") % {"needed": f"{task.a_day:,}"}


def _outlook(outlook: Outlook) -> dict[str, Any]:
    return {"key": outlook.value, "mark": outlooks.MARKS[outlook], "label": outlooks.OUTLOOKS[outlook]}


def _map(request: HttpRequest, published: Published, board: Board) -> dict[str, Any]:
    """A tile for each place below, by code: coloured and worded by progress where there are tasks."""
    below = sorted(board.below, key=lambda each: (each.division, each.unit))
    places, width, height = charts.tiles(len(below), ACROSS)
    measure = published.sheet.measure
    return {
        "tiles": [
            {
                "place": place,
                "link": _below_link(request, each),
                "name": each.name,
                "lines": charts.two_lines(each.name, 7),
                "outlook": _outlook(each.progress.outlook) if each.progress is not None else None,
                "words": _tile_words(each),
                "value": reads.counted_kind(measure, each.counts),
                "certified": each.certified,
                "active": each.counts.active,
            }
            for place, each in zip(places, below, strict=True)
        ],
        "map_width": width,
        "map_height": height,
        "tile_width": charts.TILE_WIDTH,
        "tile_height": charts.TILE_HEIGHT,
    }


def _tile_words(each: Below) -> str:
    if each.progress is None:
        return _("%(active)s active") % {"active": f"{each.counts.active:,}"}
    label = str(outlooks.OUTLOOKS[each.progress.outlook])
    if each.unit or not each.progress.helpless:
        return label
    return f"{label} {each.progress.helpless}/{each.progress.units}"


def _trend(published: Published, weeks: tuple[Week, ...]) -> dict[str, Any]:
    measure = published.sheet.measure
    values = [reads.counted_kind(measure, week.counts) for week in weeks]
    return {
        "weeks": weeks,
        "chart_width": CHART_WIDTH,
        "chart_height": CHART_HEIGHT,
        "charts": [
            (campaigns.volume_words(measure), _bars(weeks, values)),
            (_("Newly certified"), _bars(weeks, [week.certified for week in weeks])),
        ],
    }


def _bars(weeks: tuple[Week, ...], values: list[int]) -> list[tuple[charts.Bar, int, Any]]:
    bars = charts.bars(values, CHART_WIDTH, CHART_HEIGHT, CHART_HEAD)
    return [(bar, value, week.monday) for bar, value, week in zip(bars, values, weeks, strict=True)]


def _people(request: HttpRequest, published: Published, spot: Spot) -> dict[str, Any]:
    """The unit's people, names masked, PEOPLE_SHOWN a page. Two queries."""
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = page_of(communicators_of(spot.unit_id, start, PEOPLE_SHOWN), start, PEOPLE_SHOWN)
    volumes = volumes_of(published.number, [account for account, *_rest in page.rows])
    return {
        "people": [
            (masked_name(name), is_backbone, certified_at, volumes.get(account, 0))
            for account, name, is_backbone, certified_at in page.rows
        ],
        "previous": _link(request, unit=spot.unit_id, start=max(0, start - PEOPLE_SHOWN)) if start else "",
        "next": _link(request, unit=spot.unit_id, start=page.next_start) if page.next_start else "",
    }


def _below_link(request: HttpRequest, each: Below) -> str:
    return _link(request, unit=each.unit) if each.unit else _link(request, division=each.division)


def _link(request: HttpRequest, **place: object) -> str:
    """An address of this page for another place, in the campaign that was asked for."""
    asked = request.GET.get("campaign", "")
    return "?" + urlencode(place | ({"campaign": asked} if asked else {}))
