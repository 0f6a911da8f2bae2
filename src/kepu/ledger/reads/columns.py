"""Day tallies in long pieces, for engines that work on columns."""

from collections.abc import Iterator
from itertools import islice

from kepu.ledger.models import DayTally

PIECE = 100_000
Row = tuple[int, int, int, int, int]


def day_tallies(campaign: int, first_day: int, last_day: int) -> Iterator[list[Row]]:
    """(person, day, campaign, volume, reached_ms) of every tally with a volume, PIECE at a time, by book and
    person.

    Whoever has acts in several books has a line for each. Days are yyyymmdd, both ends counted. One query,
    read as it is used.
    """
    rows = DayTally.objects.filter(campaign=campaign, day__gte=first_day, day__lte=last_day)
    found = rows.exclude(volume=0).order_by("book", "person", "day")
    columns = iter(
        found.values_list("person", "day", "campaign", "volume", "reached_ms").iterator(chunk_size=PIECE)
    )
    while piece := list(islice(columns, PIECE)):
        yield piece
