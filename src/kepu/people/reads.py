"""Questions about people."""

from collections.abc import Iterable

from django.db import connection

from kepu.people.rules import Standing


def standing_many(accounts: Iterable[int]) -> dict[int, Standing]:
    """The standing of each known account (unknown ids are absent). One query, plain SQL: the hot path asks."""
    wanted = sorted(set(accounts))
    if not wanted:
        return {}
    marks = ",".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_STANDING.format(marks=marks), wanted)
        return {
            row[0]: Standing(
                account=row[0],
                book=int(row[5][:6]) if row[5] else row[1],
                session_version=row[2],
                is_active=bool(row[3]),
                is_certified=row[4] is not None and row[6] is None,
                unit=row[4] or 0,
                division=row[5] or str(row[1]),
            )
            for row in cursor.fetchall()
        }


_STANDING = """
SELECT a.id, a.book, a.session_version, a.is_active, c.unit_id, c.division, c.revoked_at
FROM people_account a LEFT JOIN people_communicator c ON c.account_id = a.id
WHERE a.id IN ({marks})
"""
