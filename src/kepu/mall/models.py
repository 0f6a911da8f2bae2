"""The tables of the mall. Lines of stock and steps of orders are added, never changed."""

from django.db import models
from django.db.models import Q

from kepu.mall.rules import (
    ADDRESS_MAX,
    HOURS_MAX,
    NAME_MAX,
    REASON_MAX,
    SUPPLIER_MAX,
    TEXT_MAX,
    WAITS_DAYS,
    LimitSpan,
    OrderState,
)


class PickUpPoint(models.Model):
    """领取点: where goods are handed over."""

    name = models.CharField(max_length=NAME_MAX)
    address = models.CharField(max_length=ADDRESS_MAX)
    hours = models.CharField(max_length=HOURS_MAX)
    division = models.CharField(max_length=12, db_index=True, help_text="its clerks hand over")
    is_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """What points are exchanged for. `stock` is what may still be ordered: the sum of its `StockChange`s."""

    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=NAME_MAX)
    text = models.CharField(max_length=TEXT_MAX, blank=True)
    points = models.PositiveIntegerField()
    stock = models.IntegerField(default=0)
    limit = models.PositiveIntegerField(default=0, help_text="a person may have; 0: any number")
    limit_span = models.CharField(max_length=5, default=LimitSpan.EVER.value)
    division = models.CharField(max_length=6, help_text="whose officers own it")
    seen_within = models.CharField(max_length=12, help_text="whose people may have it")
    certified_only = models.BooleanField(default=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    delivers = models.BooleanField(default=False)
    pick_up_points = models.ManyToManyField(PickUpPoint, related_name="+")
    supplier = models.CharField(max_length=SUPPLIER_MAX, blank=True)
    waits_days = models.PositiveIntegerField(default=WAITS_DAYS, help_text="a ready pick-up waits so long")
    is_on_sale = models.BooleanField(default=False)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(stock__gte=0), name="stock_never_negative"),
            models.CheckConstraint(condition=Q(points__gte=1), name="item_costs_points"),
        )
        indexes = (
            models.Index(fields=("seen_within", "points"), condition=Q(is_on_sale=True), name="mall_window"),
            models.Index(fields=("division", "-id"), name="items_of_a_division"),
        )

    def __str__(self) -> str:
        return self.name


class ItemPicture(models.Model):
    """A picture of an item, in two sizes as files of the site's storage."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="pictures")
    file = models.CharField(max_length=80)
    small_file = models.CharField(max_length=80)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.file


class Order(models.Model):
    """兑换: one item for one person. `id` is chosen by the form, so that a double click is one order.

    `place` is the division whose clerks hand it over. `book`, `seq`: the spend in the ledger; `refund_…` what
    gave the points back. `missing`: how many points were short.
    """

    id = models.UUIDField(primary_key=True)
    person = models.BigIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="orders", db_index=False)
    item_name = models.CharField(max_length=NAME_MAX)
    kind = models.CharField(max_length=8)
    division = models.CharField(max_length=6)
    place = models.CharField(max_length=12)
    points = models.PositiveIntegerField()
    state = models.CharField(max_length=11, default=OrderState.RESERVED.value)
    way = models.CharField(max_length=8)
    point = models.ForeignKey(PickUpPoint, models.PROTECT, null=True, related_name="+", db_index=False)
    contact_sealed = models.BinaryField(null=True)
    code = models.CharField(max_length=8, blank=True, help_text="to say aloud where it is picked up")
    book = models.IntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    refund_book = models.IntegerField(default=0)
    refund_seq = models.BigIntegerField(default=0)
    refund_tries = models.PositiveIntegerField(default=0, help_text="that the ledger refused")
    missing = models.PositiveIntegerField(default=0)
    reserved_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, help_text="it lies there, or was sent")
    last_day = models.DateField(null=True, help_text="to pick it up, once it lies ready")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[OrderState.RESERVED.value, OrderState.CANCELLED.value]) | Q(seq__gt=0),
                name="paid_by_a_spend",
            ),
            models.UniqueConstraint("code", condition=~Q(code=""), name="order_code_once"),
            models.UniqueConstraint("book", "seq", condition=Q(seq__gt=0), name="spent_once"),
            models.UniqueConstraint(
                "refund_book", "refund_seq", condition=Q(refund_seq__gt=0), name="refunded_once"
            ),
        )
        indexes = (
            models.Index(fields=("person", "-reserved_at"), name="orders_of_a_person"),
            models.Index(fields=("item", "person"), name="orders_of_an_item"),
            models.Index(fields=("division", "state", "-reserved_at"), name="orders_of_an_owner"),
            models.Index(fields=("place", "state", "-reserved_at"), name="orders_of_a_place"),
            models.Index(
                fields=("reserved_at",), condition=Q(state=OrderState.RESERVED.value), name="orders_cut_off"
            ),
            models.Index(
                fields=("ended_at",),
                condition=Q(
                    state__in=[OrderState.CANCELLED.value, OrderState.RETURNED.value],
                    seq__gt=0,
                    refund_seq=0,
                ),
                name="refunds_due",
            ),
            models.Index(
                fields=("ready_at", "ended_at"),
                condition=Q(contact_sealed__isnull=False),
                name="addresses_kept",
            ),
            models.Index(
                fields=("last_day",), condition=Q(state=OrderState.READY.value), name="orders_to_pick_up"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_name} {self.state}"


class OrderStep(models.Model):
    """That an order came into a state, by whose hand. `author` is 0 for the site itself."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="steps", db_index=False)
    state = models.CharField(max_length=11)
    by = models.CharField(max_length=5)
    author = models.BigIntegerField()
    note = models.CharField(max_length=REASON_MAX, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("order", "state", name="order_step_once"),)

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class StockChange(models.Model):
    """One line of an item's stock: what came, went, or was counted to be otherwise.

    `form` is chosen by the form that entered it, so that a double tap is one line.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="changes", db_index=False)
    amount = models.IntegerField()
    cause = models.CharField(max_length=10)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+", db_index=False)
    author = models.BigIntegerField()
    note = models.CharField(max_length=REASON_MAX, blank=True)
    form = models.UUIDField(null=True, unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "order", "cause", condition=Q(order__isnull=False), name="stock_of_order_once"
            ),
        )
        indexes = (models.Index(fields=("item", "-id"), name="stock_lines_newest"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.amount:+d}"


class VoucherCode(models.Model):
    """A code somebody may use elsewhere. Sealed; `digest` keeps it from being loaded twice.

    Bound to an order when that is paid; given free again only if nobody looked at it.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="codes", db_index=False)
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)
    order = models.OneToOneField(Order, models.PROTECT, null=True, related_name="voucher")
    shown_at = models.DateTimeField(null=True)
    loaded_by = models.BigIntegerField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(shown_at=None) | Q(order__isnull=False), name="shown_to_its_buyer"
            ),
        )
        indexes = (
            models.Index(fields=("item", "id"), condition=Q(order=None), name="codes_free"),
            models.Index(fields=("item",), name="codes_of_an_item"),
        )

    def __str__(self) -> str:
        return f"code {self.pk} of item {self.item_id}"
