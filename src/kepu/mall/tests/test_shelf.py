"""What lies on the shelf: counted with what is ordered and there still, without what was sent."""

from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from kepu.mall import reads, writes
from kepu.mall.rules import Cause, Refusal, Way, Wish
from kepu.mall.tests import shop
from kepu.mall.tests.shop import NOON, STAFF
from kepu.mall.writes.sampling import _drawn, _star


@pytest.fixture
def persons(db: None) -> list[int]:
    return shop.build()


def stock_of(item: int) -> int:
    assert reads.stock_off() == []
    return reads.shelf(item).stock


def test_the_shelf_is_counted_with_what_is_ordered_and_waits(persons):
    item = shop.goods(stock=5)
    shop.bought(persons[0], item)
    assert writes.count_stock(item, 0, 5, STAFF, "盘点", NOON) is Refusal.FEWER_THAN_ORDERED
    assert writes.count_stock(item, 4, 5, STAFF, " ", NOON) is Refusal.REASON_MISSING
    assert writes.count_stock(item, -1, 5, STAFF, "盘点", NOON) is Refusal.AMOUNT_WRONG
    assert writes.count_stock(item, 4, 5, STAFF, "盘点：碎了一个", NOON) is None
    assert stock_of(item) == 3
    line = reads.stock_lines(item, 0, 10).rows[0]
    assert (line.amount, line.cause, line.author, line.note) == (-1, Cause.COUNTED, STAFF, "盘点：碎了一个")
    for amount in (0, -3, 1_000_001, 999_999):
        assert writes.receive_stock(item, amount, STAFF, "", NOON) is Refusal.AMOUNT_WRONG


def test_what_was_sent_lies_on_the_shelf_no_more(persons):
    item, order = shop.goods(stock=5), uuid4()
    wish = Wish(Way.DELIVERY, 200, 0, "王秀英", "13800001234", "插旗镇插旗村三组 8 号")
    assert writes.buy(order, persons[0], item, wish, NOON) is None
    shop.bought(persons[1], item)
    assert (reads.shelf(item).on_shelf, reads.shelf(item).ordered) == (5, 2)
    writes.make_ready(order, STAFF, NOON)
    shelf = reads.shelf(item)
    assert (shelf.stock, shelf.waiting, shelf.shipped, shelf.on_shelf, shelf.ordered) == (3, 1, 1, 4, 2)
    assert writes.count_stock(item, 4, 4, STAFF, "盘点", NOON) is None
    assert stock_of(item) == 3
    writes.hand_over(order, STAFF, NOON)
    assert reads.shelf(item).on_shelf == 4


def test_what_moved_since_it_was_counted_is_told_and_nothing_is_kept(persons):
    item = shop.goods(stock=5)
    order = shop.bought(persons[0], item)
    expected = reads.shelf(item).on_shelf
    writes.hand_over(order.id, STAFF, NOON)
    assert writes.count_stock(item, 5, expected, STAFF, "盘点", NOON) is Refusal.MOVED
    assert stock_of(item) == 4
    assert reads.refusal_text(Refusal.MOVED)


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_was_not_dropped_after_all_keeps_its_file():
    item = writes.keep_item(0, shop.BADGE, STAFF, NOON)
    picture = writes.add_picture(item, _drawn(_star))
    file = reads.item_shown(item).pictures[0].url.rsplit("/", 1)[-1]
    with transaction.atomic():
        assert writes.drop_picture(item, picture)
        transaction.set_rollback(True)
    assert default_storage.exists(f"images/{file}")
    assert writes.drop_picture(item, picture)
    assert not default_storage.exists(f"images/{file}")
