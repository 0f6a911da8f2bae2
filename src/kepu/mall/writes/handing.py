"""What becomes of a paid order: got ready, handed over, shown, cancelled, returned."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kepu.mall import contacts
from kepu.mall.models import Order, VoucherCode
from kepu.mall.rules import (
    CONTACT_KEPT_DAYS,
    REASON_MAX,
    By,
    ItemKind,
    OrderState,
    Refusal,
    Way,
    may_step,
)
from kepu.mall.writes.ordering import give_back, refund_order, take_step
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.rules import NoticeKind

# One showing: a reply that is lost on its way to a phone is asked for again.
SHOWING_SECONDS = 600


@transaction.atomic
def make_ready(order: UUID, by: int, now: datetime) -> Refusal | None:
    """The goods lie at the pick-up point, or are on their way to the buyer. Again: nothing more."""
    row = _locked(order)
    if row is None:
        return Refusal.NOT_FOUND
    if row.state == OrderState.READY:
        return None
    if not _may(row, OrderState.READY, By.STAFF):
        return Refusal.NOT_NOW
    take_step(row, OrderState.READY, (By.STAFF, by), "", now)
    if row.point is not None:
        _tell(row, NoticeKind.ORDER_READY, {"place": row.point.name}, now)
    else:
        _tell(row, NoticeKind.ORDER_SHIPPED, {}, now)
    return None


@transaction.atomic
def hand_over(order: UUID, by: int, now: datetime) -> Refusal | None:
    """The buyer has the goods. Nobody hands over what they ordered themselves."""
    row = _locked(order)
    if row is None:
        return Refusal.NOT_FOUND
    if by in people.hands_of(row.person):
        return Refusal.OWN_ORDER
    if not _may(row, OrderState.HANDED_OVER, By.STAFF):
        return Refusal.NOT_NOW
    take_step(row, OrderState.HANDED_OVER, (By.STAFF, by), "", now)
    return None


@transaction.atomic
def show_code(order: UUID, persons: Collection[int], now: datetime) -> str | Refusal:
    """The voucher's code, for its buyer's eyes and once; with that it is handed over.

    Asked again within SHOWING_SECONDS it is the same showing. `persons`: accounts that are the buyer.
    """
    row = _locked(order)
    if row is None or row.person not in persons or row.kind != ItemKind.VOUCHER:
        return Refusal.NOT_FOUND
    code = VoucherCode.objects.filter(order=row).first()
    if code is None:
        return Refusal.NOT_NOW
    if code.shown_at is not None:
        if row.state != OrderState.HANDED_OVER or now - code.shown_at > timedelta(seconds=SHOWING_SECONDS):
            return Refusal.SHOWN
        return contacts.opened_code(code.digest, code.sealed) or Refusal.NOT_FOUND
    if not _may(row, OrderState.HANDED_OVER, By.BUYER):
        return Refusal.NOT_NOW
    opened = contacts.opened_code(code.digest, code.sealed)
    if opened is None:
        return Refusal.NOT_FOUND
    code.shown_at = now
    code.save(update_fields=["shown_at"])
    take_step(row, OrderState.HANDED_OVER, (By.BUYER, row.person), "", now)
    return opened


def cancel_order(order: UUID, by: By, author: int, why: str, now: datetime) -> Refusal | None:
    """A paid order is called off: its points and its stock are given back. Again: nothing more.

    Staff say why. Never inside a transaction: the refund is an entry of the ledger.
    """
    refusal = call_off(order, by, author, why, now)
    if refusal is None:
        refund_order(order, now)
    return refusal


def return_order(order: UUID, by: int, why: str, is_sellable: bool, now: datetime) -> Refusal | None:
    """What was handed over came back, or was no good: its points are given back.

    Goods that are sellable again are stock again; a code that was looked at never is. Never inside a
    transaction.
    """
    refusal = take_back(order, by, why, is_sellable, now)
    if refusal is None:
        refund_order(order, now)
    return refusal


def forget_contacts(now: datetime) -> int:
    """Addresses of orders that ended CONTACT_KEPT_DAYS ago are gone; how many. One query."""
    over = Order.objects.filter(
        contact_sealed__isnull=False, ended_at__lte=now - timedelta(days=CONTACT_KEPT_DAYS)
    )
    return over.update(contact_sealed=None)


@transaction.atomic
def forget(account: int, now: datetime) -> None:
    """Nothing here tells where somebody lives who closed their account; what was not ready is cancelled.

    Orders stay, by number. A refund follows in the ledger. Two queries, six for each order cancelled.
    """
    for order in Order.objects.filter(person=account, state=OrderState.PAID).values_list("pk", flat=True):
        call_off(order, By.BUYER, account, "", now)
    Order.objects.filter(person=account).update(contact_sealed=None)


@transaction.atomic
def call_off(order: UUID, by: By, author: int, why: str, now: datetime) -> Refusal | None:
    """The order is cancelled and its stock given back; its refund is due, and follows in the ledger.

    The part of `cancel_order` that may stand in a transaction of somebody else.
    """
    why = " ".join(why.split())
    row = _locked(order)
    if row is None or (by is By.BUYER and row.person not in people.hands_of(author)):
        return Refusal.NOT_FOUND
    if row.state == OrderState.CANCELLED:
        return None
    if not _may(row, OrderState.CANCELLED, by):
        return Refusal.NOT_NOW
    if by is By.STAFF and not 0 < len(why) <= REASON_MAX:
        return Refusal.REASON_MISSING
    VoucherCode.objects.filter(order=row, shown_at=None).update(order=None)
    give_back(row, why, now, author)
    take_step(row, OrderState.CANCELLED, (by, author), why, now)
    if by is By.STAFF:
        _tell(row, NoticeKind.ORDER_CANCELLED, {"reason": why}, now)
    return None


@transaction.atomic
def take_back(order: UUID, by: int, why: str, is_sellable: bool, now: datetime) -> Refusal | None:
    """What was handed over is returned; its refund is due, and follows in the ledger.

    The part of `return_order` that may stand in a transaction of somebody else.
    """
    why = " ".join(why.split())
    row = _locked(order)
    if row is None:
        return Refusal.NOT_FOUND
    if row.state == OrderState.RETURNED:
        return None
    if by in people.hands_of(row.person):
        return Refusal.OWN_ORDER
    if not _may(row, OrderState.RETURNED, By.STAFF):
        return Refusal.NOT_NOW
    if not 0 < len(why) <= REASON_MAX:
        return Refusal.REASON_MISSING
    if is_sellable and row.kind != ItemKind.VOUCHER:
        give_back(row, why, now, by)
    take_step(row, OrderState.RETURNED, (By.STAFF, by), why, now)
    _tell(row, NoticeKind.ORDER_RETURNED, {"reason": why}, now)
    return None


def _tell(row: Order, kind: NoticeKind, words: dict[str, str], now: datetime) -> None:
    """The buyer finds it among their messages."""
    people_writes.notify(row.person, kind, {"thing": row.item_name} | words, f"/mall/orders/{row.pk}/", now)


def _locked(order: UUID) -> Order | None:
    return Order.objects.select_for_update().filter(pk=order).first()


def _may(row: Order, to: OrderState, by: By) -> bool:
    """Whether the step is allowed; what is online is there at once and never lies ready."""
    if to is OrderState.READY and row.way == Way.ONLINE:
        return False
    return may_step(ItemKind(row.kind), OrderState(row.state), to, by)
