"""Something to exchange points for on a site that is only for looking at."""

import io
import secrets
from collections.abc import Callable
from datetime import datetime

from PIL import Image, ImageDraw

from kepu.kit.photos import Photo, shrunk
from kepu.mall.models import Item
from kepu.mall.rules import ItemDraft, ItemKind, LimitSpan, PointDraft
from kepu.mall.writes.stocking import (
    SIDE_MAX,
    SMALL_SIDE_MAX,
    add_picture,
    keep_item,
    keep_point,
    load_codes,
    receive_stock,
    set_on_sale,
)

SIZE = (960, 720)
CODES = 20


def stock_sample(county: str, town: str, by: int, now: datetime) -> list[int]:
    """A county's mall has a pick-up point, goods, a voucher and a badge, on sale; once.

    Their numbers; none where the county has items already.
    """
    if Item.objects.filter(division=county).exists():
        return []
    point = keep_point(
        0, PointDraft("镇政府便民服务大厅", "镇政府一楼科协窗口", "工作日 9:00–12:00，14:00–17:00", town)
    )
    assert isinstance(point, int), point
    drafts = (
        ItemDraft(
            ItemKind.GOODS,
            "保温杯（500 毫升）",
            "不锈钢内胆，能保温 12 小时。\n凭领取码到窗口领，一人最多两个。",
            10,
            county,
            county,
            limit=2,
            pick_up_points=(point,),
            supplier="示例供货商",
        ),
        ItemDraft(
            ItemKind.VOUCHER,
            "10 元话费券",
            "券码只显示一次，抄下来再充值。\n每人每月一张。",
            100,
            county,
            county,
            limit=1,
            limit_span=LimitSpan.MONTH,
        ),
        ItemDraft(
            ItemKind.BADGE,
            "护蛙小卫士徽章",
            "挂在“我的兑换”里，兑了就有。",
            5,
            county,
            county,
            limit=1,
            certified_only=False,
        ),
    )
    made = []
    for draft, draw in zip(drafts, (_flask, _ticket, _star), strict=True):
        number = keep_item(0, draft, by, now)
        assert isinstance(number, int), number
        if draft.kind is ItemKind.VOUCHER:
            codes = [f"SAMPLE{secrets.randbelow(10**10):010d}" for _ in range(CODES)]
            load_codes(number, codes, by, now)
        else:
            receive_stock(number, 30, by, "", now)
        add_picture(number, _drawn(draw))
        set_on_sale(number, True)
        made.append(number)
    return made


def _drawn(draw: Callable[[ImageDraw.ImageDraw], None]) -> tuple[Photo, Photo]:
    """A drawing in the two sizes of a picture."""
    sheet = Image.new("RGB", SIZE, "#FCEFD0")
    draw(ImageDraw.Draw(sheet))
    written = io.BytesIO()
    sheet.save(written, "PNG")
    whole, small = (shrunk(written.getvalue(), side) for side in (SIDE_MAX, SMALL_SIDE_MAX))
    assert isinstance(whole, Photo)
    assert isinstance(small, Photo)
    return whole, small


def _flask(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse((300, 590, 660, 650), fill="#EBD9AE")
    pen.rounded_rectangle((400, 90, 560, 190), 28, fill="#22302B")
    pen.rounded_rectangle((370, 170, 590, 620), 48, fill="#2F7D5B")
    pen.rounded_rectangle((400, 210, 430, 580), 15, fill="#7DB894")
    pen.rectangle((370, 400, 590, 470), fill="#F2B23E")


def _ticket(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((170, 210, 790, 510), 36, fill="#C8452D")
    for y in (210, 510):
        pen.ellipse((560, y - 34, 628, y + 34), fill="#FCEFD0")
    for y in range(262, 470, 36):
        pen.line((594, y, 594, y + 16), fill="#FBE6DF", width=6)
    pen.rounded_rectangle((300, 255, 400, 465), 18, fill="#FBF6EC")
    pen.rectangle((316, 285, 384, 415), fill="#4C8FB5")
    pen.ellipse((338, 426, 362, 450), fill="#22302B")
    pen.ellipse((650, 310, 750, 410), fill="#F2B23E")


def _star(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon(((360, 380), (300, 660), (400, 600), (470, 660)), fill="#C8452D")
    pen.polygon(((600, 380), (660, 660), (560, 600), (490, 660)), fill="#C8452D")
    pen.ellipse((270, 90, 690, 510), fill="#2F7D5B")
    pen.ellipse((310, 130, 650, 470), fill="#E1F0E6")
    pen.polygon(_POINTS, fill="#F2B23E")


# A star of five points around the middle of the badge.
_POINTS = (
    (480, 175), (512, 258), (600, 261), (531, 317), (555, 402),
    (480, 353), (405, 402), (429, 317), (360, 261), (448, 258),
)  # fmt: skip
