"""Questions about what the site and its campaigns do without (decision 36)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from kepu.campaigns import reads
from kepu.campaigns.models import SiteSwitch
from kepu.campaigns.rules import Published, Switch, campaign_to_show

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

    Their campaign is the open one that covers them, else the last that did. Two queries; pages ask
    `request.switched_off` instead, which asks once a request.
    """
    return site_off() | off_by_sheet(reads.published(), division, now)


def site_off() -> frozenset[Switch]:
    """What the whole site does without. One query."""
    newest = SiteSwitch.objects.values("switch").annotate(newest=Max("pk")).values("newest")
    found = SiteSwitch.objects.filter(pk__in=newest, is_off=True).values_list("switch", flat=True)
    return frozenset(map(Switch, found))


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
