"""What of the mall lies in the town that the walk through every address asks about."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core import signing

from kepu.console.pages.mall_codes import SALT, held_codes
from kepu.kit import clock
from kepu.mall import contacts
from kepu.mall.models import Item, Order, OrderStep, PickUpPoint
from kepu.mall.rules import By, ItemKind, OrderState, Way, Wish, pick_up_token
from kepu.people.tests.land import COUNTY


def in_the_mall(buyer: int, place: str) -> dict[str, Any]:
    """An item of the county with a paid order that is picked up at `place`, one to be sent, and a voucher."""
    now = clock.now()
    item, voucher = (
        Item.objects.create(
            kind=kind.value,
            name=f"商城密物{kind.value}",
            points=100,
            stock=3,
            division=COUNTY,
            seen_within=COUNTY,
            made_by=1,
            made_at=now,
        )
        for kind in (ItemKind.GOODS, ItemKind.VOUCHER)
    )
    point = PickUpPoint.objects.create(name="领取密点", address="某处一楼", hours="工作日", division=place)
    item.pick_up_points.add(point)
    orders = []
    for number, way in enumerate((Way.PICK_UP, Way.DELIVERY), 1):
        order, wish = uuid4(), Wish(way, 100, name="王秀英", phone="13800001234", address="插旗村三组 8 号")
        made = Order.objects.create(
            id=order,
            person=buyer,
            item=item,
            item_name=item.name,
            kind=item.kind,
            division=COUNTY,
            place=place if way is Way.PICK_UP else COUNTY,
            points=100,
            state=OrderState.PAID.value,
            way=way.value,
            point=point if way is Way.PICK_UP else None,
            contact_sealed=contacts.sealed(order, wish) if way is Way.DELIVERY else None,
            code=f"1234567{number}",
            book=int(COUNTY),
            seq=900_000 + number,
            reserved_at=now,
        )
        OrderStep.objects.create(order=made, state=OrderState.PAID.value, by=By.SITE.value, author=0, at=now)
        orders.append(order)
    return {
        "mall": item.pk,
        "mall item": item.pk,
        "mall place": point.pk,
        "mall order": orders[0],
        "mall token": pick_up_token(settings.KEPU_KEYS.link, orders[0]),
        "mall delivery": orders[1],
        "mall voucher": voucher.pk,
    }


def codes_sent(voucher: int, account: int, mark: str) -> dict[str, Any]:
    """Codes that this account sent and did not load yet."""
    held = {"by": account, "item": voucher, "upload": held_codes(account, voucher, [[f"{mark}CODE1"], 0, 0])}
    return {"my codes": voucher, "my codes token": signing.dumps(held, salt=SALT)}
