"""Questions about where articles are imported from."""

from dataclasses import dataclass
from datetime import datetime

from kepu.content import models

FEEDS_MAX = 100


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed and what its last fetch came to; `trouble` is empty when it went well."""

    id: int
    name: str
    address: str
    topic: str
    fetched_at: datetime | None
    imported: int
    known: int
    trouble: str


def feeds() -> list[FeedRow]:
    """Every feed by name, at most FEEDS_MAX. One query."""
    rows = models.Feed.objects.select_related("topic").order_by("name", "pk")[:FEEDS_MAX]
    return [_row(row) for row in rows]


def feed(id: int) -> FeedRow | None:  # noqa: A002 the contract's name
    """One feed. One query."""
    row = models.Feed.objects.select_related("topic").filter(pk=id).first()
    return None if row is None else _row(row)


def topic_choices() -> list[tuple[int, str]]:
    """Topics by number, in the editors' order. One query."""
    return list(models.Topic.objects.order_by("position", "pk").values_list("pk", "name")[:100])


def _row(row: models.Feed) -> FeedRow:
    return FeedRow(
        row.pk, row.name, row.address, row.topic.name, row.fetched_at, row.imported, row.known, row.trouble
    )
