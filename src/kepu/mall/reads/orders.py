"""Orders: a person's own, those of a scope, and the one a code names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from kepu.kit.paging import Page, page_of
from kepu.mall import contacts
from kepu.mall.contacts import Contact
from kepu.mall.models import Order, OrderStep
from kepu.mall.reads.items import PointRow, inside, point_row
from kepu.mall.rules import (
    ENDED,
    By,
    ItemKind,
    OrderState,
    Way,
    digits_of,
    order_of_token,
)

SUPPLIED_MAX = 5_000


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order. `missing`: how many points were short. `shown_at`: when its voucher's code was shown.

    `last_day`: until when it lies there to be picked up.
    """

    id: UUID
    item: int
    item_name: str
    kind: ItemKind
    division: str
    place: str
    person: int
    points: int
    state: OrderState
    way: Way
    point: PointRow | None
    code: str
    book: int
    seq: int
    refund_book: int
    refund_seq: int
    missing: int
    reserved_at: datetime
    last_day: date | None
    ended_at: datetime | None
    has_contact: bool
    shown_at: datetime | None

    @property
    def is_refund_due(self) -> bool:
        """Whether points are still to be given back."""
        over = self.state in (OrderState.CANCELLED, OrderState.RETURNED)
        return over and self.seq > 0 and not self.refund_seq

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.state not in ENDED


@dataclass(frozen=True, slots=True)
class Step:
    """That an order came into a state, by whose hand; `author` 0 is the site."""

    state: OrderState
    by: By
    author: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders of a scope; 0 and None: all."""

    state: OrderState | None = None
    item: int = 0
    person: int = 0
    point: int = 0


def orders_of(persons: Collection[int], start: int, size: int) -> Page[OrderRow]:
    """The orders of a person's accounts, the newest first. One query."""
    found = _found(Q(person__in=persons)).order_by("-reserved_at", "-pk")
    return page_of([_row(row) for row in found[start : start + size + 1]], start, size)


def order_of(order: UUID, persons: Collection[int]) -> OrderRow | None:
    """The person's order by its number. One query."""
    row = _found(Q(pk=order, person__in=persons)).first()
    return _row(row) if row is not None else None


def open_orders_of(persons: Collection[int]) -> int:
    """How many orders of a person's accounts have something still to come. One query."""
    return Order.objects.filter(person__in=persons).exclude(state__in=ENDED).count()


def orders_within(
    owners: tuple[str, ...], places: tuple[str, ...], filters: OrderFilter, start: int, size: int
) -> Page[OrderRow]:
    """Orders of items owned in `owners` or handed over in `places`, the newest first. One query."""
    found = _narrowed(_found(_scope(owners, places)), filters).order_by("-reserved_at", "-pk")
    return page_of([_row(row) for row in found[start : start + size + 1]], start, size)


def order_within(order: UUID, owners: tuple[str, ...], places: tuple[str, ...]) -> OrderRow | None:
    """The order by its number where it lies in the scope. One query."""
    row = _found(_scope(owners, places) & Q(pk=order)).first()
    return _row(row) if row is not None else None


def order_by_code(text: str, owners: tuple[str, ...], places: tuple[str, ...]) -> OrderRow | None:
    """The order whose eight digits were said, or whose code (a token, or an address with one) was scanned.

    None where there is none in the scope. One query, none for what is no code.
    """
    digits = digits_of(text)
    order = None if digits else order_of_token(settings.KEPU_KEYS.link, text)
    if digits is None and order is None:
        return None
    wanted = Q(code=digits) if digits else Q(pk=order)
    row = _found(_scope(owners, places) & wanted).first()
    return _row(row) if row is not None else None


def orders_for_supplier(
    owners: tuple[str, ...], filters: OrderFilter, limit: int = SUPPLIED_MAX
) -> list[OrderRow]:
    """Orders of items owned in these divisions, the oldest first, for a list to a supplier. One query."""
    assert 0 < limit <= SUPPLIED_MAX
    found = _narrowed(_found(inside("division", owners)), filters).order_by("reserved_at", "pk")
    return [_row(row) for row in found[:limit]]


def open_counts(owners: tuple[str, ...], places: tuple[str, ...]) -> dict[OrderState, int]:
    """How many orders of the scope stand in each state that is not the end; 0 are absent. One query."""
    found = Order.objects.filter(_scope(owners, places)).exclude(state__in=ENDED)
    rows = found.values_list("state").annotate(n=Count("pk")).order_by()
    return {OrderState(state): n for state, n in rows}


def steps_of(order: UUID) -> list[Step]:
    """The steps of an order, the first one first. One query."""
    rows = OrderStep.objects.filter(order=order).order_by("pk")
    return [Step(OrderState(row.state), By(row.by), row.author, row.note, row.at) for row in rows]


def contact_of(order: UUID) -> Contact | None:
    """Where a delivery goes; None where there is none or it was deleted. One query.

    Whoever of the staff looks: keep the deed in the audit.
    """
    kept = Order.objects.filter(pk=order).values_list("contact_sealed", flat=True).first()
    return contacts.opened(order, kept) if kept is not None else None


def contacts_of(orders: Sequence[UUID]) -> dict[UUID, Contact]:
    """Where deliveries go; those without a place are absent. One query for each 500.

    Whoever of the staff looks: keep the deed in the audit.
    """
    found: dict[UUID, Contact] = {}
    for cut in range(0, len(orders), 500):
        kept = Order.objects.filter(pk__in=orders[cut : cut + 500], contact_sealed__isnull=False)
        for order, sealed in kept.values_list("pk", "contact_sealed"):
            contact = contacts.opened(order, sealed) if sealed is not None else None
            if contact is not None:
                found[order] = contact
    return found


def _found(wanted: Q) -> QuerySet[Order]:
    return Order.objects.filter(wanted).select_related("point", "voucher")


def _scope(owners: tuple[str, ...], places: tuple[str, ...]) -> Q:
    if "" in owners or "" in places:  # an empty Q beside another one would be no question at all
        return Q()
    return inside("division", owners) | inside("place", places)


def _narrowed(found: QuerySet[Order], filters: OrderFilter) -> QuerySet[Order]:
    wanted = {
        "state": filters.state.value if filters.state else None,
        "item": filters.item or None,
        "person": filters.person or None,
        "point": filters.point or None,
    }
    return found.filter(**{name: value for name, value in wanted.items() if value is not None})


def _row(row: Order) -> OrderRow:
    voucher = getattr(row, "voucher", None)
    return OrderRow(
        id=row.pk,
        item=row.item_id,
        item_name=row.item_name,
        kind=ItemKind(row.kind),
        division=row.division,
        place=row.place,
        person=row.person,
        points=row.points,
        state=OrderState(row.state),
        way=Way(row.way),
        point=point_row(row.point) if row.point is not None else None,
        code=row.code,
        book=row.book,
        seq=row.seq,
        refund_book=row.refund_book,
        refund_seq=row.refund_seq,
        missing=row.missing,
        reserved_at=row.reserved_at,
        last_day=row.last_day,
        ended_at=row.ended_at,
        has_contact=row.contact_sealed is not None,
        shown_at=voucher.shown_at if voucher is not None else None,
    )
