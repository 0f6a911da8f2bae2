"""A county with a few buyers and something to exchange points for, for tests."""

import os
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel, Receipt
from kepu.mall import reads, writes
from kepu.mall.reads import OrderRow
from kepu.mall.rules import ItemDraft, ItemKind, PointDraft, Way, Wish
from kepu.standings.tests import town

COUNTY, TOWN = "430623", "430623110"
NOON = clock.start_of(date(2021, 6, 21)) + timedelta(hours=12)
STAFF = 900_001
_numbers = count(1)

THERMOS = ItemDraft(ItemKind.GOODS, "保温杯", "不锈钢，500 毫升。", 200, COUNTY, COUNTY, delivers=True)
VOUCHER = ItemDraft(ItemKind.VOUCHER, "十元话费券", "充值用。", 100, COUNTY, COUNTY)
BADGE = ItemDraft(ItemKind.BADGE, "科普之星", "", 50, COUNTY, COUNTY)
POINT = PointDraft("插旗镇科协", "插旗镇政府一楼", "工作日 9:00–17:00", TOWN)


def build(people: int = 2, points: int = 1000) -> list[int]:
    """The reference campaign's county with so many communicators, each with these points."""
    town.build(town.SAMPLE)
    persons = town.enrol(people)
    for person in persons:
        earn(person, points)
    return persons


def earn(person: int, points: int) -> None:
    """The person has these points more (or fewer)."""
    event = (next(_numbers) << 64 | os.getpid()).to_bytes(16, "big")
    at_ms = clock.milliseconds(NOON - timedelta(days=1))
    act = Act(person, event, Kind.ADJUSTMENT, 0, Channel.STAFF, at_ms, points=points, author=STAFF, note="奖")
    assert isinstance(ledger.record(act), Receipt)


def point() -> int:
    """A pick-up point in the town."""
    made = writes.keep_point(0, POINT)
    assert isinstance(made, int)
    return made


def goods(stock: int = 5, **changes: object) -> int:
    """Goods on sale, so many of them, to be picked up in the town or delivered."""
    return _item(replace(THERMOS, pick_up_points=(point(),)), stock, changes)


def badge(stock: int = 5, **changes: object) -> int:
    """A badge on sale."""
    return _item(BADGE, stock, changes)


def voucher(codes: int = 3, **changes: object) -> int:
    """A voucher on sale with so many codes."""
    number = _item(VOUCHER, 0, changes)
    writes.load_codes(number, [f"HR-{number}-{each:04d}" for each in range(codes)], STAFF, NOON)
    return number


def wish_for(item: int) -> Wish:
    """The first way there is to get it, at its present price."""
    row = reads.item_shown(item)
    assert row is not None
    if row.kind is not ItemKind.GOODS:
        return Wish(Way.ONLINE, row.points)
    if row.pick_up:
        return Wish(Way.PICK_UP, row.points, row.pick_up[0].number)
    return Wish(Way.DELIVERY, row.points, name="王秀英", phone="13800001234", address="插旗镇插旗村三组 8 号")


def bought(person: int, item: int) -> OrderRow:
    """The person's order of the item, paid."""
    number = uuid4()
    assert writes.buy(number, person, item, wish_for(item), NOON) is None
    return seen(number)


def seen(number: UUID) -> OrderRow:
    """The order as the county's officer sees it."""
    row = reads.order_within(number, (COUNTY,), ())
    assert row is not None
    return row


def _item(draft: ItemDraft, stock: int, changes: dict[str, object]) -> int:
    number = writes.keep_item(0, replace(draft, **changes), STAFF, NOON)  # type: ignore[arg-type]
    assert isinstance(number, int), number
    assert writes.set_on_sale(number, True) is None
    if stock:
        assert writes.receive_stock(number, stock, STAFF, "", NOON) is None
    return number
