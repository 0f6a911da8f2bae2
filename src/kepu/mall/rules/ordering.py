"""Whether an order may be made, and which steps it may take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kepu.kit import clock
from kepu.mall.rules.values import ADDRESS_MAX, ADDRESS_MIN, By, ItemKind, LimitSpan, OrderState, Refusal, Way
from kepu.people.rules import Standing, name_of, phone_of
from kepu.regions.rules import is_within

_BOUGHT = {
    (OrderState.RESERVED, OrderState.PAID): {By.SITE},
    (OrderState.RESERVED, OrderState.CANCELLED): {By.SITE},
    (OrderState.PAID, OrderState.CANCELLED): {By.BUYER, By.STAFF},
    (OrderState.HANDED_OVER, OrderState.RETURNED): {By.STAFF},
}
# What is not named here does not happen. A badge is there at once; a voucher when its code was looked at.
STEPS: dict[ItemKind, dict[tuple[OrderState, OrderState], set[By]]] = {
    ItemKind.GOODS: _BOUGHT
    | {
        (OrderState.PAID, OrderState.READY): {By.STAFF},
        (OrderState.PAID, OrderState.HANDED_OVER): {By.STAFF},
        # By the site: a delivery whose buyer closed the account is over; a pick-up nobody came for is off.
        (OrderState.READY, OrderState.HANDED_OVER): {By.STAFF, By.SITE},
        (OrderState.READY, OrderState.CANCELLED): {By.STAFF, By.SITE},
    },
    ItemKind.VOUCHER: _BOUGHT | {(OrderState.PAID, OrderState.HANDED_OVER): {By.BUYER}},
    ItemKind.BADGE: _BOUGHT | {(OrderState.PAID, OrderState.HANDED_OVER): {By.SITE}},
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an item asks of whoever wants it. `limit` 0: as many as they like."""

    kind: ItemKind
    is_on_sale: bool
    seen_within: str
    certified_only: bool
    opens_at: datetime | None
    closes_at: datetime | None
    limit: int
    limit_span: LimitSpan
    delivers: bool
    pick_up_points: frozenset[int]


@dataclass(frozen=True, slots=True)
class Wish:
    """How a buyer wants to get an item. `point`: the pick-up point; the rest is for a delivery.

    `seen_points`: the price on the page the buyer confirmed.
    """

    way: Way
    seen_points: int
    point: int = 0
    name: str = ""
    phone: str = ""
    address: str = ""


def may_step(kind: ItemKind, state: OrderState, to: OrderState, by: By) -> bool:
    """Whether an order of such an item may go from one state to another by that hand."""
    return by in STEPS[kind].get((state, to), set())


def steps_open(kind: ItemKind, state: OrderState, by: By) -> list[OrderState]:
    """The states that hand may bring an order to, in the order of states."""
    return [to for to in OrderState if may_step(kind, state, to, by)]


def unseen(terms: Terms, standing: Standing) -> Refusal | None:
    """Why the item is not for this person at all, whatever their points."""
    if not is_within(standing.division, terms.seen_within):
        return Refusal.OTHER_DIVISION
    if terms.certified_only and not standing.is_certified:
        return Refusal.NOT_CERTIFIED
    return None


def barred(terms: Terms, standing: Standing, had: int, now: datetime) -> Refusal | None:
    """Why the person may not order the item at `now`; None where they may. `had`: how many they took.

    Stock and points are judged where they are taken, in the same transaction.
    """
    if not standing.is_active:
        return Refusal.NO_ACCOUNT
    if not terms.is_on_sale:
        return Refusal.NOT_FOUND
    if (refusal := unseen(terms, standing)) is not None:
        return refusal
    if terms.opens_at is not None and now < terms.opens_at:
        return Refusal.NOT_OPEN_YET
    if terms.closes_at is not None and now >= terms.closes_at:
        return Refusal.CLOSED
    if terms.limit and had >= terms.limit:
        return Refusal.LIMIT_REACHED
    return None


def wish_refusal(terms: Terms, wish: Wish) -> Refusal | None:
    """What is missing or wrong in how the buyer wants to get it."""
    if terms.kind is not ItemKind.GOODS:
        return None if wish.way is Way.ONLINE else Refusal.WAY_MISSING
    if wish.way is Way.PICK_UP:
        return None if wish.point in terms.pick_up_points else Refusal.WAY_MISSING
    if wish.way is not Way.DELIVERY or not terms.delivers:
        return Refusal.WAY_MISSING
    if name_of(wish.name) is None:
        return Refusal.NAME_WRONG
    if phone_of(wish.phone) is None:
        return Refusal.PHONE_WRONG
    if not ADDRESS_MIN <= len(" ".join(wish.address.split())) <= ADDRESS_MAX:
        return Refusal.ADDRESS_WRONG
    return None


def counts_since(span: LimitSpan, now: datetime) -> datetime | None:
    """Since when a person's orders count against the limit; None: since ever."""
    return clock.start_of(clock.day_of(now).replace(day=1)) if span is LimitSpan.MONTH else None


def taken_from(lots: Sequence[tuple[int, int]], points: int) -> list[tuple[int, int]]:
    """Of which years (year, points) a spend would take its points: the oldest first, as the ledger does.

    `lots`: what somebody has of each year, the oldest first. Short: all there is.
    """
    taken = []
    for year, held in lots:
        if points <= 0:
            break
        taken.append((year, min(held, points)))
        points -= held
    return taken


def ways_of(terms: Terms) -> list[Way]:
    """How an item is got: none where its pick-up points are all closed and it is not delivered."""
    if terms.kind is not ItemKind.GOODS:
        return [Way.ONLINE]
    there = {Way.PICK_UP: bool(terms.pick_up_points), Way.DELIVERY: terms.delivers}
    return [way for way, is_there in there.items() if is_there]
