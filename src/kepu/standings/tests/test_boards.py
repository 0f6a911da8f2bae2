"""Boards, places and unit progress."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kepu.campaigns.rules import Policy, TieRule
from kepu.kit import clock
from kepu.people.models import Communicator, Unit
from kepu.standings import reads, writes
from kepu.standings.rules import Score as Brought
from kepu.standings.rules import ranked
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db

SHARED = town.SAMPLE.replace('tie_rule = "earlier"', 'tie_rule = "shared"')


@pytest.fixture(params=["earlier", "shared"])
def published(request):
    return town.build(SHARED if request.param == "shared" else town.SAMPLE)


def lines(page):
    return [(place.rank, place.person, place.volume) for place in page.rows]


def test_each_scope_has_its_people(published):
    (mine,), (neighbour,), (far,) = (
        town.enrol(1),
        town.enrol(1, town.ZHUBEI),
        town.enrol(1, town.ELSEWHERE),
    )
    for person, times in ((mine, 3), (neighbour, 5), (far, 4)):
        town.share(person, times)
    writes.follow()
    number = published.number
    assert lines(reads.board(number, "all", "4306", 0, 9)) == [(1, neighbour, 5), (2, far, 4), (3, mine, 3)]
    assert lines(reads.board(number, "all", "430623", 0, 9)) == [(1, neighbour, 5), (2, mine, 3)]
    assert lines(reads.board(number, "all", "430623110", 0, 9)) == [(1, neighbour, 5), (2, mine, 3)]
    assert lines(reads.board(number, "all", town.TONGFU, 0, 9)) == [(1, mine, 3)]
    unit = Unit.objects.get(division=town.TONGFU).pk
    assert lines(reads.board(number, "all", "", 0, 9, unit=unit)) == [(1, mine, 3)]
    assert lines(reads.board(number, "2021-03", "430602", 0, 9)) == [(1, far, 4)]


@pytest.mark.parametrize(
    ("window", "division"),
    [("all", ""), ("all", "43"), ("all", "x"), ("all", "430699"), ("2021-09", "430623"), ("'", "430623")],
)
def test_a_board_of_nothing_is_empty(published, window, division):
    town.share(*town.enrol(1), 1)
    writes.follow()
    assert reads.board(published.number, window, division, 0, 9).rows == ()
    assert reads.my_place(published.number, window, division, 1) is None
    assert reads.board(99, "all", "430623", 0, 9).rows == ()


def test_pages_join_into_the_ranking_of_the_rules(published):
    """Thirty people, few volumes, so ties run over the edges of pages."""
    brought = {}
    for place, person in enumerate(town.enrol(30)):
        volume = 1 + place * 7 % 5
        (receipt, *_) = town.credit(person, volume, second=place % 4)
        brought[person] = Brought(person, volume, receipt_ms(receipt))
    writes.follow()
    expected = [
        (each.rank, each.score.person, each.score.volume)
        for each in ranked(brought.values(), published.sheet.tie_rule)
    ]
    for size in (1, 4, 7, 30):
        found, start = [], 0
        while start is not None:
            page = reads.board(published.number, "annual", "430623", start, size)
            assert len(page.rows) <= size
            found += lines(page)
            start = page.next_start
        assert found == expected
    for index, (rank, person, volume) in enumerate(expected):
        mine = reads.my_place(published.number, "annual", "430623", person)
        assert (mine.place.rank, mine.place.volume, mine.ranked) == (rank, volume, 30)
        around = [(p.rank, p.person, p.volume) for p in (*mine.ahead, mine.place, *mine.behind)]
        assert around == expected[max(0, index - 2) : index + 3]


def receipt_ms(receipt):
    from kepu.ledger.reads import entry

    return entry(receipt.book, receipt.seq).at_ms


def test_the_gap_to_the_next_rank(published):
    first, second, third = town.enrol(3)
    for second_of_day, (person, volume) in enumerate([(first, 9), (second, 5), (third, 5)]):
        town.credit(person, volume, second=second_of_day)
    writes.follow()
    gaps = [reads.my_place(published.number, "all", "4306", person).gap for person in (first, second, third)]
    shared = published.sheet.tie_rule is TieRule.SHARED
    assert gaps == ([None, 4, 4] if shared else [None, 5, 1])


def test_the_gap_to_the_next_tier(published):
    """County tiers end at 10, 30 and 100; the twelfth must pass the tenth, all having done the task."""
    people = town.enrol(12)
    for place, person in enumerate(people):
        town.credit(person, 2500 - 10 * place)
    writes.follow()
    last = reads.my_place(published.number, "annual", "430623", people[11])
    tier = last.next_tier
    more = 0 if published.sheet.tie_rule is TieRule.SHARED else 1
    assert (tier.title, tier.rank_to, tier.amount, tier.gap) == ("华容县优秀科普员", 10, 500, 20 + more)
    assert reads.my_place(published.number, "annual", "430623", people[3]).next_tier is None
    assert reads.my_place(published.number, "annual", "430623110", people[11]).next_tier is None
    assert reads.my_place(published.number, "all", "430623", people[11]).next_tier is None


def test_the_gap_to_the_next_tier_is_never_less_than_that_to_the_basic_task(published):
    people = town.enrol(12)
    for place, person in enumerate(people):
        town.credit(person, 500 - 10 * place)
    writes.follow()
    assert reads.my_place(published.number, "annual", "430623", people[11]).next_tier.gap == 2200 - 390


def test_a_voluntary_campaign_shows_each_person_only_themself(monkeypatch):
    published = town.build()
    first, second = town.enrol(2)
    town.share(first, 2)
    town.share(second, 1)
    writes.follow()
    voluntary = town.moved(published, policy=Policy.VOLUNTARY)
    monkeypatch.setattr(reads.boards, "_published", lambda _number: voluntary)
    assert reads.board(published.number, "all", "430623", 0, 9).rows == ()
    mine = reads.my_place(published.number, "all", "430623", second)
    assert (mine.place.rank, mine.gap, mine.ahead, mine.behind) == (2, 2, (), ())


def test_no_volume_no_place(published):
    (person,) = town.enrol(1)
    town.credit(person, 2)
    town.credit(person, -2)
    writes.follow()
    assert reads.my_place(published.number, "all", "430623", person) is None
    assert reads.board(published.number, "all", "430623", 0, 9).rows == ()


def test_someone_revoked_has_no_name_on_a_board_at_once(published):
    gone, stays = town.enrol(2)
    town.share(gone, 2)
    town.share(stays, 1)
    writes.follow()
    Communicator.objects.filter(pk=gone).update(revoked_at=town.JANUARY)
    assert [place.person for place in reads.board(published.number, "all", "430623", 0, 9).rows] == [stays]
    assert reads.my_place(published.number, "all", "430623", gone) is None


def test_the_cut_off_is_the_last_followed_entry_or_that_of_a_lagging_book(published):
    (here,), (there,) = town.enrol(1), town.enrol(1, town.ELSEWHERE)
    assert reads.cut_off(published.number) is None
    town.share(here, 1, hour=9)
    town.share(there, 1, hour=11)
    assert reads.cut_off(published.number) is None
    writes.follow()
    day = clock.start_of(date(2021, 3, 5))
    assert reads.cut_off(published.number) == day + timedelta(hours=11)
    town.share(here, 1, hour=12)
    assert reads.cut_off(published.number) == day + timedelta(hours=9)
    writes.follow()
    assert reads.cut_off(published.number) == day + timedelta(hours=12)


def test_units_on_all_three_tasks(published):
    for person in town.enrol(9, town.TONGFU, backbones=3):
        town.credit(person, 500)
    town.share(*town.enrol(1, "430623110", backbones=1), 7)
    writes.follow()
    progress = {unit.name: unit for unit in reads.unit_progress(published.number)}
    assert list(progress)[:3] == ["机关、站所", "同福村", "注北村"]
    tongfu = progress["同福村"]
    assert (tongfu.backbones.target, tongfu.backbones.actual, tongfu.backbones.percent) == (2, 3, 150)
    assert (tongfu.registrations.target, tongfu.registrations.actual, tongfu.registrations.gap) == (45, 9, 36)
    assert (tongfu.volume.actual, tongfu.volume.gap, tongfu.volume.percent) == (4500, 0, 102)
    offices = progress["机关、站所"]
    assert (offices.backbones.gap, offices.registrations.gap, offices.volume.gap) == (1, 9, 4393)
    assert progress["注北村"].volume.actual == 0
    assert progress["千和村"].unit is None


def test_windows_in_the_order_people_look_for_them(published):
    (person,) = town.enrol(1)
    town.share(person, 1, date(2021, 3, 5))
    town.share(person, 1, date(2021, 8, 1))
    writes.follow()
    assert reads.windows(published.number) == [
        "all",
        "annual",
        "midyear",
        "2021-08",
        "2021-03",
        "2021-08-01",
    ]


def test_boards_cost_a_fixed_number_of_queries(published, django_assert_max_num_queries):
    people = town.enrol(40)
    for place, person in enumerate(people):
        town.credit(person, 900 - place)
    writes.follow()
    for start in (0, 20):
        with django_assert_max_num_queries(5):
            reads.board(published.number, "annual", town.TONGFU, start, 20)
    with django_assert_max_num_queries(8):
        assert reads.my_place(published.number, "annual", "430623", people[35]).next_tier is not None
    with django_assert_max_num_queries(5):
        reads.unit_progress(published.number)
    with django_assert_max_num_queries(3):
        reads.cut_off(published.number)


def test_boards_are_read_by_index(published):
    """Whatever the size of the table, a page must not sort a whole board; a city's merges its counties'."""
    town.share(*town.enrol(1), 1)
    town.share(*town.enrol(1, town.ELSEWHERE), 1)
    writes.follow()
    unit = Unit.objects.get(division=town.TONGFU).pk
    if connection.vendor == "sqlite":
        for asked in ("430623", "4306", "430623110", town.TONGFU, ""):
            with CaptureQueriesContext(connection) as queries:
                reads.board(published.number, "all", asked, 0, 20, unit=0 if asked else unit)
            (sql,) = (each["sql"] for each in queries if "ORDER BY volume DESC" in each["sql"])
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                steps = [row[3] for row in cursor.fetchall()]
            reading = [step for step in steps if "standings_score" in step]
            assert len(reading) == (2 if asked == "4306" else 1)
            assert all("USING COVERING INDEX board_of_county" in step for step in reading)
            assert asked == "4306" or not any("TEMP B-TREE" in step for step in steps)
