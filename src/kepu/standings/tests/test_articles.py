"""What was done with an article, by day: as it happened, whatever it earned, once."""

from datetime import date

import pytest

from kepu.campaigns.rules import Kind
from kepu.ledger import reads as ledger
from kepu.standings import writes
from kepu.standings.reads.articles import ArticleDay, article_days, article_total
from kepu.standings.rules.articles import rows_by_article
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    """Three shares of an article on two days."""
    town.build()
    (person,) = town.enrol(1)
    town.share(person, 2, date(2021, 2, 10))
    town.share(person, 1, date(2021, 2, 11))
    return ledger.entries_after(430623, 0, 100)


def test_shares_of_an_article_by_day(shared, django_assert_num_queries):
    writes.follow()
    (article,) = {entry.article for entry in shared if entry.kind == Kind.SHARE}
    with django_assert_num_queries(2):
        assert article_days(article, 20210101) == [
            ArticleDay(20210211, 1, 0, 0),
            ArticleDay(20210210, 2, 0, 0),
        ]
        assert article_total(article) == ArticleDay(0, 3, 0, 0)
    assert article_days(article, 20210211) == [ArticleDay(20210211, 1, 0, 0)]
    writes.rebuild()
    assert article_total(article) == ArticleDay(0, 3, 0, 0)
    assert article_total(article + 1) == ArticleDay(0, 0, 0, 0)


def test_opens_and_reads_count_beside_shares_and_other_acts_do_not(shared):
    share = shared[-1]._replace(article=9, day=20210301)
    acts = [share._replace(kind=kind) for kind in (Kind.SHARE, Kind.OPEN, Kind.OPEN, Kind.READ, Kind.BROWSE)]
    assert rows_by_article(acts) == [(9, 20210301, 1, 2, 1)]
