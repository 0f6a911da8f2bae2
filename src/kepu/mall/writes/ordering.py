"""An order, from the wish to the paid thing. A crash between any two lines here is mended by `settle_orders`.

The order is written before the points are taken and the points before it is marked as paid: each in a
transaction of its own, each known by the order's number, so that whoever goes on does nothing twice.
"""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kepu.kit.apart import by_itself
from kepu.ledger import writes as ledger
from kepu.ledger.reads import account_of_points, spend_recorded
from kepu.ledger.rules import Receipt, own_event
from kepu.ledger.rules import Refusal as LedgerRefusal
from kepu.mall import contacts
from kepu.mall.models import Item, Order, OrderStep, PickUpPoint, StockChange, VoucherCode
from kepu.mall.reads.buying import had_by, terms_of
from kepu.mall.rules import (
    ENDED,
    By,
    Cause,
    ItemKind,
    LimitSpan,
    OrderState,
    Refusal,
    Way,
    Wish,
    barred,
    may_step,
    spoken_digits,
    wish_refusal,
)
from kepu.people import reads as people

SETTLE_AFTER_SECONDS = 60
SETTLED_AT_ONCE = 200
CODE_TRIES = 20
LATER = (OperationalError,)  # the database is out of reach, for every order
log = structlog.get_logger("kepu.mall")


class _RefusedError(Exception):
    """Takes a transaction back."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def buy(order: UUID, person: int, item: int, wish: Wish, now: datetime) -> Refusal | None:
    """The person has the item ordered and paid for, or neither.

    `order` is chosen by the form: asked again, it is the same order and nothing more is taken. Never inside
    a transaction. At most 14 queries to reserve, those of a ledger's batch, and 9 to note it.
    """
    refusal = reserve_order(order, person, item, wish, now)
    return refusal if refusal is not None else pay_order(order, now)


def reserve_order(order: UUID, person: int, item: int, wish: Wish, now: datetime) -> Refusal | None:
    """The item is set aside for the person under this number, and stock is one less; or neither.

    None too where this person's order of that number and item is there already.
    """
    if (known := Order.objects.filter(pk=order).first()) is not None:
        return _same(known, person, item)
    # Most of those who come too late are told without the lock.
    if not Item.objects.filter(pk=item, stock__gt=0).exists():
        return _why_not(person, item, now) or Refusal.SOLD_OUT
    try:
        with transaction.atomic():
            _reserve(order, person, item, wish, now)
    except _RefusedError as refused:
        again = Order.objects.filter(pk=order).first()
        return _same(again, person, item) if again is not None else refused.refusal
    except IntegrityError:
        # The same number at the same moment for another item.
        again = Order.objects.filter(pk=order).first()
        if again is None:
            raise
        return _same(again, person, item)
    return None


def pay_order(order: UUID, now: datetime) -> Refusal | None:
    """A reserved order is paid for by its points, or cancelled where they are short.

    Again: as the first time. Never inside a transaction.
    """
    row = Order.objects.get(pk=order)
    if row.state == OrderState.RESERVED:
        answer = ledger.spend(row.person, spend_event(order), row.points, 0, row.item_name, now)
        # Whatever refuses it now: points that were taken before are taken.
        note_spend(order, _as_recorded(row, answer), now)
        row.refresh_from_db()
    if row.state != OrderState.CANCELLED or row.seq:
        return None
    return Refusal.POINTS_SHORT if row.missing else Refusal.NO_ACCOUNT


@transaction.atomic
def note_spend(order: UUID, answer: Receipt | LedgerRefusal, now: datetime) -> None:
    """What the ledger answered stands in the order: paid, or cancelled and its stock given back.

    Where it was called off before the answer came, the spend is noted and its refund due.
    """
    row = Order.objects.select_for_update().get(pk=order)
    if row.state == OrderState.CANCELLED and not row.seq and isinstance(answer, Receipt) and answer.points:
        row.book, row.seq = answer.book, answer.seq
        row.save(update_fields=["book", "seq"])
    if row.state != OrderState.RESERVED:
        return
    if not isinstance(answer, Receipt) or not answer.points:
        row.missing = missing_points(row.person, row.points) if isinstance(answer, Receipt) else 0
        give_back(row, "", now)
        take_step(row, OrderState.CANCELLED, (By.SITE, 0), "", now)
        return
    row.book, row.seq = answer.book, answer.seq
    if row.kind == ItemKind.GOODS:
        row.code = _fresh_digits(order)
    if row.kind == ItemKind.VOUCHER:
        _bind_code(row)
    take_step(row, OrderState.PAID, (By.SITE, 0), "", now)
    if row.kind == ItemKind.BADGE:
        take_step(row, OrderState.HANDED_OVER, (By.SITE, 0), "", now)


def spend_event(order: UUID) -> bytes:
    """The event by which the ledger knows the spend of an order."""
    return own_event(b"mall order", order.bytes)


def settle_orders(now: datetime) -> int:
    """What a crash cut off is finished: reserved orders paid or cancelled, missing refunds made; how many.

    One that raises is logged and does not stop the others. Idempotent, beside buyers and beside itself. Never
    inside a transaction. Two queries when all is well.
    """
    cut_off = Order.objects.filter(
        state=OrderState.RESERVED, reserved_at__lte=now - timedelta(seconds=SETTLE_AFTER_SECONDS)
    )
    left = list(cut_off.order_by("reserved_at").values_list("pk", flat=True)[:SETTLED_AT_ONCE])
    for order in left:
        by_itself("order_failed", partial(pay_order, order, now), but=LATER, order=str(order))
    due = Order.objects.filter(state__in=[OrderState.CANCELLED, OrderState.RETURNED], seq__gt=0, refund_seq=0)
    # One that the ledger refuses does not stand in the way of others.
    owed = list(due.order_by("refund_tries", "ended_at").values_list("pk", flat=True)[:SETTLED_AT_ONCE])
    refunded = [
        by_itself("refund_failed", partial(refund_order, order, now), but=LATER, order=str(order))
        for order in owed
    ]
    return len(left) + sum(map(bool, refunded))


def refund_order(order: UUID, now: datetime) -> bool:
    """The points of a cancelled or returned order are given back, once however often it is called.

    Where the buyer's account was merged into another they are passed on to that. Never inside a transaction.
    """
    row = Order.objects.get(pk=order)
    if row.state not in (OrderState.CANCELLED, OrderState.RETURNED) or not row.seq or row.refund_seq:
        return False
    last = OrderStep.objects.get(order=order, state=row.state)
    answer = ledger.refund(row.book, row.seq, last.author, row.item_name, now)
    due = Order.objects.filter(pk=order, refund_seq=0)
    if not isinstance(answer, Receipt) or not _reached(row, answer, last.author, now):
        log.error("refund_refused", order=str(order), answer=str(answer))
        due.update(refund_tries=F("refund_tries") + 1)
        return False
    return bool(due.update(refund_book=answer.book, refund_seq=answer.seq))


def take_step(row: Order, to: OrderState, hand: tuple[By, int], note: str, now: datetime) -> None:
    """The order is in that state, and its step is kept; the row must be locked and the step allowed."""
    by, author = hand
    assert may_step(ItemKind(row.kind), OrderState(row.state), to, by), f"{row.kind}: {row.state} → {to}"
    row.state = to.value
    if to in ENDED:
        row.ended_at = now
    row.save()
    OrderStep.objects.create(order=row, state=to.value, by=by.value, author=author, note=note, at=now)


def give_back(row: Order, note: str, now: datetime, author: int = 0) -> None:
    """What the order took from the stock may be ordered again."""
    Item.objects.filter(pk=row.item_id).update(stock=F("stock") + 1)
    StockChange.objects.create(
        item_id=row.item_id,
        amount=1,
        cause=Cause.GIVEN_BACK.value,
        order=row,
        author=author,
        note=note,
        at=now,
    )


def missing_points(person: int, points: int) -> int:
    """How many points a person lacks for something, debts counted; 1 where they came just now. One query."""
    account = account_of_points(person)
    return max(1, points - account.balance + account.debt)


def _reserve(order: UUID, person: int, item: int, wish: Wish, now: datetime) -> None:
    # The item's row is held from here on: what is counted next is as the last buyer left it.
    taken = Item.objects.filter(pk=item, stock__gt=0).update(stock=F("stock") - 1)
    if Order.objects.filter(pk=order).exists():
        raise _RefusedError(Refusal.NOT_NOW)
    if not taken:
        raise _RefusedError(Refusal.SOLD_OUT)
    row = Item.objects.get(pk=item)
    refusal = _judged(row, person, wish, now)
    if refusal is not None:
        raise _RefusedError(refusal)
    point = PickUpPoint.objects.get(pk=wish.point) if wish.way is Way.PICK_UP else None
    made = Order.objects.create(
        id=order,
        person=person,
        item=row,
        item_name=row.name,
        kind=row.kind,
        division=row.division,
        place=point.division if point is not None else row.division,
        points=row.points,
        way=wish.way.value,
        point=point,
        contact_sealed=contacts.sealed(order, wish) if wish.way is Way.DELIVERY else None,
        reserved_at=now,
    )
    OrderStep.objects.create(
        order=made, state=OrderState.RESERVED.value, by=By.BUYER.value, author=person, at=now
    )
    StockChange.objects.create(
        item=row, amount=-1, cause=Cause.ORDERED.value, order=made, author=person, at=now
    )


def _judged(row: Item, person: int, wish: Wish, now: datetime) -> Refusal | None:
    standing = people.standing_many([person]).get(person)
    if standing is None:
        return Refusal.NO_ACCOUNT
    terms = terms_of(row)
    refusal = barred(
        terms, standing, had_by(row.pk, LimitSpan(row.limit_span), person, now), now
    ) or wish_refusal(terms, wish)
    if refusal is None and wish.seen_points != row.points:
        return Refusal.CHANGED
    return refusal


def _why_not(person: int, item: int, now: datetime) -> Refusal | None:
    """Why this person could not have it even if there were some: said rather than that it is gone."""
    row = Item.objects.filter(pk=item).first()
    standing = people.standing_many([person]).get(person)
    if row is None or standing is None:
        return Refusal.NOT_FOUND
    return barred(terms_of(row), standing, had_by(row.pk, LimitSpan(row.limit_span), person, now), now)


def _reached(row: Order, refund: Receipt, author: int, now: datetime) -> bool:
    """Whether the points are where somebody can spend them: a merged account spends nothing (decision 38)."""
    kept = people.merged_into().get(row.person)
    if kept is None:
        return True
    note = _("{thing}: points given back, passed on from the account that was merged").format(
        thing=row.item_name
    )
    return ledger.pass_on(refund, kept, author, note, now)


def _as_recorded(row: Order, answer: Receipt | LedgerRefusal) -> Receipt | LedgerRefusal:
    if isinstance(answer, Receipt):
        return answer
    return spend_recorded(row.person, spend_event(row.pk)) or answer


def _same(known: Order, person: int, item: int) -> Refusal | None:
    return None if (known.person, known.item_id) == (person, item) else Refusal.NOT_FOUND


def _fresh_digits(order: UUID) -> str:
    key = settings.KEPU_KEYS.link
    drawn = [spoken_digits(key, order, attempt) for attempt in range(CODE_TRIES)]
    used = set(Order.objects.filter(code__in=drawn).values_list("code", flat=True))
    return next(digits for digits in drawn if digits not in used)


def _bind_code(row: Order) -> None:
    """A free code is the order's. There is one: each order that waits for its code took one from stock."""
    free = VoucherCode.objects.filter(item=row.item_id, order=None).order_by("pk")
    code = free.select_for_update(skip_locked=True).first()
    assert code is not None, f"no code is left for order {row.pk}"
    code.order = row
    code.save(update_fields=["order"])
