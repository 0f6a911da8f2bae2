"""What an article is to the rest of the house: frozen values, and the few numbers that bound them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

TITLE_CHARS_MAX = 60
SUMMARY_CHARS_MAX = 120
QUIZ_OPTIONS_MIN = 2
QUIZ_OPTIONS_MAX = 4
# A slow, careful pace: many readers are old and read on a small screen.
CHARS_READ_PER_MINUTE = 300


@dataclass(frozen=True, slots=True)
class Topic:
    """主题: `articles` counts the published ones."""

    slug: str
    name: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    """What a list shows of a published article. `cover_url` is 16:9 and always set."""

    id: int
    title: str
    summary: str
    topic_name: str
    topic_slug: str
    cover_url: str
    author: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the body as safe HTML: p, h2, h3, ul, ol, li, strong, em, br and a[href] alone."""

    html: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the body; `alt` is never empty."""

    url: str
    width: int
    height: int
    alt: str
    caption: str
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Video:
    """A link to a video elsewhere (https); never played inside the page."""

    url: str
    title: str
    kind: Literal["video"] = "video"


Block = Text | Picture | Video


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question with 2–4 options; `right` is the place of the right one, counted from 0."""

    question: str
    options: tuple[str, ...]
    right: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A source: `year` and `url` may be empty; `url` is http(s)."""

    title: str
    publisher: str
    year: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleCard):
    """A published article whole: body blocks in reading order, then its quizzes and references."""

    source: str
    body: tuple[Block, ...]
    quizzes: tuple[Quiz, ...]
    references: tuple[Reference, ...]
    minutes: int


def article_path(article: int) -> str:
    """The public address of an article, without host."""
    return f"/a/{article}/"


def minutes_to_read(chars: int) -> int:
    """Whole minutes for a text of `chars` characters, at least one."""
    return max(1, -(-chars // CHARS_READ_PER_MINUTE))


def quiz_trouble(options: Sequence[str], right: int) -> str | None:
    """Why these options make no fair question ("few", "many", "same", "right"), or None when they do.

    `right` counts from 0.
    """
    if len(options) < QUIZ_OPTIONS_MIN:
        return "few"
    if len(options) > QUIZ_OPTIONS_MAX:
        return "many"
    if len({option.strip() for option in options}) < len(options):
        return "same"
    return None if 0 <= right < len(options) else "right"
