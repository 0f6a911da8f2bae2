"""What was done with one article."""

from dataclasses import dataclass

from django.db.models import Sum

from kepu.standings.models import ArticleCount


@dataclass(frozen=True, slots=True)
class ArticleDay:
    """Shares, opens and reads of an article on a day (yyyymmdd; 0 for all of them together)."""

    day: int
    shares: int
    opens: int
    reads: int


def article_days(article: int, since: int) -> list[ArticleDay]:
    """The days from `since` (yyyymmdd) on with anything, newest first. One query."""
    rows = ArticleCount.objects.filter(article=article, day__gte=since).order_by("-day")
    return [ArticleDay(row.day, row.shares, row.opens, row.reads) for row in rows]


def article_total(article: int) -> ArticleDay:
    """All that was ever done with the article. One query."""
    sums = ArticleCount.objects.filter(article=article).aggregate(
        shares=Sum("shares", default=0), opens=Sum("opens", default=0), reads=Sum("reads", default=0)
    )
    return ArticleDay(0, sums["shares"], sums["opens"], sums["reads"])
