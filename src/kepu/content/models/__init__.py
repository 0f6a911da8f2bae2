"""Tables of this room, one file an idea."""

from kepu.content.models.articles import (
    Announcement,
    ArticleIndex,
    ArticlePage,
    ArticleToken,
    Designation,
    LikedArticle,
    SavedArticle,
    Topic,
)
from kepu.content.models.feeds import Feed, ImportedItem
from kepu.content.models.reviewing import ReviewTask
from kepu.content.models.turns import ArticleTurn

__all__ = [
    "Announcement",
    "ArticleIndex",
    "ArticlePage",
    "ArticleToken",
    "ArticleTurn",
    "Designation",
    "Feed",
    "ImportedItem",
    "LikedArticle",
    "ReviewTask",
    "SavedArticle",
    "Topic",
]
