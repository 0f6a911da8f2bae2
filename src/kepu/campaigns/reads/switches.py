"""Questions about what the site and its campaigns do without (decision 36)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from kepu.campaigns import reads
from kepu.campaigns.models import SiteSwitch
from kepu.campaigns.rules import Published, Switch, campaign_to_show
from kepu.people import reads as people

TURNS_MAX = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """A switch of the site was turned: who did it, when and why."""

    switch: Switch
    is_off: bool
    why: str
    turned_at: datetime
    turned_by: int
    turned_name: str


def switched_off(division: str, now: datetime) -> frozenset[Switch]:
    """What people of a division do without: by the site's switches and by their campaign's sheet.

    Their campaign is the open one that covers them, else the last that did. One query; pages ask
    `request.switched_off` instead.
    """
    published, off = reads.published_and_off()
    return off | off_by_sheet(published, division, now)


def switched_off_for(who: Callable[[], int | None], now: datetime) -> frozenset[Switch]:
    """What one person does without; a visitor (None) is of the site's own division.

    `who` is asked only while a sheet switches anything off, and so is where they belong: one query, else
    two.
    """
    published, off = reads.published_and_off()
    if not any(each.sheet.switched_off for each in published):
        return off
    person = who()
    standing = people.standing_many([person]).get(person) if person else None
    division = standing.division if standing is not None else settings.KEPU_DIVISION
    return off | off_by_sheet(published, division, now)


def site_off() -> frozenset[Switch]:
    """What the whole site does without. One query; none where this request has asked before."""
    return reads.published_and_off()[1]


def off_in(published: Published | None) -> frozenset[Switch]:
    """What a campaign does without, by its sheet or with the whole site; None: the site. As `site_off`."""
    return site_off() | (published.sheet.switched_off if published is not None else frozenset())


def off_by_sheet(published: Collection[Published], division: str, now: datetime) -> frozenset[Switch]:
    """What the campaign that people of a division are shown does without."""
    shown = campaign_to_show(tuple(published), division, now)
    return shown.sheet.switched_off if shown is not None else frozenset()


def turns() -> list[Turn]:
    """How the site's switches were turned, the newest first, at most TURNS_MAX. One query."""
    return [
        Turn(Switch(row.switch), row.is_off, row.why, row.turned_at, row.turned_by, row.turned_name)
        for row in SiteSwitch.objects.order_by("-pk")[:TURNS_MAX]
    ]
