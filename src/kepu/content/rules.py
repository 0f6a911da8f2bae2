"""What an article is to the rest of the house: frozen values, and the few numbers that bound them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from kepu.kit.clock import day_of

TITLE_CHARS_MAX = 60
SUMMARY_CHARS_MAX = 120
DESIGNATED_PER_DAY_MAX = 3
ANNOUNCEMENT_CHARS_MAX = 60
REVIEWERS_MAX = 3
# 三审: the steps in their order, and the groups of staff who decide at each.
REVIEW_STEPS = (1, 2, 3)
REVIEW_GROUPS = {step: f"Reviewers {step}" for step in REVIEW_STEPS}
WRITING_GROUP = "Editors"
REASON_CHARS_MAX = 200
SUGGESTIONS_MAX = 6
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


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody who is still typing may mean: an article by its number, or a topic by its slug."""

    name: str
    article: int = 0
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    """What a list shows of a published article. `cover_url` is 16:9 and always set.

    `revised_at` is when the text got the shape it has now: `published_at` where it never changed.
    """

    id: int
    title: str
    summary: str
    topic_name: str
    topic_slug: str
    cover_url: str
    author: str
    published_at: datetime
    revised_at: datetime

    @property
    def is_revised(self) -> bool:
        """Whether the text was published anew on a later day than the first."""
        return day_of(self.revised_at) > day_of(self.published_at)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the body as safe HTML: p, h2, h3, ul, ol, li, strong, em, br and a[href] alone."""

    html: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the body; `alt` is never empty. The file is large enough to be looked at on its own."""

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


@dataclass(frozen=True, slots=True)
class Marks:
    """How many accounts like an article, and whether one account does and has saved it."""

    likes: int
    liked: bool
    saved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleCard):
    """A published article whole: body blocks in reading order, then its quizzes and references.

    `reviewers`: who approved it at each of the three steps, in order; () for one published without a review.
    `correction`: what was put right at `corrected_at`, "" and None where nothing was.
    """

    source: str
    source_url: str
    correction: str
    corrected_at: datetime | None
    body: tuple[Block, ...]
    quizzes: tuple[Quiz, ...]
    references: tuple[Reference, ...]
    minutes: int
    reviewers: tuple[str, ...]
    marks: Marks


@dataclass(frozen=True, slots=True)
class Announcement:
    """One sentence for everybody; `link` is an address of this site ("/…"), or empty."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included."""

    first: date
    last: date


def article_path(article: int) -> str:
    """The public address of an article, without host."""
    return f"/a/{article}/"


def own_path(link: str, site: str) -> str:
    """The link without the site's own scheme and host; another site's as it is."""
    link = link.strip()
    return link.removeprefix(site) or "/" if link == site or link.startswith(f"{site}/") else link


def is_own_path(link: str) -> bool:
    """Whether this is an address of the site itself: a path that no browser reads as another host."""
    return re.fullmatch(r"/(?!/)[^\\\s]*", link) is not None


def reviewers_of(text: str) -> tuple[str, ...]:
    """The names in a text that separates them by 、or a comma; none is empty."""
    names = re.split("[、，,;；\n]", text)
    return tuple(name.strip() for name in names if name.strip())


def minutes_to_read(chars: int) -> int:
    """Whole minutes for a text of `chars` characters, at least one."""
    return max(1, -(-chars // CHARS_READ_PER_MINUTE))


def crowded_day(wanted: Days, taken: Sequence[Days]) -> date | None:
    """The first day of `wanted` that is full already, DESIGNATED_PER_DAY_MAX times among `taken`; or None."""
    # A day becomes full where a range begins, so only those days and the first one need a look.
    begins = sorted({wanted.first, *(max(days.first, wanted.first) for days in taken)})
    for day in (day for day in begins if day <= wanted.last):
        if sum(days.first <= day <= days.last for days in taken) >= DESIGNATED_PER_DAY_MAX:
            return day
    return None


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


class ReviewTrouble(StrEnum):
    """Why somebody may not decide about an article at a step of its review."""

    WROTE_IT = "wrote_it"
    DECIDED_BEFORE = "decided_before"


def review_trouble(
    hands: Collection[int], writers: Collection[int], approved_by: Collection[int]
) -> ReviewTrouble | None:
    """Why a person may not decide at the next step, or None when they may.

    `hands`: all accounts of this person; `writers`: everybody who wrote a version of the article;
    `approved_by`: who approved this version at another step. Any two steps are decided by different people,
    none of them a writer.
    """
    if set(hands) & set(writers):
        return ReviewTrouble.WROTE_IT
    return ReviewTrouble.DECIDED_BEFORE if set(hands) & set(approved_by) else None


def is_reviewed(approvals: Mapping[int, Collection[int]], writers: Collection[int]) -> bool:
    """Whether a version passed its review: all steps, by different people, none of them a writer.

    `approvals`: by step all accounts of the person who approved it.
    """
    accounts = [account for hands in approvals.values() for account in set(hands)]
    return (
        set(approvals) == set(REVIEW_STEPS)
        and len(accounts) == len(set(accounts))
        and not set(accounts) & set(writers)
    )


class Turn(StrEnum):
    """What became of an article after it was published, so that those who shared it are told."""

    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """A turn that those who shared the article are to be told: its number, what it is and why."""

    number: int
    article: int
    title: str
    turn: Turn
    words: str
    by: int


@dataclass(frozen=True, slots=True)
class Absence:
    """A published article that is not shown any more: why (empty when its time was over) and since when."""

    title: str
    reason: str
    at: datetime
