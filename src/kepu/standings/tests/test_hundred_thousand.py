"""A hundred thousand people on one board: any page of it costs about what the first one does."""

import time

import pytest
from django.db import connection, transaction

from kepu.people.models import Account, Association, Communicator, Unit
from kepu.standings import reads
from kepu.standings.models import Score, Window
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
PEOPLE = 100_000
MIDDLE = 50_000
TIMES_FIRST_PAGE = 8
TIMES_FOR_MY_PLACE = 30  # it counts everybody: about 10 on SQLite, 15 on PostgreSQL before a vacuum
FLOOR_SECONDS = 0.01
_NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {PEOPLE})"
_SCORES = """
INSERT INTO standings_score (window_id, person, volume, reached_ms, unit, town, county, city, shown)
{numbers} SELECT {window}, 1000000 + i, 1 + ({people} - i) / 7, 1614906000000 + i,
  {unit}, 430623110, 430623, 4306, {true} FROM n
"""


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    """The campaign's number; made once, as a hundred thousand people take seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _filled()
        transaction.set_rollback(True)


@pytest.fixture
def campaign(crowd, db):
    return crowd


def _filled():
    """The reference campaign; person 1000000 + n stands at place n of the whole, seven share each volume."""
    published = town.build()
    unit = Unit.objects.get(division=town.TONGFU)
    window = Window.objects.create(campaign=published.number, name="all")
    _enrol(unit)
    words = {"numbers": _NUMBERS, "people": PEOPLE, "unit": unit.pk, "window": window.pk}
    with connection.cursor() as cursor:
        cursor.execute(_SCORES.format(**words, true="true" if connection.vendor == "postgresql" else "1"))
        cursor.execute("ANALYZE")
    assert Score.objects.count() == PEOPLE
    return published.number


def _enrol(unit):
    """The first of them as the models have it, the others copied from it by the database."""
    first = 1_000_001
    account = Account.objects.create(pk=first, phone_index="many", book=430623, created_at=town.JANUARY)
    one = Communicator.objects.create(
        account=account,
        name="王一明",
        unit=unit,
        division=unit.division,
        association=Association.objects.get(),
        certified_at=town.JANUARY,
    )
    _copied(account, {"id": "first.id + i - 1", "phone_index": "'many' || i"})
    _copied(one, {"account_id": "first.account_id + i - 1", "name": "'王' || i || '明'"})


def _copied(row, changes):
    """`PEOPLE` rows like this one, which is the first, with these columns changed from `i` on (from 2)."""
    table = row._meta.db_table
    columns = [field.column for field in row._meta.local_concrete_fields]
    columns = [each for each in columns if each in changes or each != row._meta.pk.column]
    values = ", ".join(changes.get(each, f'first."{each}"') for each in columns)
    names = ", ".join(f'"{each}"' for each in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) {_NUMBERS} SELECT {values} FROM n, {table} first"
            f" WHERE first.{row._meta.pk.column} = %s AND i > 1",
            [row.pk],
        )


def seconds(ask):
    """The quickest of five."""
    found = []
    for _ in range(5):
        began = time.perf_counter()
        ask()
        found.append(time.perf_counter() - began)
    return min(found)


@pytest.mark.parametrize("division", ["4306", "430623", "430623110", town.TONGFU])
def test_the_middle_of_a_board_costs_about_what_its_first_page_does(campaign, division):
    first = max(FLOOR_SECONDS, seconds(lambda: reads.board(campaign, "all", division, 0, 20)))
    middle = seconds(lambda: reads.board(campaign, "all", division, MIDDLE, 20))
    mine = seconds(lambda: reads.my_place(campaign, "all", division, 1_000_000 + MIDDLE))
    assert middle < first * TIMES_FIRST_PAGE
    assert mine < first * TIMES_FOR_MY_PLACE


def test_every_page_and_my_place_keep_their_number_of_queries(campaign, django_assert_max_num_queries):
    for start in (0, MIDDLE, PEOPLE - 20):
        with django_assert_max_num_queries(5):
            page = reads.board(campaign, "all", "430623", start, 20)
        assert [place.person for place in page.rows] == [1_000_001 + start + each for each in range(20)]
        assert page.rows[0].rank == start + 1
    with django_assert_max_num_queries(8):
        mine = reads.my_place(campaign, "all", "430623", 1_000_000 + MIDDLE)
    assert (mine.place.rank, mine.ranked) == (MIDDLE, PEOPLE)


def test_a_phone_scrolls_in_the_middle_of_the_page(campaign, client, django_assert_max_num_queries):
    client.get("/boards/?window=all&scope=county")
    with django_assert_max_num_queries(24):
        answer = client.get(
            f"/boards/?window=all&scope=county&start={MIDDLE}", headers={"HX-Request": "true"}
        )
    assert f"start={MIDDLE + 20}" in answer.content.decode()
