"""Pictures in published or waiting articles: three people saw them, so their files stay as they are."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm
from wagtail.models import Revision, TaskState
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from kepu.content import blocks, models

_SHOWN = {"file", *(f"focal_point_{each}" for each in ("x", "y", "width", "height"))}
_STAYS = _(
    "This picture stands in an article that is published or under review."
    " Its file cannot be changed or deleted: upload the other picture on its own"
    " and put it into the article, which is then reviewed."
)


def used_pictures(pictures: Collection[int]) -> set[int]:
    """Which of these stand in a published article, or in a version that is reviewed or waits for its day.

    Two queries, and one for each version that waits.
    """
    wanted = set(pictures)
    named = Q(cover__in=wanted)
    for picture in wanted:
        named |= Q(text__contains=f'"image": {picture},') | Q(text__contains=f'"image": {picture}}}')
    live = models.ArticlePage.objects.filter(live=True).annotate(text=Cast("body", TextField()))
    shown = list(live.filter(named))
    reviewed = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).values("revision")
    waiting = Revision.objects.filter(Q(pk__in=reviewed) | Q(approved_go_live_at__isnull=False))
    shown += [revision.as_object() for revision in waiting]
    return {picture for article in shown for picture in _pictures_in(article)} & wanted


class PictureForm(BaseImageForm):
    """Wagtail's form of a picture; that of one in use takes no other file and no other cut."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_used = bool(self.instance.pk and used_pictures([self.instance.pk]))
        if self._is_used and "file" in self.fields:
            self.fields["file"].help_text = _STAYS

    def clean(self) -> dict[str, Any]:
        """What was typed, or why the picture stays as it is."""
        cleaned: dict[str, Any] = super().clean()
        if self._is_used and _SHOWN & set(self.changed_data):
            self.add_error("file", _STAYS)
        return cleaned


class PicturePolicy(CollectionOwnershipPermissionPolicy):
    """As Wagtail has it for pictures, but nobody deletes one that is in use."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Whether this person may; two queries more for deleting."""
        may = bool(super().user_has_permission_for_instance(user, action, instance))
        return may and not (action == "delete" and used_pictures([instance.pk]))


def _pictures_in(article: Any) -> set[int]:
    if not isinstance(article, models.ArticlePage):
        return set()
    return {*blocks.pictures_of(article.body.raw_data), *([article.cover_id] if article.cover_id else [])}
