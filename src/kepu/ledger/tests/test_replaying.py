"""The acts asked for trying rules: of a campaign and its days, and what matters from before and elsewhere."""

from datetime import date, timedelta

import pytest

from kepu.campaigns.rules import ELSEWHERE, Kind, Reason
from kepu.kit import clock
from kepu.ledger import models, writes
from kepu.ledger.reads.replaying import ActsAsked, last_before, past_acts, taken_back

pytestmark = pytest.mark.django_db
BOOK, HERE, THERE = 430623, 1, 2
FIRST = date(2021, 6, 21)


def number(day: date) -> int:
    return int(f"{day:%Y%m%d}")


def write(rows) -> None:
    """(kind, days after FIRST, campaign, points, reason, ref_seq) each, an hour apart."""
    writes.open_book(BOOK, clock.start_of(FIRST))
    for seq, (kind, ahead, campaign, points, reason, ref_seq) in enumerate(rows, 1):
        day = FIRST + timedelta(days=ahead)
        models.Entry.objects.create(
            book=BOOK, seq=seq, person=7, event_id=seq.to_bytes(16, "big"), kind=kind, article=3,
            at_ms=clock.milliseconds(clock.start_of(day)) + 3_600_000 * seq, day=number(day),
            campaign=campaign, version=1, points=points, volume=0, reason=reason, left_today=-1, unit=1,
            division=430623110, channel=0, ref_book=BOOK if ref_seq else 0, ref_seq=ref_seq, author=0,
            note="", hash=bytes(32),
        )  # fmt: skip


def asked(first: int, last: int, **more) -> ActsAsked:
    return ActsAsked(HERE, (number(FIRST + timedelta(first)), number(FIRST + timedelta(last))), **more)


def seqs(question: ActsAsked) -> list[tuple[int, int, int]]:
    return [(row[0], row[2], row[8]) for row in past_acts(BOOK, 0, question)]


ROWS = [
    (Kind.CHECK_IN, -3, HERE, 1, Reason.CREDITED, 0),
    (Kind.SHARE, -3, HERE, 1, Reason.CREDITED, 0),
    (Kind.CHECK_IN, 0, THERE, 1, Reason.CREDITED, 0),
    (Kind.SHARE, 0, THERE, 0, Reason.DAY_CAP, 0),
    (Kind.SHARE, 0, HERE, 0, Reason.DAY_CAP, 0),
    (Kind.SPEND, 0, 0, -5, Reason.ADJUSTED, 0),
    (Kind.QUIZ, 1, HERE, 2, Reason.CEILING, 0),
    (Kind.IMPORT, 1, HERE, 3, Reason.ADJUSTED, 0),
    (Kind.ADJUSTMENT, 1, HERE, -2, Reason.ADJUSTED, 7),
    (Kind.EXPIRY, 1, 0, -1, Reason.ADJUSTED, 0),
    (Kind.REFUND, 1, 0, 5, Reason.ADJUSTED, 0),
    (Kind.LIKED, 2, HERE, 1, Reason.CREDITED, 0),
]


def test_acts_of_the_days_come_without_corrections_spends_refunds_and_expiries(django_assert_num_queries):
    write(ROWS)
    with django_assert_num_queries(1):
        found = seqs(asked(0, 1))
    assert found == [(5, 4, Reason.DAY_CAP), (7, 12, Reason.CEILING), (8, 11, Reason.ADJUSTED)]


def test_some_kinds_come_from_an_earlier_day_on():
    write(ROWS)
    early = asked(0, 0, earlier={Kind.CHECK_IN: number(FIRST - timedelta(days=3))})
    assert seqs(early) == [(1, 2, Reason.CREDITED), (5, 4, Reason.DAY_CAP)]


def test_what_counted_in_other_campaigns_comes_marked_as_such():
    write(ROWS)
    found = seqs(asked(0, 0, is_elsewhere_asked=True))
    assert found == [(3, Kind.CHECK_IN + ELSEWHERE, Reason.ADJUSTED), (5, 4, Reason.DAY_CAP)]


def test_what_was_taken_back_is_known_by_its_number(django_assert_num_queries):
    write(ROWS)
    with django_assert_num_queries(1):
        assert taken_back(BOOK, asked(0, 2)) == {7}
    assert taken_back(BOOK, asked(2, 2)) == frozenset()


@pytest.mark.parametrize("ahead", range(-5, 5))
@pytest.mark.parametrize("late", [None, *range(len(ROWS))])
def test_nothing_of_a_day_or_later_is_passed_over(ahead, late, django_assert_num_queries):
    rows = list(ROWS)
    if late is not None:  # a post of forty days ago, entered among the others
        rows[late] = (Kind.CLUB_POST, -40, HERE, 1, Reason.CREDITED, 0)
    write(rows)
    day = number(FIRST + timedelta(days=ahead))
    with django_assert_num_queries(1):
        last = last_before(BOOK, len(rows), day)
    days = dict(models.Entry.objects.values_list("seq", "day"))
    assert all(days[seq] < day for seq in days if seq <= last)
    assert last == len(rows) or days[last + 1] >= day


def test_an_empty_book_begins_at_its_start():
    assert last_before(BOOK, 0, number(FIRST)) == 0
