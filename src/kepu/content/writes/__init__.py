"""What becomes true about articles outside the editor's own pages."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from wagtail.models import Locale, Page, Site

from kepu.content import blocks, markup, models, samples
from kepu.content.rules import DESIGNATED_PER_DAY_MAX, article_path
from kepu.content.writes.reviewing import prepare_review
from kepu.kit.clock import day_of

SITE_NAME = "全站"


@transaction.atomic
def prepare_content() -> None:
    """The site has its article list as root page, its review and the project's topics. Idempotent.

    Wagtail's own migrations make a tree with a welcome page; that page gives way. A tree that was
    emptied (as tests do) is made anew.
    """
    index = _index()
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": index, "site_name": SITE_NAME},
    )
    Page.objects.filter(depth=2, slug="home", numchild=0).exclude(pk=index.pk).delete()
    Page.objects.filter(depth=1).update(title=SITE_NAME, draft_title=SITE_NAME)
    prepare_review(index)
    for position, (slug, name) in enumerate(samples.TOPICS):
        models.Topic.objects.get_or_create(slug=slug, defaults={"name": name, "position": position})


@transaction.atomic
def load_sample_articles(now: datetime) -> int:
    """The project's own articles are there, published in the days before `now`; how many were added.

    Idempotent: an article is known by its slug, and one that an editor changed or withdrew stays so.
    """
    prepare_content()
    index = _index()
    topics = {topic.slug: topic for topic in models.Topic.objects.all()}
    present = set(index.get_children().values_list("slug", flat=True))
    missing = [(age, one) for age, one in enumerate(samples.samples()) if one.slug not in present]
    # Oldest first, so that ids grow with the time of publication.
    for age, one in reversed(missing):
        index.add_child(instance=_page(one, topics[one.topic], now - timedelta(days=age)))
    return len(missing)


@transaction.atomic
def renew_sample_articles(now: datetime) -> int:
    """The project's own articles say that they were revised in the days before `now`; how many do since.

    Their texts rest on sources of today: on a site that plays a year long past they were first published
    then and are kept up to date. One that was published again since it was loaded is left alone.
    """
    renewed = 0
    for age, one in enumerate(samples.samples()):
        as_loaded = models.ArticlePage.objects.filter(slug=one.slug, live=True)
        renewed += as_loaded.filter(last_published_at=F("first_published_at")).update(
            last_published_at=now - timedelta(days=age)
        )
    return renewed


@transaction.atomic
def load_sample_days(now: datetime) -> None:
    """Three of the project's own articles are designated for each of the next weeks, and one is announced.

    Idempotent: where an editor or an earlier call designated or announced anything, nothing is added.
    """
    articles = list(models.ArticlePage.objects.filter(live=True).order_by("pk"))
    if models.Designation.objects.exists() or models.Announcement.objects.exists() or not articles:
        return
    today, size = day_of(now), DESIGNATED_PER_DAY_MAX
    for week in range(samples.DESIGNATED_WEEKS):
        first = today + timedelta(weeks=week)
        for place in range(week * size, week * size + size):
            models.Designation.objects.create(
                article=articles[place % len(articles)], first_day=first, last_day=first + timedelta(days=6)
            )
    announced = next((one for one in articles if one.slug == samples.ANNOUNCED), articles[0])
    models.Announcement.objects.create(
        text=samples.ANNOUNCEMENT,
        link=article_path(announced.pk),
        shown_from=now,
        shown_until=now + timedelta(weeks=samples.DESIGNATED_WEEKS),
    )


def save_article(account: int, article: int, now: datetime) -> bool:
    """The account has saved the article; False where no such article is published. At most four queries."""
    if not _is_published(article):
        return False
    models.SavedArticle.objects.get_or_create(account=account, article_id=article, defaults={"saved_at": now})
    return True


def unsave_article(account: int, article: int) -> None:
    """The article is not among those the account saved. One query."""
    models.SavedArticle.objects.filter(account=account, article__in=_numbered(article)).delete()


def like_article(account: int, article: int, now: datetime) -> bool:
    """The account likes the article; False where no such article is published. At most four queries."""
    if not _is_published(article):
        return False
    models.LikedArticle.objects.get_or_create(account=account, article_id=article, defaults={"liked_at": now})
    return True


def unlike_article(account: int, article: int) -> None:
    """The account does not like the article. One query."""
    models.LikedArticle.objects.filter(account=account, article__in=_numbered(article)).delete()


@transaction.atomic
def forget(account: int) -> None:
    """Nothing here says what this account saved or liked. Two queries."""
    models.SavedArticle.objects.filter(account=account).delete()
    models.LikedArticle.objects.filter(account=account).delete()


def _numbered(article: int) -> Any:
    # A number too large for the database is just not found through the parent's own field.
    return models.ArticlePage.objects.filter(id=article)


def _is_published(article: int) -> bool:
    found: bool = _numbered(article).filter(live=True).exists()
    return found


def _index() -> Any:
    index = models.ArticleIndex.objects.first()
    if index is not None:
        return index
    Locale.objects.get_or_create(language_code="zh-hans")
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    return root.add_child(instance=models.ArticleIndex(title="文章", slug="articles"))


def _page(sample: samples.Sample, topic: models.Topic, at: datetime) -> Any:
    text = {"type": "text", "value": markup.html_of(sample.text)}
    return models.ArticlePage(
        title=sample.title,
        slug=sample.slug,
        topic=topic,
        drawn_cover=sample.cover,
        summary=sample.summary,
        author=samples.AUTHOR,
        source=samples.SOURCE,
        body=[text, *(blocks.stored_quiz(quiz) for quiz in sample.quizzes)],
        references=[blocks.stored_reference(reference) for reference in sample.references],
        live=True,
        first_published_at=at,
        last_published_at=at,
        latest_revision_created_at=at,
    )
