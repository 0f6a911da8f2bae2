"""代办登记."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import counter
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    one = "counter/<id:number>/"
    return [
        path("counter/", counter.counter_page, name="console_counter"),
        path(one, counter.entry_page, name="console_counter_entry"),
        path(f"{one}code/", counter.code_page, name="console_counter_code"),
        path(f"{one}confirm/", counter.confirm_page, name="console_counter_confirm"),
        path(f"{one}form/", counter.form_page, name="console_counter_form"),
        path(f"{one}drop/", counter.drop_page, name="console_counter_drop"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """代办登记."""
    return AbleItem(
        Ability.COUNTER, _("Counter"), reverse("console_counter"), name="counter", icon_name="user", order=115
    )
