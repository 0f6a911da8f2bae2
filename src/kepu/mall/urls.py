"""Addresses of the mall's pages for communicators."""

from django.urls import path

from kepu.mall.pages import orders, shop

urlpatterns = [
    path("mall/", shop.mall_page, name="mall"),
    path("mall/<int:item>/", shop.item_page, name="mall_item"),
    path("mall/<int:item>/confirm/", shop.confirm_page, name="mall_confirm"),
    path("mall/orders/", orders.orders_page, name="mall_orders"),
    path("mall/orders/<uuid:order>/", orders.order_page, name="mall_order"),
    path("mall/orders/<uuid:order>/cancel/", orders.cancel_page, name="mall_order_cancel"),
    path("mall/orders/<uuid:order>/code/", orders.code_page, name="mall_order_code"),
]
