"""What accounts saved and liked: each once, found again, counted, and forgotten when an account closes."""

from datetime import timedelta

import pytest

from kepu.content import models, reads, writes
from kepu.content.rules import Marks
from kepu.content.tests.written import AT, article

pytestmark = pytest.mark.django_db
WANG, LI = 7, 8


def test_a_like_counts_once_an_account(django_assert_num_queries):
    page = article("地震来了")
    for account in (WANG, WANG, LI):
        assert writes.like_article(account, page.pk, AT)
    with django_assert_num_queries(1):
        assert reads.article(page.pk, WANG).marks == Marks(2, liked=True, saved=False)
    with django_assert_num_queries(1):
        assert reads.marks(page.pk, WANG) == Marks(2, liked=True, saved=False)
    assert reads.article(page.pk).marks == Marks(2, liked=False, saved=False)
    writes.unlike_article(WANG, page.pk)
    writes.unlike_article(WANG, page.pk)
    assert reads.marks(page.pk, WANG) == Marks(1, liked=False, saved=False)


def test_likes_of_one_article_are_not_those_of_another():
    page, other = article("地震来了"), article("山洪来了")
    writes.like_article(WANG, other.pk, AT)
    writes.save_article(WANG, other.pk, AT)
    assert reads.marks(page.pk, WANG) == Marks(0, liked=False, saved=False)


def test_what_was_saved_last_comes_first_in_pages(django_assert_num_queries):
    pages = [article(f"文章{place}") for place in range(3)]
    for place, page in enumerate(pages):
        writes.save_article(WANG, page.pk, AT + timedelta(minutes=place))
    writes.save_article(WANG, pages[0].pk, AT + timedelta(hours=1))
    writes.save_article(LI, pages[0].pk, AT)
    with django_assert_num_queries(1):
        first = reads.saved(WANG, size=2)
    rest = reads.saved(WANG, start=first.next_start, size=2)
    assert [card.title for card in (*first.rows, *rest.rows)] == ["文章2", "文章1", "文章0"]
    assert rest.next_start is None
    writes.unsave_article(WANG, pages[1].pk)
    assert [card.title for card in reads.saved(WANG).rows] == ["文章2", "文章0"]
    assert reads.marks(pages[0].pk, LI).saved


@pytest.mark.parametrize("number", [0, 999_999, 2**70])
def test_what_is_not_published_is_neither_saved_nor_liked(number):
    hidden = article("还没发", live=False)
    for unknown in (number, hidden.pk):
        assert not writes.save_article(WANG, unknown, AT)
        assert not writes.like_article(WANG, unknown, AT)
        assert reads.marks(unknown, WANG) is None
        writes.unsave_article(WANG, unknown)
        writes.unlike_article(WANG, unknown)
    assert not models.SavedArticle.objects.exists()
    assert not models.LikedArticle.objects.exists()


def test_a_withdrawn_article_leaves_the_list_and_comes_back():
    page = article("地震来了")
    writes.save_article(WANG, page.pk, AT)
    page.unpublish()
    assert reads.saved(WANG).rows == []
    page.save_revision().publish()
    assert [card.id for card in reads.saved(WANG).rows] == [page.pk]


def test_a_closed_account_is_forgotten_and_nobody_else(django_assert_num_queries):
    page = article("地震来了")
    for account in (WANG, LI):
        writes.like_article(account, page.pk, AT)
        writes.save_article(account, page.pk, AT)
    writes.forget(WANG)
    assert reads.marks(page.pk, WANG) == Marks(1, liked=False, saved=False)
    assert reads.marks(page.pk, LI) == Marks(1, liked=True, saved=True)
    assert reads.saved(WANG).rows == []
