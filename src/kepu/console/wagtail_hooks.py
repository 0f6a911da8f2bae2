"""What the back office's menu and addresses get from this room."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kepu.console.pages import certifications
from kepu.people import reads
from kepu.people.rules import reviewed_divisions


def certification_urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    one = "certifications/<int:account>/"
    return [
        path("certifications/", certifications.queue_page, name="console_certifications"),
        path(one, certifications.certification_page, name="console_certification"),
        path(f"{one}approve/", certifications.approve_page, name="console_approve"),
        path(f"{one}return/", certifications.return_page, name="console_return"),
        path(f"{one}revoke/", certifications.revoke_page, name="console_revoke"),
        path(f"{one}backbone/", certifications.backbone_page, name="console_backbone"),
    ]


class CertificationsItem(MenuItem):
    """Shown to those who review somewhere."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person's scopes let them review. One query."""
        return bool(reviewed_divisions(reads.scopes_of(int(request.user.pk or 0))))


def certifications_item() -> MenuItem:
    """实名认证."""
    to = reverse("console_certifications")
    return CertificationsItem(
        _("Certifications"), to, name="certifications", icon_name="circle-check", order=110
    )


hooks.register("register_admin_urls", certification_urls)
hooks.register("register_admin_menu_item", certifications_item)
