from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0009_counter_and_announcements'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='certification',
            index=models.Index(fields=['town', 'submitted_at'], name='applied_in_a_town'),
        ),
        migrations.AddIndex(
            model_name='certification',
            index=models.Index(fields=['unit', 'submitted_at'], name='applied_for_a_unit'),
        ),
        migrations.AddIndex(
            model_name='communicator',
            index=models.Index(fields=['division', 'unit', 'certified_at', 'is_backbone', 'revoked_at'], name='turnout_of_a_division'),
        ),
    ]
