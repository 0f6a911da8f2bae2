"""An officer decides about a signal; what does not count is taken back in the ledger, once."""

from datetime import timedelta

import pytest

from kepu.campaigns.rules import Kind
from kepu.integrity import reads, tasks, writes
from kepu.integrity.models import LikeRow, Signal
from kepu.integrity.reads import seen_of
from kepu.integrity.rules import Decision, Refusal, SignalState
from kepu.integrity.tests.liking import MORNING, each_other
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.models import Entry as EntryRow
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.reads.notices import notices
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
COUNTY, OTHER_COUNTY = "430623", "430602"
LATER = MORNING + timedelta(days=2)


def not_counted() -> Decision:
    """What is said of the one signal there is, having seen all of it."""
    return Decision(SignalState.NOT_COUNTED, "互相刷赞", seen_of(Signal.objects.get().pk))


@pytest.fixture
def two(db: None) -> tuple[int, int]:
    """Two people who liked each other twelve times each."""
    town.build()
    one, other = town.enrol(2)
    each_other(one, other, 12)
    tasks.catch_up()
    return one, other


def test_likes_that_do_not_count_are_taken_back_in_pieces_with_those_who_gave_them(transactional_db):
    town.build()
    one, other = town.enrol(2)
    each_other(one, other, 12)
    tasks.catch_up()
    officer = land.staff(90, Role.COUNTY_OFFICER, COUNTY)
    number = Signal.objects.get().pk
    earned = ledger.balance(one), ledger.balance(other)
    assert writes.decide_signal(number, not_counted(), officer, LATER) is None
    pieces = []
    while piece := writes.take_back(LATER, limit=10):
        pieces.append(piece)
        if len(pieces) == 1:
            # Cut off after the ledger, before it was noted: the same again changes nothing.
            LikeRow.objects.update(taken_back=False)
            Signal.objects.update(left=24)
    assert pieces == [10, 10, 10, 4]
    reversals = EntryRow.objects.filter(kind=Kind.ADJUSTMENT)
    assert reversals.count() == 48, "each like received and each like given, once"
    assert set(reversals.values_list("author", "note")) == {(officer, "不算数的点赞")}
    kinds = {entry.kind for entry in ledger.entries_at(list(reversals.values_list("ref_book", "ref_seq")))}
    assert kinds == {Kind.LIKE, Kind.LIKED}
    told = {account: notices(account, 0, 5).rows[0].text for account in (one, other)}
    words = "您和{}之间的一些点赞不算，由此得到的积分已收回：互相刷赞"
    assert told == {one: words.format("王*明"), other: words.format("王*明")}
    signal = Signal.objects.get()
    by_likes = [likes_earned(one), likes_earned(other)]
    assert (signal.left, signal.points) == (0, sum(by_likes))
    assert min(by_likes) > 0
    assert [ledger.balance(one), ledger.balance(other)] == [
        before - likes for before, likes in zip(earned, by_likes, strict=True)
    ]
    tasks.each_minute(LATER)
    assert Signal.objects.get().state == "not_counted"
    before = Signal.objects.values().get()
    writes.rebuild()
    assert Signal.objects.values().get() == before


def likes_earned(person: int) -> int:
    """What somebody got by likes given and received, before anything was taken back."""
    rows = EntryRow.objects.filter(person=person, kind__in=(Kind.LIKE, Kind.LIKED))
    return sum(rows.values_list("points", flat=True))


@pytest.mark.parametrize(
    ("role", "division", "refusal"),
    [
        (Role.OPERATOR, "", None),
        (Role.CITY_OFFICER, "4306", None),
        (Role.COUNTY_OFFICER, COUNTY, None),
        (Role.COUNTY_OFFICER, OTHER_COUNTY, Refusal.UNKNOWN),
        (Role.TOWN_CLERK, "430623110", Refusal.UNKNOWN),
        (Role.AUDITOR, COUNTY, Refusal.UNKNOWN),
    ],
)
def test_it_takes_a_scope_that_holds_both(two, role, division, refusal):
    officer = land.staff(90, role, division)
    scopes = people.scopes_of(officer)
    number = Signal.objects.get().pk
    seen = refusal is None
    assert len(reads.signals(scopes, 0, 25, waiting=True).rows) == reads.signals_waiting(scopes) == seen
    assert (reads.signal(scopes, number) is not None) is seen
    decision = Decision(SignalState.HARMLESS, "同一个舞蹈队", seen_of(number))
    assert writes.decide_signal(number, decision, officer, LATER) is refusal


def test_nobody_decides_on_themself_and_a_second_officer_is_told(two):
    one, _other = two
    number = Signal.objects.get().pk
    assert people_writes.grant_scope(one, Role.COUNTY_OFFICER, COUNTY, LATER) is None
    assert writes.decide_signal(number, not_counted(), one, LATER) is Refusal.OWN_CASE
    first, second = land.staff(90, Role.COUNTY_OFFICER, COUNTY), land.staff(91, Role.COUNTY_OFFICER, COUNTY)
    harmless = Decision(SignalState.HARMLESS, "同一个舞蹈队", seen_of(number))
    assert writes.decide_signal(number, harmless, first, LATER) is None
    assert writes.decide_signal(number, not_counted(), second, LATER) is Refusal.DECIDED
    assert writes.take_back(LATER) == 0
    assert Signal.objects.get().decided_by == first


def test_what_grew_since_it_was_looked_at_is_looked_at_again(two):
    one, other = two
    officer = land.staff(90, Role.COUNTY_OFFICER, COUNTY)
    number = Signal.objects.get().pk
    seen = not_counted()
    each_other(one, other, 1, MORNING + timedelta(hours=1))
    tasks.catch_up()
    assert writes.decide_signal(number, seen, officer, LATER) is Refusal.GREW


def test_as_many_likes_as_were_seen_but_others_are_looked_at_again(two):
    one, other = two
    officer = land.staff(90, Role.COUNTY_OFFICER, COUNTY)
    signal, seen = Signal.objects.get(), not_counted()
    each_other(one, other, 1, MORNING + timedelta(hours=1))
    first = LikeRow.objects.filter(signal=signal).order_by("at_ms", "book", "seq")[:2]
    refs = list(first.values_list("book", "seq"))
    ledger_writes.reverse_entries(refs, officer, "", LATER)
    tasks.catch_up()
    signal.refresh_from_db()
    assert (signal.low_gave, signal.high_gave) == (12, 12)
    assert writes.decide_signal(signal.pk, seen, officer, LATER) is Refusal.GREW
    assert writes.decide_signal(signal.pk, not_counted(), officer, LATER) is None


def test_a_signal_without_likes_does_not_hold_up_the_next(transactional_db):
    town.build()
    one, other = town.enrol(2)
    each_other(one, other, 12)
    tasks.catch_up()
    Signal.objects.create(pk=-1, kind=1, low=7, high=8, state="not_counted", left=3)
    officer = land.staff(90, Role.COUNTY_OFFICER, COUNTY)
    number = Signal.objects.get(state="open").pk
    decision = Decision(SignalState.NOT_COUNTED, "互相刷赞", seen_of(number))
    assert writes.decide_signal(number, decision, officer, LATER) is None
    assert writes.take_back(LATER) == 24
    assert set(Signal.objects.values_list("left", flat=True)) == {0}
    assert writes.take_back(LATER) == 0


def test_what_an_officer_sees_of_it(two, django_assert_num_queries):
    one, other = two
    scopes = people.scopes_of(land.staff(90, Role.COUNTY_OFFICER, COUNTY))
    with django_assert_num_queries(1):
        (signal,) = reads.signals(scopes, 0, 25, waiting=True).rows
    assert (signal.low, signal.high, signal.low_gave, signal.high_gave) == (one, other, 12, 12)
    assert (signal.first_at, signal.last_at) == (MORNING, MORNING + timedelta(minutes=11))
    with django_assert_num_queries(1):
        page = reads.likes_of(signal.number, 0, 20)
    assert (len(page.rows), page.next_start) == (20, 20)
    assert {(each.giver, each.receiver) for each in page.rows} == {(one, other), (other, one)}
    found = ledger.entries_at([(each.book, each.seq) for each in page.rows])
    assert {each.kind for each in found} == {Kind.LIKED}
    with django_assert_num_queries(1):
        assert reads.days_of(signal.number, 31) == [reads.DayOfLikes(20210305, 12, 12)]
    assert reads.decided_before(signal, 5) == []
