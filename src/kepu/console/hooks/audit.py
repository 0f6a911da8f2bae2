"""审计: what staff did, with what Wagtail itself keeps of pages, pictures and the rest."""

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import ModelLogEntry, PageLogEntry

from kepu.console import deeds
from kepu.console.hooks import AbleItem
from kepu.console.pages import audit, unmask
from kepu.people.rules import Ability


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/."""
    return [
        path("audit/", audit.audit_page, name="console_audit"),
        path("audit/export/", audit.export_page, name="console_audit_export"),
        path("people/<id:account>/phone/", unmask.unmask_page, name="console_unmask"),
    ]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """审计."""
    return AbleItem(
        Ability.AUDIT, _("Audit"), reverse("console_audit"), name="audit", icon_name="history", order=310
    )


@receiver(post_save, sender=PageLogEntry, dispatch_uid="kepu.audit")
@receiver(post_save, sender=ModelLogEntry, dispatch_uid="kepu.audit")
def keep_wagtails(
    instance: PageLogEntry | ModelLogEntry, created: bool, raw: bool = False, **_more: object
) -> None:
    """What somebody did in Wagtail is in the audit in the moment Wagtail logs it, in its transaction.

    What Wagtail does by itself, and what is loaded, is nobody's act. Articles are the whole site's.
    """
    if created and not raw and instance.user_id:
        deeds.keep_wagtails(instance.action, instance.user_id, instance.label, instance.data or {})
