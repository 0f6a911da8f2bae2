"""积分商城, and 领取 for whoever hands out."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import (
    mall,
    mall_codes,
    mall_hand_over,
    mall_items,
    mall_orders,
    mall_places,
    mall_stock,
)
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    item, order = "mall/items/<id:item>/", "mall/orders/<uuid:order>/"
    return [
        path("mall/", mall.mall_page, name="console_mall"),
        path("mall/items/new/", mall_items.new_page, name="console_mall_item_new"),
        path(item, mall.item_page, name="console_mall_item"),
        path(f"{item}edit/", mall_items.edit_page, name="console_mall_item_edit"),
        path(f"{item}pictures/", mall_items.pictures_page, name="console_mall_pictures"),
        path(f"{item}sale/", mall.sale_page, name="console_mall_sale"),
        path(f"{item}receive/", mall.receive_page, name="console_mall_receive"),
        path(f"{item}codes/", mall_codes.codes_page, name="console_mall_codes"),
        path(f"{item}codes/<str:token>/", mall_codes.keep_page, name="console_mall_codes_keep"),
        path("mall/stock-taking/", mall_stock.stock_taking_page, name="console_mall_stock_taking"),
        path("mall/places/", mall_places.places_page, name="console_mall_places"),
        path("mall/places/new/", mall_places.new_page, name="console_mall_place_new"),
        path("mall/places/<id:place>/", mall_places.edit_page, name="console_mall_place"),
        path("mall/orders/", mall_orders.orders_page, name="console_mall_orders"),
        path("mall/orders/ready/", mall_orders.ready_page, name="console_mall_ready"),
        path("mall/orders/supplier/", mall_orders.supplier_page, name="console_mall_supplier"),
        path(order, mall_orders.order_page, name="console_mall_order"),
        path(f"{order}act/", mall_orders.act_page, name="console_mall_order_act"),
        path(f"{order}address/", mall_orders.address_page, name="console_mall_order_address"),
        # The QR code of an order leads here: see mall.rules.pick_up_path.
        path("mall/pick-up/", mall_hand_over.pick_up_page, name="console_pick_up"),
        path("mall/pick-up/<str:token>/", mall_hand_over.hand_over_page, name="console_hand_over"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def pick_up_item() -> MenuItem:
    """领取."""
    return AbleItem(
        Ability.HAND_OVER,
        _("Hand over"),
        reverse("console_pick_up"),
        name="pick-up",
        icon_name="tag",
        order=116,
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def mall_item() -> MenuItem:
    """积分商城."""
    return AbleItem(
        Ability.MALL, _("Points mall"), reverse("console_mall"), name="mall", icon_name="tag", order=176
    )
