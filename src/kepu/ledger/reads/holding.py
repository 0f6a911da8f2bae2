"""For which unit somebody's volume stands: what a correction by difference must know."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from kepu.campaigns.rules import Kind
from kepu.ledger.reads import archived
from kepu.ledger.reads.rows import in_books_of

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

    Entries that were reversed are not there, nor whoever has nothing left. Where anything was archived it is
    one query more, and looks into the files that hold something of those days.
    """
    sums: dict[tuple[int, ...], _Sum] = {}
    with archived.together(), connection.cursor() as cursor:
        for start in range(0, len(persons), PERSONS_AT_ONCE):
            some = persons[start : start + PERSONS_AT_ONCE]
            marks = ",".join(["%s"] * len(some))
            sql = _HELD.replace("@books", in_books_of(some)).replace("@persons", marks)
            cursor.execute(sql, [campaign, first_day, last_day, *some])
            for row in cursor.fetchall():
                _add(sums, row[:4], _Sum(*map(int, row[4:])))
        spans = {"campaign": (campaign, campaign), "day": (first_day, last_day)}
        for rows in archived.rows(_COLUMNS, archived.parts() if persons else (), spans, {"person": persons}):
            for row in rows:
                volume, seq, at_ms, kind, ref_seq = row[4:]
                takes_back = kind == Kind.ADJUSTMENT and ref_seq > 0
                if volume:
                    _add(sums, row[:4], _Sum(volume, seq, at_ms, -1 if takes_back else 1))
    found: dict[int, list[HeldVolume]] = {}
    standing = [(key, each) for key, each in sums.items() if each.standing > 0]
    for (person, day, book, unit), each in sorted(standing, key=_order):
        held = HeldVolume(person, day, book, unit, each.volume, each.seq, each.at_ms)
        found.setdefault(person, []).append(held)
    return found


class _Sum(NamedTuple):
    """What entries of one person, day, book and unit add up to; `standing`: how many are not taken back."""

    volume: int
    seq: int
    at_ms: int
    standing: int


def _add(sums: dict[tuple[int, ...], _Sum], key: tuple[int, ...], more: _Sum) -> None:
    there = sums.get(key)
    if there is not None:
        first = min(there.seq, more.seq), min(there.at_ms, more.at_ms)
        more = _Sum(there.volume + more.volume, *first, there.standing + more.standing)
    sums[key] = more


def _order(each: tuple[tuple[int, ...], _Sum]) -> tuple[int, ...]:
    (person, day, book, _unit), held = each
    return person, day, held.at_ms, book, held.seq


_COLUMNS = ("person", "day", "book", "unit", "volume", "seq", "at_ms", "kind", "ref_seq")
# A reversal stands in the book, on the day and for the unit of what it takes back: the two leave together.
_HELD = f"""
SELECT person, day, book, unit, sum(volume), min(seq), min(at_ms),
  sum(CASE WHEN kind = {Kind.ADJUSTMENT:d} AND ref_seq > 0 THEN -1 ELSE 1 END)
FROM ledger_entry
WHERE campaign = %s AND day >= %s AND day <= %s AND volume <> 0 AND person IN (@persons)
AND @books
GROUP BY person, day, book, unit
"""  # noqa: S608 - our own constants
