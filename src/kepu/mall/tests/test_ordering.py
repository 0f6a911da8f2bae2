"""An order and its spend agree; what is asked twice happens once; a no is told and changes nothing."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.rules import own_event
from kepu.mall import reads, writes
from kepu.mall.models import Item, Order, OrderStep, StockChange, VoucherCode
from kepu.mall.rules import By, LimitSpan, OrderState, Refusal, Way, Wish
from kepu.mall.tests import shop
from kepu.mall.tests.shop import COUNTY, NOON, STAFF, TOWN
from kepu.people import reads as people
from kepu.people.models import Account, Merge
from kepu.people.rules import NoticeKind

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def persons(db: None) -> list[int]:
    return shop.build()


def states(order) -> list[str]:
    return [f"{step.by}:{step.state}" for step in reads.steps_of(order)]


def stock_of(item: int) -> int:
    assert reads.stock_off() == []
    return reads.shelf(item).stock


def test_buying_takes_one_from_stock_and_the_points(persons):
    item = shop.goods(stock=5)
    order = shop.bought(persons[0], item)
    assert order.state is OrderState.PAID
    assert (order.place, order.point.name, len(order.code)) == (TOWN, "插旗镇科协", 8)
    assert states(order.id) == ["buyer:reserved", "site:paid"]
    assert ledger.balance(persons[0]) == 800
    spend = ledger.entry(order.book, order.seq)
    assert (spend.person, spend.points, spend.note) == (persons[0], -200, "保温杯")
    assert stock_of(item) == 4
    assert reads.shelf(item).waiting == 1


def test_a_double_click_is_one_order(persons):
    item, number = shop.goods(), uuid4()
    for _ in range(3):
        assert writes.buy(number, persons[0], item, shop.wish_for(item), NOON) is None
    assert ledger.balance(persons[0]) == 800
    assert Order.objects.count() == 1
    assert stock_of(item) == 4


def test_another_persons_order_is_not_answered_for(persons):
    item, other, number = shop.goods(), shop.badge(), uuid4()
    assert writes.buy(number, persons[0], item, shop.wish_for(item), NOON) is None
    assert writes.buy(number, persons[1], item, shop.wish_for(item), NOON) is Refusal.NOT_FOUND
    assert writes.buy(number, persons[0], other, shop.wish_for(other), NOON) is Refusal.NOT_FOUND
    assert ledger.balance(persons[1]) == 1000
    assert (stock_of(item), stock_of(other)) == (4, 5)


def test_short_points_cancel_the_order_and_say_how_many_are_missing(persons):
    item, number = shop.goods(points=1200), uuid4()
    assert writes.buy(number, persons[0], item, shop.wish_for(item), NOON) is Refusal.POINTS_SHORT
    order = shop.seen(number)
    assert (order.state, order.missing, order.is_refund_due) == (OrderState.CANCELLED, 200, False)
    assert stock_of(item) == 5
    assert ledger.balance(persons[0]) == 1000
    assert writes.buy(number, persons[0], item, shop.wish_for(item), NOON) is Refusal.POINTS_SHORT
    assert writes.settle_orders(NOON + DAY) == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"limit": 1}, Refusal.LIMIT_REACHED),
        ({"limit": 2}, None),
        ({"limit": 1, "limit_span": LimitSpan.MONTH}, Refusal.LIMIT_REACHED),
        ({"opens_at": NOON + MINUTE}, Refusal.NOT_OPEN_YET),
        ({"closes_at": NOON}, Refusal.CLOSED),
        ({"seen_within": "430623101"}, Refusal.OTHER_DIVISION),
        ({"points": 201}, Refusal.CHANGED),
    ],
)
def test_a_no_is_told_and_changes_nothing(persons, changes, expected):
    item = shop.goods()
    shop.bought(persons[0], item)
    wish = shop.wish_for(item)
    kept = replace(shop.THERMOS, pick_up_points=(wish.point,), **changes)
    assert writes.keep_item(item, kept, STAFF, NOON) == item
    said = writes.buy(uuid4(), persons[0], item, wish, NOON)
    assert said is expected
    assert stock_of(item) == (3 if expected is None else 4)
    assert ledger.balance(persons[0]) == (600 if expected is None else 800)
    assert reads.refusal_text(said) if expected else True


def test_a_limit_of_a_month_is_free_again_in_the_next(persons):
    item = shop.goods(limit=1, limit_span=LimitSpan.MONTH)
    shop.bought(persons[0], item)
    july = NOON + 10 * DAY
    assert writes.buy(uuid4(), persons[0], item, shop.wish_for(item), july - DAY) is Refusal.LIMIT_REACHED
    assert writes.buy(uuid4(), persons[0], item, shop.wish_for(item), july) is None


def test_two_accounts_of_one_person_have_one_limit(persons):
    item = shop.goods(limit=1)
    shop.bought(persons[1], item)
    kept, closed = persons
    Merge.objects.create(
        kept_id=kept, closed_id=closed, before={}, merged_by_id=kept, merged_at=NOON, undone_at=None
    )
    assert writes.buy(uuid4(), kept, item, shop.wish_for(item), NOON) is Refusal.LIMIT_REACHED


def test_sold_out_is_told_and_a_cancelled_one_comes_back(persons):
    item = shop.goods(stock=1)
    order = shop.bought(persons[0], item)
    assert writes.buy(uuid4(), persons[1], item, shop.wish_for(item), NOON) is Refusal.SOLD_OUT
    assert writes.cancel_order(order.id, By.BUYER, persons[0], "", NOON) is None
    assert writes.buy(uuid4(), persons[1], item, shop.wish_for(item), NOON) is None


def test_hidden_items_uncertified_and_closed_accounts(persons):
    item = shop.goods()
    writes.set_on_sale(item, False)
    assert writes.buy(uuid4(), persons[0], item, shop.wish_for(item), NOON) is Refusal.NOT_FOUND
    writes.set_on_sale(item, True)
    newcomer = Account.objects.create(phone_index="new", book=430623, created_at=NOON, agreed_at=NOON)
    assert writes.buy(uuid4(), newcomer.pk, item, shop.wish_for(item), NOON) is Refusal.NOT_CERTIFIED
    Account.objects.filter(pk=persons[0]).update(is_active=False)
    assert writes.buy(uuid4(), persons[0], item, shop.wish_for(item), NOON) is Refusal.NO_ACCOUNT
    assert writes.buy(uuid4(), 10**9, item, shop.wish_for(item), NOON) is Refusal.NO_ACCOUNT
    assert writes.buy(uuid4(), persons[1], 10**9, Wish(Way.ONLINE, 1), NOON) is Refusal.NOT_FOUND
    assert Order.objects.count() == 0
    assert stock_of(item) == 5


def test_cancelling_gives_points_and_stock_back_once(persons):
    item = shop.goods()
    order = shop.bought(persons[0], item)
    assert writes.cancel_order(order.id, By.BUYER, persons[1], "", NOON) is Refusal.NOT_FOUND
    for _ in range(3):
        assert writes.cancel_order(order.id, By.BUYER, persons[0], "", NOON) is None
        writes.refund_order(order.id, NOON)
    assert ledger.balance(persons[0]) == 1000
    assert stock_of(item) == 5
    seen = shop.seen(order.id)
    assert (seen.state, seen.is_refund_due) == (OrderState.CANCELLED, False)
    assert ledger.entry(seen.refund_book, seen.refund_seq).points == 200


def test_a_buyer_cannot_cancel_what_lies_ready_but_staff_can_with_a_reason(persons):
    item = shop.goods()
    order = shop.bought(persons[0], item)
    assert writes.make_ready(order.id, STAFF, NOON) is None
    assert writes.make_ready(order.id, STAFF, NOON) is None
    assert writes.cancel_order(order.id, By.BUYER, persons[0], "", NOON) is Refusal.NOT_NOW
    assert writes.cancel_order(order.id, By.STAFF, STAFF, " ", NOON) is Refusal.REASON_MISSING
    assert writes.cancel_order(order.id, By.STAFF, STAFF, "没有人来领", NOON) is None
    assert states(order.id)[-2:] == ["staff:ready", "staff:cancelled"]
    assert reads.steps_of(order.id)[-1].note == "没有人来领"
    assert ledger.balance(persons[0]) == 1000


@pytest.mark.parametrize(("is_sellable", "left"), [(True, 5), (False, 4)])
def test_returned_goods_are_stock_again_only_where_staff_says_so(persons, is_sellable, left):
    item = shop.goods()
    order = shop.bought(persons[0], item)
    assert writes.return_order(order.id, STAFF, "坏了", is_sellable, NOON) is Refusal.NOT_NOW
    assert writes.hand_over(order.id, persons[0], NOON) is Refusal.OWN_ORDER
    assert writes.hand_over(order.id, STAFF, NOON) is None
    assert writes.hand_over(order.id, STAFF, NOON) is Refusal.NOT_NOW
    assert writes.return_order(order.id, STAFF, "", is_sellable, NOON) is Refusal.REASON_MISSING
    for _ in range(2):
        assert writes.return_order(order.id, STAFF, "坏了", is_sellable, NOON) is None
    assert stock_of(item) == left
    assert ledger.balance(persons[0]) == 1000
    assert states(order.id) == ["buyer:reserved", "site:paid", "staff:handed_over", "staff:returned"]


def test_the_buyer_is_told_what_staff_did(persons):
    first, second = (shop.bought(persons[0], shop.goods(points=100)) for _ in range(2))
    writes.make_ready(first.id, STAFF, NOON)
    writes.hand_over(first.id, STAFF, NOON)
    writes.return_order(first.id, STAFF, "坏了", False, NOON)
    writes.call_off(second.id, By.STAFF, STAFF, "断货", NOON)
    told = [(row.kind, row.text, row.link) for row in people.notices(persons[0], 0, 10).rows]
    assert told[::-1] == [
        (NoticeKind.ORDER_READY, "保温杯已备好，请到插旗镇科协领取。", f"/mall/orders/{first.id}/"),
        (NoticeKind.ORDER_RETURNED, "保温杯已退回：坏了", f"/mall/orders/{first.id}/"),
        (NoticeKind.ORDER_CANCELLED, "您兑换的保温杯被取消了：断货", f"/mall/orders/{second.id}/"),
    ]


def test_a_badge_is_there_at_once(persons):
    order = shop.bought(persons[0], shop.badge())
    assert (order.state, order.code) == (OrderState.HANDED_OVER, "")
    assert states(order.id) == ["buyer:reserved", "site:paid", "site:handed_over"]


def test_an_order_is_found_by_its_digits_and_its_code_inside_the_scope_only(persons, settings):
    from kepu.mall.rules import pick_up_path, pick_up_token

    order = shop.bought(persons[0], shop.goods())
    token = pick_up_token(settings.KEPU_KEYS.link, order.id)
    for text in (order.code, f"{order.code[:4]} {order.code[4:]}", token, f"https://x{pick_up_path(token)}"):
        assert reads.order_by_code(text, (), (TOWN,)).id == order.id
        assert reads.order_by_code(text, (COUNTY,), ()).id == order.id
        assert reads.order_by_code(text, ("430602",), ("430623101",)) is None
        assert reads.order_by_code(text, (), ()) is None
    assert reads.order_by_code("12", ("",), ("",)) is None


def test_an_address_is_sealed_and_gone_some_days_after_the_end(persons):
    item = shop.goods()
    order = uuid4()
    wish = Wish(Way.DELIVERY, 200, 0, "王秀英", "138 0000 1234", "插旗村三组  8 号")
    assert writes.buy(order, persons[0], item, wish, NOON) is None
    assert b"13800001234" not in bytes(Order.objects.get(pk=order).contact_sealed)
    contact = reads.contact_of(order)
    assert (contact.name, contact.phone, contact.address) == ("王秀英", "13800001234", "插旗村三组 8 号")
    assert shop.seen(order).place == COUNTY
    assert writes.forget_contacts(NOON + 400 * DAY) == 0
    writes.hand_over(order, STAFF, NOON)
    assert writes.forget_contacts(NOON + 30 * DAY - MINUTE) == 0
    assert writes.forget_contacts(NOON + 30 * DAY) == 1
    assert reads.contact_of(order) is None


def test_voucher_codes_are_sealed_loaded_once_and_shown_once(persons):
    item = shop.voucher(codes=2)
    loaded = writes.load_codes(item, [f"HR-{item}-0001", "新码-0009", "x", "新码-0009"], STAFF, NOON)
    assert (loaded.new, loaded.known, loaded.unfit) == (1, 2, 1)
    assert stock_of(item) == 3 == reads.shelf(item).free_codes
    assert not any(b"HR-" in bytes(code.sealed) for code in VoucherCode.objects.all())
    order = shop.bought(persons[0], item)
    assert order.state is OrderState.PAID
    assert (reads.shelf(item).free_codes, reads.shelf(item).bound_codes) == (2, 1)
    mine = {persons[0]}
    assert writes.show_code(order.id, {persons[1]}, NOON) is Refusal.NOT_FOUND
    assert writes.show_code(order.id, mine, NOON) == f"HR-{item}-0000"
    assert writes.show_code(order.id, mine, NOON + 9 * MINUTE) == f"HR-{item}-0000"
    assert writes.show_code(order.id, mine, NOON + 11 * MINUTE) is Refusal.SHOWN
    seen = shop.seen(order.id)
    assert (seen.state, seen.shown_at) == (OrderState.HANDED_OVER, NOON)
    assert writes.cancel_order(order.id, By.BUYER, persons[0], "", NOON) is Refusal.NOT_NOW
    assert writes.return_order(order.id, STAFF, "码无效", True, NOON) is None
    assert stock_of(item) == 2 == reads.shelf(item).free_codes
    assert writes.show_code(order.id, mine, NOON) is Refusal.SHOWN


def test_the_code_of_a_cancelled_voucher_is_free_again(persons):
    item = shop.voucher(codes=1)
    order = shop.bought(persons[0], item)
    assert writes.cancel_order(order.id, By.BUYER, persons[0], "", NOON) is None
    assert writes.show_code(order.id, {persons[0]}, NOON) is Refusal.NOT_NOW
    again = shop.bought(persons[1], item)
    assert writes.show_code(again.id, {persons[1]}, NOON) == f"HR-{item}-0000"


def test_what_is_no_voucher_and_too_many_codes_are_told(persons):
    item = shop.goods()
    assert writes.load_codes(item, ["AAAA"], STAFF, NOON) is Refusal.NOT_NOW
    assert writes.load_codes(shop.voucher(), ["AAAA"] * 5001, STAFF, NOON) is Refusal.TOO_MANY
    assert writes.receive_stock(shop.voucher(), 1, STAFF, "", NOON) is Refusal.BY_CODES_ONLY
    assert writes.count_stock(shop.voucher(), 1, 3, STAFF, "盘点", NOON) is Refusal.BY_CODES_ONLY
    assert reads.known_codes(["AAAA", "BB"]) == 0


def test_a_stock_changed_by_hand_is_found(persons):
    item = shop.goods(stock=5)
    Item.objects.filter(pk=item).update(stock=7)
    assert [(gap.item, gap.stock, gap.lines) for gap in reads.stock_off()] == [(item, 7, 5)]


def test_what_a_crash_cut_off_is_finished(persons, monkeypatch):
    item = shop.goods(stock=5)
    cut_before, cut_after = uuid4(), uuid4()
    assert writes.reserve_order(cut_before, persons[0], item, shop.wish_for(item), NOON) is None
    assert writes.reserve_order(cut_after, persons[1], item, shop.wish_for(item), NOON) is None
    _spend_only(cut_after)
    cancelled = shop.bought(persons[0], item)
    assert writes.call_off(cancelled.id, By.BUYER, persons[0], "", NOON) is None
    assert shop.seen(cancelled.id).is_refund_due
    assert writes.settle_orders(NOON + timedelta(seconds=59)) == 1  # the refund; buyers may still be at it
    assert writes.settle_orders(NOON + MINUTE) == 2
    assert writes.settle_orders(NOON + MINUTE) == 0
    assert [shop.seen(order).state for order in (cut_before, cut_after)] == [OrderState.PAID] * 2
    assert [ledger.balance(person) for person in persons] == [800, 800]
    assert stock_of(item) == 3


def _spend_only(order) -> None:
    """The points were taken, and then the machine stopped."""
    row = Order.objects.get(pk=order)
    ledger_writes.spend(row.person, own_event(b"mall order", order.bytes), row.points, 0, row.item_name, NOON)


def test_a_refund_the_ledger_refuses_does_not_stop_others(persons, monkeypatch):
    item = shop.goods()
    first, second = shop.bought(persons[0], item), shop.bought(persons[1], item)
    for order in (first, second):
        writes.call_off(order.id, By.STAFF, STAFF, "缺货", NOON)
    Order.objects.filter(pk=first.id).update(seq=10**9)
    assert writes.settle_orders(NOON) == 1
    assert Order.objects.get(pk=first.id).refund_tries == 1
    assert shop.seen(first.id).is_refund_due
    assert not shop.seen(second.id).is_refund_due


def test_steps_and_lines_are_only_added(persons):
    item = shop.goods()
    order = shop.bought(persons[0], item)
    steps, lines = OrderStep.objects.count(), StockChange.objects.count()
    writes.hand_over(order.id, STAFF, NOON)
    writes.return_order(order.id, STAFF, "坏了", True, NOON)
    assert (OrderStep.objects.count(), StockChange.objects.count()) == (steps + 2, lines + 1)


def test_queries(persons, django_assert_max_num_queries):
    item = shop.goods()
    with django_assert_max_num_queries(4):
        reads.items_within((COUNTY,), 0, 20)
    order, wish = uuid4(), shop.wish_for(item)
    with django_assert_max_num_queries(16):
        writes.reserve_order(order, persons[0], item, wish, NOON)
    with django_assert_max_num_queries(24):
        writes.pay_order(order, NOON)
    with django_assert_max_num_queries(1):
        assert len(reads.orders_within((COUNTY,), (TOWN,), reads.OrderFilter(), 0, 20).rows) == 1
    with django_assert_max_num_queries(2):
        writes.settle_orders(NOON)
    with django_assert_max_num_queries(3):
        reads.shelves([item])
