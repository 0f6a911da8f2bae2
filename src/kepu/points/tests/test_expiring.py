"""Over several years: nobody loses a point they were not told of 30 days before, nor one twice."""

from datetime import date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.models import Book
from kepu.ledger.reads.points import account_of_points
from kepu.ledger.rules import Act, Channel, own_event
from kepu.ledger.writes.points import expire
from kepu.people import reads as people
from kepu.people.rules import NoticeKind
from kepu.points import reads, writes
from kepu.points.models import Telling
from kepu.points.rules import ANNOUNCED_DAYS, Expiry, ExpiryTrouble
from kepu.points.tests.conftest import NOON
from kepu.points.writes import expiring

TWO_YEARS = Expiry(2, 12, 31, date(2021, 8, 1))


class KilledError(BaseException):
    """What no caller can catch and go on after, as a killed process."""


def expire_and_die(*given) -> None:
    expire(*given)
    raise KilledError


def noon_of(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=12)


def give(person: int, points: int, at: datetime, day: date | None = None) -> None:
    """Points by an adjustment, entered at a moment, of that day or another."""
    of = day or clock.day_of(at)
    act = Act(
        person,
        own_event(b"given", str(at).encode(), str(of).encode()),
        Kind.ADJUSTMENT,
        0,
        Channel.STAFF,
        clock.milliseconds(at),
        points=points,
        day=of.year * 10_000 + of.month * 100 + of.day,
    )
    assert ledger_writes.record(act).points == points


def work(first: date, last: date, every: int = 1) -> None:
    """What the worker does at noon of the days from first to last."""
    day = first
    while day <= last:
        now = noon_of(day)
        while writes.tell_of_expiry(now):
            pass
        while writes.expire_due(now):
            pass
        day += timedelta(days=every)


def told(person: int) -> list[str]:
    """The person's messages about expiry, oldest first."""
    rows = people.notices(person, 0, 100).rows
    return [row.text for row in reversed(rows) if row.kind is NoticeKind.POINTS_EXPIRE]


def expiries(person: int) -> list[tuple[int, int]]:
    """What expired, oldest first: the year and how much."""
    lines = ledger.statement(person, None, 100)
    return [(line.day // 10_000, line.points) for line in reversed(lines) if line.kind == Kind.EXPIRY]


def lots(person: int) -> list[tuple[int, int]]:
    return [tuple(each) for each in account_of_points(person).lots]


@pytest.fixture
def rule(sheet):
    assert writes.declare_expiry(TWO_YEARS, "按年清零", 1, NOON) is None


def test_a_life_over_several_years(wang, li, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    give(wang, 50, noon_of(date(2022, 7, 1)))
    give(li, 7, noon_of(date(2022, 7, 1)))
    work(date(2023, 1, 1), date(2023, 11, 20), 30)
    assert told(wang) == told(li) == []
    work(date(2023, 11, 20), date(2023, 12, 31))
    assert len(told(wang)) == 1
    assert "100" in told(wang)[0]
    assert "2023年12月31日" in told(wang)[0]
    assert told(li) == []
    assert account_of_points(wang).balance == 150
    work(date(2024, 1, 1), date(2024, 1, 5))
    assert (account_of_points(wang).balance, account_of_points(wang).earned) == (50, 150)
    work(date(2024, 1, 5), date(2025, 1, 5), 7)
    assert expiries(wang) == [(2021, -100), (2022, -50)]
    assert expiries(li) == [(2022, -7)]
    assert (account_of_points(wang).balance, account_of_points(wang).earned) == (0, 150)
    assert [len(told(person)) for person in (wang, li)] == [2, 1]


def test_what_was_spent_before_is_not_lost(wang, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 12, 1), date(2023, 12, 1))
    ledger_writes.spend(wang, own_event(b"spent"), 60, 0, "", noon_of(date(2023, 12, 10)))
    work(date(2024, 1, 1), date(2024, 1, 1))
    assert expiries(wang) == [(2021, -40)]


def test_all_spent_nothing_expires_and_nothing_is_announced_any_more(wang, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 12, 1), date(2023, 12, 1))
    ledger_writes.spend(wang, own_event(b"spent"), 100, 0, "", noon_of(date(2023, 12, 10)))
    work(date(2024, 1, 1), date(2024, 1, 3))
    assert expiries(wang) == []
    assert not Telling.objects.exists()


@pytest.mark.parametrize("woke", [date(2023, 12, 20), date(2024, 1, 15), date(2025, 6, 1)])
def test_a_worker_that_slept_tells_first_and_the_day_moves(wang, rule, woke):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    last = woke + timedelta(days=ANNOUNCED_DAYS)
    work(woke, last)
    assert expiries(wang) == []
    assert f"{last.year}年{last.month}月{last.day}日" in told(wang)[0]
    work(last + timedelta(days=1), last + timedelta(days=1))
    assert [points for _year, points in expiries(wang)] == [-100]


def test_a_worker_that_slept_over_the_day_itself_takes_them_late(wang, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 11, 28), date(2023, 11, 28))
    work(date(2024, 3, 1), date(2024, 3, 1))
    assert expiries(wang) == [(2021, -100)]


def test_points_entered_late_are_told_anew_and_stay_thirty_days(wang, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 11, 28), date(2023, 12, 30))
    give(wang, 30, noon_of(date(2023, 12, 31)), day=date(2021, 8, 1))
    work(date(2024, 1, 1), date(2024, 1, 30))
    assert expiries(wang) == []
    assert "130" in told(wang)[-1]
    work(date(2024, 1, 31), date(2024, 2, 2))
    assert expiries(wang) == [(2021, -130)]


def test_a_longer_rule_saves_what_was_announced(wang, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 12, 1), date(2023, 12, 1))
    longer = Expiry(3, 12, 31, date(2023, 12, 2))
    assert writes.declare_expiry(longer, "延长一年", 1, noon_of(date(2023, 12, 2))) is None
    work(date(2023, 12, 2), date(2024, 11, 1), 3)
    assert expiries(wang) == []
    work(date(2024, 11, 1), date(2025, 1, 2))
    assert expiries(wang) == [(2021, -100)]
    assert ["2024年12月31日" in text for text in told(wang)] == [False, True]


def test_never_saves_everything(wang, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 12, 1), date(2023, 12, 1))
    assert (
        writes.declare_expiry(Expiry(0, 12, 31, NOON.date()), "不再清零", 1, noon_of(date(2023, 12, 2)))
        is None
    )
    work(date(2023, 12, 2), date(2026, 1, 10), 20)
    assert expiries(wang) == []
    assert not Telling.objects.exists()


def test_a_shorter_rule_takes_nothing_earlier_than_announced(wang, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 11, 28), date(2023, 11, 28))
    now = noon_of(date(2023, 11, 29))
    shorter = Expiry(1, 6, 30, date(2023, 12, 30))
    assert (
        writes.declare_expiry(Expiry(1, 6, 30, date(2023, 12, 1)), "太早", 1, now) is ExpiryTrouble.TOO_SOON
    )
    assert writes.declare_expiry(shorter, "", 1, now) is ExpiryTrouble.WHY_MISSING
    assert writes.declare_expiry(shorter, "改为一年", 1, now) is None
    work(date(2023, 11, 29), date(2023, 12, 31))
    assert expiries(wang) == []
    work(date(2024, 1, 1), date(2024, 1, 1))
    assert expiries(wang) == [(2021, -100)]


def test_from_never_to_a_rule_old_years_go_together_after_being_told(wang, sheet):
    give(wang, 10, noon_of(date(2021, 7, 1)))
    give(wang, 20, noon_of(date(2022, 7, 1)))
    give(wang, 40, noon_of(date(2026, 7, 1)))
    now = noon_of(date(2026, 8, 1))
    assert writes.declare_expiry(Expiry(2, 12, 31, date(2026, 9, 15)), "开始清零", 1, now) is None
    work(date(2026, 8, 1), date(2026, 9, 15))
    assert expiries(wang) == []
    work(date(2026, 9, 16), date(2026, 9, 20))
    assert sum(points for _year, points in expiries(wang)) == -30
    assert lots(wang) == [(2026, 40)]


def test_cut_off_anywhere_nobody_is_told_or_loses_twice(wang, li, rule, monkeypatch):
    monkeypatch.setattr(expiring, "TOLD_AT_ONCE", 1)
    for person in (wang, li):
        give(person, 100, noon_of(date(2021, 7, 1)))
    notified = []

    def cut_off(person, *_):
        if person == li and not notified:
            notified.append(person)
            raise ConnectionError

    notify = expiring.people_writes.notify
    monkeypatch.setattr(
        expiring.people_writes, "notify", lambda person, *rest: (cut_off(person), notify(person, *rest))
    )
    with pytest.raises(ConnectionError):
        work(date(2023, 12, 1), date(2023, 12, 1))
    assert (len(told(wang)), len(told(li))) == (1, 0)
    work(date(2023, 12, 1), date(2023, 12, 1))
    assert (len(told(wang)), len(told(li))) == (1, 1)
    with monkeypatch.context() as killed:
        killed.setattr(expiring, "expire", expire_and_die)
        with pytest.raises(KilledError):
            work(date(2024, 1, 1), date(2024, 1, 1))
    work(date(2024, 1, 1), date(2024, 1, 2))
    assert expiries(wang) == expiries(li) == [(2021, -100)]


def test_what_the_ledger_refuses_is_tried_again_the_next_day(wang, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 12, 1), date(2023, 12, 31))
    Book.objects.filter(code=430623).update(code=430624)  # no book of the county is open
    work(date(2024, 1, 1), date(2024, 1, 3))
    assert not Telling.objects.filter(done_at__isnull=False).exists()
    Book.objects.filter(code=430624).update(code=430623)
    work(date(2024, 1, 4), date(2024, 1, 4))
    assert expiries(wang) == [(2021, -100)]
    assert len(told(wang)) == 1


def test_a_year_that_the_ledger_has_closed_is_neither_told_nor_taken_again(wang, rule):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 12, 1), date(2023, 12, 31))
    nothing_left = ledger_writes.spend(wang, own_event(b"spent"), 100, 0, "", noon_of(date(2023, 12, 31)))
    assert expire(wang, 2021, 100, noon_of(date(2024, 1, 1))).points == 0
    ledger_writes.refund(nothing_left.book, nothing_left.seq, 0, "", noon_of(date(2024, 1, 1)))
    work(date(2024, 1, 1), date(2024, 3, 1))
    assert expiries(wang) == [(2021, 0)]
    assert len(told(wang)) == 1
    assert account_of_points(wang).balance == 100


def test_a_page_of_people_each_walked_once_a_day(wang, li, rule, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(expiring, "TOLD_AT_ONCE", 1)
    for person in (wang, li):
        give(person, 100, noon_of(date(2021, 7, 1)))
    work(date(2023, 12, 1), date(2023, 12, 1))
    assert [len(told(person)) for person in (wang, li)] == [1, 1]
    with django_assert_num_queries(4):  # versions, the year's place within its savepoint
        assert not writes.tell_of_expiry(noon_of(date(2023, 12, 1)))
    with django_assert_num_queries(1):
        assert not writes.expire_due(noon_of(date(2023, 12, 1)))


def test_a_person_sees_when_what_goes(wang, rule, django_assert_num_queries):
    give(wang, 100, noon_of(date(2021, 7, 1)))
    give(wang, 50, noon_of(date(2022, 7, 1)))
    account = account_of_points(wang)
    with django_assert_num_queries(2):
        years = reads.years_of(wang, account.lots)
    assert [(each.year, each.points, each.last_day, each.is_told) for each in years] == [
        (2021, 100, date(2023, 12, 31), False),
        (2022, 50, date(2024, 12, 31), False),
    ]
    assert reads.soonest(years) is None
    work(date(2023, 12, 20), date(2023, 12, 20))
    near = reads.soonest(reads.years_of(wang, account.lots))
    assert near is not None
    assert (near.points, near.last_day) == (100, date(2024, 1, 19))


def test_one_whose_points_cannot_expire_stops_nobody_else(wang, li, monkeypatch):
    Telling.objects.bulk_create(
        [
            Telling(person=each, year=2021, points=100, last_day=date(2023, 12, 31), told_at=NOON)
            for each in (wang, li)
        ]
    )
    gone = []

    def expire_unless_wang(row, _now):
        assert row.person != wang
        gone.append(row.person)

    monkeypatch.setattr(expiring, "_expire", expire_unless_wang)
    monkeypatch.setattr(expiring, "_is_longer", lambda *_args: False)
    with capture_logs() as logs:
        writes.expire_due(noon_of(date(2024, 1, 1)))
    assert gone == [li]
    assert [(each["event"], each["person"]) for each in logs] == [("expiry_failed", wang)]
