"""From a stored page to the frozen values of `rules`; the preview and the reads share it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.safestring import mark_safe

from kepu.content import blocks, markup
from kepu.content.covers import drawn_url
from kepu.content.pictures import COVER_SPEC, PICTURE_SPEC, Shown, shown
from kepu.content.rules import (
    Article,
    ArticleCard,
    Block,
    Marks,
    Picture,
    Text,
    Video,
    minutes_to_read,
    reviewers_of,
)

# A page here is a `models.ArticlePage` with its topic at hand; models import this file, so it is not named.


def cards_of(pages: Sequence[Any]) -> list[ArticleCard]:
    """The cards of these pages in their order. One query if any has an uploaded cover, else none."""
    files = shown({page.cover_id for page in pages if page.cover_id})
    return [ArticleCard(**_card_fields(page, files)) for page in pages]


def article_of(page: Any, marks: Marks) -> Article:
    """The whole article. One query if it shows uploaded pictures, else none."""
    raw = list(page.body.raw_data)
    files = shown({page.cover_id} if page.cover_id else (), blocks.pictures_of(raw))
    return Article(
        **_card_fields(page, files),
        source=page.source,
        source_url=page.source_url,
        correction=page.correction if page.corrected_at else "",
        corrected_at=page.corrected_at,
        body=tuple(_shown_blocks(raw, files)),
        quizzes=blocks.quizzes_of(raw),
        references=blocks.references_of(page.references.raw_data),
        minutes=minutes_to_read(sum(map(len, blocks.texts_of(raw)))),
        reviewers=reviewers_of(page.reviewers),
        marks=marks,
    )


def draft_of(page: Any) -> Article:
    """An article that may never have been published, as readers would see it, not liked by anybody yet."""
    page.first_published_at = page.first_published_at or page.latest_revision_created_at
    return article_of(page, Marks(0, liked=False, saved=False))


def _card_fields(page: Any, files: Mapping[tuple[int, str], Shown]) -> dict[str, Any]:
    cover = files.get((page.cover_id, COVER_SPEC))
    return {
        "id": page.pk,
        "title": page.title,
        "summary": page.summary,
        "topic_name": page.topic.name,
        "topic_slug": page.topic.slug,
        "cover_url": cover.url if cover else drawn_url(page.drawn_cover),
        "author": page.author,
        "published_at": page.first_published_at,
        "revised_at": page.last_published_at or page.first_published_at,
    }


def _shown_blocks(
    raw: Iterable[Mapping[str, Any]], files: Mapping[tuple[int, str], Shown]
) -> Iterable[Block]:
    for block in raw:
        value = block["value"]
        if block["type"] == "text":
            yield Text(mark_safe(markup.safe_html(value)))  # noqa: S308 what safe_html leaves is the point
        elif block["type"] == "video":
            yield Video(value["url"], value["title"])
        elif block["type"] == "picture" and (file := files.get((value["image"], PICTURE_SPEC))):
            yield Picture(file.url, file.width, file.height, value["alt"], value["caption"])
