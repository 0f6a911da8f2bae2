"""What changed between two lists of a round, and who moved."""

from dataclasses import dataclass

from django.db.models import QuerySet

from kepu.awards import models
from kepu.awards.rules import Step

MOVED_MAX = 300


@dataclass(frozen=True, slots=True)
class Moved:
    """One person's place on two lists of a scope; a rank is None where they were not ranked."""

    person: int
    rank_before: int | None
    rank_after: int | None
    volume_before: int
    volume_after: int

    @property
    def change(self) -> int:
        """By how much the volume changed."""
        return self.volume_after - self.volume_before


def moved_between(before: int, after: int, division: str) -> list[Moved]:
    """Who has another rank or volume in a scope of the second evaluation than in the first, best rank first.

    Those who are no longer ranked come last; at most MOVED_MAX. Two queries over everybody ranked.
    """
    old, new = _places(before, division), _places(after, division)
    moved = []
    for person in old.keys() | new.keys():
        was, now = old.get(person), new.get(person)
        if was != now:
            (rank, volume), (rank_now, volume_now) = was or (None, 0), now or (None, 0)
            moved.append(Moved(person, rank, rank_now, volume, volume_now))
    moved.sort(
        key=lambda each: (each.rank_after is None, each.rank_after or each.rank_before or 0, each.person)
    )
    return moved[:MOVED_MAX]


def evaluation_before(campaign: str, round_id: str, evaluation: int) -> int | None:
    """The list that was public last before another was made; None when there was none. One query."""
    return lists_before(campaign, round_id, evaluation).first()


def lists_before(campaign: str, round_id: str, evaluation: int) -> QuerySet[models.RoundStep, int]:
    """The lists that were public before another was made, the last first; nothing is asked yet."""
    rows = models.RoundStep.objects.filter(
        campaign=campaign, round=round_id, step=Step.PUBLISH, evaluation__lt=evaluation
    )
    return rows.order_by("-number").values_list("evaluation", flat=True)


def _places(evaluation: int, division: str) -> dict[int, tuple[int, int]]:
    rows = models.Placing.objects.filter(evaluation=evaluation, division=division)
    return {person: (rank, volume) for person, rank, volume in rows.values_list("person", "rank", "volume")}
