"""What the back office asks about many items at once."""

from collections.abc import Collection, Sequence

from django.db.models import Count, Q

from kepu.mall import contacts
from kepu.mall.models import Item, Order, VoucherCode
from kepu.mall.reads.items import ItemRow, item_rows
from kepu.mall.reads.stock import Shelf
from kepu.mall.rules import WAITING

# SQLite takes a thousand values in one question on the oldest machines we know.
ASKED_AT_ONCE = 500


def shelves(items: Collection[int]) -> dict[int, Shelf]:
    """What the stock of each of these items consists of; unknown ones are absent. Three queries (none for
    none).
    """
    if not items:
        return {}
    stock = dict(Item.objects.filter(pk__in=items).values_list("pk", "stock"))
    orders = Order.objects.filter(item__in=items, state__in=WAITING)
    waiting = dict(orders.order_by().values_list("item").annotate(n=Count("pk")))
    codes = VoucherCode.objects.filter(item__in=items).order_by().values_list("item")
    counted = codes.annotate(
        free=Count("pk", filter=Q(order=None)),
        bound=Count("pk", filter=Q(order__isnull=False, shown_at=None)),
        shown=Count("pk", filter=Q(shown_at__isnull=False)),
    )
    of_codes = {item: tuple(numbers) for item, *numbers in counted}
    return {
        item: Shelf(left, waiting.get(item, 0), *of_codes.get(item, (0, 0, 0)))
        for item, left in stock.items()
    }


def items_by_number(numbers: Collection[int]) -> dict[int, ItemRow]:
    """Items by their numbers, hidden ones too; unknown ones are absent. Three queries (none for none).

    For lists of orders: whoever may see an order may see what was ordered.
    """
    wanted = sorted(set(numbers))
    return {row.number: row for row in item_rows(Item.objects.filter(pk__in=wanted))} if wanted else {}


def known_codes(codes: Sequence[str]) -> int:
    """How many of these codes, each once, this site has already. One query for each ASKED_AT_ONCE."""
    digests = [contacts.digest_of(code) for code in dict.fromkeys(codes)]
    parts = [digests[at : at + ASKED_AT_ONCE] for at in range(0, len(digests), ASKED_AT_ONCE)]
    return sum(VoucherCode.objects.filter(digest__in=part).count() for part in parts)
