"""What staff do to items: enter them, put them on sale, take in stock and codes, count the shelf."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F

from kepu.kit.photos import Photo, PhotoTrouble, shrunk
from kepu.mall import contacts
from kepu.mall.models import Item, ItemPicture, Order, PickUpPoint, StockChange, VoucherCode
from kepu.mall.reads.stock import SHIPPED
from kepu.mall.rules import (
    LOADED_AT_ONCE_MAX,
    PICTURES_MAX,
    REASON_MAX,
    STOCK_MAX,
    WAITING,
    Cause,
    CodesLoaded,
    ItemDraft,
    ItemKind,
    PointDraft,
    Refusal,
    Trouble,
    code_of_voucher,
    item_troubles,
    point_troubles,
)
from kepu.regions.rules import is_within

SIDE_MAX, SMALL_SIDE_MAX = 1280, 480


@transaction.atomic
def keep_item(number: int, draft: ItemDraft, by: int, now: datetime) -> int | list[Trouble]:
    """The item is as the draft says (`number` 0: a new one, not on sale yet); its number, or what is wrong.

    Kind and owner stay what they were: orders rest on them. Eight queries.
    """
    troubles = item_troubles(draft)
    points = PickUpPoint.objects.filter(pk__in=draft.pick_up_points)
    inside = [point for point in points if is_within(point.division, draft.division)]
    if len(inside) < len(set(draft.pick_up_points)) and Trouble.PICK_UP not in troubles:
        troubles.append(Trouble.PICK_UP)
    row = Item(made_by=by, made_at=now, kind=draft.kind.value, division=draft.division)
    if number:
        known = Item.objects.select_for_update().filter(pk=number).first()
        if known is None:
            return [Trouble.GONE]
        row = known
        if (row.kind, row.division) != (draft.kind, draft.division):
            troubles.append(Trouble.KIND)
    if troubles:
        return troubles
    row.name, row.text, row.points = draft.name.strip(), draft.text.strip(), draft.points
    row.seen_within, row.certified_only = draft.seen_within, draft.certified_only
    row.limit, row.limit_span = draft.limit, draft.limit_span.value
    row.opens_at, row.closes_at = draft.opens_at, draft.closes_at
    row.delivers, row.supplier = draft.delivers, draft.supplier.strip()
    row.waits_days = draft.waits_days
    # Not the stock: it moves by its own lines alone.
    kept = [field.name for field in Item._meta.concrete_fields if field.name not in ("id", "stock")]
    row.save(update_fields=kept if number else None)
    row.pick_up_points.set(inside)
    return int(row.pk)


def set_on_sale(item: int, is_on_sale: bool) -> Refusal | None:
    """The item is seen in the mall, or hidden. One query."""
    found = Item.objects.filter(pk=item).update(is_on_sale=is_on_sale)
    return None if found else Refusal.NOT_FOUND


@transaction.atomic
def keep_point(number: int, draft: PointDraft) -> int | list[Trouble]:
    """The pick-up point is as the draft says (`number` 0: a new one); its number, or what is wrong."""
    troubles = point_troubles(draft)
    if troubles:
        return troubles
    row = PickUpPoint.objects.select_for_update().filter(pk=number).first() if number else PickUpPoint()
    if row is None:
        return [Trouble.GONE]
    if number and row.division != draft.division:
        return [Trouble.DIVISION]
    row.name, row.address, row.hours = draft.name.strip(), draft.address.strip(), draft.hours.strip()
    row.division, row.is_open = draft.division, draft.is_open
    row.save()
    return int(row.pk)


def picture_of(content: bytes) -> tuple[Photo, Photo] | PhotoTrouble:
    """What was sent as the two sizes that are kept; half a second, so never inside a transaction."""
    whole = shrunk(content, SIDE_MAX)
    if isinstance(whole, PhotoTrouble):
        return whole
    small = shrunk(whole.content, SMALL_SIDE_MAX)
    return small if isinstance(small, PhotoTrouble) else (whole, small)


@transaction.atomic
def add_picture(item: int, picture: tuple[Photo, Photo]) -> int | Refusal:
    """The item has one picture more; its number. TOO_MANY: PICTURES_MAX are there."""
    row = Item.objects.select_for_update().filter(pk=item).first()
    if row is None:
        return Refusal.NOT_FOUND
    if ItemPicture.objects.filter(item=row).count() >= PICTURES_MAX:
        return Refusal.TOO_MANY
    whole, small = picture
    made = ItemPicture.objects.create(
        item=row, file=_stored(whole), small_file=_stored(small), width=whole.width, height=whole.height
    )
    return int(made.pk)


@transaction.atomic
def drop_picture(item: int, picture: int) -> bool:
    """The item has that picture no more; its files go where no other picture is of them, once that stands."""
    row = ItemPicture.objects.filter(pk=picture, item=item).first()
    if row is None:
        return False
    row.delete()
    transaction.on_commit(lambda: _drop_files(row))
    return True


def _drop_files(row: ItemPicture) -> None:
    for file, field in ((row.file, "file"), (row.small_file, "small_file")):
        if not ItemPicture.objects.filter(**{field: file}).exists():
            default_storage.delete(file)


@transaction.atomic
def receive_stock(
    item: int, amount: int, by: int, note: str, now: datetime, form: UUID | None = None
) -> Refusal | None:
    """So many more lie there. Of vouchers there are as many as codes: those are loaded.

    `form` is chosen by the form. ENTERED_BEFORE: the same one was sent already, and nothing changes.
    """
    if not 1 <= amount <= STOCK_MAX or len(note) > REASON_MAX:
        return Refusal.AMOUNT_WRONG
    row = Item.objects.select_for_update().filter(pk=item).first()
    if row is None:
        return Refusal.NOT_FOUND
    if row.kind == ItemKind.VOUCHER:
        return Refusal.BY_CODES_ONLY
    if form is not None and StockChange.objects.filter(form=form).exists():
        return Refusal.ENTERED_BEFORE
    return _change(row, amount, Cause.RECEIVED, (by, note), now, form)


@transaction.atomic
def count_stock(item: int, on_shelf: int, expected: int, by: int, note: str, now: datetime) -> Refusal | None:
    """The shelf was counted: stock is what lies there less what is ordered and lies there too.

    `expected`: what whoever counted was told lies there (`Shelf.on_shelf`); MOVED where that changed
    meanwhile. A note says why. FEWER_THAN_ORDERED: some orders must be cancelled first. Four queries.
    """
    if not 0 <= on_shelf <= STOCK_MAX:
        return Refusal.AMOUNT_WRONG
    if not 0 < len(note.strip()) <= REASON_MAX:
        return Refusal.REASON_MISSING
    row = Item.objects.select_for_update().filter(pk=item).first()
    if row is None:
        return Refusal.NOT_FOUND
    if row.kind == ItemKind.VOUCHER:
        return Refusal.BY_CODES_ONLY
    waiting = Order.objects.filter(~SHIPPED, item=row, state__in=WAITING).count()
    if row.stock + waiting != expected:
        return Refusal.MOVED
    if on_shelf < waiting:
        return Refusal.FEWER_THAN_ORDERED
    return _change(row, on_shelf - waiting - row.stock, Cause.COUNTED, (by, note), now)


@transaction.atomic
def load_codes(item: int, codes: Sequence[str], by: int, now: datetime) -> CodesLoaded | Refusal:
    """The voucher's codes are kept, sealed, each once on this site, and stock grows by the new ones.

    LOADED_AT_ONCE_MAX at most. AMOUNT_WRONG: there might be more than STOCK_MAX, and none is kept. Five
    queries and one for each 500 codes.
    """
    if len(codes) > LOADED_AT_ONCE_MAX:
        return Refusal.TOO_MANY
    row = Item.objects.select_for_update().filter(pk=item).first()
    if row is None:
        return Refusal.NOT_FOUND
    if row.kind != ItemKind.VOUCHER:
        return Refusal.NOT_NOW
    fit = list(filter(None, map(code_of_voucher, codes)))
    by_digest = {contacts.digest_of(code): code for code in fit}
    if row.stock + len(by_digest) > STOCK_MAX:
        return Refusal.AMOUNT_WRONG
    before = VoucherCode.objects.filter(item=row).count()
    VoucherCode.objects.bulk_create(
        [
            VoucherCode(
                item=row, sealed=contacts.sealed_code(code), digest=digest, loaded_by=by, loaded_at=now
            )
            for digest, code in by_digest.items()
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    new = VoucherCode.objects.filter(item=row).count() - before
    if new:
        _change(row, new, Cause.RECEIVED, (by, ""), now)
    return CodesLoaded(new, len(fit) - new, len(codes) - len(fit))


def _change(
    row: Item, amount: int, cause: Cause, why: tuple[int, str], now: datetime, form: UUID | None = None
) -> Refusal | None:
    """The stock of a locked item moves, and a line says by how much and why."""
    if row.stock + amount > STOCK_MAX:
        return Refusal.AMOUNT_WRONG
    author, note = why
    Item.objects.filter(pk=row.pk).update(stock=F("stock") + amount)
    StockChange.objects.create(
        item=row, amount=amount, cause=cause.value, author=author, note=note.strip(), form=form, at=now
    )
    return None


def _stored(photo: Photo) -> str:
    """The file's name: what the picture shows names it, so that one sent twice lies there once."""
    name = f"images/mall-{hashlib.sha256(photo.content).hexdigest()[:32]}.jpg"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(photo.content))
