"""The words of the back office for what stands in the mall: an item's state, and where a trouble belongs."""

from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepu.kit.photo_codes import Unread
from kepu.mall.reads import ItemRow
from kepu.mall.rules import CodesUnclear, CodeTrouble, Trouble


class Standing(StrEnum):
    """How an item stands to its buyers now."""

    HIDDEN = "hidden"
    EARLY = "early"
    OVER = "over"
    SOLD_OUT = "sold_out"
    ON_SALE = "on_sale"


STANDINGS: dict[Standing, str | Promise] = {
    Standing.HIDDEN: _("Hidden"),
    Standing.EARLY: _("Not open yet"),
    Standing.OVER: _("Over"),
    Standing.SOLD_OUT: _("None left"),
    Standing.ON_SALE: _("To be had"),
}
# The field of the form at which a trouble is told; "" belongs to the whole form.
FIELD_OF: dict[Trouble, str] = {
    Trouble.NAME: "name",
    Trouble.TEXT: "text",
    Trouble.POINTS: "points",
    Trouble.LIMIT: "limit",
    Trouble.WAITS: "waits_days",
    Trouble.DIVISION: "division",
    Trouble.SEEN_WITHIN: "seen_within",
    Trouble.TIMES: "closes_at",
    Trouble.WAY_MISSING: "ways",
    Trouble.WAY_ONLINE: "ways",
    Trouble.PICK_UP: "ways",
    Trouble.SUPPLIER: "supplier",
    Trouble.ADDRESS: "address",
    Trouble.HOURS: "hours",
    Trouble.KIND: "kind",
    Trouble.GONE: "",
}
CODE_TROUBLES: dict[CodeTrouble, str | Promise] = {
    CodeTrouble.NUMBER: _(
        "Row %(row)s: digits of this code may be lost. Set the column to “text” in the table, put the codes "
        "in again, and save it."
    ),
    CodeTrouble.SEVERAL_CELLS: _(
        "Row %(row)s has several cells. Write 券码 above the column of codes, or keep that column alone."
    ),
    CodeTrouble.SEVERAL_COLUMNS: _(
        "Row %(row)s: several columns look like codes. Keep one alone; where buyers need a number and a "
        "password, put both into one cell."
    ),
}
UNREAD: dict[Unread, str | Promise] = {
    Unread.TOO_LARGE: _("The photo is too large. Take it with the camera's normal setting."),
    Unread.NO_PHOTO: _("This is no photo that can be read. Take a new one, or type the eight digits."),
    Unread.NO_CODE: _(
        "There is no code on the photo. Go closer, hold still, and let the whole square be seen."
    ),
    Unread.BUSY: _("Somebody else's photo is being read. Wait a moment, then send yours again."),
}


def unclear_text(codes: CodesUnclear) -> str:
    """In which row codes cannot be told, and what to do about it."""
    return str(CODE_TROUBLES[codes.trouble]) % {"row": codes.row}


def standing_of(item: ItemRow, now: datetime) -> Standing:
    """How an item stands at `now`; what keeps it from being had the longest comes first."""
    if not item.is_on_sale:
        return Standing.HIDDEN
    if item.closes_at is not None and item.closes_at <= now:
        return Standing.OVER
    if item.opens_at is not None and item.opens_at > now:
        return Standing.EARLY
    return Standing.ON_SALE if item.stock else Standing.SOLD_OUT
