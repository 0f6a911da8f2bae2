"""审稿, 今日必读, importing articles; and Wagtail's own menu without what staff do not need."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.choosers import (
    AnchorLinkChooserForm,
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
    URLOrAbsolutePathField,
)
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from kepu.console.hooks import AbleItem
from kepu.console.pages import articles, feeds, writing
from kepu.console.scope import is_able
from kepu.people.rules import Ability


class Address(URLOrAbsolutePathField):
    """The address of a link; one that was not sent at all is an empty one, where Wagtail's breaks."""

    def to_python(self, value: str | None) -> str:
        """As it was typed."""
        return str(super().to_python(value or ""))


ExternalLinkChooserForm.base_fields["url"] = Address(
    required=True, label=ExternalLinkChooserForm.base_fields["url"].label
)
# Wagtail gives this field no label, so that Django would make an English one of its name.
for form in (ExternalLinkChooserForm, EmailLinkChooserForm, PhoneLinkChooserForm, AnchorLinkChooserForm):
    form.base_fields["link_text"].label = _("Text of the link")


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def urls() -> list[URLPattern]:
    """Addresses under /admin/; Wagtail lets only members of staff in."""
    return [
        path("articles/reviews/", articles.reviews_page, name="console_reviews"),
        path("articles/reviews/<id:state>/", articles.review_page, name="console_review"),
        path("articles/reviews/<id:state>/decide/", articles.decide_page, name="console_review_decide"),
        path("articles/mine/", writing.writing_page, name="console_writing"),
        path("articles/write/", writing.write_page, name="console_write"),
        path("articles/days/", articles.days_page, name="console_article_days"),
        path("articles/feeds/", feeds.feeds_page, name="console_feeds"),
        path("articles/feeds/add/", feeds.add_feed_page, name="console_feed_add"),
        path("articles/feeds/link/", feeds.fetch_link_page, name="console_feed_link"),
        path("articles/feeds/<id:feed>/fetch/", feeds.fetch_feed_page, name="console_feed_fetch"),
        path("articles/feeds/<id:feed>/remove/", feeds.remove_feed_page, name="console_feed_remove"),
        path(
            "articles/<id:article>/statistics/", articles.statistics_page, name="console_article_statistics"
        ),
        path("articles/<id:article>/withdraw/", articles.withdraw_page, name="console_article_withdraw"),
        path("articles/<id:article>/emergency/", articles.emergency_page, name="console_article_emergency"),
    ]


class ReviewItem(MenuItem):
    """审稿, for whoever decides at a step."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person's scopes give one of the three steps. One query a request."""
        return any(is_able(request, ability) for ability in articles.STEP_ABILITIES)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def review_item() -> MenuItem:
    """审稿."""
    to = reverse("console_reviews")
    return ReviewItem(_("Review of articles"), to, name="reviews", icon_name="glasses", order=180)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def writing_item() -> MenuItem:
    """我的稿件."""
    to = reverse("console_writing")
    return AbleItem(Ability.WRITE, _("My articles"), to, name="writing", icon_name="edit", order=185)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def days_item() -> MenuItem:
    """今日必读."""
    to = reverse("console_article_days")
    name = _("Must-reads of the day")
    return AbleItem(Ability.WRITE, name, to, name="article-days", icon_name="calendar-check", order=220)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def feeds_item() -> MenuItem:
    """导入文章."""
    to = reverse("console_feeds")
    return AbleItem(Ability.WRITE, _("Import of articles"), to, name="feeds", icon_name="download", order=240)


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]
def to_statistics(page: Any, user: object, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From an article that was published to its statistics, where it can be withdrawn."""
    if page.depth > 2 and page.first_published_at:
        yield Button(
            _("Statistics and withdrawal"),
            reverse("console_article_statistics", args=(page.pk,)),
            icon_name="list-ul",
            priority=60,
        )


@hooks.register("construct_help_menu")  # type: ignore[untyped-decorator]
def no_news_of_wagtail(_request: HttpRequest, items: list[MenuItem]) -> None:
    """What is new in Wagtail, and its guide for editors, lie on its own English site."""
    items.clear()


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]
def no_list_of_snippets(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Each kind of snippet has its own line, or a page of ours that leads to it."""
    items[:] = [item for item in items if item.name != "snippets"]


@hooks.register("construct_reports_menu")  # type: ignore[untyped-decorator]
def no_reports_of_wagtail(_request: HttpRequest, items: list[MenuItem]) -> None:
    """The dashboard, the audit and the statistics of articles say what Wagtail's reports would."""
    items.clear()
