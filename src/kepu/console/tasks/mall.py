"""What suppliers are to bring: how many of each item for each pick-up point, and the single orders."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kepu.console.pages.mall_asking import Buyer, buyers, order_mark
from kepu.documents.reading import Cell
from kepu.documents.writing import Column, Form, Sheet, write_book
from kepu.jobs.reads import folder
from kepu.jobs.rules import Job, Outcome, Report
from kepu.jobs.writes import new_file
from kepu.kit import clock
from kepu.mall import reads
from kepu.mall.reads import SUPPLIED_MAX, Contact, OrderFilter, OrderRow
from kepu.mall.rules import ItemKind, OrderState, Way
from kepu.people.reads import scopes_of
from kepu.people.rules import Ability, divisions_for, may

WAITING = (OrderState.PAID, OrderState.READY)
SUMS = (
    Column("商品", width=24),
    Column("供货商", width=20),
    Column("送到哪里", width=24),
    Column("共几件", Form.NUMBER, 8),
    Column("还没备好", Form.NUMBER, 10),
    Column("已备好", Form.NUMBER, 8),
)
ORDERS = (
    Column("订单号", width=12),
    Column("商品", width=24),
    Column("供货商", width=20),
    Column("领取方式", width=10),
    Column("送到哪里", width=24),
    Column("兑换人", width=12),
    Column("手机号", width=14),
    Column("积分", Form.NUMBER, 8),
    Column("兑换时间", Form.MOMENT, 18),
    Column("状态", width=12),
)
ADDRESSES = (Column("收件人", width=12), Column("收件电话", width=14), Column("收件地址", width=40))


def supplier_list(job: Job, report: Report) -> Outcome:
    """Goods that are paid and not handed over, of the items its owner may run, as two sheets.

    `wants`: item, point (0: all), whole (addresses of deliveries). What the owner may see is asked again.
    """
    scopes = scopes_of(job.asked_by)
    owners = divisions_for(scopes, Ability.MALL)
    if not owners:
        return Outcome({"said": _("You may no longer see these orders.")})
    report(0, 3)
    listed, is_cut = _open_orders(owners, int(job.wants["item"]), int(job.wants["point"]))
    report(1, 3)
    suppliers = _suppliers(listed)
    # Where buyers come themselves, whoever brings the goods needs no more than how many.
    sent = [order for order in listed if order.way is Way.DELIVERY]
    shown = buyers({order.person for order in sent})
    unmasked = [order for order in sent if job.wants["whole"] and may(scopes, Ability.UNMASK, order.division)]
    contacts = reads.contacts_of([order.id for order in unmasked])
    report(2, 3)
    columns = ORDERS + ADDRESSES if job.wants["whole"] else ORDERS
    rows = (_order_row(order, shown, suppliers, contacts.get(order.id)) for order in listed)
    day, name = f"{clock.day_of(job.asked_at):%Y%m%d}", new_file(".xlsx", is_brief=True)
    sheets = [
        Sheet("汇总", SUMS, _sum_rows(listed, suppliers), f"积分商城供货汇总 {day}"),
        Sheet("明细", columns, rows),
    ]
    write_book(folder() / name, sheets)
    said = ngettext("%(count)s order.", "%(count)s orders.", len(listed)) % {"count": len(listed)}
    if is_cut:
        said += _(" There are more: ask for one item or one pick-up point at a time.")
    said += _(" The file is deleted after 7 days.")
    return Outcome({"said": said}, name, f"积分商城供货单{day}.xlsx")


def _open_orders(owners: tuple[str, ...], item: int, point: int) -> tuple[list[OrderRow], bool]:
    """By item, then where they go, then as they were made; and whether there are more than are listed."""
    found: list[OrderRow] = []
    is_cut = False
    for state in WAITING:
        filters = OrderFilter(state=state, item=item, point=point)
        rows = reads.orders_for_supplier(owners, filters, SUPPLIED_MAX)
        found, is_cut = found + rows, is_cut or len(rows) == SUPPLIED_MAX
    goods = [order for order in found if order.kind is ItemKind.GOODS]
    goods.sort(
        key=lambda order: (order.item_name, order.item, _where(order), order.reserved_at, order.id.hex)
    )
    return goods, is_cut


def _suppliers(orders: Sequence[OrderRow]) -> dict[int, str]:
    items = reads.items_by_number(sorted({order.item for order in orders}))
    return {number: item.supplier for number, item in items.items()}


def _sum_rows(orders: Sequence[OrderRow], suppliers: dict[int, str]) -> Iterator[Sequence[Cell]]:
    """One row for each item and place, and the sum of all."""
    counts: Counter[tuple[int, str, str, bool]] = Counter(
        (order.item, order.item_name, _where(order), order.state is OrderState.READY) for order in orders
    )
    for item, name, where in dict.fromkeys(key[:3] for key in counts):
        ready, waiting = counts[item, name, where, True], counts[item, name, where, False]
        yield (name, suppliers.get(item, ""), where, ready + waiting, waiting, ready)
    ready = sum(count for key, count in counts.items() if key[3])
    yield ("合计", None, None, len(orders), len(orders) - ready, ready)


def _order_row(
    order: OrderRow, buyers_shown: dict[int, Buyer], suppliers: dict[int, str], contact: Contact | None
) -> Sequence[Cell]:
    buyer = buyers_shown[order.person] if order.way is Way.DELIVERY else Buyer("", "")
    row: list[Cell] = [
        order_mark(order.id),
        order.item_name,
        suppliers.get(order.item, ""),
        reads.way_text(order.way),
        _where(order),
        buyer.name or None,
        buyer.phone or None,
        order.points,
        order.reserved_at,
        reads.state_text(order.state),
    ]
    return [*row, contact.name, contact.phone, contact.address] if contact is not None else row


def _where(order: OrderRow) -> str:
    return order.point.name if order.point is not None else reads.way_text(order.way)
