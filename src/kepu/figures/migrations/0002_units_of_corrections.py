"""A line says which entries it becomes and for whose unit; what was entered before keeps what it became."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LINES_AT_ONCE = 500


def keep_what_was_entered(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Lines from before have one step, or two where a later cumulative figure gave the difference back."""
    lines = apps.get_model("figures", "FileLine")
    after = 0
    while some := list(lines.objects.filter(pk__gt=after).exclude(delta=0).order_by("pk")[:LINES_AT_ONCE]):
        for line in some:
            line.steps = [(line.day, line.delta, 0, 0, 0)]
            if line.carried_day:
                line.steps.append((line.carried_day, -line.delta, 0, 0, 0))
            line.entries = [(line.book, seq) for seq in (line.seq, line.carried_seq) if seq]
        lines.objects.bulk_update(some, ["steps", "entries"])
        after = some[-1].pk


class Migration(migrations.Migration):
    dependencies = (("figures", "0001_official_figures"),)

    operations = (
        migrations.AddField(
            model_name="fileline",
            name="entries",
            field=models.JSONField(default=list, help_text="[book, seq] of each step that is entered"),
        ),
        migrations.AddField(
            model_name="fileline",
            name="steps",
            field=models.JSONField(
                default=list, help_text="[day, volume, book, seq, unit] each, as rules.Step"
            ),
        ),
        migrations.RunPython(keep_what_was_entered, migrations.RunPython.noop),
        migrations.RemoveField(model_name="fileline", name="carried_seq"),
    )
