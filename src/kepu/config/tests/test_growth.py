"""The book that grows for the benchmark is a sound one, filled at once or in pieces."""

from datetime import date

import pytest
from django.db import connection

from kepu.config.bench import batches, growth
from kepu.kit import clock
from kepu.ledger import reads, writes
from kepu.ledger.models import Book, Entry
from kepu.ledger.partitions import TABLES
from kepu.standings.tests import town

LAST = date(2021, 7, 20)


def sums_off() -> int:
    """Everything that the ledger keeps beside its entries and that differs from them."""
    return reads.tallies_off() + reads.lots_off() + reads.person_books_off()


@pytest.mark.django_db
def test_a_book_that_grew_in_pieces_has_every_tally_and_is_measured(monkeypatch):
    monkeypatch.setattr(growth, "ACTIVE", 50)
    published = town.build()
    batches.make_raw_table()
    assert list(growth.fill(published, 700, LAST)) == [600, 700]
    assert list(growth.fill(published, 1_500, LAST)) == [1_200, 1_500]
    assert sums_off() == 0
    assert Book.objects.get(code=growth.COUNTY).last_seq == 1_500 == Entry.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(DISTINCT event_id) FROM {batches.RAW_TABLE}")
        assert cursor.fetchone() == (1_500, 1_500)
    opened = Entry.objects.filter(kind=5, seq__lte=600)
    assert {Entry.objects.get(seq=each.ref_seq).person == each.person for each in opened} == {True}
    kept = growth.sizes()
    assert sum(kept.values()) > 100 * 1_500
    for table in TABLES[:2]:
        assert any(name.startswith(table) for name in kept)


@pytest.mark.django_db
def test_acts_go_on_in_a_book_that_was_filled(monkeypatch):
    monkeypatch.setattr(growth, "ACTIVE", 50)
    published = town.build()
    batches.make_raw_table()
    list(growth.fill(published, 600, LAST))
    (who,) = town.enrol(1)
    assert writes.record(town.act(who, clock.start_of(LAST))).seq == 601
    list(growth.fill(published, 1_200, LAST))
    assert sums_off() == 0


def test_steps_end_with_what_was_asked():
    assert growth.steps_to(100_000) == [100_000]
    assert growth.steps_to(1_500_000) == [100_000, 1_000_000, 1_500_000]


def test_the_line_goes_on_straight_over_the_logarithm():
    assert growth.line_to([(100, 50.0), (10_000, 40.0)], 1_000_000) == pytest.approx(30.0)
    assert growth.line_to([(100, 50.0)], 1_000_000) == 50.0


def test_the_table_says_what_was_missed():
    steps = [
        growth.Step(10**n, 1000 - 100 * n, 2000, 0.4, 250, {"ledger_entry": 100 * 10**n}) for n in (5, 7)
    ]
    text = growth.table(steps)
    assert "of the first step: 0.60, aim 0.8" in text
    assert "extrapolated: 200 acts a second, 0.40" in text
    assert "bytes an entry: 100" in text
