"""What becomes of a paid order: got ready, handed over, shown, cancelled, returned."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kepu.kit import clock
from kepu.ledger.reads import spend_recorded
from kepu.mall import contacts
from kepu.mall.models import Order, OrderStep, VoucherCode
from kepu.mall.rules import (
    CANCELS_A_DAY_MAX,
    CONTACT_KEPT_DAYS,
    ENDED,
    REASON_MAX,
    By,
    ItemKind,
    OrderState,
    Refusal,
    Way,
    may_step,
)
from kepu.mall.writes.ordering import give_back, refund_order, spend_event, take_step
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.rules import NoticeKind

# One showing: a reply that is lost on its way to a phone is asked for again.
SHOWING_SECONDS = 600
CALLED_OFF_AT_ONCE = 200


@transaction.atomic
def make_ready(order: UUID, by: int, now: datetime) -> Refusal | None:
    """The goods lie at the pick-up point for the item's `waits_days`, or are on their way to the buyer.

    Again: nothing more.
    """
    row = _locked(order)
    if row is None:
        return Refusal.NOT_FOUND
    if row.state == OrderState.READY:
        return None
    if not _may(row, OrderState.READY, By.STAFF):
        return Refusal.NOT_NOW
    row.ready_at = now
    if row.way == Way.PICK_UP:
        row.last_day = clock.day_of(now) + timedelta(days=row.item.waits_days)
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

    Staff say why. CANCELLED_ENOUGH: a buyer called off CANCELS_A_DAY_MAX today. Never inside a transaction: a
    refund is an entry of the ledger.
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
    """Addresses are gone CONTACT_KEPT_DAYS after the delivery was sent, or its order ended; how many.

    Whether anybody noted that it arrived does not matter. One query.
    """
    before = now - timedelta(days=CONTACT_KEPT_DAYS)
    over = Order.objects.filter(contact_sealed__isnull=False)
    return over.filter(Q(ready_at__lte=before) | Q(ended_at__lte=before)).update(contact_sealed=None)


def call_off_uncollected(now: datetime) -> int:
    """What nobody picked up by its last day is called off, with its refund and a message; how many.

    CALLED_OFF_AT_ONCE at most. Never inside a transaction. One query when all is well.
    """
    today = clock.day_of(now)
    late = Order.objects.filter(state=OrderState.READY, last_day__lt=today).order_by("last_day", "pk")
    gone = 0
    for row in late[:CALLED_OFF_AT_ONCE]:
        assert row.last_day is not None
        why = _("Nobody picked it up by {day}.").format(day=date_format(row.last_day, _("M j")))
        gone += cancel_order(row.pk, By.SITE, 0, why, now) is None
    return gone


@transaction.atomic
def forget(account: int, now: datetime) -> None:
    """Nothing here tells where somebody lives who closed their account, and nothing stays open for nobody.

    Of all accounts that are the person's: what is not in their hands is cancelled with its goods given back
    (an order cut off in the middle too), what was sent to them is over. Orders stay, by number. A refund
    follows in the ledger. Three queries, seven for each open order.
    """
    mine = Order.objects.filter(person__in=people.hands_of(account))
    for row in mine.exclude(state__in=ENDED).select_for_update().order_by("pk"):
        _end(row, now)
    mine.filter(contact_sealed__isnull=False).update(contact_sealed=None)


@transaction.atomic
def call_off(order: UUID, by: By, author: int, why: str, now: datetime) -> Refusal | None:
    """The order is cancelled and its stock given back; its refund is due, and follows in the ledger.

    The part of `cancel_order` that may stand in a transaction of somebody else. A buyer may do so
    CANCELS_A_DAY_MAX times a day.
    """
    why = " ".join(why.split())
    row = _locked(order)
    if row is None or (by is By.BUYER and row.person not in people.hands_of(author)):
        return Refusal.NOT_FOUND
    if row.state == OrderState.CANCELLED:
        return None
    if not _may(row, OrderState.CANCELLED, by):
        return Refusal.NOT_NOW
    if by is By.BUYER and _cancelled_today(author, now) >= CANCELS_A_DAY_MAX:
        return Refusal.CANCELLED_ENOUGH
    if by is By.STAFF and not 0 < len(why) <= REASON_MAX:
        return Refusal.REASON_MISSING
    _cancel(row, (by, author), why, now)
    if by is not By.BUYER:
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


def _end(row: Order, now: datetime) -> None:
    """A locked order of somebody who closed their account is over."""
    if row.state == OrderState.READY and row.way == Way.DELIVERY:
        take_step(row, OrderState.HANDED_OVER, (By.SITE, 0), _("The account was closed."), now)
        return
    if row.state == OrderState.RESERVED:
        # Cut off in the middle: if its points were taken they are owed, else there is nothing to give back.
        spent = spend_recorded(row.person, spend_event(row.pk))
        row.book, row.seq = (spent.book, spent.seq) if spent is not None else (0, 0)
    hand = (By.BUYER, row.person) if row.state == OrderState.PAID else (By.SITE, 0)
    _cancel(row, hand, _("The account was closed."), now)


def _cancel(row: Order, hand: tuple[By, int], why: str, now: datetime) -> None:
    """A locked order is called off: its piece of stock, and its code if nobody saw it, are free again."""
    VoucherCode.objects.filter(order=row, shown_at=None).update(order=None)
    give_back(row, why, now, hand[1])
    take_step(row, OrderState.CANCELLED, hand, why, now)


def _cancelled_today(person: int, now: datetime) -> int:
    """How many orders a person, by any account, called off since midnight. Two queries.

    Two taps at one moment may pass the limit by one: it keeps the shelf from a game, not from an error.
    """
    since = clock.start_of(clock.day_of(now))
    steps = OrderStep.objects.filter(order__person__in=people.hands_of(person), at__gte=since)
    return steps.filter(state=OrderState.CANCELLED, by=By.BUYER).count()


def _tell(row: Order, kind: NoticeKind, words: dict[str, str], now: datetime) -> None:
    """The buyer finds it among their messages, in the account they can still sign in to."""
    reader = people.merged_into().get(row.person, row.person)
    people_writes.notify(reader, kind, {"thing": row.item_name} | words, f"/mall/orders/{row.pk}/", now)


def _locked(order: UUID) -> Order | None:
    return Order.objects.select_for_update().filter(pk=order).first()


def _may(row: Order, to: OrderState, by: By) -> bool:
    """Whether the step is allowed; what is online is there at once and never lies ready.

    Of what lies ready the site ends only what nobody picks up.
    """
    if to is OrderState.READY and row.way == Way.ONLINE:
        return False
    if by is By.SITE and row.state == OrderState.READY and row.last_day is None:
        return False
    return may_step(ItemKind(row.kind), OrderState(row.state), to, by)
