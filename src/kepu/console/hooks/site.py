"""本站设置."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import site
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/."""
    return [
        path("site/", site.site_page, name="console_site"),
        path("site/turn/", site.turn_page, name="console_turn"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """本站设置."""
    to = reverse("console_site")
    return AbleItem(Ability.SITE, _("Site settings"), to, name="site", icon_name="site", order=305)
