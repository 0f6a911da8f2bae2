"""What a person sees of the mall, and whether they may have something."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kepu.kit.paging import Page, page_of
from kepu.mall.models import Item, Order
from kepu.mall.reads.items import ItemRow, item_rows
from kepu.mall.rules import (
    ItemKind,
    LimitSpan,
    OrderState,
    Refusal,
    Terms,
    barred,
    counts_since,
)
from kepu.people import reads as people
from kepu.people.rules import Standing


@dataclass(frozen=True, slots=True)
class Offer:
    """One item for one person: why they may not have it, if so, and how many points they are short of.

    `left`: how many more they may have by the limit; None: there is none.
    """

    item: ItemRow
    refusal: Refusal | None
    missing: int
    left: int | None

    @property
    def is_open(self) -> bool:
        """Whether they can order it now."""
        return self.refusal is None and not self.missing


def window(standing: Standing, balance: int, now: datetime, start: int, size: int) -> Page[ItemRow]:
    """What is on sale where the person belongs and not over: what they can afford first, dearest first;
    then what is out of reach, cheapest first; sold out last. Three queries.
    """
    # Each division the person is in, from the village up.
    around = [standing.division[:digits] for digits in (2, 4, 6, 9, 12) if len(standing.division) >= digits]
    found = Item.objects.filter(is_on_sale=True, seen_within__in=around)
    found = found.filter(Q(closes_at=None) | Q(closes_at__gt=now))
    rows = list(found.values_list("pk", "points", "stock"))
    rows.sort(key=lambda row: (*_order_of(row[1], row[2], balance), row[0]))
    wanted = [row[0] for row in rows[start : start + size + 1]]
    there = {row.number: row for row in item_rows(Item.objects.filter(pk__in=wanted))}
    return page_of([there[number] for number in wanted if number in there], start, size)


def offer(number: int, person: int, standing: Standing, balance: int, now: datetime) -> Offer | None:
    """The item for this person; None where it is not on sale, or is another place's and they have no order
    of it. At most seven queries.
    """
    found = item_rows(Item.objects.filter(pk=number, is_on_sale=True))
    if not found:
        return None
    item = found[0]
    had = had_by(item.number, item.limit_span, person, now) if item.limit else 0
    refusal = barred(item.terms, standing, had, now)
    if refusal is Refusal.OTHER_DIVISION and not _ordered_by(item.number, person):
        return None
    if refusal is None and item.stock < 1:
        refusal = Refusal.SOLD_OUT
    left = max(0, item.limit - had) if item.limit else None
    return Offer(item, refusal, max(0, item.points - balance), left)


def had_by(item: int, span: LimitSpan, person: int, now: datetime) -> int:
    """How many of an item a person (by any of their accounts) has in the limit's time. Two queries.

    What was cancelled or returned does not count.
    """
    had = Order.objects.filter(item=item, person__in=people.hands_of(person))
    since = counts_since(span, now)
    if since is not None:
        had = had.filter(reserved_at__gte=since)
    return had.exclude(state__in=[OrderState.CANCELLED, OrderState.RETURNED]).count()


def _ordered_by(item: int, person: int) -> bool:
    """Whether the person has any order of the item: whoever moved away may still look at what they got."""
    return Order.objects.filter(item=item, person__in=people.hands_of(person)).exists()


def terms_of(row: Item) -> Terms:
    """What an item asks of whoever wants it. One query."""
    return Terms(
        kind=ItemKind(row.kind),
        is_on_sale=row.is_on_sale,
        seen_within=row.seen_within,
        certified_only=row.certified_only,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        limit=row.limit,
        limit_span=LimitSpan(row.limit_span),
        delivers=row.delivers,
        pick_up_points=frozenset(
            row.pick_up_points.filter(is_open=True).order_by().values_list("pk", flat=True)
        ),
    )


def _order_of(points: int, stock: int, balance: int) -> tuple[int, int]:
    if stock < 1:
        return 2, points
    return (0, -points) if points <= balance else (1, points)
