"""读取通知."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import notices
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    return [
        path("notices/", notices.notices_page, name="console_notices"),
        path("notices/begin/", notices.notice_begin_page, name="console_notice_begin"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """读取通知."""
    to = reverse("console_notices")
    return AbleItem(
        Ability.CAMPAIGNS, _("Read a notice"), to, name="notices", icon_name="doc-full", order=165
    )
