"""积分商城, for all its pages: who asks and where they may do what, and what they typed."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from kepu.console.scope import is_inside, scopes_of, within
from kepu.kit import clock
from kepu.mall import reads
from kepu.mall.reads import ItemRow, OrderRow
from kepu.people import reads as people
from kepu.people.reads.contacts import phones_of
from kepu.people.rules import Ability, divisions_for, masked_phone

NUMBER_DIGITS_MAX = 9


@dataclass(frozen=True, slots=True)
class Reach:
    """Where whoever asks may do what: `owners` for items and their orders, `places` for handing out."""

    owners: tuple[str, ...]
    places: tuple[str, ...]

    def runs(self, order: OrderRow) -> bool:
        """Whether they run the item that was ordered: its orders may be cancelled and taken back."""
        return is_inside(order.division, self.owners)

    def hands_out(self, order: OrderRow) -> bool:
        """Whether the order is handed over in their divisions."""
        return is_inside(order.place, self.places)


@dataclass(frozen=True, slots=True)
class Buyer:
    """A buyer as a list shows them; one who left has no name and no number."""

    name: str
    phone: str


def reach_of(request: HttpRequest) -> Reach:
    """Where I run items and where I hand out; 404 when nowhere. No query."""
    scopes = scopes_of(request)
    reach = Reach(divisions_for(scopes, Ability.MALL), divisions_for(scopes, Ability.HAND_OVER))
    if not reach.owners and not reach.places:
        raise Http404
    return reach


def item_at(request: HttpRequest, number: int) -> ItemRow:
    """An item of my divisions; else 404. As many queries as `mall.reads.item_within`."""
    found = reads.item_within(number, within(request, Ability.MALL))
    if found is None:
        raise Http404
    return found


def order_at(request: HttpRequest, order: UUID) -> tuple[Reach, OrderRow]:
    """An order of my items or of a place where I hand out; else 404. One query."""
    reach = reach_of(request)
    found = reads.order_within(order, reach.owners, reach.places)
    if found is None:
        raise Http404
    return reach, found


def buyers(persons: Collection[int]) -> dict[int, Buyer]:
    """Name and masked number of each of these accounts. Two queries (none for none)."""
    wanted = set(persons)
    if not wanted:
        return {}
    names, phones = people.account_names(wanted), phones_of(wanted)
    left = _("(account closed)")
    return {
        person: Buyer(names.get(person) or left, masked_phone(phones[person]) if person in phones else "")
        for person in wanted
    }


def order_mark(order: UUID) -> str:
    """How people call an order on paper: its first eight characters."""
    return order.hex[:8].upper()


def typed(request: HttpRequest, name: str, length_max: int) -> str:
    """One field of the form as text: no NUL, no spaces around it, cut to its length."""
    return request.POST.get(name, "").replace("\x00", "").strip()[:length_max]


def typed_number(text: str) -> int | None:
    """A whole number from zero on as people type it (full width, spaces); None when it is none."""
    bare = "".join(unicodedata.normalize("NFKC", text[:40]).split())
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= NUMBER_DIGITS_MAX else None


def typed_moment(text: str) -> datetime | None:
    """A moment in Shanghai as a browser sends it or somebody types it; None when it is none."""
    try:
        local = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    in_reach = 2000 <= local.year <= 2100
    return local.replace(tzinfo=clock.SHANGHAI).astimezone(UTC) if in_reach else None


def moment_field(moment: datetime | None) -> str:
    """A moment as the field of a browser has it: 2026-12-01T08:00 in Shanghai; "" for none."""
    return f"{moment.astimezone(clock.SHANGHAI):%Y-%m-%dT%H:%M}" if moment is not None else ""
