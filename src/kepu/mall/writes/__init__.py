"""Items, stock and orders: one function is one use case."""

from kepu.mall.writes.handing import (
    SHOWING_SECONDS,
    call_off,
    cancel_order,
    forget,
    forget_contacts,
    hand_over,
    make_ready,
    return_order,
    show_code,
    take_back,
)
from kepu.mall.writes.ordering import (
    buy,
    note_spend,
    pay_order,
    refund_order,
    reserve_order,
    settle_orders,
)
from kepu.mall.writes.sampling import stock_sample
from kepu.mall.writes.stocking import (
    add_picture,
    count_stock,
    drop_picture,
    keep_item,
    keep_point,
    load_codes,
    picture_of,
    receive_stock,
    set_on_sale,
)

__all__ = [
    "SHOWING_SECONDS",
    "add_picture",
    "buy",
    "call_off",
    "cancel_order",
    "count_stock",
    "drop_picture",
    "forget",
    "forget_contacts",
    "hand_over",
    "keep_item",
    "keep_point",
    "load_codes",
    "make_ready",
    "note_spend",
    "pay_order",
    "picture_of",
    "receive_stock",
    "refund_order",
    "reserve_order",
    "return_order",
    "set_on_sale",
    "settle_orders",
    "show_code",
    "stock_sample",
    "take_back",
]
