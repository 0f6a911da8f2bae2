"""Items as staff see them, and where they are picked up."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Prefetch, Q, QuerySet

from kepu.kit.paging import Page, page_of
from kepu.mall.models import Item, ItemPicture, PickUpPoint
from kepu.mall.rules import ItemKind, LimitSpan, Terms

POINTS_SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an item in two sizes; width and height are those of the larger one."""

    number: int
    url: str
    small_url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PointRow:
    """A pick-up point."""

    number: int
    name: str
    address: str
    hours: str
    division: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with its pictures, and the places it is picked up at (closed ones too)."""

    number: int
    kind: ItemKind
    name: str
    text: str
    points: int
    stock: int
    limit: int
    limit_span: LimitSpan
    division: str
    seen_within: str
    certified_only: bool
    opens_at: datetime | None
    closes_at: datetime | None
    delivers: bool
    supplier: str
    waits_days: int
    is_on_sale: bool
    made_at: datetime
    pictures: tuple[Picture, ...]
    pick_up: tuple[PointRow, ...]

    @property
    def terms(self) -> Terms:
        """What it asks of whoever wants it."""
        return Terms(
            kind=self.kind,
            is_on_sale=self.is_on_sale,
            seen_within=self.seen_within,
            certified_only=self.certified_only,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            limit=self.limit,
            limit_span=self.limit_span,
            delivers=self.delivers,
            pick_up_points=frozenset(point.number for point in self.pick_up if point.is_open),
        )


def items_within(within: tuple[str, ...], start: int, size: int, words: str = "") -> Page[ItemRow]:
    """Items owned in these divisions, hidden ones too, the newest first. Three queries at most."""
    found = Item.objects.filter(inside("division", within))
    if words:
        found = found.filter(Q(name__contains=words) | Q(supplier__contains=words))
    return page_of(item_rows(found.order_by("-pk")[start : start + size + 1]), start, size)


def item_within(number: int, within: tuple[str, ...]) -> ItemRow | None:
    """The item where it is owned in these divisions. Three queries at most."""
    found = item_rows(Item.objects.filter(inside("division", within), pk=number))
    return found[0] if found else None


def item_shown(number: int) -> ItemRow | None:
    """The item, whoever owns it and hidden or not: beside an order of it. Three queries at most."""
    return items_by_number([number]).get(number)


def items_by_number(numbers: Iterable[int]) -> dict[int, ItemRow]:
    """The items beside a page of orders. Three queries at most."""
    return {row.number: row for row in item_rows(Item.objects.filter(pk__in=set(numbers)))}


def pick_up_points(
    within: tuple[str, ...], only_open: bool = False, words: str = "", also: Collection[int] = ()
) -> list[PointRow]:
    """Pick-up points in these divisions, by division and name, at most POINTS_SHOWN_MAX. One query.

    Those named `also` come first where they are not among these, whatever `words` says: one query more.
    """
    found = PickUpPoint.objects.filter(inside("division", within))
    if only_open:
        found = found.filter(is_open=True)
    found = _by_name(found)
    named = found.filter(Q(name__contains=words) | Q(address__contains=words)) if words else found
    rows = {row.pk: row for row in named[:POINTS_SHOWN_MAX]}
    missing = [number for number in also if number not in rows][:POINTS_SHOWN_MAX]
    first = list(found.filter(pk__in=missing)) if missing else []
    return [point_row(row) for row in (*first, *rows.values())]


def points_page(within: tuple[str, ...], start: int, size: int, words: str = "") -> Page[PointRow]:
    """Pick-up points in these divisions by division and name, those with the words in them. One query."""
    found = PickUpPoint.objects.filter(inside("division", within))
    if words:
        found = found.filter(Q(name__contains=words) | Q(address__contains=words))
    return page_of([point_row(row) for row in _by_name(found)[start : start + size + 1]], start, size)


def _by_name(found: QuerySet[PickUpPoint]) -> QuerySet[PickUpPoint]:
    return found.order_by("division", "name", "pk")


def point_within(number: int, within: tuple[str, ...]) -> PointRow | None:
    """The pick-up point where it lies in these divisions. One query."""
    row = PickUpPoint.objects.filter(inside("division", within), pk=number).first()
    return point_row(row) if row is not None else None


def inside(field: str, divisions: Iterable[str]) -> Q:
    """That a division lies in one of these; "" is everywhere, and none is nowhere."""
    found = Q(pk__in=())
    for division in divisions:
        found |= Q(**{f"{field}__startswith": division}) if division else Q()
        if not division:
            return Q()
    return found


def item_rows(found: QuerySet[Item]) -> list[ItemRow]:
    """Items as rows, in their order. Three queries, one where there are none."""
    points = Prefetch("pick_up_points", PickUpPoint.objects.order_by("division", "name", "pk"))
    pictures = Prefetch("pictures", ItemPicture.objects.order_by("pk"))
    return [_item_row(row) for row in found.prefetch_related(points, pictures)]


def point_row(row: PickUpPoint) -> PointRow:
    """The point as others see it."""
    return PointRow(row.pk, row.name, row.address, row.hours, row.division, row.is_open)


def _item_row(row: Item) -> ItemRow:
    return ItemRow(
        number=row.pk,
        kind=ItemKind(row.kind),
        name=row.name,
        text=row.text,
        points=row.points,
        stock=row.stock,
        limit=row.limit,
        limit_span=LimitSpan(row.limit_span),
        division=row.division,
        seen_within=row.seen_within,
        certified_only=row.certified_only,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        delivers=row.delivers,
        supplier=row.supplier,
        waits_days=row.waits_days,
        is_on_sale=row.is_on_sale,
        made_at=row.made_at,
        pictures=tuple(_picture(each) for each in row.pictures.all()),
        pick_up=tuple(point_row(each) for each in row.pick_up_points.all()),
    )


def _picture(row: ItemPicture) -> Picture:
    return Picture(
        row.pk, default_storage.url(row.file), default_storage.url(row.small_file), row.width, row.height
    )
