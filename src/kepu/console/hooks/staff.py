"""人员与权限."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import staff
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/."""
    one = "staff/<id:account>/"
    return [
        path("staff/", staff.staff_page, name="console_staff"),
        path("staff/give/", staff.appoint_page, name="console_appoint"),
        path(one, staff.member_page, name="console_staff_member"),
        path(f"{one}take/", staff.dismiss_page, name="console_dismiss"),
        path(f"{one}wake/", staff.wake_page, name="console_wake"),
        path(f"{one}second-factor/off/", staff.reset_page, name="console_factor_off"),
        path(f"{one}sessions/end/", staff.end_sessions_page, name="console_end_sessions"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """人员与权限."""
    to = reverse("console_staff")
    return AbleItem(Ability.STAFF, _("Staff and roles"), to, name="staff", icon_name="group", order=300)
