"""What the site declares: when points expire, its levels, its topic badges. Each a new version, kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from kepu.content import reads as content
from kepu.kit import clock
from kepu.points.models import Declared
from kepu.points.reads import BADGES, EXPIRY, LEVELS, VERSIONS_MAX, expiry_versions, versions_of
from kepu.points.reads.standing import badges_in, levels, topic_badges
from kepu.points.rules import (
    Expiry,
    ExpiryTrouble,
    Level,
    LevelsTrouble,
    TopicBadge,
    TopicBadgesTrouble,
    badges_made_harder,
    expiry_trouble,
    levels_trouble,
    topic_badges_trouble,
)

WHY_MAX = 200


@transaction.atomic
def declare_expiry(wanted: Expiry, why: str, by: int, now: datetime) -> ExpiryTrouble | None:
    """The rule by which points expire is a new version, or why not. Two queries."""
    why = why.strip()[:WHY_MAX]
    trouble = expiry_trouble(expiry_versions(), wanted, clock.day_of(now))
    if trouble is None and not why:
        trouble = ExpiryTrouble.WHY_MISSING
    if trouble is not None:
        return trouble
    stated = {
        "years": wanted.years,
        "month": wanted.month,
        "day": wanted.day,
        "from_day": wanted.from_day.isoformat(),
    }
    _keep(EXPIRY, stated, why, by, now)
    return None


@transaction.atomic
def declare_levels(wanted: Sequence[Level], by: int, now: datetime) -> LevelsTrouble | None:
    """These are the levels, rising by points; everybody's is what their points reach now. Two queries."""
    wanted = sorted(wanted, key=lambda level: level.points)
    trouble = levels_trouble(wanted, levels())
    if trouble is None:
        _keep(LEVELS, [{"name": each.name, "points": each.points} for each in wanted], "", by, now)
    return trouble


@transaction.atomic
def declare_badges(wanted: Sequence[TopicBadge], by: int, now: datetime) -> TopicBadgesTrouble | None:
    """These are the topic badges; `key` 0 makes a new one. Whoever had one that became harder keeps it.

    Four queries, and one for each badge that became harder or is gone.
    """
    before = topic_badges()
    numbered = _numbered(wanted, before)
    topics = [topic.slug for topic in content.topics()]
    trouble = topic_badges_trouble(numbered, before, topics)
    if trouble is not None:
        return trouble
    for badge in badges_made_harder(before, numbered):
        _keep_for_holders(badge)
    stated = [
        {"key": each.key, "topic": each.topic, "name": each.name, "passes": each.passes} for each in numbered
    ]
    _keep(BADGES, stated, "", by, now)
    return None


def _numbered(wanted: Sequence[TopicBadge], before: Sequence[TopicBadge]) -> list[TopicBadge]:
    """New badges get numbers that no badge ever had; one that names a number it has not is a new one."""
    ever = [badge.key for version in versions_of(BADGES, VERSIONS_MAX) for badge in badges_in(version.stated)]
    known, fresh = {badge.key for badge in before}, max(ever, default=0)
    numbered: list[TopicBadge] = []
    for badge in wanted:
        if badge.key in known:
            known.discard(badge.key)
            numbered.append(badge)
        else:
            fresh += 1
            numbered.append(replace(badge, key=fresh))
    return numbered


def _keep_for_holders(badge: TopicBadge) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [badge.key, badge.topic, badge.name, badge.topic, badge.passes])


def _keep(subject: str, stated: Any, why: str, by: int, now: datetime) -> None:
    Declared.objects.create(subject=subject, stated=stated, why=why, made_by=by, made_at=now)


_HOLDERS = """
INSERT INTO points_keptbadge (person, key, topic, name)
SELECT person, CAST(%s AS integer), %s, %s FROM points_quizresult
WHERE topic = %s AND passed_at IS NOT NULL
GROUP BY person HAVING count(*) >= %s
ON CONFLICT (person, key) DO NOTHING
"""
