"""Questions about articles. Only published ones exist here; a withdrawn one is as if it were unknown."""

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from kepu.content import blocks, models, values, words
from kepu.content.rules import Article, ArticleCard, Quiz, Topic
from kepu.kit.paging import PAGE_SIZE_MAX, Page, page_of

TOPICS_MAX = 100
_NEWEST = ("-first_published_at", "-pk")
_CARD = ("title", "summary", "author", "drawn_cover", "cover_id", "first_published_at")
_CARD_WITH_TOPIC = (*_CARD, "topic__name", "topic__slug")


def article(id: int) -> Article | None:  # noqa: A002 the contract's name
    """The published article, or None. One query; a second when it shows uploaded pictures."""
    # `id`, not `pk`: through the parent's own field a number too large for the database is just not found.
    page = _published().filter(id=id).first()
    return values.article_of(page) if page is not None else None


def articles(topic: str = "", query: str = "", start: int = 0, size: int = 20) -> Page[ArticleCard]:
    """Published articles, newest first; with a query, those that match it, best first.

    `topic` is a slug; an unknown one gives an empty page, as does a query without a letter or
    character. One query; a second when a card has an uploaded cover.
    """
    found = _published()
    if topic:
        found = found.filter(topic__slug=topic)
    order: tuple[str, ...] = _NEWEST
    if query.strip():
        wanted = words.wanted(query)
        if wanted is None:
            return Page((), None)
        found, order = _matching(found, wanted), ("-score", *_NEWEST)
    rows = list(found.only(*_CARD_WITH_TOPIC).order_by(*order)[start : start + size + 1])
    page = page_of(rows, start, size)
    return Page(values.cards_of(page.rows), page.next_start)


def topics() -> list[Topic]:
    """Every topic in the editors' order, with its number of published articles. One query."""
    counted = models.Topic.objects.annotate(published=Count("articles", filter=Q(articles__live=True)))
    rows = counted.order_by("position", "pk")[:TOPICS_MAX]
    return [Topic(row.slug, row.name, row.published) for row in rows]


def published_ids() -> frozenset[int]:
    """The ids of every published article: what may be shared now. One query."""
    return frozenset(models.ArticlePage.objects.filter(live=True).values_list("pk", flat=True))


def titles(ids: Iterable[int]) -> dict[int, str]:
    """The titles of these articles, withdrawn ones too: a record of the past names them. One query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return dict(models.ArticlePage.objects.filter(pk__in=wanted).values_list("pk", "title"))


def related(id: int, limit: int = 4) -> list[ArticleCard]:  # noqa: A002 the contract's name
    """Other published articles to read next: of the same topic first, newest first. One or two queries.

    Empty when the article itself is not published.
    """
    assert 0 < limit <= PAGE_SIZE_MAX
    here = models.ArticlePage.objects.filter(id=id, live=True)
    same_topic = When(topic__in=here.values("topic"), then=Value(0))
    others = (
        _published()
        .filter(Exists(here))
        .exclude(id=id)
        .annotate(distance=Case(same_topic, default=Value(1), output_field=IntegerField()))
        .only(*_CARD_WITH_TOPIC)
        .order_by("distance", *_NEWEST)
    )
    return values.cards_of(list(others[:limit]))


def known_quizzes(ids: Iterable[int]) -> dict[int, tuple[Quiz, ...]]:
    """The quizzes of these published articles (at most 100); one without a quiz is absent. One query."""
    wanted = set(ids)
    assert len(wanted) <= PAGE_SIZE_MAX
    if not wanted:
        return {}
    rows = models.ArticlePage.objects.filter(pk__in=wanted, live=True).only("body")
    found = {row.pk: blocks.quizzes_of(row.body.raw_data) for row in rows}
    return {key: quizzes for key, quizzes in found.items() if quizzes}


def _published() -> QuerySet[Any]:
    found: QuerySet[Any] = models.ArticlePage.objects.filter(live=True).select_related("topic")
    return found


def _matching(found: QuerySet[Any], wanted: words.Wanted) -> QuerySet[Any]:
    tokens = models.ArticleToken.objects.filter(token__in=wanted.needed | wanted.bonus)
    hits = (
        tokens.values("article")
        .annotate(held=Count("token", filter=Q(token__in=wanted.needed)))
        .filter(held__gte=wanted.at_least)
    )
    score = tokens.filter(article=OuterRef("pk")).values("article").annotate(sum=Sum("weight")).values("sum")
    scored: QuerySet[Any] = found.filter(pk__in=hits.values("article")).annotate(score=Subquery(score))
    return scored
