"""Entries that state what they are worth, imported figures and adjustments: they come after their day.

Those of files are among them: where anything was archived each question is one query more, and looks into the
files that hold something of the days asked about.
"""

from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from django.db import connection

from kepu.campaigns.rules import Kind
from kepu.ledger.models import Entry as EntryRow
from kepu.ledger.reads import archived
from kepu.ledger.reads.rows import entry_of, rows_of, rows_of_all
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

    By book and number. One query: a look a book, by an index of its own.
    """
    with archived.together(), connection.cursor() as cursor:
        cursor.execute(_STATED, [campaign, from_ms, *days])
        found = [VolumeEntry(*row) for row in cursor.fetchall()]
        spans = {"campaign": (campaign, campaign), "day": days, "at_ms": (from_ms, 2**62)}
        found += _of_files(spans, {"kind": {int(Kind.ADJUSTMENT), int(Kind.IMPORT)}})
    return sorted(found, key=attrgetter("book", "seq"))


def volume_entries(persons: Sequence[int], campaign: int, days: tuple[int, int]) -> list[VolumeEntry]:
    """All entries with a volume of some persons in a campaign over days (both ends), by person. One query
    for each PERSONS_AT_ONCE.
    """
    found: list[VolumeEntry] = []
    with archived.together():
        for start in range(0, len(persons), PERSONS_AT_ONCE):
            some = persons[start : start + PERSONS_AT_ONCE]
            rows = rows_of_all(EntryRow, some).filter(campaign=campaign, day__gte=days[0], day__lte=days[1])
            rows = rows.exclude(volume=0)
            found += map(VolumeEntry._make, rows.values_list(*VolumeEntry._fields))
        if persons:
            found += _of_files({"campaign": (campaign, campaign), "day": days}, {"person": persons})
    return sorted(found, key=attrgetter("person", "book", "seq"))


def corrections_of(person: int, campaign: int, days: tuple[int, int], limit: int) -> list[Entry]:
    """A person's corrections that changed volume on these days (both ends), newest first. One query."""
    rows = rows_of(EntryRow, person).filter(
        campaign=campaign, kind=Kind.ADJUSTMENT, day__gte=days[0], day__lte=days[1]
    )
    rows = rows.exclude(volume=0)
    spans = {
        "person": (person, person),
        "campaign": (campaign, campaign),
        "day": days,
        "kind": (int(Kind.ADJUSTMENT), int(Kind.ADJUSTMENT)),
    }
    with archived.together():
        newest = rows.order_by("-at_ms", "-book", "-seq").values_list(*Entry._fields)[:limit]
        found = [entry_of(row) for row in newest]
        for some in archived.rows(Entry._fields, archived.parts(), spans):
            found += [each for each in map(Entry._make, some) if each.volume]
    return sorted(found, key=attrgetter("at_ms", "book", "seq"), reverse=True)[:limit]


def _of_files(
    spans: Mapping[str, tuple[int, int]], among: Mapping[str, Collection[int]]
) -> list[VolumeEntry]:
    """Archived entries with a volume, in no order."""
    found = archived.rows(VolumeEntry._fields, archived.parts(), spans, among)
    return [each for some in found for each in map(VolumeEntry._make, some) if each.volume]


# The kinds stand in the text: a partial index is not used for parameters.
_STATED = f"""
SELECT person, book, seq, kind, at_ms, volume, ref_book, ref_seq, day FROM ledger_book b
CROSS JOIN ledger_entry e WHERE e.book = b.code AND campaign = %s AND at_ms >= %s
AND day >= %s AND day <= %s AND volume <> 0
AND kind IN ({int(Kind.ADJUSTMENT)}, {int(Kind.IMPORT)}) ORDER BY book, seq
"""  # noqa: S608 - our own constants
