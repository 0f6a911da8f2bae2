"""Questions about levels and topic badges."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from kepu.content import reads as content
from kepu.points.models import KeptBadge, QuizResult
from kepu.points.reads import BADGES, LEVELS, versions_of
from kepu.points.rules import DEFAULT_LEVELS, Level, LevelStanding, TopicBadge, level_standing

KEPT_MAX = 500


@dataclass(frozen=True, slots=True)
class BadgeStanding:
    """How far a person is with one topic badge: `passed` of `passes` quizzes. `passes` 0: given out no more.

    `topic_name` is "" for a topic that is gone.
    """

    key: int
    name: str
    topic: str
    topic_name: str
    passed: int
    passes: int
    is_reached: bool

    @property
    def missing(self) -> int:
        """How many quizzes are missing; 0 once it is reached."""
        return 0 if self.is_reached else max(0, self.passes - self.passed)


def levels() -> tuple[Level, ...]:
    """The site's levels, rising; those that come with Kepu where it declared none. One query."""
    newest = versions_of(LEVELS, 1)
    return levels_in(newest[0].stated) if newest else DEFAULT_LEVELS


def levels_in(stated: Any) -> tuple[Level, ...]:
    """A version as it is stored."""
    return tuple(Level(each["name"], each["points"]) for each in stated)


def level_of(earned: int) -> LevelStanding:
    """The level that lifetime points reach. One query."""
    return level_standing(levels(), earned)


def topic_badges() -> tuple[TopicBadge, ...]:
    """The topic badges that the site gives, in their order; () where it declared none. One query."""
    newest = versions_of(BADGES, 1)
    return badges_in(newest[0].stated) if newest else ()


def badges_in(stated: Any) -> tuple[TopicBadge, ...]:
    """A version as it is stored."""
    return tuple(TopicBadge(each["key"], each["topic"], each["name"], each["passes"]) for each in stated)


def badges_of(person: int) -> list[BadgeStanding]:
    """Every topic badge with how far the person is; theirs first, then the nearest. Four queries."""
    kept = {row.key: row for row in KeptBadge.objects.filter(person=person).order_by("key")[:KEPT_MAX]}
    counts = passes_by_topic(person)
    names = {topic.slug: topic.name for topic in content.topics()}
    given = topic_badges()
    found = [
        BadgeStanding(
            badge.key,
            badge.name,
            badge.topic,
            names.get(badge.topic, ""),
            counts.get(badge.topic, 0),
            badge.passes,
            badge.key in kept or counts.get(badge.topic, 0) >= badge.passes,
        )
        for badge in given
    ]
    still = {badge.key for badge in given}
    found += [
        BadgeStanding(row.key, row.name, row.topic, names.get(row.topic, ""), 0, 0, is_reached=True)
        for row in kept.values()
        if row.key not in still
    ]
    return sorted(found, key=lambda each: (not each.is_reached, each.missing))


def passes_by_topic(person: int) -> dict[str, int]:
    """How many quizzes a person passed, by topic. One query."""
    rows = QuizResult.objects.filter(person=person, passed_at__isnull=False).values("topic")
    return dict(rows.annotate(count=Count("pk")).values_list("topic", "count"))
