"""积分规则."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import points_site
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/."""
    return [
        path("points/", points_site.points_site_page, name="console_points_site"),
        path("points/expiry/", points_site.declare_expiry_page, name="console_points_expiry"),
        path("points/levels/", points_site.declare_levels_page, name="console_points_levels"),
        path("points/badges/", points_site.declare_badges_page, name="console_points_badges"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """积分规则."""
    to = reverse("console_points_site")
    return AbleItem(Ability.SITE, _("Rules of points"), to, name="points", icon_name="cog", order=310)
