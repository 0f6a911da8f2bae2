"""What the back office's menu shows of this room."""

from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.images.models import Image
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from kepu.content.models import Announcement, Designation, Topic
from kepu.content.used_pictures import PicturePolicy


class AsForArticles(ModelPermissionPolicy):
    """Whoever may write articles may do everything with this; nobody else may do anything."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the person writes articles, whatever the action."""
        return bool(PagePermissionPolicy().user_has_permission(user, "add"))


class OnlyChooses(SnippetChooserViewSet):
    """A chooser without an address for making another one: Wagtail's breaks where there is no form for it."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """Wagtail's addresses but for that one."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class TopicViewSet(SnippetViewSet):
    """Topics, in their own order."""

    model = Topic
    chooser_viewset_class = OnlyChooses
    icon = "tag"
    menu_label = _("Topics")
    menu_order = 210
    add_to_admin_menu = True
    list_display = ("name", "position")
    ordering = ("position",)
    panels = (FieldPanel("name"), FieldPanel("slug"), FieldPanel("position"))


class DesignationViewSet(SnippetViewSet):
    """今日必读, the latest days first."""

    model = Designation
    chooser_viewset_class = OnlyChooses
    icon = "calendar-check"
    add_to_admin_menu = False  # the console's calendar leads here
    list_display = ("article", "first_day", "last_day")
    panels = (
        PageChooserPanel("article", "content.ArticlePage"),
        FieldPanel("first_day"),
        FieldPanel("last_day"),
    )


class AnnouncementViewSet(SnippetViewSet):
    """通知, the latest first."""

    model = Announcement
    chooser_viewset_class = OnlyChooses
    icon = "info-circle"
    menu_label = _("Announcements")
    menu_order = 230
    add_to_admin_menu = True
    list_display = ("text", "shown_from", "shown_until")
    panels = (FieldPanel("text"), FieldPanel("link"), FieldPanel("shown_from"), FieldPanel("shown_until"))


# Exactly: Wagtail's own app registers its policy for pictures after this one.
pictures = PicturePolicy(Image, auth_model=Image, owner_field_name="uploaded_by_user")
register_permission_policy(Image, pictures, exact_class=True)
for viewset in (TopicViewSet, DesignationViewSet, AnnouncementViewSet):
    register_permission_policy(viewset.model, AsForArticles(viewset.model))
    register_snippet(viewset)


@hooks.register("construct_admin_api")  # type: ignore[untyped-decorator]
def name_an_address_for_documents(router: WagtailAPIRouter) -> None:
    """The back office has the address that Wagtail 8 asks for on every page; the app `documents` is not here.

    It answers with pages, as its neighbour does. See docs/decisions/0014.
    """
    router.register_endpoint("documents", PagesAdminAPIViewSet)
