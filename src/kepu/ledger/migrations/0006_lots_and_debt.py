"""Points by the year they were earned in, from the entries; what was kept as one balance is gone."""

from collections.abc import Iterator

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.exceptions import IrreversibleError

AT_ONCE = 50_000
SPEND = 10


def fill(_apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """The lots are the sums of the entries, a stretch of a book at a time; then spends take the oldest."""
    with schema.connection.cursor() as cursor:
        cursor.execute("SELECT book, max(seq) FROM ledger_entry GROUP BY book ORDER BY book")
        for book, last in cursor.fetchall():
            for start in range(0, last, AT_ONCE):
                cursor.execute(_SUMS, [book, start, start + AT_ONCE])
    for spends in _spends(schema):
        for book, seq, person, points in spends:
            _take(schema, (book, seq), person, points)


def no_way_back(_apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """One balance a person cannot be made of lots again: debts and expiries have no place in it."""
    raise IrreversibleError("Points in lots of a year have no way back. Restore the backup made before.")


def _spends(schema: BaseDatabaseSchemaEditor) -> Iterator[list[tuple[int, int, int, int]]]:
    """Spends in the order of their books, so many at once; there were none before the mall."""
    place = (0, 0)
    while True:
        with schema.connection.cursor() as cursor:
            cursor.execute(_SPENDS, [place[0], *place, 1_000])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        place = rows[-1][:2]


def _take(schema: BaseDatabaseSchemaEditor, place: tuple[int, int], person: int, points: int) -> None:
    with schema.connection.cursor() as cursor:
        cursor.execute(
            "SELECT year, points FROM ledger_lot WHERE person = %s AND points > 0 ORDER BY year", [person]
        )
        lots, left, year = cursor.fetchall(), -points, 0
        for year, there in lots:
            piece = left if year == lots[-1][0] else min(there, left)
            if piece:
                cursor.execute(_LINE, [*place, year, -piece])
                cursor.execute(_TAKE, [piece, person, year])
            left -= piece
        assert not left, f"spend {place} has no points to take"


_SUMS = f"""
INSERT INTO ledger_lot (person, year, points, earned)
SELECT person, day / 10000, sum(points), sum(points) FROM ledger_entry
WHERE book = %s AND seq > %s AND seq <= %s AND points <> 0 AND kind <> {SPEND}
GROUP BY person, day / 10000
ON CONFLICT (person, year) DO UPDATE SET
points = ledger_lot.points + excluded.points, earned = ledger_lot.earned + excluded.earned
"""  # noqa: S608 - our own constants
_SPENDS = f"""
SELECT book, seq, person, points FROM ledger_entry
WHERE kind = {SPEND} AND points < 0 AND (book > %s OR (book = %s AND seq > %s)) ORDER BY book, seq LIMIT %s
"""  # noqa: S608
_LINE = "INSERT INTO ledger_lotline (book, seq, year, points) VALUES (%s, %s, %s, %s)"
_TAKE = "UPDATE ledger_lot SET points = points - %s WHERE person = %s AND year = %s"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_what_was_stated_later")]

    operations = [
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person", "year", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person", models.BigIntegerField()),
                ("year", models.IntegerField()),
                ("points", models.BigIntegerField()),
                ("earned", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="LotLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "book", "seq", "year", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("book", models.IntegerField()),
                ("seq", models.BigIntegerField()),
                ("year", models.IntegerField()),
                ("points", models.IntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(condition=models.Q(("kind", 15)), fields=["day"], name="expired_years"),
        ),
        migrations.RunPython(fill, no_way_back),
        migrations.DeleteModel(name="Balance"),
    ]
