from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_what_came_of_a_share")]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="came_of"),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=~models.Q(("ref_seq", 0)), fields=["ref_book", "ref_seq", "kind"], name="came_of"
            ),
        ),
    ]
