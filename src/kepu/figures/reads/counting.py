"""What counts in the days a file speaks of, and for which units."""

from collections.abc import Mapping, Sequence
from operator import attrgetter

from django.db.models import Min

from kepu.figures.models import FileLine
from kepu.figures.reads.sent import FileRow
from kepu.figures.rules import ACCEPTED, STANDING, Held, Span
from kepu.ledger import reads as ledger
from kepu.ledger.reads.holding import HeldVolume, held_volumes
from kepu.people import reads as people

DAY_MAX = 99_991_231


def later_days(file: FileRow, kept: Mapping[int, int]) -> dict[int, int]:
    """Person → first day after this file's with a cumulative figure that stands; else empty. One query.

    `kept`: merged account → the one that was kept, whose figures they are.
    """
    if file.layout.span is not Span.CUMULATIVE:
        return {}
    rows = FileLine.objects.filter(
        file__campaign=file.campaign,
        file__state__in=STANDING,
        file__last_day__gt=file.period.last_day,
        verdict__in=ACCEPTED,
    )
    found: dict[int, int] = {}
    for account, day in rows.values_list("person").annotate(day=Min("day")).order_by():
        person = kept.get(account, account)
        found[person] = min(day, found.get(person, day))
    return found


def counted(file: FileRow, kept: Mapping[int, int] | None = None) -> dict[tuple[int, int], int]:
    """What counts by (person, day) in the days a file speaks of; of merged accounts under the one that was
    kept. One query, and another without `kept`.
    """
    kept = people.merged_into() if kept is None else kept
    found = ledger.day_volumes(file.campaign, file.period.first_day, file.period.last_day)
    for account, day in [each for each in found if each[0] in kept] if kept else ():
        volume = found.pop((account, day))
        found[kept[account], day] = found.get((kept[account], day), 0) + volume
    return found


def held(file: FileRow, persons: Sequence[int], kept: Mapping[int, int]) -> dict[int, list[Held]]:
    """By person for which units stands what counts, in the order it came: the file's days, or the
    campaign's where figures are cumulative. What merged accounts hold is the person's; whoever has such an
    account is there whether asked for or not. One query a thousand accounts.
    """
    last = DAY_MAX if file.layout.span is Span.CUMULATIVE else file.period.last_day
    accounts = sorted({*persons, *kept, *kept.values()})
    volumes = held_volumes(file.campaign, accounts, file.period.first_day, last)
    together: dict[int, list[HeldVolume]] = {}
    for account, those in volumes.items():
        together.setdefault(kept.get(account, account), []).extend(those)
    return {
        person: [
            Held(
                each.day,
                each.unit,
                each.volume,
                (each.book, each.seq),
                each.person if each.person != person else 0,
            )
            for each in sorted(those, key=attrgetter("day", "at_ms", "book", "seq"))
        ]
        for person, those in together.items()
    }
