"""One order a county serves all boards: merged for a city, narrowed for a town, a village and a unit."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepu.people.models import Unit
from kepu.standings import reads, writes
from kepu.standings.models import Score, Window
from kepu.standings.reads import order, ranks
from kepu.standings.rules import Score as Brought
from kepu.standings.rules import ranked
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
SHARED = town.SAMPLE.replace('tie_rule = "earlier"', 'tie_rule = "shared"')
VILLAGES = (town.TONGFU, town.ZHUBEI, town.ELSEWHERE)
SIZE = 3
PEOPLE = 12
people = st.lists(
    st.tuples(st.sampled_from(VILLAGES), st.integers(1, 3), st.integers(0, 4), st.booleans()),
    min_size=1,
    max_size=PEOPLE,
)


@pytest.fixture(params=["earlier", "shared"])
def published(request):
    ranks.forget_trees()
    yield town.build(SHARED if request.param == "shared" else town.SAMPLE)
    ranks.forget_trees()


@pytest.fixture
def persons(published):
    """So many certified people of each village."""
    return {village: town.enrol(PEOPLE, village) for village in VILLAGES}


@pytest.fixture(params=["trees", "no trees"])
def size(request, monkeypatch):
    """With trees every window counts as large."""
    monkeypatch.setattr(ranks, "TREES_FROM", 0 if request.param == "trees" else 10**9)


def filled(published, persons, drawn):
    """Scores of these people as drawn: where, which volume, when reached, whether they are shown."""
    window = Window.objects.create(campaign=published.number, name="all", version=1, scores=len(drawn))
    units = {village: Unit.objects.get(division=village).pk for village in VILLAGES}
    next_of = {village: iter(persons[village]) for village in VILLAGES}
    rows = []
    for village, volume, reached_ms, shown in drawn:
        codes = {"town": int(village[:9]), "county": int(village[:6]), "city": int(village[:4])}
        held = {"volume": volume, "reached_ms": reached_ms, "shown": shown or volume == 1}
        person, unit = next(next_of[village]), units[village]
        rows.append(Score(window=window, person=person, unit=unit, **held, **codes))
    Score.objects.bulk_create(rows)
    return rows


def boards(rows):
    """(division, unit, rows there) of every board there is."""
    for level in (4, 6, 9, 12):
        for code in {village[:level] for village in VILLAGES}:
            within = [village for village in VILLAGES if village.startswith(code)]
            units = set(Unit.objects.filter(division__in=within).values_list("pk", flat=True))
            own = [row for row in rows if row.unit in units]
            yield code, 0, own
            if level == 12:
                yield "", *units, own


@given(people, st.integers(0, 2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
def test_pages_and_places_of_every_board_are_those_of_the_rules(
    published, persons, size, monkeypatch, drawn, merged
):
    monkeypatch.setattr(order, "_MERGED_MAX", merged)
    Score.objects.all().delete()
    Window.objects.all().delete()
    ranks.forget_trees()
    rows = filled(published, persons, drawn)
    tie_rule = published.sheet.tie_rule
    for division, unit, own in boards(rows):
        shown = [Brought(row.person, row.volume, row.reached_ms) for row in own if row.shown]
        expected = [(each.rank, each.score.person, each.score.volume) for each in ranked(shown, tie_rule)]
        found, start = [], 0
        while start is not None:
            page = reads.board(published.number, "all", division, start, SIZE, unit=unit)
            found += [(place.rank, place.person, place.volume) for place in page.rows]
            start = page.next_start
        assert found == expected
        for index, (rank, person, volume) in enumerate(expected):
            mine = reads.my_place(published.number, "all", division, person, unit=unit)
            around = [(p.rank, p.person, p.volume) for p in (*mine.ahead, mine.place, *mine.behind)]
            assert around == expected[max(0, index - 2) : index + 3]
            assert (mine.place.rank, mine.place.volume, mine.ranked) == (rank, volume, len(expected))


def test_my_ranks_are_one_statement_of_the_driver(published, persons, monkeypatch):
    monkeypatch.setattr(ranks, "TREES_FROM", 0)
    rows = filled(published, persons, [(town.TONGFU, volume, 1, True) for volume in (1, 2, 3, 4)])
    ranks.my_ranks(published, "all", rows[0].person)
    if connection.vendor == "sqlite":
        asked = []
        connection.connection.set_trace_callback(asked.append)
        try:
            assert ranks.my_ranks(published, "all", rows[1].person) == (2, 3, 3, 3)
        finally:
            connection.connection.set_trace_callback(None)
        assert len(asked) == 1


def test_my_rank_is_that_of_my_place_and_one_statement_where_a_tree_knows_it(published, persons, size):
    drawn = [
        (town.TONGFU, 3, 1, True),
        (town.ZHUBEI, 2, 1, True),
        (town.ZHUBEI, 2, 2, True),
        (town.ELSEWHERE, 1, 1, True),
    ]
    rows = filled(published, persons, drawn)
    for _ in range(2):
        for row in rows:
            for division in ("4306", str(row.county), str(row.town)):
                mine = reads.my_place(published.number, "all", division, row.person)
                rank = reads.my_rank(published, "all", division, row.person)
                assert rank == (mine.place.rank, mine.gap)
    assert reads.my_rank(published, "all", "430602", rows[0].person) is None
    assert reads.my_rank(published, "all", "4306", 2**40) is None


def test_rows_lie_in_the_order_of_their_key(db):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM pragma_table_list WHERE wr AND name LIKE 'standings_%'")
            assert sorted(cursor.fetchall()) == [("standings_activeperson",), ("standings_score",)]


def test_a_person_certified_without_a_town_has_no_rank_in_one(published, persons, monkeypatch):
    monkeypatch.setattr(ranks, "TREES_FROM", 0)
    rows = filled(published, persons, [(town.TONGFU, 2, 1, True), (town.TONGFU, 3, 1, True)])
    Score.objects.filter(person=rows[0].person).update(town=0)
    for _ in range(2):
        assert ranks.my_ranks(published, "all", rows[0].person) == (2, 2, 2, 0)
    assert writes.follow() == 0
