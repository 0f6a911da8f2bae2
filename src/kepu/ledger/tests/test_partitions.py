"""Every question of a batch looks into the books it names and nowhere else, by an index."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import models, partitions, reads, store, writes
from kepu.ledger.reads.rows import rows_of_all
from kepu.ledger.rules import Receipt, TallyKey
from kepu.ledger.tests.test_writes import act
from kepu.people.tests.test_at_once import at_once
from kepu.standings.tests import town

NOW = clock.start_of(date(2021, 3, 5)) + timedelta(hours=12)
HERE, THERE, NEW = 430623, 430602, 430681
DAY = (HERE, 7, 20210305)
QUESTIONS = {
    "known events": lambda: store.known_events([(HERE, 7, bytes(16)), (HERE, 8, bytes(16))]),
    "counts": lambda: store.credited_counts([DAY]),
    "counts of articles": lambda: store.credited_article_counts([DAY]),
    "counts of a campaign": lambda: store.whole_article_counts([(HERE, TallyKey(7, 0, 1, 4), 9)]),
    "points of days": lambda: store.points_of_days([DAY]),
    "days before": lambda: store.credited_days([(HERE, 7, 2)], 20210101, 20210305),
    "lots": lambda: store.lots([(HERE, 7)]),
    "expired points": lambda: store.expired_points([DAY]),
    "lines of spends": lambda: store.spent_lines([(HERE, 1)]),
}


@pytest.fixture
def both_books(db: None) -> None:
    """Two open books."""
    town.build()


def plan(sql: str, values: list[object] | None) -> str:
    """How the database would answer."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", values)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def kept_plan(question: store.Statement) -> str:
    """How PostgreSQL answers a statement whose plan it keeps for whatever books."""
    sql, values = question.sql, list(question.values)
    for number in range(1, len(values) + 1):
        sql = sql.replace("%s", f"${number}", 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE asked AS {sql}")
        cursor.execute(f"EXPLAIN (ANALYZE) EXECUTE asked ({', '.join(['%s'] * len(values))})", values)
        lines = [row[0] for row in cursor.fetchall()]
        cursor.execute("DEALLOCATE asked")
        return "\n".join(lines)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_looks_into_its_books_by_a_key(both_books, question):
    asked = question()
    found = plan(asked.sql, list(asked.values))
    if connection.vendor == "postgresql":
        assert f"_{HERE}" in found
        assert f"_{THERE}" not in found
        assert "Index" in found
        assert "Seq Scan" not in found
    elif "event_id" in asked.sql:
        assert "event_once (person=? AND event_id=?" in found
    else:
        assert "USING PRIMARY KEY (book=? AND " in found
        assert "SCAN e" not in found


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_kept_plan_leaves_the_other_books_out_as_well(both_books, question):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no partitions")
    found = kept_plan(question())
    assert f"_{HERE}" in found
    assert f"_{THERE}" not in found


def test_several_books_are_asked_one_by_one(both_books):
    asked = store.credited_counts([DAY, (THERE, 7, 20210305), (HERE, 8, 20210305)])
    if connection.vendor == "postgresql":
        assert [sql.rpartition(" ")[2] for sql, _values in (asked[:2], *asked.more)] == [
            str(HERE),
            str(THERE),
        ]
    else:
        assert not asked.more


def test_the_books_of_a_person_are_found_by_the_key(both_books):
    asked = store.person_books([7, 8])
    found = plan(asked.sql, list(asked.values))
    assert "ledger_personbook_pkey" in found or "USING PRIMARY KEY (person=?)" in found


def test_every_key_begins_with_the_book():
    for table in (models.Entry, models.DayTally, models.ArticleTally, models.Lot, models.LotLine):
        assert table._meta.pk.field_names[0] == "book"
    (once,) = models.Entry._meta.constraints
    assert [each.name for each in once.expressions] == ["book", "person", "event_id"]
    assert {each.fields[0] for each in models.Entry._meta.indexes} == {"book", "ref_book"}


def test_tables_lie_as_decided(both_books):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree('ledger_entry') WHERE isleaf")
            # Tests that commit leave a book's partitions behind.
            assert {row[0] for row in cursor.fetchall()} >= {f"ledger_entry_{book}" for book in (HERE, THERE)}
            return
        for table in (*partitions.TABLES, "ledger_personbook"):
            # A migration that lets Django make a table anew on SQLite would lose this.
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
            assert cursor.fetchone()[0].endswith("WITHOUT ROWID"), table


@pytest.mark.parametrize("table", [models.Entry, models.DayTally, models.ArticleTally, models.Lot])
@pytest.mark.parametrize("number", [1, 500])
def test_what_people_did_is_read_in_their_books_alone(both_books, table, number):
    people = town.enrol(2)
    writes.record(act(people[0]))
    rows = rows_of_all(table, [*people, *range(1, number)])
    sql, values = rows.query.sql_with_params()
    found = plan(sql, list(values))
    if connection.vendor == "postgresql":
        assert f"_{HERE}" in found
        assert f"_{THERE}" not in found
    elif table is models.Entry:
        assert "event_once (person=?" in found
    else:
        assert "USING PRIMARY KEY (book=? AND person=?" in found


def test_statements_of_a_person_find_their_way_without_statistics(both_books):
    (who,) = town.enrol(1)
    writes.record(act(who))
    with CaptureQueriesContext(connection) as asked:
        reads.reason_counts(who, 1, 20210101, 20211231)
        reads.shares_led_to_by(who, 10)
        reads.last_browsed(who)
    first, *others = [plan(each["sql"], None) for each in asked.captured_queries]
    assert len(others) == 2
    if connection.vendor == "postgresql":
        assert f"_{HERE}" in first
        assert f"_{THERE}" not in first
    else:
        for found in (first, *others):
            assert "(person=?" in found or "(book=? AND person=?" in found
            assert "PRIMARY KEY (book=?)" not in found


@pytest.mark.django_db(transaction=True)
def test_a_book_that_two_open_at_once_is_opened_once():
    opened = at_once(*[lambda: writes.open_book(NEW, NOW)] * 3)
    assert sorted(opened) == [False, False, True]
    assert writes.open_book(NEW, NOW) is False
    assert models.Book.objects.filter(code=NEW).count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_batch_of_another_book_waits_while_a_book_is_opened():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    town.build()
    (who,) = town.enrol(1)
    answers: list[object] = []

    def record() -> None:
        answers.append(writes.record(act(who)))
        answers.append(reads.balance(who))
        connection.close()

    batch = threading.Thread(target=record)
    with transaction.atomic():
        partitions.make_room(NEW)
        batch.start()
        batch.join(30)
        assert not batch.is_alive()
    assert isinstance(answers[0], Receipt)
    assert answers[1] == 1
    writes.open_book(NEW, NOW)


@pytest.mark.django_db(transaction=True)
def test_a_book_whose_room_is_there_already_can_be_opened():
    with transaction.atomic():
        partitions.make_room(NEW)
    assert writes.open_book(NEW, NOW)
    models.Entry.objects.create(
        book=NEW, seq=1, person=7, event_id=bytes(16), kind=Kind.SHARE, article=3, at_ms=0, day=20210305,
        campaign=0, version=0, points=0, volume=0, reason=0, left_today=-1, unit=1, division=430681100,
        channel=0, ref_book=0, ref_seq=0, author=0, note="", hash=bytes(32),
    )  # fmt: skip
    assert reads.entry(NEW, 1) is not None
