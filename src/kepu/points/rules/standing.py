"""How far somebody came: levels by lifetime points, badges by quizzes passed in a topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LEVELS_MAX = 12
TOPIC_BADGES_MAX = 60
NAME_MAX = 12
POINTS_MAX = 100_000_000


@dataclass(frozen=True, slots=True)
class Level:
    """等级: its name and the lifetime points from which on somebody has it."""

    name: str
    points: int


# A site's own names take their place; these are the names such associations give their people.
DEFAULT_LEVELS = (
    Level("科普新人", 0),
    Level("科普学员", 100),
    Level("科普能手", 500),
    Level("科普达人", 2_000),
    Level("科普标兵", 5_000),
    Level("科普之星", 10_000),
)


@dataclass(frozen=True, slots=True)
class LevelStanding:
    """The level that lifetime points reach: `place` from 1 of `of` levels, and the next one.

    `next_name` is "" and `next_points` 0 on the highest.
    """

    name: str
    place: int
    of: int
    points: int
    next_name: str
    next_points: int
    earned: int

    @property
    def missing(self) -> int:
        """How many points are missing to the next level; 0 on the highest."""
        return max(0, self.next_points - self.earned)


@dataclass(frozen=True, slots=True)
class TopicBadge:
    """主题徽章: for so many quizzes passed in a topic. `key` stays when name or number change."""

    key: int
    topic: str
    name: str
    passes: int


class LevelsTrouble(StrEnum):
    """Why levels cannot be declared so."""

    NAME_WRONG = "name_wrong"
    NAME_TWICE = "name_twice"
    POINTS_WRONG = "points_wrong"
    FIRST_NOT_ZERO = "first_not_zero"
    TOO_MANY = "too_many"
    UNCHANGED = "unchanged"


class TopicBadgesTrouble(StrEnum):
    """Why topic badges cannot be declared so."""

    NAME_WRONG = "name_wrong"
    NAME_TWICE = "name_twice"
    PASSES_WRONG = "passes_wrong"
    TOPIC_WRONG = "topic_wrong"
    TOO_MANY = "too_many"
    UNCHANGED = "unchanged"


def level_standing(levels: Sequence[Level], earned: int) -> LevelStanding:
    """The level reached by lifetime points; `levels` rise by points from 0. Less than 0 counts as 0."""
    assert levels
    assert levels[0].points == 0
    reached = [place for place, level in enumerate(levels) if level.points <= max(0, earned)]
    place = reached[-1]
    following = levels[place + 1] if place + 1 < len(levels) else None
    return LevelStanding(
        levels[place].name,
        place + 1,
        len(levels),
        levels[place].points,
        following.name if following else "",
        following.points if following else 0,
        max(0, earned),
    )


def levels_trouble(levels: Sequence[Level], before: Sequence[Level]) -> LevelsTrouble | None:
    """What speaks against these levels, rising by points, in place of those before."""
    if len(levels) > LEVELS_MAX:
        return LevelsTrouble.TOO_MANY
    if not all(_is_name(level.name) for level in levels):
        return LevelsTrouble.NAME_WRONG
    if len({level.name for level in levels}) < len(levels):
        return LevelsTrouble.NAME_TWICE
    points = [level.points for level in levels]
    if points != sorted(set(points)) or any(not 0 <= each <= POINTS_MAX for each in points):
        return LevelsTrouble.POINTS_WRONG
    if not levels or points[0] != 0:
        return LevelsTrouble.FIRST_NOT_ZERO
    return LevelsTrouble.UNCHANGED if tuple(levels) == tuple(before) else None


def topic_badges_trouble(
    badges: Sequence[TopicBadge], before: Sequence[TopicBadge], topics: Sequence[str]
) -> TopicBadgesTrouble | None:
    """What speaks against these badges in place of those before; `topics` are the slugs there are."""
    if len(badges) > TOPIC_BADGES_MAX:
        return TopicBadgesTrouble.TOO_MANY
    if not all(_is_name(badge.name) for badge in badges):
        return TopicBadgesTrouble.NAME_WRONG
    if len({badge.name for badge in badges}) < len(badges):
        return TopicBadgesTrouble.NAME_TWICE
    if not all(1 <= badge.passes <= 1_000 for badge in badges):
        return TopicBadgesTrouble.PASSES_WRONG
    kept = {badge.topic for badge in before}
    if not all(badge.topic in topics or badge.topic in kept for badge in badges):
        return TopicBadgesTrouble.TOPIC_WRONG
    return TopicBadgesTrouble.UNCHANGED if tuple(badges) == tuple(before) else None


def badges_made_harder(before: Sequence[TopicBadge], after: Sequence[TopicBadge]) -> list[TopicBadge]:
    """Those of the badges before that are gone, ask for more or lie elsewhere: who has them keeps them."""
    now = {badge.key: badge for badge in after}
    return [
        old
        for old in before
        if (new := now.get(old.key)) is None or new.passes > old.passes or new.topic != old.topic
    ]


def _is_name(name: str) -> bool:
    return 0 < len(name) <= NAME_MAX and name == name.strip() and name.isprintable()
