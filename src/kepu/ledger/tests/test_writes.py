"""What a batch leaves in the tables, and what `verify` finds when somebody changed them by hand."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.db import connection, transaction

from kepu.campaigns.rules import Kind, Reason
from kepu.kit import clock
from kepu.ledger import reads, store, writes
from kepu.ledger.models import ArticleTally, Book, DayTally, Entry, Lot
from kepu.ledger.reads import BookCheck
from kepu.ledger.rules import Act, Channel, Receipt, Refusal
from kepu.people.models import Account
from kepu.standings.tests import town

DAY = date(2021, 3, 5)
NOON = clock.start_of(DAY) + timedelta(hours=12)
_numbers = count(1)


@pytest.fixture
def person(db: None) -> int:
    """A certified person where the reference campaign is open; one article counts twice a day at most."""
    text = town.SAMPLE.replace("per_day_max = 300", "per_day_max = 300\nper_article_day_max = 2", 1)
    assert text != town.SAMPLE
    town.build(text)
    return town.enrol(1)[0]


def act(person: int, kind: Kind = Kind.SHARE, article: int = 7, **stated: int) -> Act:
    """One act a second after the last."""
    number = next(_numbers)
    at_ms = clock.milliseconds(NOON + timedelta(seconds=number))
    return Act(person, number.to_bytes(16, "big"), kind, article, Channel.PAGE, at_ms, **stated)


def sound() -> bool:
    """Whether `verify` finds nothing."""
    checks = [step for book in reads.heads() for step in reads.verify_book(book.book)]
    books = all(not each.first_bad and each.head_fits for each in checks if isinstance(each, BookCheck))
    sums = (reads.tallies_off, reads.article_tallies_off, reads.lots_off, reads.person_books_off)
    return books and not any(off() for off in sums)


def test_batches_add_up_in_every_table(person):
    first = writes.commit_batch([act(person), act(person), act(person), act(person, article=8)])
    second = writes.commit_batch([act(person, article=8), act(person, article=8), act(person, article=9)])
    reasons = [answer.reason for answer in first + second if isinstance(answer, Receipt)]
    capped = Reason.ARTICLE_CAP
    assert reasons == [0, 0, capped, 0, 0, capped, 0]
    tally = DayTally.objects.get(person=person, kind=Kind.SHARE)
    assert (tally.credited, tally.points, tally.volume) == (5, 5, 5)
    assert tally.reached_ms == Entry.objects.order_by("-seq").first().at_ms
    assert dict(ArticleTally.objects.values_list("article", "credited")) == {7: 2, 8: 2, 9: 1}
    spent = writes.commit_batch([act(person, Kind.SPEND, points=-3), act(person, Kind.SPEND, points=-3)])
    assert [answer.reason for answer in spent] == [Reason.ADJUSTED, Reason.BALANCE_SHORT]
    assert reads.balance(person) == 2
    assert Book.objects.get(code=430623).last_seq == Entry.objects.filter(book=430623).count() == 9
    assert sound()


def test_a_batch_is_kept_whole_or_not_at_all(person, monkeypatch):
    monkeypatch.setattr(store, "move_heads", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        writes.commit_batch([act(person), act(person)])
    assert not Entry.objects.exists()
    assert not DayTally.objects.exists()
    assert not Lot.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_never_given_inside_somebody_elses_transaction(transactional_db):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        writes.commit_batch([act(1)])


def test_a_reversal_takes_back_volume_points_and_the_moment(person):
    kept, taken = writes.commit_batch([act(person), act(person, article=8)])
    undone = writes.reverse_entry(taken.book, taken.seq, person, "重复", NOON + timedelta(days=9))
    assert (undone.points, undone.volume, undone.reason) == (-1, -1, Reason.ADJUSTED)
    assert writes.reverse_entry(taken.book, taken.seq, person, "重复", NOON).repeated
    assert writes.reverse_entry(undone.book, undone.seq, person, "重复", NOON) is None
    assert writes.reverse_entry(taken.book, 999, person, "重复", NOON) is None
    (volume,) = reads.volumes(reads.entry(kept.book, kept.seq).campaign, 20210101, 20211231)
    assert (volume.volume, volume.reached_ms) == (1, reads.entry(kept.book, kept.seq).at_ms)
    assert reads.balance(person) == 1
    assert sound()


def test_nobody_can_book_the_id_of_a_reversal_ahead(person):
    (shared,) = writes.commit_batch([act(person)])
    guessed = writes.reverse_entry(shared.book, shared.seq, person, "重复", NOON)
    entry = reads.entry(guessed.book, guessed.seq)
    assert entry.event_id[8] & 0xC0 == 0xC0


def test_someone_signed_out_meanwhile_is_not_recorded(person):
    Account.objects.filter(pk=person).update(session_version=5)
    assert writes.record(act(person, session_version=4)) is Refusal.SIGNED_OUT
    assert isinstance(writes.record(act(person, session_version=5)), Receipt)


def test_a_check_in_counts_once_a_day(person):
    first = writes.record_daily(person, Kind.CHECK_IN, NOON)
    again = writes.record_daily(person, Kind.CHECK_IN, NOON + timedelta(hours=3))
    tomorrow = writes.record_daily(person, Kind.CHECK_IN, NOON + timedelta(days=1))
    assert again == first._replace(repeated=True)
    assert tomorrow.seq != first.seq


TAMPERED = {
    "an entry's volume": "UPDATE ledger_entry SET volume = 2 WHERE seq = 2",
    "an entry's person": "UPDATE ledger_entry SET person = person + 1 WHERE seq = 1",
    "an entry's hash": "UPDATE ledger_entry SET hash = event_id WHERE seq = 2",
    "an entry is gone": "DELETE FROM ledger_entry WHERE seq = 1",
    "the last entry is gone": "DELETE FROM ledger_entry WHERE seq = 4",
    "the head": "UPDATE ledger_book SET last_seq = last_seq + 1 WHERE code = 430623",
    "a tally's volume": "UPDATE ledger_daytally SET volume = volume + 1",
    "a tally's count": "UPDATE ledger_daytally SET credited = credited - 1 WHERE kind = 4",
    "a tally's moment": "UPDATE ledger_daytally SET reached_ms = reached_ms + 1",
    "a tally is gone": "DELETE FROM ledger_daytally",
    "an article's tally": "UPDATE ledger_articletally SET credited = credited + 1 WHERE article = 8",
    "a person's book": "UPDATE ledger_personbook SET book = 430602",
    "a person's book is gone": "DELETE FROM ledger_personbook",
    "a lot": "UPDATE ledger_lot SET points = points + 1",
    "a lot's year": "UPDATE ledger_lot SET year = year + 1",
    "what was earned": "UPDATE ledger_lot SET earned = earned - 1",
    "a lot is gone": "DELETE FROM ledger_lot",
    "a year that a spend took": "UPDATE ledger_lotline SET points = points - 1",
    "a year for a spend that is none": "INSERT INTO ledger_lotline VALUES (430623, 2, 2021, -1)",
}


@pytest.mark.parametrize("sql", TAMPERED.values(), ids=TAMPERED)
def test_verify_sees_it(person, sql):
    writes.commit_batch([act(person), act(person), act(person, article=8)])
    writes.spend(person, bytes(16), 1, 0, "", NOON)
    assert sound()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert not sound()


def test_the_article_browsed_last_is_found_by_an_index(person):
    assert reads.last_browsed(person) is None
    for article, kind in ((5, Kind.BROWSE), (8, Kind.BROWSE), (9, Kind.SHARE)):
        writes.record(act(person, kind, article))
    assert reads.last_browsed(person) == 8
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {reads._LAST_BROWSED}", [person])
        # PostgreSQL names the indexes of a partition after their columns.
        name = "_book_person_at_ms_idx" if connection.vendor == "postgresql" else "browsed_last"
        assert name in str(cursor.fetchall())


def test_the_days_that_credited_a_kind_come_newest_first_and_bounded(person):
    for day in (1, 2, 4):
        writes.record_daily(person, Kind.CHECK_IN, clock.start_of(date(2021, 3, day)))
    writes.record_daily(person, Kind.SIGN_IN, clock.start_of(date(2021, 3, 5)))
    assert reads.credited_days(person, Kind.CHECK_IN, 0, 10) == [20210304, 20210302, 20210301]
    assert reads.credited_days(person, Kind.CHECK_IN, 20210302, 10) == [20210304, 20210302]
    assert reads.credited_days(person, Kind.CHECK_IN, 0, 1) == [20210304]


def test_several_entries_are_reversed_in_one_batch_and_once(person):
    first, second, kept = writes.commit_batch([act(person), act(person, article=8), act(person, article=9)])
    entry = Entry.objects.get(book=first.book, seq=first.seq)
    campaign, day = entry.campaign, entry.day
    assert reads.day_volumes(campaign, day, day) == {(person, day): 3}
    refs = [(first.book, first.seq), (second.book, second.seq)]
    answers = writes.reverse_entries(refs, person, "撤回", NOON + timedelta(days=9))
    assert [(answer.volume, answer.repeated) for answer in answers] == [(-1, False), (-1, False)]
    again = writes.reverse_entries(refs, person, "撤回", NOON + timedelta(days=10))
    assert [(answer.seq, answer.repeated) for answer in again] == [(each.seq, True) for each in answers]
    assert reads.day_volumes(campaign, day, day) == {(person, day): 1}
    assert {each.seq for each in reads.entries_at([*refs, (first.book, 999)])} == {first.seq, second.seq}
    assert DayTally.objects.get(person=person, kind=Kind.SHARE).reached_ms == (
        Entry.objects.get(seq=kept.seq).at_ms
    )
    assert sound()
