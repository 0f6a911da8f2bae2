"""Keys begin with the book: partitions on PostgreSQL, clustered tables on SQLite. Tables are made by copying.

All in one transaction: cut short, everything is as it was. It needs free disk of the ledger's own size.
"""

from typing import NamedTuple

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations.exceptions import IrreversibleError

ADJUSTMENT, SPEND, EXPIRY, REFUND, BROWSE, IMPORT = 9, 10, 15, 16, 3, 11
CREDITED, CEILING = 0, 8


class Table(NamedTuple):
    """A table as it becomes: its columns, its key, and the questions whose answers are its rows."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: str
    rows: tuple[str, ...]


def rebuild(_apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Every table lies by book, with the same rows; whoever stands in several books has tallies in each."""
    is_postgres = schema.connection.vendor == "postgresql"
    with schema.connection.cursor() as cursor:
        books = _books(cursor)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table.name} RENAME TO {table.name}_before")
            _make(cursor, table, books, is_postgres=is_postgres)
        rowid = "" if is_postgres else " WITHOUT ROWID"
        cursor.execute(f"{_PERSON_BOOKS}{rowid}")
        for table in TABLES:
            names = ", ".join(name for name, _kind in table.columns)
            for rows in table.rows:
                cursor.execute(f"INSERT INTO {table.name} ({names}) {rows} ORDER BY {table.key}")
            if table.name == "ledger_entry":
                for sql in _PEOPLE:
                    cursor.execute(sql)
                _refuse_if_in_files(cursor)
        for table in TABLES:
            cursor.execute(f"DROP TABLE {table.name}_before")
            if is_postgres:
                cursor.execute(f"ALTER TABLE {table.name} ADD PRIMARY KEY ({table.key})")
        cursor.execute(_EVENT_ONCE.format(key="book, person" if is_postgres else "person"))
        for sql in _INDEXES:
            cursor.execute(sql)
        cursor.execute("DROP TABLE ledger_moved")


def no_way_back(_apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """The rows before could be added up again, but nothing needs that."""
    raise IrreversibleError("Tables by book have no way back. Restore the backup made before.")


def _books(cursor: CursorWrapper) -> list[int]:
    cursor.execute("SELECT code FROM ledger_book UNION SELECT book FROM ledger_entry")
    return sorted(row[0] for row in cursor.fetchall())


def _refuse_if_in_files(cursor: CursorWrapper) -> None:
    """Tallies of people with several books are added up from entries, which must all be in the database."""
    cursor.execute(
        "SELECT count(*) FROM ledger_archivedperson a JOIN ledger_moved m ON m.person = a.person"
    )
    (held,) = cursor.fetchone()
    if held:
        raise RuntimeError(f"{held} people with several books have archived entries: restore those first.")


def _make(cursor: CursorWrapper, table: Table, books: list[int], *, is_postgres: bool) -> None:
    """On PostgreSQL without its keys, which are made of rows that are there already."""
    kinds = {"bytes": "bytea" if is_postgres else "BLOB"}
    columns = ", ".join(f"{name} {kinds.get(kind, kind)} NOT NULL" for name, kind in table.columns)
    if not is_postgres:
        cursor.execute(f"CREATE TABLE {table.name} ({columns}, PRIMARY KEY ({table.key})) WITHOUT ROWID")
        return
    cursor.execute(f"CREATE TABLE {table.name} ({columns}) PARTITION BY LIST (book)")
    for book in books:
        part = f"CREATE TABLE {table.name}_{book:d} PARTITION OF {table.name}"
        cursor.execute(f"{part} FOR VALUES IN ({book:d})")


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    """The columns of `name kind, name kind`."""
    return tuple((each.split()[0], each.split()[1]) for each in text.split(","))


_DAY = "book integer, person bigint, day integer, campaign integer, kind smallint"
# What was counted for somebody with one book is counted there.
_ONE_BOOK = (
    "JOIN ledger_personbook p ON p.person = t.person WHERE t.person NOT IN (SELECT person FROM ledger_moved)"
)
TABLES = (
    Table(
        "ledger_entry",
        _columns(
            "book integer, seq bigint, person bigint, event_id bytes, kind smallint, article bigint,"
            " at_ms bigint, day integer, campaign integer, version integer, points integer, volume integer,"
            " reason smallint, left_today integer, unit integer, division integer, channel smallint,"
            " ref_book integer, ref_seq bigint, author bigint, note text, hash bytes"
        ),
        "book, seq",
        (
            "SELECT book, seq, person, event_id, kind, article, at_ms, day, campaign, version, points, volume,"
            " reason, left_today, unit, division, channel, ref_book, ref_seq, author, note, hash"
            " FROM ledger_entry_before",
        ),
    ),
    Table(
        "ledger_daytally",
        _columns(f"{_DAY}, credited integer, points integer, volume integer, reached_ms bigint"),
        "book, person, day, campaign, kind",
        (
            "SELECT p.book AS book, t.person AS person, t.day AS day, t.campaign AS campaign, t.kind AS kind,"
            f" t.credited, t.points, t.volume, t.reached_ms FROM ledger_daytally_before t {_ONE_BOOK}",
            f"""
SELECT book, person, day, campaign, kind, sum(CASE WHEN reason IN ({CREDITED}, {CEILING}) THEN 1 ELSE 0 END),
  sum(points), sum(volume), coalesce(max(CASE WHEN volume > 0 AND (book, seq) NOT IN (
    SELECT ref_book, ref_seq FROM ledger_entry WHERE kind = {ADJUSTMENT} AND ref_seq > 0) THEN at_ms END), 0)
FROM ledger_entry WHERE person IN (SELECT person FROM ledger_moved)
AND (reason IN ({CREDITED}, {CEILING}) OR points <> 0 OR volume <> 0)
GROUP BY book, person, day, campaign, kind""",  # noqa: S608 - our own constants, here and below
        ),
    ),
    Table(
        "ledger_articletally",
        _columns(f"{_DAY}, article bigint, credited integer"),
        "book, person, day, campaign, kind, article",
        (
            # Which version of a sheet counted an article no column says, so the count of somebody with
            # several books is not divided: a cap adds them up anyway.
            "SELECT p.book AS book, t.person AS person, t.day AS day, t.campaign AS campaign, t.kind AS kind,"
            " t.article AS article, t.credited FROM ledger_articletally_before t"
            " JOIN (SELECT person, min(book) AS book FROM ledger_personbook GROUP BY person) AS p"
            " ON p.person = t.person",
        ),
    ),
    Table(
        "ledger_lot",
        _columns("book integer, person bigint, year integer, points bigint, earned bigint"),
        "book, person, year",
        (
            "SELECT p.book AS book, t.person AS person, t.year AS year, t.points, t.earned"
            f" FROM ledger_lot_before t {_ONE_BOOK}",
            f"""
SELECT book, person, year, sum(points), sum(earned) FROM (
  SELECT book, person, day / 10000 AS year, points,
    CASE WHEN kind = {EXPIRY} THEN 0 ELSE points END AS earned
  FROM ledger_entry WHERE person IN (SELECT person FROM ledger_moved) AND points <> 0
  AND kind NOT IN ({SPEND}, {REFUND})
  UNION ALL
  SELECT e.book, e.person, l.year, l.points, 0 FROM ledger_lotline_before l
  JOIN ledger_entry e ON e.book = l.book AND e.seq = l.seq
  WHERE e.person IN (SELECT person FROM ledger_moved)
) AS lines GROUP BY book, person, year""",  # noqa: S608
        ),
    ),
    Table(
        "ledger_lotline",
        _columns("book integer, seq bigint, year integer, points integer"),
        "book, seq, year",
        ("SELECT book, seq, year, points FROM ledger_lotline_before",),
    ),
)
_PERSON_BOOKS = (
    "CREATE TABLE ledger_personbook (person bigint NOT NULL, book integer NOT NULL, PRIMARY KEY (person, book))"
)
_PEOPLE = (
    "INSERT INTO ledger_personbook (person, book) SELECT person, book FROM ledger_entry"
    " UNION SELECT a.person, p.book FROM ledger_archivedperson a JOIN ledger_archivedpart p ON p.id = a.part"
    " ORDER BY 1, 2",
    "CREATE TEMPORARY TABLE ledger_moved AS"
    " SELECT person FROM ledger_personbook GROUP BY person HAVING count(*) > 1",
)
# SQLite has one table, where the event can be unique for the person. Without statistics it would also take
# a key that begins with the book for a short way to a person's entries, and walk the whole book.
_EVENT_ONCE = "CREATE UNIQUE INDEX event_once ON ledger_entry ({key}, event_id)"
_INDEXES = (
    f"CREATE INDEX browsed_last ON ledger_entry (book, person, at_ms DESC) WHERE kind = {BROWSE}",
    "CREATE INDEX came_of ON ledger_entry (ref_book, ref_seq, kind) WHERE NOT (ref_seq = 0)",
    "CREATE INDEX stated_later ON ledger_entry (book, campaign, at_ms)"
    f" WHERE kind IN ({ADJUSTMENT}, {IMPORT})",
    f"CREATE INDEX expired_years ON ledger_entry (book, day) WHERE kind = {EXPIRY}",
)


def _key(*columns: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*columns, blank=True, editable=False, primary_key=True, serialize=False)


def _by_book(model: str, *key: str) -> tuple[migrations.AddField, migrations.AlterField]:
    """A model gets a column `book`, with which its key begins."""
    return (
        migrations.AddField(model, "book", models.IntegerField(default=0), preserve_default=False),
        migrations.AlterField(model, "pk", _key("book", *key)),
    )


def _index(name: str, fields: list[str], kinds: models.Q) -> tuple[migrations.RemoveIndex, migrations.AddIndex]:
    """An index of entries has other columns."""
    return (
        migrations.RemoveIndex("entry", name),
        migrations.AddIndex("entry", models.Index(fields=fields, condition=kinds, name=name)),
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_archived_parts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(rebuild, no_way_back)],
            state_operations=[
                migrations.CreateModel(
                    "PersonBook",
                    [
                        ("pk", _key("person", "book")),
                        ("person", models.BigIntegerField()),
                        ("book", models.IntegerField()),
                    ],
                ),
                *_by_book("daytally", "person", "day", "campaign", "kind"),
                *_by_book("articletally", "person", "day", "campaign", "kind", "article"),
                *_by_book("lot", "person", "year"),
                migrations.RemoveConstraint("entry", "event_once_a_person"),
                migrations.AddConstraint(
                    "entry",
                    models.UniqueConstraint("book", "person", "event_id", name="event_once"),
                ),
                *_index("browsed_last", ["book", "person", "-at_ms"], models.Q(kind=BROWSE)),
                *_index(
                    "stated_later", ["book", "campaign", "at_ms"], models.Q(kind__in=[ADJUSTMENT, IMPORT])
                ),
                *_index("expired_years", ["book", "day"], models.Q(kind=EXPIRY)),
            ],
        ),
    ]
