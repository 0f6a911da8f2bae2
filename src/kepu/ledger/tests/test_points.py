"""Points that are spent, given back, taken back and that expire, in the tables of a real database."""

from datetime import date, datetime, timedelta
from itertools import count

import pytest

from kepu.campaigns.rules import Kind, Reason
from kepu.kit import clock
from kepu.ledger import reads, writes
from kepu.ledger.models import Entry
from kepu.ledger.reads import PointsAccount
from kepu.ledger.rules import Act, Channel, Receipt, Refusal, spending
from kepu.ledger.tests.test_writes import sound
from kepu.people.models import Account, Communicator
from kepu.standings.tests import town

_numbers = count(1)


@pytest.fixture
def person(db: None) -> int:
    """A certified person of a county with an open book."""
    town.build()
    return town.enrol(1)[0]


def on(year: int, month: int = 3) -> datetime:
    """Noon of a day in a year."""
    return clock.start_of(date(year, month, 5)) + timedelta(hours=12)


def given(person: int, year: int, points: int) -> Receipt:
    """So many points of a year, stated by staff."""
    event = next(_numbers).to_bytes(16, "big")
    at_ms = clock.milliseconds(on(year))
    answer = writes.record(Act(person, event, Kind.ADJUSTMENT, 0, Channel.STAFF, at_ms, points=points))
    assert isinstance(answer, Receipt)
    return answer


def spent(person: int, points: int, now: datetime) -> Receipt:
    """The receipt of a spend with an event id of its own."""
    answer = writes.spend(person, next(_numbers).to_bytes(16, "big"), points, 0, "茶杯", now)
    assert isinstance(answer, Receipt)
    return answer


def lots(person: int) -> list[tuple[int, int]]:
    """What can be spent of each year."""
    return [tuple(each) for each in reads.account_of_points(person).lots]


def test_a_spend_takes_the_oldest_and_a_refund_returns_it_once(person, django_assert_num_queries):
    given(person, 2021, 10)
    given(person, 2022, 10)
    bought = spent(person, 13, on(2022, 6))
    assert (bought.points, bought.reason) == (-13, Reason.ADJUSTED)
    assert lots(person) == [(2022, 7)]
    assert spent(person, 8, on(2022, 6))[2:5] == (0, 0, Reason.BALANCE_SHORT)
    back = writes.refund(bought.book, bought.seq, person, "缺货", on(2022, 7))
    assert (back.points, back.reason, back.repeated) == (13, Reason.ADJUSTED, False)
    again = writes.refund(bought.book, bought.seq, person, "缺货", on(2022, 8))
    assert again == back._replace(repeated=True)
    with django_assert_num_queries(1):
        assert reads.account_of_points(person) == PointsAccount(20, 0, 20, ((2021, 10), (2022, 10)))
    with django_assert_num_queries(1):
        assert reads.balance(person) == 20
    with django_assert_num_queries(3):
        found = reads.spend_of(bought.book, bought.seq)
    assert (found.taken, found.refund.seq) == (((2021, 10), (2022, 3)), back.seq)
    assert sound()


def test_only_a_spend_that_went_through_is_refunded(person):
    earned = given(person, 2021, 5)
    short = spent(person, 6, on(2021))
    assert writes.refund(earned.book, earned.seq, person, "", on(2021)) is None
    assert writes.refund(short.book, short.seq, person, "", on(2021)) is None
    assert writes.refund(short.book, 99, person, "", on(2021)) is None
    assert reads.spend_of(short.book, short.seq) is None
    assert reads.balance(person) == 5


def test_a_spend_again_is_the_first_one_and_with_other_points_a_conflict(person):
    given(person, 2021, 50)
    first = writes.spend(person, bytes(16), 20, 0, "", on(2021))
    assert writes.spend(person, bytes(16), 20, 0, "", on(2022)) == first._replace(repeated=True)
    assert writes.spend(person, bytes(16), 30, 0, "", on(2022)) is Refusal.CONFLICT
    assert reads.balance(person) == 30


def test_what_is_taken_back_after_it_was_spent_is_a_debt_that_later_earnings_net(person):
    earned = given(person, 2021, 10)
    given(person, 2021, 2)
    spent(person, 11, on(2021, 6))
    writes.reverse_entry(earned.book, earned.seq, person, "重复", on(2021, 7))
    assert reads.account_of_points(person) == PointsAccount(0, 9, 2, ())
    assert spent(person, 1, on(2021, 7)).reason is Reason.BALANCE_SHORT
    given(person, 2022, 15)
    assert reads.account_of_points(person) == PointsAccount(6, 0, 17, ((2022, 6),))
    assert spent(person, 7, on(2022, 7)).reason is Reason.BALANCE_SHORT
    assert spent(person, 6, on(2022, 7)).points == -6
    assert reads.account_of_points(person) == PointsAccount(0, 0, 17, ())
    assert sound()


def test_points_of_a_year_expire_once_and_what_was_earned_stays(person, django_assert_num_queries):
    given(person, 2021, 10)
    given(person, 2022, 5)
    spent(person, 4, on(2022))
    with django_assert_num_queries(1):
        assert reads.expiring(2021, 0, 10) == [(person, 6)]
    assert reads.expiring(2022, 0, 10) == [(person, 11)]
    assert reads.expiring(2021, person, 10) == []
    gone = writes.expire(person, 2021, 600, on(2023))
    assert (gone.points, Entry.objects.get(seq=gone.seq).day) == (-6, 20211231)
    assert writes.expire(person, 2021, 6, on(2023)).repeated
    assert reads.expiring(2021, 0, 10) == []
    assert reads.account_of_points(person) == PointsAccount(5, 0, 15, ((2022, 5),))
    assert sound()


def test_an_entry_of_an_expired_year_that_is_taken_back_costs_nobody_twice(person):
    earned = given(person, 2021, 6)
    kept = given(person, 2021, 4)
    given(person, 2022, 3)
    spent(person, 5, on(2022))
    writes.expire(person, 2021, 5, on(2023))
    writes.reverse_entry(earned.book, earned.seq, person, "重复", on(2023))
    assert reads.account_of_points(person) == PointsAccount(2, 0, 7, ((2022, 2),))
    writes.reverse_entry(kept.book, kept.seq, person, "重复", on(2023))
    assert reads.account_of_points(person) == PointsAccount(0, 2, 3, ())
    assert [entry.points for entry in Entry.objects.filter(kind=Kind.EXPIRY).order_by("seq")] == [-5, 5]
    assert sound()


def test_a_refund_of_points_that_expired_meanwhile_goes_to_the_oldest_year_left(person):
    given(person, 2021, 10)
    given(person, 2022, 5)
    bought = spent(person, 12, on(2022))
    other = given(town.enrol(1)[0], 2021, 1)
    writes.expire(Entry.objects.get(seq=other.seq).person, 2021, 1, on(2023, 1))
    writes.refund(bought.book, bought.seq, person, "缺货", on(2023, 2))
    assert lots(person) == [(2022, 15)]
    assert sound()


def test_what_moves_points_is_not_reversed(person):
    given(person, 2021, 10)
    bought = spent(person, 3, on(2021))
    back = writes.refund(bought.book, bought.seq, person, "", on(2021))
    gone = writes.expire(person, 2021, 2, on(2022))
    for each in (bought, back, gone):
        assert writes.reverse_entry(each.book, each.seq, person, "误", on(2022)) is None
    with pytest.raises(AssertionError, match="not reversed"):
        writes.reverse_entries([(bought.book, bought.seq)], person, "误", on(2022))


def test_whoever_moved_is_refunded_in_the_book_of_the_spend(person):
    given(person, 2021, 10)
    bought = spent(person, 3, on(2021))
    Communicator.objects.filter(account=person).update(division=town.ELSEWHERE)
    back = writes.refund(bought.book, bought.seq, person, "", on(2021))
    assert (back.book, back.points) == (bought.book, 3)
    assert spent(person, 10, on(2021)).book == 430602
    Communicator.objects.filter(account=person).update(division="430101001001")
    assert writes.spend(person, bytes(16), 1, 0, "", on(2021)) is Refusal.NO_BOOK
    assert reads.balance(person) == 0
    assert sound()


def test_a_spend_is_answered_for_again_after_a_move_to_where_no_book_is(person):
    given(person, 2021, 10)
    event = (7).to_bytes(16, "big")
    first = writes.spend(person, event, 3, 0, "", on(2021))
    Communicator.objects.filter(account=person).update(division="430101001001")
    assert writes.spend(person, event, 3, 0, "", on(2021)) == first._replace(repeated=True)
    assert reads.balance(person) == 7


def test_a_phone_that_was_signed_out_does_not_learn_what_was_recorded(person):
    act = spending(person, (8).to_bytes(16, "big"), 3, 0, "", on(2021))._replace(session_version=1)
    given(person, 2021, 10)
    assert isinstance(writes.record(act), Receipt)
    Account.objects.filter(pk=person).update(session_version=2)
    assert writes.record(act) is Refusal.SIGNED_OUT
    assert writes.record(act._replace(session_version=2)).repeated


def test_a_refund_is_passed_on_to_the_kept_account_once_in_its_years(person):
    kept = town.enrol(1)[0]
    given(person, 2021, 5)
    given(person, 2022, 5)
    bought = spent(person, 8, on(2022))
    back = writes.refund(bought.book, bought.seq, 0, "", on(2022))
    Communicator.objects.filter(account=kept).update(division="430101001001")
    for _ in range(2):
        assert writes.pass_on(back, kept, 0, "并到现在的账号", on(2022))
    # Merged on into a third account meanwhile: what was passed on is not given twice.
    assert writes.pass_on(back, town.enrol(1)[0], 0, "并到现在的账号", on(2022))
    assert (lots(person), lots(kept)) == ([(2022, 2)], [(2021, 5), (2022, 3)])
    assert reads.account_of_points(kept).earned + reads.account_of_points(person).earned == 10
    assert Entry.objects.filter(kind=Kind.ADJUSTMENT, ref_seq=0, points__lt=0).count() == 2
    assert not writes.pass_on(bought, kept, 0, "", on(2022))
    assert sound()


def test_an_order_on_the_last_day_does_not_make_old_points_new(person):
    given(person, 2021, 9)
    bought = spent(person, 9, on(2022, 12))
    other = given(town.enrol(1)[0], 2021, 1)
    writes.expire(Entry.objects.get(seq=other.seq).person, 2021, 1, on(2023, 1))
    writes.refund(bought.book, bought.seq, person, "不要了", on(2025))
    assert lots(person) == [(2022, 9)]
    assert reads.expiring(2022, 0, 10) == [(person, 9)]
