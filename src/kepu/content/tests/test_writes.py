"""Loading the project's own articles, publishing, withdrawing, renaming."""

from datetime import UTC, datetime, timedelta

import pytest
from wagtail.models import Page, Site

from kepu.content import models, reads, writes
from kepu.content.tests.written import AT, article

pytestmark = pytest.mark.django_db


def test_the_twenty_articles_are_loaded_once_and_none_lies_in_the_future():
    assert writes.load_sample_articles(AT) == 20
    cards = reads.articles(size=100).rows
    assert len(cards) == 20
    assert max(card.published_at for card in cards) == AT
    assert [card.id for card in cards] == sorted((card.id for card in cards), reverse=True)
    assert writes.load_sample_articles(AT + timedelta(days=9)) == 0
    assert reads.articles(size=100).rows == cards


def test_loading_again_leaves_an_editors_work_alone():
    writes.load_sample_articles(AT)
    page = models.ArticlePage.objects.get(slug="stroke")
    page.unpublish()
    changed = models.ArticlePage.objects.get(slug="falls")
    changed.title = "改过的题目"
    changed.save()
    assert writes.load_sample_articles(AT) == 0
    assert page.pk not in reads.published_ids()
    assert reads.titles([changed.pk]) == {changed.pk: "改过的题目"}


def test_the_articles_of_a_past_year_are_revised_and_rest_on_no_source_of_the_future():
    """A site that plays 2021 publishes them before it; their sources of 2023 and later belong to today."""
    today = datetime(2026, 7, 3, 4, 0, tzinfo=UTC)
    writes.load_sample_articles(datetime(2020, 12, 31, tzinfo=UTC))
    assert not any(card.is_revised for card in reads.articles(size=100).rows)
    again = models.ArticlePage.objects.get(slug="falls")
    again.last_published_at = datetime(2025, 1, 1, tzinfo=UTC)
    again.save()
    assert writes.renew_sample_articles(today) == 19
    cards = reads.articles(size=100).rows
    assert {card.published_at.year for card in cards} == {2020}
    assert sorted(card.revised_at for card in cards)[1:] == [
        today - timedelta(days=age) for age in range(19, -1, -1) if age != 2
    ]
    assert [card.revised_at.year for card in cards if card.id == again.pk] == [2025]
    for card in cards:
        article = reads.article(card.id)
        assert all(int(source.year or 0) <= card.revised_at.year for source in article.references)
    assert writes.renew_sample_articles(today) == 0


def test_the_article_list_is_the_sites_root():
    writes.prepare_content()
    writes.prepare_content()
    index = models.ArticleIndex.objects.get()
    assert Site.objects.get().root_page_id == index.pk
    assert list(Page.objects.filter(depth=2)) == [index.page_ptr]
    assert len(reads.topics()) == 6


def test_an_emptied_tree_is_made_anew():
    Page.objects.all().delete()
    assert not Site.objects.exists()
    writes.prepare_content()
    assert Site.objects.get().is_default_site


def test_a_withdrawn_article_leaves_every_read_but_keeps_its_title():
    page = article("地震来了")
    page.unpublish()
    assert reads.article(page.pk) is None
    assert reads.articles().rows == reads.articles(query="地震").rows == []
    assert page.pk not in reads.published_ids()
    assert reads.titles([page.pk]) == {page.pk: "地震来了"}
    assert not models.ArticleToken.objects.exists()


def test_publishing_it_again_brings_it_back():
    page = article("地震来了")
    page.unpublish()
    page.save_revision().publish()
    assert [card.id for card in reads.articles(query="地震").rows] == [page.pk]


def test_a_draft_over_a_live_article_changes_nothing_for_readers():
    page = article("地震来了")
    page.title = "山洪来了"
    draft = page.save_revision()
    assert reads.article(page.pk).title == "地震来了"
    assert reads.articles(query="山洪").rows == []
    draft.publish()
    assert reads.articles(query="地震").rows == []
    assert [card.title for card in reads.articles(query="山洪").rows] == ["山洪来了"]


def test_a_renamed_topic_is_found_under_its_new_name():
    page = article("地震来了")
    topic = models.Topic.objects.get(slug="health")
    topic.name = "平安乡村"
    topic.save()
    assert [card.id for card in reads.articles(query="平安").rows] == [page.pk]
    assert reads.articles(query="健康").rows == []


def test_a_deleted_article_takes_its_tokens_along():
    article("地震来了").delete()
    assert not models.ArticleToken.objects.exists()
