"""Complaints move to the room `people`, where the officers who hear them are known; their numbers stay."""

from django.conf import settings
from django.core.management.color import no_style
from django.db import migrations

KEPT = ("pk", "words", "contact", "path", "account_id", "network_mark", "sent_at", "settled_at")


def move(apps, schema_editor):
    """Every complaint stands in the new table, and the next one gets a number of its own."""
    old, new = apps.get_model("app", "Complaint"), apps.get_model("people", "Complaint")
    books = dict(apps.get_model("people", "Account").objects.values_list("pk", "book"))
    rows = old.objects.order_by("pk").values(*KEPT)
    moved = [
        new(**row, division=str(books.get(row["account_id"], settings.KEPU_DIVISION)))
        for row in rows.iterator()
    ]
    new.objects.bulk_create(moved, batch_size=500)
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [new]):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("app", "0001_initial"), ("people", "0002_complaints")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="Complaint"),
    ]
