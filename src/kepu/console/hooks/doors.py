"""我的登录: the second factor and sessions of everybody on the staff."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.pages import doors


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; those at the door itself the gate leaves open."""
    return [
        path("second-factor/", doors.second_factor_page, name="console_second_factor"),
        path("second-factor/set-up/", doors.set_up_page, name="console_set_up"),
        path("sessions/", doors.sessions_page, name="console_sessions"),
        path("sessions/<id:session>/end/", doors.end_session_page, name="console_session_end"),
        path("sessions/end-others/", doors.end_others_page, name="console_sessions_end_others"),
    ]


class StaffItem(MenuItem):
    """A line of the menu for whoever holds a role."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person is staff."""
        return bool(request.user.is_staff)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """我的登录."""
    return StaffItem(
        _("My sessions"), reverse("console_sessions"), name="sessions", icon_name="key", order=890
    )
