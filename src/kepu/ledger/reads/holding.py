"""For which unit somebody's volume stands: what a correction by difference must know."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from kepu.campaigns.rules import Kind

PERSONS_AT_ONCE = 1_000


class HeldVolume(NamedTuple):
    """One person's volume of a day (yyyymmdd) in one book for one unit, reversals taken off.

    `seq`: the first entry it comes from, `at_ms` its moment. Volume may be 0 where entries that stand
    add up to nothing.
    """

    person: int
    day: int
    book: int
    unit: int
    volume: int
    seq: int
    at_ms: int


def held_volumes(
    campaign: int, persons: Sequence[int], first_day: int, last_day: int
) -> dict[int, list[HeldVolume]]:
    """By person what stands over days (both ends), by day and then the moment. One query a thousand persons.

    Entries that were reversed are not there, nor whoever has nothing left.
    """
    found: dict[int, list[HeldVolume]] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(persons), PERSONS_AT_ONCE):
            some = persons[start : start + PERSONS_AT_ONCE]
            marks = ",".join(["%s"] * len(some))
            cursor.execute(_HELD.replace("@persons", marks), [campaign, first_day, last_day, *some])
            for row in cursor.fetchall():
                held = HeldVolume._make(row)
                found.setdefault(held.person, []).append(held._replace(volume=int(held.volume)))
    return found


# A reversal stands in the book, on the day and for the unit of what it takes back: the two leave together.
_HELD = f"""
SELECT person, day, book, unit, sum(volume), min(seq), min(at_ms) FROM ledger_entry
WHERE campaign = %s AND day >= %s AND day <= %s AND volume <> 0 AND person IN (@persons)
GROUP BY person, day, book, unit
HAVING sum(CASE WHEN kind = {Kind.ADJUSTMENT:d} AND ref_seq > 0 THEN -1 ELSE 1 END) > 0
ORDER BY person, day, min(at_ms), book, min(seq)
"""  # noqa: S608 - our own constants
