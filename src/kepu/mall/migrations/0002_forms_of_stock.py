from django.db import migrations, models


class Migration(migrations.Migration):
    """A line of stock knows the form that entered it, so that a double tap is one line."""

    dependencies = (("mall", "0001_items_and_orders"),)

    operations = (migrations.AddField("stockchange", "form", models.UUIDField(null=True, unique=True)),)
