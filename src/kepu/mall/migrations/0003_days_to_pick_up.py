from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Q, Subquery

from kepu.kit import clock

WAITS = timedelta(days=30)


def say_since_when(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """What lies ready says since when, and waits 30 days from this day on: nobody was told a last day."""
    orders, steps = apps.get_model("mall", "Order"), apps.get_model("mall", "OrderStep")
    ready = steps.objects.filter(order=OuterRef("pk"), state="ready").values("at")[:1]
    orders.objects.filter(steps__state="ready").update(ready_at=Subquery(ready))
    waiting = orders.objects.filter(state="ready", way="pick_up")
    waiting.update(last_day=clock.day_of(clock.now()) + WAITS)


class Migration(migrations.Migration):
    """What lies ready waits so many days, and a delivery's address is kept so many after it was sent."""

    dependencies = (("mall", "0002_forms_of_stock"),)

    operations = (
        migrations.AddField(
            "item",
            "waits_days",
            models.PositiveIntegerField(default=30, help_text="a ready pick-up waits so long"),
        ),
        migrations.AddField(
            "order", "ready_at", models.DateTimeField(null=True, help_text="it lies there, or was sent")
        ),
        migrations.AddField(
            "order",
            "last_day",
            models.DateField(null=True, help_text="to pick it up, once it lies ready"),
        ),
        migrations.RemoveIndex("order", "contacts_kept"),
        migrations.AddIndex(
            "order",
            models.Index(
                fields=("ready_at", "ended_at"),
                condition=Q(contact_sealed__isnull=False),
                name="addresses_kept",
            ),
        ),
        migrations.AddIndex(
            "order",
            models.Index(fields=("last_day",), condition=Q(state="ready"), name="orders_to_pick_up"),
        ),
        migrations.RunPython(say_since_when, migrations.RunPython.noop),
    )
