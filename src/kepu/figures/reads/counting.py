"""What counts in the days a file speaks of, and for which units."""

from collections.abc import Sequence

from django.db.models import Min

from kepu.figures.models import FileLine
from kepu.figures.reads.sent import FileRow
from kepu.figures.rules import ACCEPTED, STANDING, Held, Span
from kepu.ledger import reads as ledger
from kepu.ledger.reads.holding import held_volumes

DAY_MAX = 99_991_231


def later_days(file: FileRow) -> dict[int, int]:
    """Person → first day after this file's with a cumulative figure that stands; else empty. One query."""
    if file.layout.span is not Span.CUMULATIVE:
        return {}
    rows = FileLine.objects.filter(
        file__campaign=file.campaign,
        file__state__in=STANDING,
        file__last_day__gt=file.period.last_day,
        verdict__in=ACCEPTED,
    )
    return dict(rows.values_list("person").annotate(day=Min("day")).order_by())


def counted(file: FileRow) -> dict[tuple[int, int], int]:
    """What counts by (person, day) in the days a file speaks of. One query."""
    return ledger.day_volumes(file.campaign, file.period.first_day, file.period.last_day)


def held(file: FileRow, persons: Sequence[int]) -> dict[int, list[Held]]:
    """By person for which units stands what counts, in the order it came: the file's days, or the
    campaign's where figures are cumulative. One query a thousand persons.
    """
    last = DAY_MAX if file.layout.span is Span.CUMULATIVE else file.period.last_day
    found = held_volumes(file.campaign, persons, file.period.first_day, last)
    return {
        person: [Held(each.day, each.unit, each.volume, (each.book, each.seq)) for each in those]
        for person, those in found.items()
    }
