"""投诉与建议."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import complaints
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    return [
        path("complaints/", complaints.complaints_page, name="console_complaints"),
        path("complaints/<id:complaint>/settle/", complaints.settle_page, name="console_settle"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """投诉与建议."""
    to = reverse("console_complaints")
    return AbleItem(
        Ability.COMPLAINTS, _("Complaints"), to, name="complaints", icon_name="comment", order=120
    )
