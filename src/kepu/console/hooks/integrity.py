"""异常线索."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import integrity
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    return [
        path("signals/", integrity.signals_page, name="console_signals"),
        path("signals/<id:signal>/", integrity.signal_page, name="console_signal"),
        path("signals/<id:signal>/decide/", integrity.decide_page, name="console_signal_decide"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """异常线索."""
    to = reverse("console_signals")
    return AbleItem(Ability.SIGNALS, _("Signals"), to, name="signals", icon_name="warning", order=128)
