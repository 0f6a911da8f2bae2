"""Articles as Wagtail pages, their topics, and the tokens a search looks up."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel, PublishingPanel
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.models import Page
from wagtail.search import index

from kepu.content import blocks, covers, pictures, rules, values, words
from kepu.content.models.reviewing import writers
from kepu.content.models.turns import ArticleTurn
from kepu.content.permissions import ReviewedPermissions

TITLE_WEIGHT, TOPIC_WEIGHT, SUMMARY_WEIGHT, BODY_WEIGHT = 24, 8, 8, 1


class Topic(models.Model):  # type: ignore[django-manager-missing]
    """主题: one shelf of articles."""

    name = models.CharField(_("topic name"), max_length=20, unique=True)
    slug = models.SlugField(
        _("address word"),
        max_length=40,
        unique=True,
        help_text=_("Letters a to z, digits and hyphens. It stands in addresses: do not change it."),
    )
    position = models.PositiveSmallIntegerField(
        _("place in the order"), default=0, help_text=_("Smaller numbers come first.")
    )

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the row, and let its articles be found under the name it has now."""
        super().save(*args, **kwargs)
        for article in ArticlePage.objects.filter(topic=self, live=True).select_related("topic"):
            article.index_words()


class ArticleIndex(Page):
    """The one page under which every article hangs; readers see the app's own list instead."""

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["content.ArticlePage"]
    content_panels: ClassVar[list[Panel]] = [FieldPanel("title")]
    promote_panels: ClassVar[list[Panel]] = []
    settings_panels: ClassVar[list[Panel]] = []
    preview_modes: ClassVar[list[tuple[str, str]]] = []
    private_page_options: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("article list")

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """The site's front page."""
        return _own_address(super().get_url_parts(request), "/")

    def permissions_for_user(self, user: Any) -> ReviewedPermissions:
        """Nobody publishes past the review."""
        return ReviewedPermissions(user, self)

    def serve(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """A redirect to the site's front page."""
        return HttpResponseRedirect("/")


class ArticlePage(Page):
    """文章. Wagtail's `live` says whether it is published; a withdrawn one keeps its id and its revisions."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="articles", verbose_name=_("topic"))
    cover = models.ForeignKey(
        Image,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded cover"),
        help_text=_("A photograph at least 640 × 360; it takes the place of a drawn cover."),
    )
    drawn_cover = models.CharField(
        _("drawn cover"), max_length=40, blank=True, choices=covers.choices, default=covers.OTHERWISE
    )
    summary = models.TextField(
        _("article summary"),
        validators=[MaxLengthValidator(rules.SUMMARY_CHARS_MAX)],
        help_text=_("One or two sentences, 40 to 80 characters: what the reader will be able to do."),
    )
    author = models.CharField(_("article author"), max_length=40)
    source = models.CharField(
        _("origin of the article"),
        max_length=80,
        help_text=_("Who first published it, or that it is original."),
    )
    source_url = models.URLField(
        _("address of the original"),
        max_length=500,
        blank=True,
        help_text=_("Where it was first published, when it is on the net; printed with the article."),
    )
    correction = models.CharField(
        _("correction"),
        max_length=rules.REASON_CHARS_MAX,
        blank=True,
        help_text=_(
            "Only for a published article that said something wrong: what was wrong and is right now."
            " It is printed, and whoever shared the article is told. Leave it empty otherwise."
        ),
    )
    corrected_at = models.DateTimeField(null=True, editable=False)
    reviewers = models.CharField(_("article reviewers"), max_length=80, blank=True, editable=False)
    body = StreamField(blocks.body_blocks(), verbose_name=_("article body"))
    references = StreamField(
        [("reference", blocks.ReferenceBlock())],
        verbose_name=_("article references"),
        help_text=_("At least one: a standard, a law, a guideline or a paper a reader can look up."),
    )

    parent_page_types: ClassVar[list[str]] = ["content.ArticleIndex"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Panel]] = [
        FieldPanel("title"),
        FieldPanel("summary"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("topic", "author", "source", "source_url")],
            heading=_("Where it belongs"),
        ),
        MultiFieldPanel([FieldPanel("drawn_cover"), FieldPanel("cover")], heading=_("Cover")),
        FieldPanel("body"),
        FieldPanel("references"),
        FieldPanel("correction"),
    ]
    promote_panels: ClassVar[list[Panel]] = []
    settings_panels: ClassVar[list[Panel]] = [PublishingPanel()]
    private_page_options: ClassVar[list[str]] = []
    page_description = _("A popular-science article that communicators can share.")
    # The back office searches with the database's own engine, which knows words by their spaces.
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.AutocompleteField("title_tails"),
        index.FilterField("topic_id"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Where the app shows this article."""
        return _own_address(super().get_url_parts(request), rules.article_path(self.pk or 0))

    def serve(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """A redirect to where the app shows this article."""
        return HttpResponseRedirect(rules.article_path(self.pk))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The article as it stands in the editor, with the parts its public page is made of."""
        self.reviewers = ""  # those of the version before
        self.make_sizes()
        shown = values.article_of(self, rules.Marks(0, liked=False, saved=False))
        return TemplateResponse(request, "content/preview.html", {"article": shown})

    def permissions_for_user(self, user: Any) -> ReviewedPermissions:
        """Nobody publishes past the review."""
        return ReviewedPermissions(user, self)

    def writers(self) -> set[int]:
        """Every account that wrote a version of this article. One query."""
        return writers(self)

    def title_tails(self) -> str:
        """The title for the back office's search, to be found by any piece of it."""
        return words.tails(self.title)

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the page; when it is live, its words can be found and its pictures have their sizes.

        Wagtail publishes, withdraws and imports through here. A draft saved over a live page keeps
        only a revision and a few named fields: then nothing changes for readers.
        """
        whole = kwargs.get("update_fields") is None
        if whole and self.live and self.pk:
            self._note_correction()
        super().save(*args, **kwargs)
        if not whole:
            return
        if self.live:
            self.index_words()
            self.make_sizes()
        else:
            self.tokens.all().delete()

    def make_sizes(self) -> None:
        """The pictures of this version, published or not, have the sizes that its page shows."""
        pictures.make_sizes(self.cover_id, blocks.pictures_of(self.body.raw_data))

    def _note_correction(self) -> None:
        """A correction that readers see for the first time is a turn of the article. Two queries at most."""
        self.corrected_at = None
        if not self.correction or self.last_published_at == self.first_published_at:
            return
        by = self.live_revision.user_id if self.live_revision else None
        turn, _made = ArticleTurn.objects.get_or_create(
            article=self,
            turn=rules.Turn.CORRECTED,
            words=self.correction,
            defaults={"at": self.last_published_at, "by": by or 0},
        )
        self.corrected_at = turn.at

    def index_words(self) -> None:
        """Put this article's tokens in place of those it had. Two queries."""
        body = "\n".join(blocks.texts_of(self.body.raw_data))
        fields = (
            (self.title, TITLE_WEIGHT),
            (self.topic.name, TOPIC_WEIGHT),
            (self.summary, SUMMARY_WEIGHT),
            (body, BODY_WEIGHT),
        )
        tokens = words.weighted_tokens(fields)
        self.tokens.all().delete()
        ArticleToken.objects.bulk_create(
            (ArticleToken(article=self, token=token, weight=weight) for token, weight in tokens.items()),
            batch_size=500,
        )


class ArticleToken(models.Model):
    """One token of one live article, with how much its presence says; see `words`."""

    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="tokens", db_index=False)
    token = models.CharField(max_length=words.TOKEN_CHARS_MAX)
    weight = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("article", "token", name="token_once_an_article"),)
        indexes = (models.Index("token", "article", "weight", name="article_by_token"),)

    def __str__(self) -> str:
        return self.token


class Designation(models.Model):
    """今日必读: an article that everybody is asked to read on some days, at most three on any day."""

    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="+", verbose_name=_("article"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), help_text=_("Included; the same as the first for one day."))

    class Meta:
        ordering = ("-first_day", "-pk")
        indexes = (models.Index("last_day", "first_day", name="designation_by_day"),)
        verbose_name = _("must-read of the day")
        verbose_name_plural = _("must-reads of the day")

    def __str__(self) -> str:
        return f"{self.article.title} {self.first_day:%Y-%m-%d}"

    def clean(self) -> None:
        """Refuse days that end before they begin, and a day that already has its articles."""
        super().clean()
        if self.first_day is None or self.last_day is None:
            return
        if self.last_day < self.first_day:
            raise ValidationError({"last_day": _("It must not be before the first day.")})
        others = Designation.objects.exclude(pk=self.pk).filter(
            first_day__lte=self.last_day, last_day__gte=self.first_day
        )
        taken = [rules.Days(*days) for days in others.values_list("first_day", "last_day")]
        full = rules.crowded_day(rules.Days(self.first_day, self.last_day), taken)
        if full:
            trouble = _("%(day)s has three articles already; choose other days.")
            raise ValidationError({"first_day": trouble % {"day": full.isoformat()}})


class Announcement(models.Model):
    """通知: one sentence on top of the first page, from a moment to another."""

    text = models.CharField(
        _("announcement text"),
        max_length=rules.ANNOUNCEMENT_CHARS_MAX,
        help_text=_("One sentence that everybody understands."),
    )
    link = models.CharField(
        _("announcement link"),
        max_length=200,
        blank=True,
        help_text=_("An address of this site such as /a/12/. May be empty."),
    )
    shown_from = models.DateTimeField(_("shown from"))
    shown_until = models.DateTimeField(_("shown until"))

    class Meta:
        ordering = ("-shown_from", "-pk")
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse an end that is not after the beginning, and a link that leads to another site.

        Nobody reviews an announcement, and it stands before everybody.
        """
        super().clean()
        self.link = rules.own_path(self.link, settings.WAGTAILADMIN_BASE_URL)
        if self.link and not rules.is_own_path(self.link):
            trouble = _("It must lead to a page of this site, such as /a/12/.")
            raise ValidationError({"link": trouble})
        if self.shown_from and self.shown_until and self.shown_until <= self.shown_from:
            raise ValidationError({"shown_until": _("It must be after the beginning.")})


class SavedArticle(models.Model):
    """收藏: one account keeps one article to find it again. The account is a number of room people."""

    account = models.PositiveBigIntegerField()
    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("account", "article", name="saved_once_an_account"),)
        indexes = (models.Index("account", "saved_at", name="saved_by_account"),)

    def __str__(self) -> str:
        return f"{self.account} {self.article_id}"


class LikedArticle(models.Model):
    """赞: one account likes one article, once."""

    account = models.PositiveBigIntegerField()
    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="+")
    liked_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("account", "article", name="liked_once_an_account"),)

    def __str__(self) -> str:
        return f"{self.account} {self.article_id}"


def _own_address(parts: tuple[int, str | None, str | None] | None, path: str) -> tuple[int, str, str] | None:
    # Wagtail gives None for a page outside every site; its own addresses are not in use here.
    return parts and (parts[0], settings.WAGTAILADMIN_BASE_URL, path)
