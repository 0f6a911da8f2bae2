"""The migration that makes lots of the entries a site has: as if there had been lots from the start."""

from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import models, writes
from kepu.ledger.rules import Act, Channel
from kepu.ledger.tests.test_writes import sound
from kepu.standings.tests import town

AS_IT_WAS = """
CREATE TEMPORARY TABLE ledger_lot (
  person bigint, year int, points bigint, earned bigint, UNIQUE (person, year))
"""
MIGRATION = import_module("kepu.ledger.migrations.0006_lots_and_debt")


@pytest.mark.django_db
def test_lots_follow_from_entries_however_few_are_read_at_once(monkeypatch):
    town.build()
    first, second = town.enrol(1) + town.enrol(1, town.ELSEWHERE)
    stated = (
        (2021, first, 9),
        (2021, second, 4),
        (2022, first, 5),
        (2022, second, 1),
        (2022, first, -12),
        (2022, second, -2),
        (2023, first, 3),
    )
    for number, (year, person, points) in enumerate(stated, start=1):
        at_ms = clock.milliseconds(clock.start_of(date(year, 3, 5)) + timedelta(hours=number))
        kind = Kind.SPEND if points < 0 else Kind.ADJUSTMENT
        event = number.to_bytes(16, "big")
        writes.record(Act(person, event, kind, 0, Channel.STAFF, at_ms, points=points))
    lots = sorted(models.Lot.objects.values_list("person", "year", "points", "earned"))
    lines = sorted(models.LotLine.objects.values_list())
    assert (len(lots), len(lines)) == (5, 3)
    models.LotLine.objects.all().delete()
    assert not sound()
    monkeypatch.setattr(MIGRATION, "AT_ONCE", 2)
    with connection.cursor() as cursor:
        # The table as it was then hides today's, whose key begins with the book.
        cursor.execute(AS_IT_WAS)
        MIGRATION.fill(None, SimpleNamespace(connection=connection))
        cursor.execute("SELECT person, year, points, earned FROM ledger_lot ORDER BY person, year")
        assert cursor.fetchall() == lots
        cursor.execute("DROP TABLE ledger_lot")
    assert sorted(models.LotLine.objects.values_list()) == lines
    assert sound()
