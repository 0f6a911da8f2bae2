from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_what_a_person_browsed_last")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("ref_seq__gt", 0)), fields=["ref_book", "ref_seq", "kind"], name="came_of"
            ),
        ),
    ]
