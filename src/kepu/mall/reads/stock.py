"""What lies on the shelf, by which lines it came to that, and whether number and lines agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from kepu.kit.paging import Page, page_of
from kepu.mall import contacts
from kepu.mall.models import Item, Order, StockChange, VoucherCode
from kepu.mall.rules import WAITING, Cause, OrderState, Way, code_of_voucher

OFF_MAX = 1_000
# What was sent is on its way: promised, but no longer on the shelf.
SHIPPED = Q(state=OrderState.READY.value, way=Way.DELIVERY.value)


@dataclass(frozen=True, slots=True)
class Shelf:
    """`stock` may still be ordered, `waiting` is ordered and lies there still, `shipped` is on its way."""

    stock: int
    waiting: int
    shipped: int
    free_codes: int
    bound_codes: int
    shown_codes: int

    @property
    def on_shelf(self) -> int:
        """What should be found there when the shelf is counted."""
        return self.stock + self.waiting

    @property
    def ordered(self) -> int:
        """What is ordered and not in its buyer's hands yet."""
        return self.waiting + self.shipped


@dataclass(frozen=True, slots=True)
class StockLine:
    """One line of an item's stock."""

    number: int
    amount: int
    cause: Cause
    order: UUID | None
    author: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StockGap:
    """An item whose number of stock is not the sum of its lines."""

    item: int
    stock: int
    lines: int


def shelf(item: int) -> Shelf:
    """What an item's stock consists of (zeros for none). Three queries."""
    return shelves([item]).get(item, Shelf(0, 0, 0, 0, 0, 0))


def shelves(items: Sequence[int]) -> dict[int, Shelf]:
    """What the stock of each known item consists of. Three queries."""
    stocks = dict(Item.objects.filter(pk__in=items).values_list("pk", "stock"))
    orders = Order.objects.filter(item__in=items, state__in=WAITING).order_by()
    ordered = orders.values_list("item").annotate(
        waiting=Count("pk", filter=~SHIPPED), shipped=Count("pk", filter=SHIPPED)
    )
    of_orders = {item: numbers for item, *numbers in ordered}
    codes = VoucherCode.objects.filter(item__in=items).order_by().values_list("item")
    counted = codes.annotate(
        free=Count("pk", filter=Q(order=None)),
        bound=Count("pk", filter=Q(order__isnull=False, shown_at=None)),
        shown=Count("pk", filter=Q(shown_at__isnull=False)),
    )
    by_item = {item: numbers for item, *numbers in counted}
    return {
        item: Shelf(stock, *of_orders.get(item, (0, 0)), *by_item.get(item, (0, 0, 0)))
        for item, stock in stocks.items()
    }


def known_codes(codes: Sequence[str]) -> int:
    """How many of these codes are kept already, whoever loaded them. One query for each 500."""
    digests = sorted({contacts.digest_of(fit) for code in codes if (fit := code_of_voucher(code))})
    cuts = range(0, len(digests), 500)
    return sum(VoucherCode.objects.filter(digest__in=digests[cut : cut + 500]).count() for cut in cuts)


def stock_lines(item: int, start: int, size: int) -> Page[StockLine]:
    """An item's lines, the newest first. One query."""
    found = StockChange.objects.filter(item=item).order_by("-pk")
    rows = [
        StockLine(row.pk, row.amount, Cause(row.cause), row.order_id, row.author, row.note, row.at)
        for row in found[start : start + size + 1]
    ]
    return page_of(rows, start, size)


def stock_off() -> list[StockGap]:
    """Items whose stock differs from the sum of its lines; none when all is well. One query."""
    summed = Item.objects.annotate(lines=Coalesce(Sum("changes__amount"), 0))
    off = summed.exclude(lines=F("stock")).order_by("pk")
    return [StockGap(*row) for row in off.values_list("pk", "stock", "lines")[:OFF_MAX]]
