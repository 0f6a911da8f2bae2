"""Entries that state what they are worth, imported figures and adjustments: they come after their day."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from kepu.campaigns.rules import Kind
from kepu.ledger.models import Entry as EntryRow
from kepu.ledger.rules import Entry

PERSONS_AT_ONCE = 500


class VolumeEntry(NamedTuple):
    """What deciding about one entry's volume needs; an adjustment with `ref_seq` > 0 takes that back."""

    person: int
    book: int
    seq: int
    kind: int
    at_ms: int
    volume: int
    ref_book: int
    ref_seq: int
    day: int


def stated_since(campaign: int, days: tuple[int, int], from_ms: int) -> list[VolumeEntry]:
    """Figures and corrections with a volume that were entered from a moment on about these days (both ends).

    By book and number. One query, by an index of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATED, [campaign, from_ms, *days])
        return [VolumeEntry(*row) for row in cursor.fetchall()]


def volume_entries(persons: Sequence[int], campaign: int, days: tuple[int, int]) -> list[VolumeEntry]:
    """All entries with a volume of some persons in a campaign over days (both ends), by person. One query
    for each PERSONS_AT_ONCE.
    """
    found: list[VolumeEntry] = []
    for start in range(0, len(persons), PERSONS_AT_ONCE):
        some = persons[start : start + PERSONS_AT_ONCE]
        rows = EntryRow.objects.filter(
            person__in=some, campaign=campaign, day__gte=days[0], day__lte=days[1]
        ).exclude(volume=0)
        found += [
            VolumeEntry(*row)
            for row in rows.order_by("person", "book", "seq").values_list(*VolumeEntry._fields)
        ]
    return found


def corrections_of(person: int, campaign: int, days: tuple[int, int], limit: int) -> list[Entry]:
    """A person's corrections that changed volume on these days (both ends), newest first. One query."""
    rows = EntryRow.objects.filter(
        person=person, campaign=campaign, kind=Kind.ADJUSTMENT, day__gte=days[0], day__lte=days[1]
    ).exclude(volume=0)
    return [
        Entry(*row) for row in rows.order_by("-at_ms", "-book", "-seq").values_list(*Entry._fields)[:limit]
    ]


# The kinds stand in the text: a partial index is not used for parameters.
_STATED = f"""
SELECT person, book, seq, kind, at_ms, volume, ref_book, ref_seq, day FROM ledger_entry
WHERE campaign = %s AND at_ms >= %s AND day >= %s AND day <= %s AND volume <> 0
AND kind IN ({int(Kind.ADJUSTMENT)}, {int(Kind.IMPORT)}) ORDER BY book, seq
"""  # noqa: S608 - our own constants
