"""What `verify` holds against the entries: everything else that the ledger keeps follows from them.

Entries of files are among them: inside `every_entry` they are read once for all questions, else for each.
"""

from django.db import connection

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import COUNTED, Kind
from kepu.ledger.reads.everything import every_entry
from kepu.ledger.rules import UNEARNED_KINDS, WHOLE_CAMPAIGN


def tallies_off() -> int:
    """How many tallies (book, person, day, campaign, kind) differ from their entries. Two queries."""
    return _count(_TALLIES_OFF) + _count(_REACHED_OFF)


def article_tallies_off() -> int:
    """How many tallies of single articles differ from the entries that were judged with a cap on those.

    All books of a person together. Two queries and one a version of a sheet that this process has not met.
    """
    with every_entry() as entries, connection.cursor() as cursor:
        cursor.execute(_of(entries, _VERSIONS))
        versions = cursor.fetchall()
    capped = []
    for campaign, version in versions:
        for kind, earning in campaigns.sheet(campaign, version).earnings.items():
            if earning.per_article_day_max is not None:
                capped.append(f"({campaign:d}, {version:d}, {kind:d}, 0)")
            if earning.per_article_max is not None:
                capped.append(f"({campaign:d}, {version:d}, {kind:d}, 1)")
    return _count(_ARTICLE_TALLIES_OFF.format(capped=", ".join(capped or ["(0, 0, 0, 0)"])))


def lots_off() -> int:
    """How many lots (book, person, year) differ from the entries, and spends and refunds from their years.

    Two queries.
    """
    return _count(_LOTS_OFF) + _count(_LINES_OFF)


def person_books_off() -> int:
    """How many (person, book) pairs have entries that nobody would look for there, or none. One query."""
    return _count(_PERSON_BOOKS_OFF)


def _count(sql: str) -> int:
    with every_entry() as entries, connection.cursor() as cursor:
        cursor.execute(_of(entries, sql))
        return int(cursor.fetchone()[0])


def _of(entries: str, sql: str) -> str:
    return sql.replace("ledger_entry", entries)


_COUNTED = ", ".join(f"{reason:d}" for reason in sorted(COUNTED))
_UNEARNED = ", ".join(f"{kind:d}" for kind in sorted(UNEARNED_KINDS))
_NAMES_YEARS = f"{Kind.SPEND:d}, {Kind.REFUND:d}"
_TALLIES_OFF = f"""
SELECT count(*) FROM (
  SELECT book, person, day, campaign, kind, sum(credited) AS credited, sum(points) AS points,
    sum(volume) AS volume
  FROM (
    SELECT book, person, day, campaign, kind, CASE WHEN reason IN ({_COUNTED}) THEN 1 ELSE 0 END AS credited,
      points, volume
    FROM ledger_entry
    UNION ALL
    SELECT book, person, day, campaign, kind, -credited, -points, -volume FROM ledger_daytally
  ) AS lines GROUP BY book, person, day, campaign, kind
) AS sums WHERE credited <> 0 OR points <> 0 OR volume <> 0
"""  # noqa: S608 - our own constants, here and below
_REACHED_OFF = f"""
WITH reached AS (
  SELECT book, person, day, campaign, kind, max(at_ms) AS at_ms FROM ledger_entry
  WHERE volume > 0 AND (book, seq) NOT IN (
    SELECT ref_book, ref_seq FROM ledger_entry WHERE kind = {Kind.ADJUSTMENT:d} AND ref_seq > 0)
  GROUP BY book, person, day, campaign, kind
)
SELECT count(*) FROM ledger_daytally t LEFT JOIN reached r
ON r.book = t.book AND r.person = t.person AND r.day = t.day AND r.campaign = t.campaign AND r.kind = t.kind
WHERE t.reached_ms <> coalesce(r.at_ms, 0)
"""  # noqa: S608
_VERSIONS = "SELECT DISTINCT campaign, version FROM ledger_entry WHERE campaign > 0"
_ARTICLE_TALLIES_OFF = f"""
WITH capped(campaign, version, kind, whole) AS (VALUES {{capped}})
SELECT count(*) FROM (
  SELECT person, day, campaign, kind, article, sum(credited) AS credited FROM (
    SELECT e.person, CASE c.whole WHEN 1 THEN {WHOLE_CAMPAIGN} ELSE e.day END AS day, e.campaign, e.kind,
      e.article, 1 AS credited
    FROM ledger_entry e
    JOIN capped c ON c.campaign = e.campaign AND c.version = e.version AND c.kind = e.kind
    WHERE e.reason IN ({_COUNTED}) AND e.article <> 0
    UNION ALL
    SELECT person, day, campaign, kind, article, -credited FROM ledger_articletally
  ) AS lines GROUP BY person, day, campaign, kind, article
) AS sums WHERE credited <> 0
"""  # noqa: S608
_LOTS_OFF = f"""
SELECT count(*) FROM (
  SELECT book, person, year, sum(points) AS points, sum(earned) AS earned FROM (
    SELECT book, person, day / 10000 AS year, points,
      CASE WHEN kind IN ({_UNEARNED}) THEN 0 ELSE points END AS earned
    FROM ledger_entry WHERE points <> 0 AND kind NOT IN ({_NAMES_YEARS})
    UNION ALL
    SELECT e.book, e.person, l.year, l.points, 0 FROM ledger_lotline l
    JOIN ledger_entry e ON e.book = l.book AND e.seq = l.seq
    UNION ALL
    SELECT book, person, year, -points, -earned FROM ledger_lot
  ) AS lines GROUP BY book, person, year
) AS sums WHERE points <> 0 OR earned <> 0
"""  # noqa: S608
_LINES_OFF = f"""
SELECT count(*) FROM (
  SELECT book, seq, sum(points) AS points FROM (
    SELECT book, seq, points FROM ledger_entry WHERE kind IN ({_NAMES_YEARS})
    UNION ALL
    SELECT book, seq, -points FROM ledger_lotline
  ) AS lines GROUP BY book, seq
) AS sums WHERE points <> 0
"""  # noqa: S608
_PERSON_BOOKS_OFF = """
SELECT count(*) FROM (
  SELECT person, book, sum(entries) AS entries FROM (
    SELECT DISTINCT person, book, 1 AS entries FROM ledger_entry
    UNION ALL
    SELECT person, book, -1 FROM ledger_personbook
  ) AS lines GROUP BY person, book
) AS sums WHERE entries <> 0
"""
