"""What the back office's menu shows of this room."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from kepu.content.models import Topic


class TopicViewSet(SnippetViewSet):
    """Topics, in their own order."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_order = 210
    add_to_admin_menu = True
    list_display = ("name", "slug", "position")
    ordering = ("position",)
    panels = (FieldPanel("name"), FieldPanel("slug"), FieldPanel("position"))


register_snippet(TopicViewSet)
