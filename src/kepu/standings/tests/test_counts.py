"""What the back office counts: following in pieces is rebuilding is adding up; corrections subtract."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepu.campaigns.rules import Kind, Reason
from kepu.kit import clock
from kepu.kit.tests.depth import cases
from kepu.ledger import writes as ledger_writes
from kepu.people.models import Communicator
from kepu.standings import writes
from kepu.standings.models import ActivePerson, UnitCount
from kepu.standings.rules import counting
from kepu.standings.tests import town
from kepu.standings.tests.test_follow import write

pytestmark = pytest.mark.django_db
DAYS = [20210101, 20210103, 20210104, 20211001, 20211029, 20211101, 20211130]
facts = st.lists(
    st.tuples(
        st.sampled_from([430602, 430623]),
        st.integers(1, 3),
        st.sampled_from(DAYS),
        st.sampled_from([Kind.SIGN_IN, Kind.SHARE, Kind.SHARE, Kind.OPEN, Kind.READ, Kind.IMPORT]),
        st.sampled_from([Reason.CREDITED, Reason.CREDITED, Reason.NOT_REWARDED, Reason.DAY_CAP]),
        st.integers(1, 2),
        st.integers(1, 9),
        st.booleans(),
    ),
    max_size=30,
)


@pytest.fixture
def published():
    return town.build()


def entry(book, seq, person, day, kind, reason, unit, at_ms):
    from kepu.ledger.rules import Entry

    return Entry(
        book=book,
        seq=seq,
        person=person * 10 + book % 10,
        event_id=bytes(16),
        kind=kind,
        article=1,
        at_ms=at_ms,
        day=day,
        campaign=1,
        version=1,
        points=0,
        volume=int(kind is Kind.SHARE and reason is Reason.CREDITED),
        reason=reason,
        left_today=-1,
        unit=unit,
        division=book * 1000 + unit,
        channel=0,
        ref_book=0,
        ref_seq=0,
        author=0,
        note="",
        hash=bytes(32),
    )


def books_of(drawn, campaign):
    """Entries of both books with the reversals some of them get, right at the end of their book."""
    written = []
    for book in (430602, 430623):
        own = [fact for fact in drawn if fact[0] == book]
        rows = [entry(book, seq, *fact[1:7]) for seq, fact in enumerate(own, start=1)]
        taken = [row for row, fact in zip(rows, own, strict=True) if fact[7]]
        rows += [
            row._replace(
                seq=len(rows) + place,
                kind=Kind.ADJUSTMENT,
                reason=Reason.ADJUSTED,
                volume=-row.volume,
                at_ms=50,
                ref_book=book,
                ref_seq=row.seq,
            )
            for place, row in enumerate(taken, start=1)
        ]
        written += [row._replace(campaign=campaign) for row in rows]
    return written


def lines():
    """Every line that says something, ids left out."""
    columns = ("span", "county", "town", "unit", "shares", "opens", "reads", "volume", "active")
    return sorted(row for row in UnitCount.objects.values_list(*columns) if any(row[4:]))


def by_hand(drawn):
    """The lines straight from what was drawn, by the plainest code there is."""
    newest = max((fact[2] for fact in drawn), default=0)
    sums, active, latest = {}, {}, {}
    for book, person, day, kind, reason, unit, at_ms, taken in drawn:
        spans = [0, counting.week_of(day)] + [day] * (day >= counting.first_count_day(newest))
        place = (book, book * 1000 + unit, unit)
        for span in spans:
            if kind in counting.OWN and span >= 0:
                held = latest.setdefault((span, person, book), (0, place))
                latest[span, person, book] = max(held, (at_ms, place))
            if not taken:
                line = sums.setdefault((span, *place), [0, 0, 0, 0, 0])
                if reason in counting.COUNTED and kind in (Kind.SHARE, Kind.OPEN, Kind.READ):
                    line[(Kind.SHARE, Kind.OPEN, Kind.READ).index(kind)] += 1
                line[3] += int(kind is Kind.SHARE and reason is Reason.CREDITED)
                if kind in counting.OWN and span >= 0:
                    active[span, person, book] = True
    for key in active:
        sums.setdefault((key[0], *latest[key][1]), [0, 0, 0, 0, 0])[4] += 1
    return sorted((*key, *line) for key, line in sums.items() if any(line))


@given(facts, st.lists(st.integers(1, 9), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=cases(40))
def test_counts_followed_in_pieces_equal_rebuilding_equal_adding_up(published, drawn, pieces):
    with transaction.atomic():
        write(books_of(drawn, published.number))
        for piece in pieces:
            writes.follow(piece)
        while writes.follow(7):
            pass
        followed = lines()
        assert followed == by_hand(drawn)
        writes.rebuild()
        assert lines() == followed
        transaction.set_rollback(True)


def test_a_share_taken_back_was_no_share_and_nobody_was_active(published):
    (person,) = town.enrol(1)
    receipt = town.share(person, 1, date(2021, 3, 5))[0]
    writes.follow()
    assert [line[4:] for line in lines()] == [(1, 0, 0, 1, 0), (1, 0, 0, 1, 1), (1, 0, 0, 1, 1)]
    at = clock.start_of(date(2021, 3, 6))
    ledger_writes.reverse_entry(receipt.book, receipt.seq, person, "重复", at)
    writes.follow()
    assert lines() == []


def test_what_a_cap_refuses_is_no_share_but_somebody_was_here(published):
    (person,) = town.enrol(1)
    town.share(person, 301)
    writes.follow()
    whole = UnitCount.objects.get(span=0)
    assert (whole.shares, whole.volume, whole.active) == (300, 300, 1)


def test_an_open_counts_whether_or_not_it_earns(published):
    (person,) = town.enrol(1)
    town.record([town.act(person, clock.start_of(date(2021, 3, 5)), Kind.OPEN)])
    writes.follow()
    whole = UnitCount.objects.get(span=0)
    assert (whole.opens, whole.volume, whole.active) == (1, 0, 0)


def test_whoever_moves_is_active_once_where_they_are_now(published):
    (person,) = town.enrol(1)
    town.share(person, 1, date(2021, 3, 5))
    (newcomer,) = town.enrol(1, town.ZHUBEI)
    other = Communicator.objects.get(pk=newcomer)
    Communicator.objects.filter(pk=person).update(unit=other.unit, division=other.division)
    town.share(person, 1, date(2021, 3, 6))
    writes.follow()
    whole = dict(UnitCount.objects.filter(span=0).values_list("unit", "active"))
    assert sorted(whole.values()) == [0, 1]
    assert whole[other.unit_id] == 1


def test_days_older_than_four_weeks_are_forgotten_weeks_are_kept(published):
    (person,) = town.enrol(1)
    for day in (date(2021, 3, 1), date(2021, 3, 30)):
        town.share(person, 1, day)
        writes.follow()
    spans = set(UnitCount.objects.values_list("span", flat=True))
    assert spans == {0, 20210330, -20210301, -20210329}
    assert set(ActivePerson.objects.values_list("span", flat=True)) == {0, 20210330}
