"""What a sample site shows of expiry, badges and quizzes. The names are examples, as the rest of it is."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from kepu.content import reads as content
from kepu.kit import clock
from kepu.points.rules import Expiry, Marked, TopicBadge, next_possible_day
from kepu.points.writes.declaring import declare_badges, declare_expiry
from kepu.points.writes.quizzes import answer_quiz

BADGES = (
    ("health", "健康明白人", 3),
    ("farming", "种田能手", 3),
    ("disaster", "防灾能手", 3),
    ("food", "放心厨房", 3),
)
KEEN_MAX = 40


def load_sample_points(people: Sequence[int], seed: int, now: datetime) -> None:
    """Points stay two years, four topics have a badge, and some of these people answered quizzes.

    What is declared already stays as it is. Some hundred batches of the ledger.
    """
    expiry = Expiry(2, 12, 31, next_possible_day(clock.day_of(now)))
    declare_expiry(expiry, "示例：积分保留两年，年底到期。", 0, now)
    topics = {topic.slug for topic in content.topics()}
    declare_badges([TopicBadge(0, *each) for each in _badges(topics)], 0, now)
    cards = content.articles(size=20).rows
    random = Random(seed)  # noqa: S311  a sample must be repeatable, not secret
    for person in random.sample(list(people), min(KEEN_MAX, len(people))):
        for card in random.sample(list(cards), random.randint(1, min(6, len(cards)))):
            answer_quiz(person, (card.id, card.topic_slug), Marked((True,)), counts=True, now=now)


def _badges(topics: set[str]) -> list[tuple[str, str, int]]:
    return [each for each in BADGES if each[0] in topics]
