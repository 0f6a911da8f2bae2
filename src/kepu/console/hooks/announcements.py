"""通知."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import announcements
from kepu.console.pages import announcements_stopped as stopped
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    return [
        path("announcements/", announcements.announcements_page, name="console_announcements"),
        path("announcements/write/", announcements.write_page, name="console_announcement_write"),
        path("announcements/send/", announcements.send_page, name="console_announcement_send"),
        path("announcements/<id:number>/", announcements.announcement_page, name="console_announcement"),
        path("announcements/<id:number>/go-on/", stopped.go_on_page, name="console_announcement_go_on"),
        path("announcements/<id:number>/close/", stopped.close_page, name="console_announcement_close"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """通知."""
    to = reverse("console_announcements")
    return AbleItem(
        Ability.ANNOUNCE, _("Announcements"), to, name="announcements", icon_name="mail", order=170
    )
