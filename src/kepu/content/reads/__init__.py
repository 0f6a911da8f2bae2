"""Questions about articles. Only published ones exist here; a withdrawn one is as if it were unknown."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
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
from django.db.models.functions import Coalesce

from kepu.content import covers, models, values, words
from kepu.content.rules import (
    DESIGNATED_PER_DAY_MAX,
    SUGGESTIONS_MAX,
    Announcement,
    Article,
    ArticleCard,
    Marks,
    Suggestion,
    Topic,
    is_own_path,
)
from kepu.kit.paging import PAGE_SIZE_MAX, Page, page_of

TOPICS_MAX = 100
_NEWEST = ("-first_published_at", "-pk")
_CARD = ("title", "summary", "author", "drawn_cover", "cover_id", "first_published_at", "last_published_at")
_CARD_WITH_TOPIC = (*_CARD, "topic__name", "topic__slug")


def article(id: int, account: int | None = None) -> Article | None:  # noqa: A002 the contract's name
    """The published article, or None; its marks say what `account` did with it.

    One query; a second when it shows uploaded pictures.
    """
    # `id`, not `pk`: through the parent's own field a number too large for the database is just not found.
    page = _marked(_published().filter(id=id), account).first()
    if page is None:
        return None
    return values.article_of(page, Marks(page.likes, page.liked, page.saved))


def marks(id: int, account: int) -> Marks | None:  # noqa: A002 the contract's name
    """The marks of a published article as this account sees them, or None. One query."""
    found = _marked(models.ArticlePage.objects.filter(id=id, live=True), account)
    row = found.values_list("likes", "liked", "saved").first()
    return Marks(*row) if row is not None else None


def saved(account: int, start: int = 0, size: int = 20) -> Page[ArticleCard]:
    """The published articles that this account saved, the last one first.

    One query; a second when a card has an uploaded cover.
    """
    kept = models.SavedArticle.objects.filter(account=account, article__live=True)
    keys = kept.order_by("-saved_at", "-pk").select_related("article__topic")[start : start + size + 1]
    page = page_of(list(keys), start, size)
    return Page(values.cards_of([row.article for row in page.rows]), page.next_start)


def liked(account: int, start: int = 0, size: int = 20) -> Page[tuple[int, datetime]]:
    """The articles that this account likes, withdrawn ones too, each with when; the last first. One query."""
    likes = models.LikedArticle.objects.filter(account=account).order_by("-liked_at", "-pk")
    return page_of(list(likes.values_list("article_id", "liked_at")[start : start + size + 1]), start, size)


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


def designated(day: date) -> list[ArticleCard]:
    """What everybody is asked to read on this day: at most three published articles, [] when nothing is set.

    Those whose days began last come first, each once. One query; a second when a card has an uploaded cover.
    """
    set_for = models.Designation.objects.filter(first_day__lte=day, last_day__gte=day, article=OuterRef("pk"))
    begun = Subquery(set_for.order_by("-first_day").values("first_day")[:1])
    found = _published().annotate(begun=begun).filter(begun__isnull=False).only(*_CARD_WITH_TOPIC)
    return values.cards_of(list(found.order_by("-begun", *_NEWEST)[:DESIGNATED_PER_DAY_MAX]))


def designated_between(first: date, last: date) -> dict[date, list[tuple[int, str]]]:
    """The articles (number, title) set for each day from first to last, withdrawn ones too; days without any
    are absent. One query.
    """
    found: dict[date, list[tuple[int, str]]] = {}
    rows = models.Designation.objects.filter(first_day__lte=last, last_day__gte=first)
    for row in rows.select_related("article").order_by("first_day", "pk"):
        for ahead in range((min(last, row.last_day) - max(first, row.first_day)).days + 1):
            day = max(first, row.first_day) + timedelta(days=ahead)
            found.setdefault(day, []).append((row.article_id, row.article.title))
    return found


def announcement(now: datetime) -> Announcement | None:
    """What stands on top of the first page at this moment: of several the one that began last. One query.

    A link of old that leads to another site is left out.
    """
    shown = models.Announcement.objects.filter(shown_from__lte=now, shown_until__gt=now)
    row = shown.order_by("-shown_from", "-pk").first()
    return Announcement(row.text, row.link if is_own_path(row.link) else "") if row is not None else None


def suggestions(query: str) -> list[Suggestion]:
    """At most six topics and articles that fit what was typed so far, topics first; [] for no character.

    Two queries; none where nothing was typed.
    """
    typed, wanted = query.strip(), words.wanted(query)
    if wanted is None:
        return []
    named = models.Topic.objects.filter(name__icontains=typed).order_by("position", "pk")
    found = [Suggestion(row.name, topic=row.slug) for row in named[: SUGGESTIONS_MAX // 2]]
    matching = _matching(models.ArticlePage.objects.filter(live=True), wanted)
    rows = matching.order_by("-score", *_NEWEST).values_list("title", "pk")[: SUGGESTIONS_MAX - len(found)]
    return found + [Suggestion(title, article=number) for title, number in rows]


def topics() -> list[Topic]:
    """Every topic in the editors' order, with its number of published articles. One query."""
    counted = models.Topic.objects.annotate(published=Count("articles", filter=Q(articles__live=True)))
    rows = counted.order_by("position", "pk")[:TOPICS_MAX]
    return [Topic(row.slug, row.name, row.published) for row in rows]


def published_ids() -> frozenset[int]:
    """The ids of every published article: what may be shared now. One query."""
    return frozenset(models.ArticlePage.objects.filter(live=True).values_list("pk", flat=True))


def published_revisions() -> dict[int, int]:
    """The number of the revision that is published of every article. One query."""
    live = models.ArticlePage.objects.filter(live=True)
    return {article: revision or 0 for article, revision in live.values_list("pk", "live_revision_id")}


def cards(ids: Iterable[int]) -> dict[int, ArticleCard]:
    """The published ones of these articles, by number; withdrawn ones are absent. One query, none for none.

    A second when a card has an uploaded cover.
    """
    wanted = set(ids)
    rows = list(_published().filter(id__in=wanted).only(*_CARD_WITH_TOPIC)) if wanted else []
    return {card.id: card for card in values.cards_of(rows)}


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


def cover_file(card: ArticleCard) -> Path:
    """The file of an article's cover: one of our drawings (.svg), or the cut of an uploaded picture."""
    if card.cover_url.startswith(settings.MEDIA_URL):
        return Path(settings.MEDIA_ROOT, card.cover_url.removeprefix(settings.MEDIA_URL))
    return covers.file_of(card.cover_url)


def _published() -> QuerySet[Any]:
    found: QuerySet[Any] = models.ArticlePage.objects.filter(live=True).select_related("topic")
    return found


def _marked(found: QuerySet[Any], account: int | None) -> QuerySet[Any]:
    likes = models.LikedArticle.objects.filter(article=OuterRef("pk"))
    counted = likes.order_by().values("article").annotate(count=Count("pk")).values("count")
    mine = {"account": account or 0}
    saves = models.SavedArticle.objects.filter(article=OuterRef("pk"), **mine)
    marked: QuerySet[Any] = found.annotate(
        likes=Coalesce(Subquery(counted), 0), liked=Exists(likes.filter(**mine)), saved=Exists(saves)
    )
    return marked


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
