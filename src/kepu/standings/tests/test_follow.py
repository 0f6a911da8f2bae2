"""Following the ledger in any pieces gives what adding the entries up by hand gives."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepu.campaigns import writes as campaigns
from kepu.kit import clock
from kepu.kit.tests.depth import cases
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.rules import GENESIS, Entry
from kepu.people.models import Communicator
from kepu.standings import reads, rules, writes
from kepu.standings.models import Cursor, Score, UnitVolume, Window
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db

DAYS = [20210101, 20210131, 20210731, 20210801, 20211120, 20211129, 20211130]
entries = st.lists(
    st.builds(
        lambda book, person, day, volume, at, unit, campaign: Entry(
            book=book,
            seq=0,
            person=person,
            event_id=bytes(16),
            kind=4,
            article=1,
            at_ms=at,
            day=day,
            campaign=campaign,
            version=1,
            points=0,
            volume=volume,
            reason=0,
            left_today=-1,
            unit=unit,
            division=book * 1000 + unit,
            channel=0,
            ref_book=0,
            ref_seq=0,
            author=0,
            note="",
            hash=bytes(32),
        ),
        st.sampled_from([430602, 430623]),
        st.integers(1, 4),
        st.sampled_from(DAYS),
        st.integers(-2, 3),
        st.integers(1, 9),
        st.integers(1, 2),
        st.sampled_from([0, 1, 1, 1]),
    ),
    max_size=40,
)


def table():
    """Everything the follower keeps, ids left out: the bytes that must come out the same."""
    scores = Score.objects.order_by("window__campaign", "window__name", "person").values_list(
        "window__campaign",
        "window__name",
        "person",
        "volume",
        "reached_ms",
        "unit",
        "town",
        "county",
        "city",
        "shown",
    )
    units = UnitVolume.objects.order_by("campaign", "unit").values_list("campaign", "unit", "volume")
    windows = Window.objects.order_by("campaign", "name").values_list("campaign", "name")
    return repr((list(scores), list(units), list(windows))).encode()


def by_hand(written):
    """The scores straight from the entries, by the plainest code there is."""
    counted = [entry for entry in written if entry.campaign and entry.volume]
    last = max((entry.day for entry in counted), default=0)
    rounds = [("midyear", 20210101, 20210731), ("annual", 20210101, 20211130)]
    scores = {}
    for entry in counted:
        for window in rules.windows_of(rounds, entry.day):
            if rules.is_day(window) and entry.day < rules.first_day_kept(last):
                continue
            own = scores.setdefault((window, entry.person), [0, (0, 0, 0, 0)])
            own[0] += entry.volume
            latest = (entry.at_ms if entry.volume > 0 else 0, entry.division, entry.book, entry.unit)
            own[1] = max(own[1], latest)
    return {key: (volume, *place) for key, (volume, place) in scores.items()}


def write(written):
    """Append entries to their books as they are, whatever a rule sheet would say of them."""
    from kepu.ledger.models import Book
    from kepu.ledger.models import Entry as Row

    for book in {entry.book for entry in written}:
        own = [entry for entry in written if entry.book == book]
        last = Book.objects.get(code=book).last_seq
        Row.objects.bulk_create(
            [
                Row(**{**entry._asdict(), "seq": seq, "event_id": seq.to_bytes(16, "big")}, pk=(book, seq))
                for seq, entry in enumerate(own, start=last + 1)
            ]
        )
        Book.objects.filter(code=book).update(last_seq=last + len(own), last_hash=GENESIS)


@pytest.fixture
def published():
    return town.build()


@given(entries, st.lists(st.integers(1, 12), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=cases(40))
def test_following_in_pieces_equals_rebuilding_equals_adding_up(published, written, pieces):
    written = [
        entry._replace(person=entry.person + entry.book, campaign=entry.campaign and published.number)
        for entry in written
    ]
    with transaction.atomic():
        write(written)
        for piece in pieces:
            writes.follow(piece)
        while writes.follow(7):
            pass
        followed = table()
        held = {
            (row.window.name, row.person): (row.volume, row.reached_ms, row.town, row.county, row.unit)
            for row in Score.objects.select_related("window")
        }
        assert held == by_hand(written)
        writes.rebuild()
        Score.objects.update(shown=True)
        assert table() == followed
        transaction.set_rollback(True)


def test_shares_reach_every_window(published):
    (person,) = town.enrol(1)
    town.share(person, 3, date(2021, 3, 5))
    town.share(person, 2, date(2021, 8, 1))
    assert writes.follow() == 5
    assert writes.follow() == 0
    volumes = dict(Score.objects.filter(person=person).values_list("window__name", "volume"))
    assert volumes == {"all": 5, "midyear": 3, "annual": 5, "2021-03": 3, "2021-08": 2, "2021-08-01": 2}


def test_only_the_latest_days_have_boards_of_their_own(published):
    (person,) = town.enrol(1)
    for day in range(1, 10):
        town.share(person, 1, date(2021, 3, day))
        writes.follow()
    days = [name for name in reads.windows(published.number) if rules.is_day(name)]
    assert days == [f"2021-03-0{day}" for day in range(9, 2, -1)]


def test_a_refused_act_counts_nowhere(published):
    (person,) = town.enrol(1)
    town.share(person, 301)
    writes.follow()
    assert Score.objects.get(person=person, window__name="all").volume == 300


def test_a_reversal_leaves_the_day_and_the_unit_it_was_counted_for(published):
    (person,) = town.enrol(1)
    first = town.share(person, 3, date(2021, 3, 5))[0]
    unit = Communicator.objects.get(pk=person).unit_id
    (newcomer,) = town.enrol(1, town.ZHUBEI)
    other = Communicator.objects.get(pk=newcomer)
    Communicator.objects.filter(pk=person).update(unit=other.unit, division=other.division)
    town.share(person, 1, date(2021, 4, 1))
    ledger_writes.reverse_entry(first.book, first.seq, person, "重复", clock.start_of(date(2021, 4, 2)))
    writes.follow()
    volumes = dict(Score.objects.filter(person=person).values_list("window__name", "volume"))
    assert (volumes["all"], volumes["2021-03"], volumes["2021-04"]) == (3, 2, 1)
    assert dict(UnitVolume.objects.values_list("unit", "volume")) == {unit: 2, other.unit_id: 1}


def test_a_place_was_reached_by_the_last_act_that_stands(published):
    """Both end with two; the one whose third was taken back had them first, on the board as in the list."""
    early, late = town.enrol(2)
    town.share(early, 2, date(2021, 3, 5))
    town.share(late, 2, date(2021, 3, 6))
    third = town.share(early, 1, date(2021, 6, 1))[0]
    writes.follow()
    ledger_writes.reverse_entry(third.book, third.seq, late, "重复", clock.start_of(date(2021, 6, 2)))
    writes.follow()
    board = reads.board(published.number, "all", "430623", 0, 10)
    assert [(place.person, place.volume) for place in board.rows] == [(early, 2), (late, 2)]
    followed = table()
    writes.rebuild()
    assert table() == followed


def test_a_place_moves_with_the_person_who_has_it(published):
    (person,) = town.enrol(1)
    town.share(person, 3)
    writes.follow()
    (elsewhere,) = town.enrol(1, town.ELSEWHERE)
    other = Communicator.objects.get(pk=elsewhere)
    Communicator.objects.filter(pk=person).update(unit=other.unit, division=other.division)
    writes.refresh_places()
    for division, there in (("430623", []), ("430602", [person]), ("4306", [person])):
        board = reads.board(published.number, "all", division, 0, 10)
        assert [place.person for place in board.rows] == there
    followed = table()
    writes.rebuild()
    assert table() == followed


def test_two_followers_side_by_side_count_once(published, monkeypatch):
    """The second reads the same entries, but finds the cursor moved when it comes to write."""
    (person,) = town.enrol(1)
    town.share(person, 3)
    honest = writes.gather

    def interrupted(*args):
        monkeypatch.setattr(writes, "gather", honest)
        assert writes.follow() == 3
        return honest(*args)

    monkeypatch.setattr(writes, "gather", interrupted)
    assert writes.follow() == 0
    assert Score.objects.get(person=person, window__name="all").volume == 3


def test_a_stop_in_the_middle_leaves_nothing_half_done(published, monkeypatch):
    (person,) = town.enrol(1)
    town.share(person, 3)
    monkeypatch.setattr(writes.store, "add_to_unit_volumes", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        writes.follow()
    assert not Score.objects.exists()
    assert not Cursor.objects.exists()
    monkeypatch.undo()
    assert writes.follow() == 3


def test_other_days_for_a_round_build_everything_anew(published):
    (person,) = town.enrol(1)
    town.share(person, 3, date(2021, 7, 20))
    writes.follow()
    shorter = town.SAMPLE.replace("closes_on = 2021-07-31", "closes_on = 2021-07-10")
    campaigns.publish_sheet(shorter, "测试", "测试签发人", town.JANUARY)
    assert writes.follow() == 3
    volumes = dict(Score.objects.filter(person=person).values_list("window__name", "volume"))
    assert "midyear" not in volumes
    assert volumes["annual"] == 3


def test_someone_revoked_has_no_place_until_certified_again(published):
    gone, stays = town.enrol(2)
    town.share(gone, 3)
    town.share(stays, 2)
    writes.follow()
    Communicator.objects.filter(pk=gone).update(revoked_at=town.JANUARY)
    assert writes.refresh_places() == 0
    board = reads.board(published.number, "all", "430623", 0, 10)
    assert [(place.rank, place.person) for place in board.rows] == [(1, stays)]
    Communicator.objects.filter(pk=gone).update(revoked_at=None)
    writes.refresh_places()
    board = reads.board(published.number, "all", "430623", 0, 10)
    assert [place.person for place in board.rows] == [gone, stays]


def test_everyone_is_checked_a_part_at_a_time(published, monkeypatch):
    monkeypatch.setattr(writes, "CHECKED_AT_ONCE", 2)
    persons = town.enrol(5)
    for person in persons:
        town.share(person, 1)
    writes.follow()
    Communicator.objects.update(revoked_at=town.JANUARY)
    after = writes.refresh_places()
    assert (after, Score.objects.filter(shown=False, window__name="all").count()) == (persons[1], 2)
    while after:
        after = writes.refresh_places(after)
    assert not Score.objects.filter(shown=True).exists()


def test_catching_up_costs_few_queries(published, django_assert_max_num_queries):
    for person in town.enrol(20):
        town.share(person, 2)
    with django_assert_max_num_queries(25):
        writes.follow()
    with django_assert_max_num_queries(4):
        assert writes.follow() == 0
    assert ledger.heads("430623")[0].seq == 40
