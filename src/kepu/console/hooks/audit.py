"""审计: what staff did, with what Wagtail itself keeps of pages, pictures and the rest."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import receiver
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.timezone import localtime
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


# Kept as they are saved and deleted, with their fields before and after: Wagtail logs neither what changed
# nor what is uploaded or deleted by the dozen.
FOCUS = tuple(f"focal_point_{each}" for each in ("x", "y", "width", "height"))
FIELDS: dict[str, tuple[str, ...]] = {
    "content.Announcement": ("text", "link", "shown_from", "shown_until"),
    "content.Designation": ("article_id", "first_day", "last_day"),
    "content.Topic": ("name", "slug", "position"),
    "wagtailimages.Image": ("title", "description", "file_hash", *FOCUS),
}


@receiver(post_save, sender=PageLogEntry, dispatch_uid="kepu.audit")
@receiver(post_save, sender=ModelLogEntry, dispatch_uid="kepu.audit")
def keep_wagtails(
    instance: PageLogEntry | ModelLogEntry, created: bool, raw: bool = False, **_more: object
) -> None:
    """What somebody did in Wagtail is in the audit in the moment Wagtail logs it, in its transaction.

    Of a page the numbers of its versions: the one before an edit, and the one it is about. What Wagtail does
    by itself, and what is loaded, is nobody's act. Articles are the whole site's. Three queries.
    """
    if not created or raw or not instance.user_id:
        return
    model = instance.content_type.model_class()
    if model is not None and model._meta.label in FIELDS:
        return
    revision = getattr(instance, "revision", None)
    before, after = {}, dict(instance.data or {})
    if revision is not None:
        after["revision"] = revision.pk
        earlier = instance.page.revisions.filter(pk__lt=revision.pk).order_by("-pk")
        if instance.action == "wagtail.edit" and (previous := earlier.first()) is not None:
            before["revision"] = previous.pk
    deeds.keep_wagtails(instance.action, instance.user_id, instance.label, (before, after))


def note_what_stands(sender: type[Model], instance: Any, raw: bool = False, **_more: object) -> None:
    """What is stored is remembered beside what is about to be saved. One query."""
    if deeds.ASKED_BY.get() and not raw:
        stored = sender._default_manager.filter(pk=instance.pk).first() if instance.pk else None
        instance._kept_before = _values(stored) if stored is not None else {}


def keep_saved(instance: Any, created: bool, raw: bool = False, **_more: object) -> None:
    """What somebody made or changed is in the audit with its fields; nothing where none of them changed."""
    if not deeds.ASKED_BY.get() or raw:
        return
    before, after = getattr(instance, "_kept_before", {}), _values(instance)
    changed = {name for name in after if before.get(name) != after[name]}
    if changed:
        act = "wagtail.create" if created else "wagtail.edit"
        _keep_fields(instance, act, {name: before[name] for name in changed & set(before)}, after, changed)


def keep_deleted(instance: Any, **_more: object) -> None:
    """What somebody deleted is in the audit as it was."""
    if deeds.ASKED_BY.get():
        _keep_fields(instance, "wagtail.delete", _values(instance), {}, set())


def _keep_fields(
    instance: Any, act: str, before: dict[str, str], after: dict[str, str], changed: set[str]
) -> None:
    label = f"{capfirst(str(instance._meta.verbose_name))} {instance.pk} {instance}"
    change = (before, {name: after[name] for name in after if name in changed})
    deeds.keep_wagtails(act, deeds.ASKED_BY.get(), label, change)


def _values(instance: Any) -> dict[str, str]:
    """The fields that are kept, as text a person can read; times are of Shanghai."""
    found = {}
    for name in FIELDS[instance._meta.label]:
        value = getattr(instance, name)
        if isinstance(value, datetime):
            value = f"{localtime(value):%Y-%m-%d %H:%M}"
        found[name.removesuffix("_id")] = "" if value is None else str(value)
    return found


for kept in FIELDS:
    pre_save.connect(note_what_stands, sender=kept, dispatch_uid="kepu.audit.before")
    post_save.connect(keep_saved, sender=kept, dispatch_uid="kepu.audit.saved")
    pre_delete.connect(keep_deleted, sender=kept, dispatch_uid="kepu.audit.deleted")
