"""How orders end that nobody ends: a last day, closed and merged accounts, addresses, a spend cut off."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.models import Entry
from kepu.mall import reads, writes
from kepu.mall.models import Item, Order
from kepu.mall.rules import By, OrderState, Refusal, Way, Wish
from kepu.mall.tests import shop
from kepu.mall.tests.shop import NOON, STAFF
from kepu.mall.writes.ordering import spend_event
from kepu.people import reads as people
from kepu.people.models import Account, Communicator, Merge
from kepu.people.rules import NoticeKind

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HOME = Wish(Way.DELIVERY, 200, 0, "王秀英", "13800001234", "插旗镇插旗村三组 8 号")


@pytest.fixture
def persons(db: None) -> list[int]:
    return shop.build()


def sent_home(person: int, item: int) -> UUID:
    """A delivery that is on its way."""
    order = uuid4()
    assert writes.buy(order, person, item, HOME, NOON) is None
    assert writes.make_ready(order, STAFF, NOON) is None
    return order


def merge(kept: int, closed: int) -> None:
    Merge.objects.create(kept_id=kept, closed_id=closed, before={}, merged_by_id=kept, merged_at=NOON)
    Account.objects.filter(pk=closed).update(is_active=False)


def test_a_spend_cut_off_before_a_move_still_pays_the_order(persons):
    item, order = shop.goods(), uuid4()
    assert writes.reserve_order(order, persons[0], item, shop.wish_for(item), NOON) is None
    ledger_writes.spend(persons[0], spend_event(order), 200, 0, "保温杯", NOON)
    Communicator.objects.filter(account=persons[0]).update(division="430101001001")
    writes.settle_orders(NOON + 2 * MINUTE)
    assert shop.seen(order).state is OrderState.PAID
    assert writes.cancel_order(order, By.BUYER, persons[0], "", NOON) is None
    assert ledger.balance(persons[0]) == 1000


def test_an_answer_that_comes_after_the_order_was_called_off_is_owed(persons):
    item, order = shop.goods(), uuid4()
    assert writes.reserve_order(order, persons[0], item, shop.wish_for(item), NOON) is None
    writes.forget(persons[0], NOON)
    answer = ledger_writes.spend(persons[0], spend_event(order), 200, 0, "保温杯", NOON)
    writes.note_spend(order, answer, NOON)
    assert shop.seen(order).is_refund_due
    writes.settle_orders(NOON)
    assert (ledger.balance(persons[0]), reads.shelf(item).stock) == (1000, 5)


def test_what_nobody_picks_up_by_the_last_day_is_called_off_with_its_points(persons):
    item = shop.goods(waits_days=10)
    order = shop.bought(persons[0], item)
    writes.make_ready(order.id, STAFF, NOON)
    assert str(shop.seen(order.id).last_day) == "2021-07-01"
    # What was promised stays, whatever the item says later.
    Item.objects.update(waits_days=1)
    assert writes.call_off_uncollected(NOON + 10 * DAY) == 0
    assert writes.call_off_uncollected(NOON + 11 * DAY) == 1
    assert writes.call_off_uncollected(NOON + 11 * DAY) == 0
    assert (ledger.balance(persons[0]), reads.shelf(item).stock) == (1000, 5)
    last = reads.steps_of(order.id)[-1]
    assert (last.state, last.by, last.note) == (OrderState.CANCELLED, By.SITE, "7月1日以前没有人来领")
    told = people.notices(persons[0], 0, 1).rows[0]
    assert (told.kind, told.text) == (
        NoticeKind.ORDER_CANCELLED,
        "您兑换的保温杯被取消了：7月1日以前没有人来领",
    )


def test_a_delivery_is_not_called_off_and_its_address_goes_though_nobody_notes_that_it_arrived(persons):
    order = sent_home(persons[0], shop.goods())
    assert writes.call_off_uncollected(NOON + 400 * DAY) == 0
    assert writes.forget_contacts(NOON + 30 * DAY - MINUTE) == 0
    assert writes.forget_contacts(NOON + 30 * DAY) == 1
    assert reads.contact_of(order) is None


def test_nothing_stays_open_for_whoever_closed_the_account(persons):
    item, voucher, doubled = shop.goods(stock=9, points=100), shop.voucher(codes=1), persons[1]
    merge(persons[0], doubled)
    Account.objects.filter(pk=doubled).update(is_active=True)  # it ordered before the merge
    paid, ready = shop.bought(persons[0], item), shop.bought(doubled, item)
    code = shop.bought(persons[0], voucher)
    writes.make_ready(ready.id, STAFF, NOON)
    cut_off, reserved, home = uuid4(), uuid4(), uuid4()
    for order in (cut_off, reserved):
        assert writes.reserve_order(order, persons[0], item, shop.wish_for(item), NOON) is None
    ledger_writes.spend(persons[0], spend_event(cut_off), 100, 0, "保温杯", NOON)
    assert writes.buy(home, doubled, item, Wish(Way.DELIVERY, 100, 0, *_whom()), NOON) is None
    writes.make_ready(home, STAFF, NOON)
    writes.forget(persons[0], NOON)
    ended = {order: shop.seen(order).state for order in (paid.id, ready.id, code.id, cut_off, reserved)}
    assert set(ended.values()) == {OrderState.CANCELLED}
    assert shop.seen(home).state is OrderState.HANDED_OVER
    assert not reads.open_orders_of(persons)
    assert not Order.objects.filter(contact_sealed__isnull=False).exists()
    assert (reads.shelf(item).stock, reads.shelf(voucher).free_codes) == (8, 1)
    assert reads.stock_off() == []
    assert writes.settle_orders(NOON + DAY) == 4
    assert shop.seen(reserved).refund_seq == 0


def _whom() -> tuple[str, str, str]:
    return HOME.name, HOME.phone, HOME.address


def test_a_buyer_cancels_three_orders_a_day_by_whatever_account(persons):
    item = shop.goods(stock=9, points=10)
    orders = [shop.bought(person, item) for person in (persons[1], *[persons[0]] * 3)]
    assert writes.cancel_order(orders[0].id, By.BUYER, persons[1], "", NOON) is None
    merge(persons[0], persons[1])
    said = [writes.cancel_order(order.id, By.BUYER, persons[0], "", NOON) for order in orders]
    assert said == [None, None, None, Refusal.CANCELLED_ENOUGH]
    assert "3 笔" in reads.refusal_text(Refusal.CANCELLED_ENOUGH)
    assert writes.cancel_order(orders[3].id, By.BUYER, persons[0], "", NOON + DAY) is None


def test_what_a_merged_account_gets_back_can_be_spent_by_the_kept_one(persons):
    kept, closed = persons
    item = shop.goods()
    order = shop.bought(closed, item)
    merge(kept, closed)
    writes.make_ready(order.id, STAFF, NOON)
    assert [row.kind for row in people.notices(kept, 0, 9).rows] == [NoticeKind.ORDER_READY]
    for _ in range(2):
        assert writes.cancel_order(order.id, By.STAFF, STAFF, "缺货", NOON) is None
        writes.settle_orders(NOON)
    assert (ledger.balance(kept), ledger.balance(closed)) == (1200, 800)
    passed = Entry.objects.filter(note__contains="从并进来的账号转过来").order_by("seq")
    assert [(row.person, row.points) for row in passed] == [(closed, -200), (kept, 200)]
    assert not ledger.lots_off()


def test_a_refund_cut_off_before_it_was_passed_on_is_passed_on_later(persons):
    kept, closed = persons
    order = shop.bought(closed, shop.goods())
    merge(kept, closed)
    writes.call_off(order.id, By.STAFF, STAFF, "缺货", NOON)
    ledger_writes.refund(order.book, order.seq, STAFF, "", NOON)
    assert shop.seen(order.id).is_refund_due
    assert writes.settle_orders(NOON) == 1
    assert (ledger.balance(kept), ledger.balance(closed)) == (1200, 800)
