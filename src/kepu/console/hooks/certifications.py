"""实名认证."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.hooks import AbleItem
from kepu.console.pages import certification, certifications
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    one = "certifications/<id:account>/"
    return [
        path("certifications/", certifications.queue_page, name="console_certifications"),
        path("certifications/approve/", certifications.approve_many_page, name="console_approve_many"),
        path(one, certification.certification_page, name="console_certification"),
        path(f"{one}approve/", certification.approve_page, name="console_approve"),
        path(f"{one}return/", certification.return_page, name="console_return"),
        path(f"{one}revoke/", certification.revoke_page, name="console_revoke"),
        path(f"{one}backbone/", certification.backbone_page, name="console_backbone"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """实名认证."""
    to = reverse("console_certifications")
    return AbleItem(
        Ability.CERTIFY, _("Certifications"), to, name="certifications", icon_name="circle-check", order=110
    )
