"""Scores and who is active lie in the order of their keys, and scores have one order left (decision 45).

What they held is not carried over: the follower finds another edition and builds everything anew.
"""

import django.db.models.deletion
from django.db import migrations, models

TABLES = ('standings_score', 'standings_activeperson')


def lie_by_key(apps, schema_editor):
    """On SQLite these tables have no row numbers; Django has no word for that."""
    if schema_editor.connection.vendor != 'sqlite':
        return
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
            (sql,) = cursor.fetchone()
            cursor.execute(f'DROP TABLE {table}')
            cursor.execute(f'{sql} WITHOUT ROWID')


class Migration(migrations.Migration):

    dependencies = [
        ('standings', '0004_ranks'),
    ]

    operations = [
        migrations.DeleteModel(name='Score'),
        migrations.DeleteModel(name='ActivePerson'),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('pk', models.CompositePrimaryKey('person', 'window_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person', models.BigIntegerField()),
                # Columns of the key first: else SQLite 3.40 takes others for NULL where it checks itself.
                ('window', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='standings.window')),
                ('volume', models.IntegerField()),
                ('reached_ms', models.BigIntegerField()),
                ('unit', models.IntegerField()),
                ('town', models.IntegerField()),
                ('county', models.IntegerField()),
                ('city', models.IntegerField()),
                ('shown', models.BooleanField(db_default=True, default=True)),
            ],
            options={
                'indexes': [models.Index(fields=['window', 'county', '-volume', 'reached_ms', 'person', 'town', 'unit', 'shown'], name='board_of_county')],
            },
        ),
        migrations.CreateModel(
            name='ActivePerson',
            fields=[
                ('pk', models.CompositePrimaryKey('campaign', 'span', 'person', blank=True, editable=False, primary_key=True, serialize=False)),
                ('campaign', models.IntegerField()),
                ('span', models.IntegerField()),
                ('person', models.BigIntegerField()),
                ('acts', models.IntegerField()),
                ('reached_ms', models.BigIntegerField()),
                ('town', models.IntegerField()),
                ('county', models.IntegerField()),
                ('unit', models.IntegerField()),
            ],
        ),
        migrations.RunPython(lie_by_key, migrations.RunPython.noop),
    ]
