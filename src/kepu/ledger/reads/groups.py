"""What a group of people did over days, from the tallies alone: for clubs, of some hundred members."""

from collections.abc import Collection

from django.db.models import Sum

from kepu.campaigns.rules import Kind
from kepu.ledger import models
from kepu.ledger.reads.rows import rows_of_all

PERSONS_MAX = 1_000


def volumes_of(persons: Collection[int], campaign: int, first_day: int, last_day: int) -> dict[int, int]:
    """The volume of each of these in a campaign over days (yyyymmdd, both ends). One query."""
    assert len(persons) <= PERSONS_MAX
    rows = rows_of_all(models.DayTally, persons).filter(
        campaign=campaign, day__gte=first_day, day__lte=last_day
    )
    sums = rows.values("person").annotate(total=Sum("volume")).order_by("person")
    return {row["person"]: row["total"] for row in sums if row["total"]}


def credited_of(persons: Collection[int], kind: Kind, first_day: int, last_day: int) -> int:
    """How many acts of a kind were credited to all of these over days, in whatever campaign. One query."""
    assert len(persons) <= PERSONS_MAX
    rows = rows_of_all(models.DayTally, persons).filter(kind=kind, day__gte=first_day, day__lte=last_day)
    return int(rows.aggregate(total=Sum("credited"))["total"] or 0)
