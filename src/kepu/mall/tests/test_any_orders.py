"""Whatever people earn, lose, buy, call off and bring back, wherever they move to, and wherever the machine
stops in between: after `settle_orders` stock, orders and points agree.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kepu.campaigns.rules import Kind
from kepu.kit.tests.depth import cases
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.models import Entry
from kepu.ledger.reads.points import account_of_points
from kepu.ledger.rules import own_event
from kepu.mall import reads, writes
from kepu.mall.models import Item, Order, VoucherCode
from kepu.mall.rules import WAITING, By, ItemKind, LimitSpan, OrderState, Refusal
from kepu.mall.tests import shop
from kepu.mall.tests.shop import NOON, STAFF
from kepu.mall.writes import ordering
from kepu.people.models import Communicator
from kepu.standings.tests import town

BUYERS = 3
HERE, NOWHERE = town.TONGFU, "430101001001"
PAID = {OrderState.PAID, OrderState.READY, OrderState.HANDED_OVER}
buyers, picks, counts = st.integers(0, BUYERS - 1), st.integers(0, 10**6), st.integers(1, 3)
crashes = st.sampled_from([None, None, None, "before_spend", "after_spend", "before_refund", "after_refund"])


class PowerCut(Exception):  # noqa: N818 - what it is
    """The machine stopped here."""


@contextmanager
def cut(at: str | None) -> Iterator[None]:
    """The machine stops at this moment, if it comes there."""
    if at is None:
        yield
        return
    when, what = at.split("_")
    real: Callable[..., Any] = getattr(ledger_writes, what)

    def stopping(*given: object) -> None:
        if when == "after":
            real(*given)
        raise PowerCut

    with patch.object(ordering.ledger, what, stopping), suppress(PowerCut):
        yield


class Mall(RuleBasedStateMachine):
    """A small mall, some buyers, and a machine that stops now and then."""

    persons: tuple[int, ...] = ()
    items: tuple[int, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.away: set[int] = set()
        self.whole = transaction.atomic()
        self.whole._from_testcase = True  # the ledger insists on transactions of its own
        self.whole.__enter__()

    def teardown(self) -> None:
        try:
            self.settled()
        finally:
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    @initialize(begun=st.lists(st.tuples(buyers, picks, crashes), min_size=4, max_size=6))
    def some_bought_before(self, begun: list[tuple[int, int, str | None]]) -> None:
        for who, which, crash in begun:
            self.buys(who, which, crash, 1)

    @rule(who=buyers, points=st.integers(1, 250))
    def earns(self, who: int, points: int) -> None:
        if who not in self.away:
            shop.earn(self.persons[who], points)

    @rule(who=buyers, to=st.sampled_from([HERE, town.ELSEWHERE, NOWHERE]))
    def moves_to_a_county_with_a_book_or_without(self, who: int, to: str) -> None:
        Communicator.objects.filter(account=self.persons[who]).update(division=to)
        (self.away.add if to == NOWHERE else self.away.discard)(who)

    @rule(who=buyers)
    def closes_the_account(self, who: int) -> None:
        writes.forget(self.persons[who], self.now)
        assert not reads.open_orders_of({self.persons[who]})

    @rule(pick=picks)
    def loses_what_was_earned(self, pick: int) -> None:
        earned = Entry.objects.filter(kind=Kind.ADJUSTMENT, ref_seq=0, points__gt=0).order_by("book", "seq")
        entry = earned[pick % earned.count()]
        ledger_writes.reverse_entry(entry.book, entry.seq, STAFF, "误记", self.now)

    @rule(who=buyers, year=st.sampled_from([2020, 2021]))
    def years_expire(self, who: int, year: int) -> None:
        ledger_writes.expire(self.persons[who], year, 60, self.now)

    @rule(who=buyers, which=picks, crash=crashes, clicks=counts)
    def buys(self, who: int, which: int, crash: str | None, clicks: int) -> None:
        item, order = self.items[which % len(self.items)], uuid4()
        wish = shop.wish_for(item)
        for _ in range(clicks):
            with cut(crash):
                writes.buy(order, self.persons[who], item, wish, self.now)

    @rule(pick=picks, by=st.sampled_from([By.BUYER, By.STAFF]), crash=crashes, times=counts)
    def is_called_off(self, pick: int, by: By, crash: str | None, times: int) -> None:
        for order in self.picked(pick):
            author = order.person if by is By.BUYER else STAFF
            for _ in range(times):
                with cut(crash):
                    writes.cancel_order(order.pk, by, author, "不要了", self.now)

    @rule(pick=picks)
    def lies_ready(self, pick: int) -> None:
        for order in self.picked(pick):
            writes.make_ready(order.pk, STAFF, self.now)

    @rule(pick=picks)
    def is_handed_over(self, pick: int) -> None:
        for order in self.picked(pick):
            writes.hand_over(order.pk, STAFF, self.now)

    @rule(pick=picks)
    def is_shown(self, pick: int) -> None:
        for order in self.picked(pick):
            writes.show_code(order.pk, {order.person}, self.now)

    @rule(pick=picks, is_sellable=st.booleans(), crash=crashes)
    def comes_back(self, pick: int, is_sellable: bool, crash: str | None) -> None:
        for order in self.picked(pick):
            with cut(crash):
                writes.return_order(order.pk, STAFF, "坏了", is_sellable, self.now)

    @rule(which=picks, amount=counts)
    def stock_arrives(self, which: int, amount: int) -> None:
        item = self.items[which % len(self.items)]
        if writes.receive_stock(item, amount, STAFF, "", self.now) is Refusal.BY_CODES_ONLY:
            writes.load_codes(item, [uuid4().hex for _ in range(amount)], STAFF, self.now)

    @rule(which=picks, there=st.integers(0, 8))
    def the_shelf_is_counted(self, which: int, there: int) -> None:
        item = self.items[which % len(self.items)]
        writes.count_stock(item, there, reads.shelf(item).on_shelf, STAFF, "盘点", self.now)

    @rule(days=st.sampled_from([0, 1, 40]))
    def time_passes_and_the_worker_comes(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=2)
        writes.settle_orders(self.now)
        writes.call_off_uncollected(self.now)

    @invariant()
    def stock_is_the_sum_of_its_lines(self) -> None:
        assert reads.stock_off() == []
        assert not Item.objects.filter(stock__lt=0).exists()

    @invariant()
    def every_promised_code_is_there(self) -> None:
        for item in Item.objects.filter(kind=ItemKind.VOUCHER):
            unbound = Order.objects.filter(item=item, state=OrderState.RESERVED).count()
            assert VoucherCode.objects.filter(item=item, order=None).count() == item.stock + unbound

    @invariant()
    def nobody_has_more_than_the_limit(self) -> None:
        for item in Item.objects.filter(limit__gt=0, limit_span=LimitSpan.EVER):
            had = Order.objects.filter(item=item, state__in=[*WAITING, OrderState.HANDED_OVER])
            assert all(n <= item.limit for n in Counter(had.values_list("person", flat=True)).values())

    def picked(self, pick: int) -> list[Order]:
        """One of the orders, where there are any."""
        orders = list(Order.objects.order_by("reserved_at", "pk"))
        return orders[pick % len(orders) :][:1] if orders else []

    def settled(self) -> None:
        """What must hold once the worker has come."""
        writes.settle_orders(self.now + timedelta(minutes=2))
        assert writes.settle_orders(self.now + timedelta(minutes=2)) == 0
        spends = Entry.objects.filter(kind=Kind.SPEND, points__lt=0)
        by_event = {bytes(event): points for event, points in spends.values_list("event_id", "points")}
        refunds = Counter(Entry.objects.filter(kind=Kind.REFUND).values_list("ref_book", "ref_seq"))
        for order in Order.objects.all():
            assert order.state != OrderState.RESERVED
            spent = by_event.pop(own_event(b"mall order", order.pk.bytes), 0)
            assert spent == (-order.points if order.seq else 0)
            assert order.seq if order.state in PAID else True
            owed = bool(order.seq) and order.state not in PAID
            assert refunds[order.book, order.seq] == (1 if owed else 0)
            assert bool(order.refund_seq) == owed
        assert not by_event, "a spend without an order"
        assert not ledger.lots_off()
        for person in self.persons:
            total = sum(Entry.objects.filter(person=person).values_list("points", flat=True))
            account = account_of_points(person)
            assert (account.balance, account.debt) == (max(0, total), max(0, -total))
        self.stock_is_the_sum_of_its_lines()
        self.every_promised_code_is_there()


@pytest.mark.django_db
def test_whatever_happens_orders_stock_and_points_agree():
    Mall.persons = tuple(shop.build(BUYERS, points=120))
    Mall.items = (
        shop.goods(stock=2, points=40),
        shop.goods(stock=3, points=25, limit=1),
        shop.voucher(codes=2, points=30),
        shop.badge(stock=4, points=10, limit=2, limit_span=LimitSpan.MONTH),
    )
    slow = settings(
        max_examples=cases(12, 5),
        stateful_step_count=16,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Mall, settings=slow)
