"""Saving and liking an article, with a script and without; what was saved is found again."""

import pytest

from kepu.app.tests.conftest import as_account, withdraw
from kepu.app.tests.test_reading import text_of
from kepu.campaigns.rules import Kind, Reason
from kepu.content import reads as content
from kepu.content import writes as articles
from kepu.ledger import reads as ledger
from kepu.people.models import Account

HTMX = {"HX-Request": "true"}


def likes_in_ledger(account: int) -> list[int]:
    return [line.reason for line in ledger.statement(account, None, 20) if line.kind == Kind.LIKE]


def test_a_like_without_a_script_comes_back_to_the_article(site, wang):
    response = wang.post(f"/a/{site.article}/like/", {"wanted": "1"})
    assert response.url == f"/a/{site.article}/#marks"
    html = text_of(wang.get(f"/a/{site.article}/"))
    assert '已赞 <span class="number">1</span>' in html
    assert 'id="marks"' in html
    wang.post(f"/a/{site.article}/like/", {"wanted": "0"})
    assert content.marks(site.article, site.wang).likes == 0


@pytest.mark.parametrize(("act", "done", "undone"), [("like", "已赞", "点赞"), ("save", "已收藏", "收藏")])
def test_with_a_script_only_the_row_is_answered(site, wang, act, done, undone):
    html = text_of(wang.post(f"/a/{site.article}/{act}/", {"wanted": "1"}, headers=HTMX))
    assert html.startswith('<div class="thirds no-print" id="marks">')
    assert done in html
    html = text_of(wang.post(f"/a/{site.article}/{act}/", {"wanted": "0"}, headers=HTMX))
    assert done not in html
    assert undone in html


def test_the_first_like_of_an_article_counts_and_no_other(site, wang, li):
    for wanted in ("1", "1", "0", "1"):
        wang.post(f"/a/{site.article}/like/", {"wanted": wanted})
    wang.post(f"/a/{site.other}/like/", {"wanted": "1"})
    assert likes_in_ledger(site.wang) == [Reason.CREDITED] * 2
    li.post(f"/a/{site.article}/like/", {"wanted": "1"})
    assert content.article(site.article).marks.likes == 2


def test_a_like_before_the_certification_stays_free_for_after_it(site, newcomer):
    newcomer.post(f"/a/{site.article}/like/", {"wanted": "1"})
    account = Account.objects.get(phone_index="newcomer").pk
    assert content.marks(site.article, account).liked
    assert likes_in_ledger(account) == []


def test_a_visitor_is_asked_to_sign_in_and_comes_back(site, reader):
    html = text_of(reader.get(f"/a/{site.article}/"))
    assert f'href="/sign-in/?next=/a/{site.article}/"' in html
    for act in ("like", "save"):
        to = f"/sign-in/?next=%2Fa%2F{site.article}%2F"
        assert reader.post(f"/a/{site.article}/{act}/").url == to
        assert reader.post(f"/a/{site.article}/{act}/", headers=HTMX)["HX-Redirect"] == to
    assert reader.get("/me/saved/").url.startswith("/sign-in/")


def test_what_is_not_published_is_not_found(site, wang):
    withdraw(site.article)
    for article in (site.article, 999_999, 2**70):
        for act, wanted in (("like", "1"), ("like", "0"), ("save", "1"), ("save", "0")):
            assert wang.post(f"/a/{article}/{act}/", {"wanted": wanted}).status_code == 404
    assert likes_in_ledger(site.wang) == []


def test_saved_articles_are_listed_in_pages(site, wang, noon, django_assert_max_num_queries):
    assert "还没有收藏" in text_of(wang.get("/me/saved/"))
    cards = content.articles(size=20).rows
    for card in cards:
        articles.save_article(site.wang, card.id, noon[0])
    wang.post(f"/a/{site.article}/save/", {"wanted": "1"})
    with django_assert_max_num_queries(3):  # one for the tabs: which parts are switched off
        html = text_of(wang.get("/me/saved/"))
    assert html.count('class="article-card"') == len(cards)
    rows = text_of(wang.get("/me/saved/?start=15", headers=HTMX))
    assert "<html" not in rows
    assert rows.count('class="article-card"') == 5
    assert "还没有收藏" in text_of(as_account(site.li).get("/me/saved/"))


def test_marks_cost_no_query_of_their_own(site, wang, django_assert_max_num_queries):
    wang.get(f"/a/{site.article}/")
    with django_assert_max_num_queries(7):  # one of them for how the quiz stands
        wang.get(f"/a/{site.article}/")
    with django_assert_max_num_queries(5):
        wang.post(f"/a/{site.article}/save/", {"wanted": "0"}, headers=HTMX)
