"""本站设置: which parts the whole site has, turned by whoever looks after it, with a reason that is kept."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from kepu.campaigns import reads as campaigns
from kepu.campaigns.reads.switches import site_off, turns
from kepu.campaigns.rules import Switch
from kepu.campaigns.writes import WHY_MAX, turn_switch
from kepu.console import deeds
from kepu.console.scope import me, within
from kepu.kit import clock
from kepu.mall.reads.orders import open_counts
from kepu.people.rules import Ability
from kepu.ui.off import PARTS

WHOLE_SITE = ("",)


@require_safe
def site_page(request: HttpRequest) -> HttpResponse:
    """Each part with how it stands and what turning it off does; then who turned what, when and why.

    Five queries beside those of the back office itself.
    """
    within(request, Ability.SITE)
    return _page(request, "", 200)


@require_POST
def turn_page(request: HttpRequest) -> HttpResponse:
    """A part is off, or on again, and it is kept who did it and why; without a reason it is asked for."""
    within(request, Ability.SITE)
    try:
        switch = Switch(request.POST.get("switch", ""))
    except ValueError as unknown:
        raise Http404 from unknown
    off, why = request.POST.get("off") == "1", request.POST.get("why", "").replace("\x00", "").strip()
    if not why:
        return _page(request, switch.value, 422)
    now, name = clock.now(), str(PARTS[switch])
    with transaction.atomic():
        by = me(request), str(getattr(request.user, "display_name", ""))
        if turn_switch(switch, why, by, now, off=off):
            before, after = _state(not off), _state(off)
            change = {"state": before}, {"state": after, "reason": why[:WHY_MAX]}
            deeds.keep(request, "turn_switch", name, "", now, change)
    done = _("%(part)s is off for the whole site.") if off else _("%(part)s is there again.")
    messages.success(request, done % {"part": name})
    return redirect("console_site")


def _page(request: HttpRequest, unexplained: str, status: int) -> HttpResponse:
    off, kept = site_off(), turns()
    context = {
        "header_title": _("Site settings"),
        "header_icon": "site",
        "parts": [_part(each, each in off) for each in Switch],
        "unexplained": unexplained,
        "why_max": WHY_MAX,
        "turns": [(PARTS[each.switch], each) for each in kept],
    }
    return render(request, "console/site.html", context, status=status)


def _part(switch: Switch, is_off: bool) -> dict[str, Any]:
    sheets = [each.sheet.title for each in campaigns.published() if switch in each.sheet.switched_off]
    return {
        "key": switch.value,
        "name": PARTS[switch],
        "is_off": is_off,
        "off_by_sheet": sheets,
        "effects": _effects(switch),
    }


def _effects(switch: Switch) -> list[str]:
    """What becomes of things when the part is turned off, a sentence each."""
    if switch is Switch.CHECK_IN:
        return [
            _("The button and the row of days are gone; nothing can be earned by checking in."),
            _("What was earned stays."),
        ]
    if switch is Switch.BOARDS:
        return [
            _("Boards and ranks are gone from the app; counting goes on."),
            _("Lists of rounds and the lists of the back office stay."),
        ]
    if switch is Switch.MALL:
        return [_open_orders(), _("Nothing new can be exchanged. Points and the orders there are stay.")]
    return [
        _("Clubs, posts and comments are hidden, not deleted. Nobody can post or join."),
        _("What waits to be judged can still be judged in the back office."),
    ]


def _open_orders() -> str:
    count = sum(open_counts(WHOLE_SITE, WHOLE_SITE).values())
    if not count:
        return _("No order is open.")
    words = ngettext(
        "%(count)s order is open: it can still be handed over or cancelled in the back office.",
        "%(count)s orders are open: they can still be handed over or cancelled in the back office.",
        count,
    )
    return words % {"count": count}


def _state(off: bool) -> str:
    return pgettext("switch", "Off") if off else pgettext("switch", "On")
