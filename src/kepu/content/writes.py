"""What becomes true about articles outside the editor's own pages."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page, Site

from kepu.content import blocks, markup, models, samples


@transaction.atomic
def prepare_content() -> None:
    """The site has its article list as root page, and the project's topics. Idempotent.

    Wagtail's own migrations make a tree with a welcome page; that page gives way. A tree that was
    emptied (as tests do) is made anew.
    """
    index = _index()
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": index}
    )
    Page.objects.filter(depth=2, slug="home", numchild=0).exclude(pk=index.pk).delete()
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
