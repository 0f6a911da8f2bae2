"""What became of my links: opens and reads of each, and who shared on from them."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kepu.app import chain, labels, reads
from kepu.app.pages.readers import account_of
from kepu.app.rules import link_of
from kepu.campaigns.rules import COUNTED, Reason
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.links import link_token
from kepu.ledger.reads import Reach, archived
from kepu.ledger.rules import Entry, read_spot, spot_of
from kepu.people import reads as people
from kepu.standings.reads import name_for_others

LINKS = 20
WIDTH = 320


@require_safe
@login_required
def links_page(request: HttpRequest) -> HttpResponse:
    """My shares, newest first, with the opens and reads of each; htmx gets only older ones. Three queries.

    Two more where anything was archived.
    """
    before = read_spot(request.GET.get("before", ""))
    shares = ledger.shares_of(account_of(request), LINKS, before)
    more = f"/me/links/?before={spot_of(shares[-1])}" if len(shares) == LINKS else ""
    context = {
        "links": _links(shares),
        "more": more,
        "first_page": before is None,
        "archived": archived.held_of(account_of(request)) if not more else (),
    }
    part_only = request.headers.get("HX-Request") == "true" and before is not None
    response = render(request, "app/_links.html" if part_only else "app/links.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@login_required
def chain_page(request: HttpRequest) -> HttpResponse:
    """Who shared on from my links, up to four levels and 200 shares, as a tree. At most five queries."""
    levels = _levels(account_of(request))
    nodes = chain.grown(levels[0], levels[1:]) if levels else ()
    spots = chain.drawn(nodes)
    names = _names({spot.node.person for spot in spots})
    context = {
        "spots": [(spot, names[spot.node.person]) for spot in spots],
        "told": _told(nodes, names),
        "people": len(names),
        "levels": len(levels),
        "cut": sum(map(len, levels)) >= chain.NODES_MAX,
        "width": WIDTH,
        "height": (len(spots) + 1) * chain.ROW,
        "edge": chain.EDGE,
        "radius": chain.RADIUS,
    }
    return render(request, "app/chain.html", context)


def _links(shares: list[Entry]) -> list[dict[str, object]]:
    reach = ledger.reach_of(shares)
    return [
        {
            "title": each.title,
            "at": clock.from_milliseconds(each.entry.at_ms),
            "counted": each.entry.reason in COUNTED,
            "reason": labels.REASONS[Reason(each.entry.reason)],
            "token": link_token(settings.KEPU_KEYS.link, link_of(each.entry)),
            "reach": reach.get((each.entry.book, each.entry.seq), Reach(0, 0)),
        }
        for each in reads.named(shares)
    ]


def _told(nodes: tuple[chain.Node, ...], names: dict[int, str]) -> list[dict[str, object]]:
    """The same tree as the drawing, for the nested list."""
    return [
        {"name": names[node.person], "shares": node.shares, "below": _told(node.below, names)}
        for node in nodes
    ]


def _levels(me: int) -> list[list[Entry]]:
    """The shares that came by my links, by the links of those, and so on; no level is empty.

    Where I shared on from somebody below me, what came of that stands on the first level already.
    """
    levels = [ledger.shares_led_to_by(me, chain.NODES_MAX)]
    left = chain.NODES_MAX - len(levels[0])
    while levels[-1] and left and len(levels) < chain.LEVELS_MAX:
        followed = ledger.shares_that_followed(levels[-1], left)
        levels.append([each for each in followed if each.person != me])
        left -= len(levels[-1])
    return [level for level in levels if level]


def _names(persons: set[int]) -> dict[int, str]:
    """How I see these people: masked, or no name at all for whoever is not certified or hides it."""
    known = people.profiles(persons)
    names = {person: name_for_others(who.name, who.hides_name) for person, who in known.items()}
    return dict.fromkeys(persons, gettext("A reader")) | names
