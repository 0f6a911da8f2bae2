"""One order that cannot be settled stops no other."""

from datetime import timedelta
from uuid import uuid4

from structlog.testing import capture_logs

from kepu.mall import writes
from kepu.mall.models import Order, VoucherCode
from kepu.mall.rules import By, OrderState
from kepu.mall.tests import shop
from kepu.mall.tests.shop import NOON
from kepu.mall.writes import ordering

MINUTE = timedelta(minutes=1)


def reserved(person: int, item: int, minutes: int):
    order = uuid4()
    assert writes.reserve_order(order, person, item, shop.wish_for(item), NOON + minutes * MINUTE) is None
    return order


def test_an_order_that_raises_lets_later_ones_and_refunds_pass(db, monkeypatch):
    persons = shop.build()
    broken = reserved(persons[0], shop.voucher(1), 0)
    VoucherCode.objects.all().delete()
    good = reserved(persons[0], shop.goods(), 1)
    bought = shop.bought(persons[1], shop.goods())
    refund = ordering.refund_order
    monkeypatch.setattr(ordering, "refund_order", lambda *_args: 1 / 0)
    monkeypatch.setattr("kepu.mall.writes.handing.refund_order", lambda *_args: False)
    assert writes.cancel_order(bought.id, By.BUYER, persons[1], "", NOON + MINUTE) is None
    with capture_logs() as logs:
        writes.settle_orders(NOON + 5 * MINUTE)
    failed = [(each["event"], each["order"]) for each in logs if each["event"].endswith("_failed")]
    assert failed == [("order_failed", str(broken)), ("refund_failed", str(bought.id))]
    assert Order.objects.get(pk=good).state == OrderState.PAID
    monkeypatch.setattr(ordering, "refund_order", refund)
    writes.settle_orders(NOON + 6 * MINUTE)
    assert Order.objects.get(pk=bought.id).refund_seq
