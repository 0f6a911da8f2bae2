"""Following the ledger in any pieces and any order of books raises the same signals."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepu.campaigns.rules import Kind
from kepu.integrity import rules, tasks, writes
from kepu.integrity.models import Cursor, LikeRow, Signal
from kepu.integrity.reads import seen_of
from kepu.integrity.rules import DAY_MS, Decision, PairRule, SignalState
from kepu.integrity.tests.liking import MORNING, each_other, like_acts, likes, post, standing
from kepu.kit import clock
from kepu.kit.tests.depth import cases
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.models import Book
from kepu.ledger.models import Entry as EntryRow
from kepu.ledger.rules import Entry
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.standings.tests import town

COUNTY = town.TONGFU[:6]
pytestmark = pytest.mark.django_db
TWICE = PairRule(each_way_min=2, days=7)


@pytest.fixture
def two(db: None) -> tuple[int, int]:
    """Two certified people of one village."""
    town.build()
    one, other = town.enrol(2)
    return one, other


def test_two_people_liking_each_other_five_hundred_times_raise_exactly_one_signal(two):
    one, other = two
    for hour in range(10):
        each_other(one, other, 50, MORNING + timedelta(hours=hour))
        tasks.catch_up()
        assert Signal.objects.count() == 1
    signal = Signal.objects.get()
    assert (signal.low_gave, signal.high_gave, signal.state) == (500, 500, "open")
    assert signal.division == town.TONGFU[:9]
    # The caps held all the while: the sheet credits only so many likes a day.
    credited = EntryRow.objects.filter(kind=Kind.LIKE, points__gt=0)
    sheet = town.reads.published()[0].sheet
    cap = sheet.earnings[Kind.LIKE].per_day_max
    assert max(Counter(credited.values_list("person", "day")).values()) == cap < 500
    both = EntryRow.objects.filter(kind__in=(Kind.LIKE, Kind.LIKED))
    assert signal.points == sum(both.values_list("points", flat=True)) > 0


@pytest.mark.parametrize(("forth", "back", "raised"), [(10, 10, 1), (10, 9, 0), (0, 500, 0)])
def test_it_takes_ten_each_way(two, forth, back, raised):
    one, other = two
    likes(one, other, forth)
    likes(other, one, back)
    tasks.catch_up()
    assert Signal.objects.count() == raised


def test_people_of_two_counties_are_seen_together_whichever_book_comes_first(two):
    one, _ = two
    (far,) = town.enrol(1, town.ELSEWHERE)
    each_other(one, far, 12)
    tasks.catch_up()
    signal = Signal.objects.get()
    assert signal.division == "4306"
    assert len(set(LikeRow.objects.values_list("book", flat=True))) == 2


def test_what_was_taken_back_for_another_reason_is_no_evidence(two):
    one, other = two
    each_other(one, other, 10)
    tasks.catch_up()
    assert Signal.objects.count() == 1
    last = LikeRow.objects.order_by("seq").last()
    ledger_writes.reverse_entry(last.book, last.seq, 1, "动态已移除", MORNING)
    tasks.catch_up()
    assert Signal.objects.count() == 0
    assert LikeRow.objects.count() == 19
    writes.rebuild()
    assert Signal.objects.count() == 0


def test_liking_oneself_is_nothing(two):
    one, _ = two
    acts = [act for _ in range(30) for act in like_acts(post(one), one, one, MORNING)]
    town.record(acts)
    tasks.catch_up()
    assert not LikeRow.objects.exists()


def test_old_likes_are_forgotten_but_not_those_a_signal_rests_on(two):
    one, other = two
    third, fourth = town.enrol(2)
    each_other(one, other, 10)
    likes(third, fourth, 5)
    assert writes.forget_likes(MORNING + timedelta(days=400)) == 0, "not before every book is caught up"
    tasks.catch_up()
    assert writes.forget_likes(MORNING + timedelta(days=29)) == 0
    assert writes.forget_likes(MORNING + timedelta(days=31)) == 5
    assert Signal.objects.get().low_gave == 10
    before = standing()
    writes.rebuild()
    assert standing() == before


def test_after_a_decision_only_new_likes_count(two):
    one, other = two
    officer = officer_of_the_county()
    each_other(one, other, 10)
    tasks.catch_up()
    number = Signal.objects.get().pk
    harmless = Decision(SignalState.HARMLESS, "同一个舞蹈队", seen_of(number))
    assert writes.decide_signal(number, harmless, officer, MORNING) is None
    each_other(one, other, 9, MORNING + timedelta(days=1))
    tasks.catch_up()
    assert Signal.objects.count() == 1
    each_other(one, other, 1, MORNING + timedelta(days=1, hours=1))
    tasks.catch_up()
    assert sorted(Signal.objects.values_list("state", "low_gave")) == [("harmless", 10), ("open", 10)]
    before = standing()
    writes.rebuild()
    assert standing() == before


def test_walking_costs_the_same_however_many_signals_stand(two, django_assert_max_num_queries):
    one, other = two
    each_other(one, other, 30)
    with django_assert_max_num_queries(20):
        assert writes.follow() > 0
    each_other(one, other, 30, MORNING + timedelta(hours=2))
    with django_assert_max_num_queries(20):
        assert writes.follow() > 0
    with django_assert_max_num_queries(4):
        assert writes.follow() == 0


def officer_of_the_county() -> int:
    """An officer who may look into signals of the county."""
    return land.staff(90, Role.COUNTY_OFFICER, COUNTY)


# What happens in the property test: (book, giver, receiver, day), or a reversal of the nth like.
steps = st.lists(
    st.one_of(
        st.tuples(st.just("like"), st.sampled_from([430602, 430623]), st.integers(1, 3), st.integers(0, 20)),
        st.tuples(st.just("reversal"), st.just(0), st.integers(0, 60), st.just(0)),
        st.tuples(st.just("decision"), st.just(0), st.integers(0, 5), st.booleans()),
    ),
    max_size=60,
)
BLANK = Entry(0, 0, 0, b"", 0, 0, 0, 20210305, 0, 1, 0, 0, 0, -1, 1, 0, 0, 0, 0, 0, "", bytes(32))


def append(entry: Entry) -> Entry:
    """The entry stands at the end of its book."""
    book = Book.objects.get(code=entry.book)
    book.last_seq += 1
    book.save()
    event = book.code.to_bytes(8, "big") + book.last_seq.to_bytes(8, "big")
    whole = entry._replace(seq=book.last_seq, event_id=event)
    EntryRow.objects.create(**whole._asdict())
    return whole


def play(story: list[tuple], officer: int, cuts: list[int]) -> None:
    """Likes between three people (the book says who is liked), some taken back, some signals decided."""
    entered: list[Entry] = []
    for number, (what, book, which, more) in enumerate(story):
        if what == "like":
            # Whoever is liked belongs to one book; two of them to the same.
            liked, giver = {430602: (1, (2, 3)), 430623: (2 + which % 2, (1, 5 - (2 + which % 2)))}[book]
            by = giver[number % 2]
            fields = {"book": book, "person": liked, "author": by, "kind": int(Kind.LIKED)}
            at = {"at_ms": more * DAY_MS + number, "division": book * 1000 + 1}
            entered.append(append(BLANK._replace(**fields, **at, points=1)))
        elif what == "reversal" and which < len(entered):
            back = entered[which]
            append(back._replace(kind=int(Kind.ADJUSTMENT), ref_book=back.book, ref_seq=back.seq))
        elif what == "decision":
            tasks.catch_up()
            decide(which, SignalState.HARMLESS if more else SignalState.NOT_COUNTED, officer)
        if number in cuts:
            writes.follow(limit=3)


def decide(which: int, becomes: SignalState, officer: int) -> None:
    """The `which`th open signal is decided, as far as there is one."""
    rows = list(Signal.objects.filter(state="open").order_by("low", "high"))
    if which < len(rows):
        decision = Decision(becomes, "看过了", seen_of(rows[which].pk))
        assert writes.decide_signal(rows[which].pk, decision, officer, MORNING) is None


def by_hand() -> list[tuple[int, int, frozenset[tuple[int, int]]]]:
    """The open signals straight from the ledger, by the plainest code there is."""
    decided = set(
        LikeRow.objects.exclude(signal=None).exclude(signal__state="open").values_list("book", "seq")
    )
    entries = [each for head in ledger.heads() for each in ledger.entries_after(head.book, 0, 10_000)]
    gone = {(each.ref_book, each.ref_seq) for each in entries if each.kind == Kind.ADJUSTMENT}
    pairs: dict[tuple[int, int], list[rules.Like]] = {}
    for each in entries:
        if each.kind == Kind.LIKED and (each.book, each.seq) not in decided | gone:
            pair = rules.pair_of(each)
            like = rules.Like(each.at_ms, each.book, each.seq, each.author == pair.low)
            pairs.setdefault(pair, []).append(like)
    found = [(*pair, rules.arranged(likes, TWICE)) for pair, likes in pairs.items()]
    return sorted((each for each in found if each[2]), key=lambda each: each[:2])


@settings(max_examples=cases(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.lists(st.integers(0, 59), max_size=6))
def test_rebuilding_gives_what_following_gave(monkeypatch, story, cuts):
    monkeypatch.setattr(writes, "RULE", TWICE)
    with transaction.atomic():
        town.Division.objects.bulk_create(
            town.Division(code=code, name=name) for code, name in town.NAMES.items()
        )
        for book in (430602, 430623):
            ledger_writes.open_book(book, MORNING)
        officer = land.staff(90, Role.CITY_OFFICER, "4306")
        play(story, officer, cuts)
        tasks.catch_up()
        followed = standing()
        held = [
            (row.low, row.high, frozenset(LikeRow.objects.filter(signal=row).values_list("book", "seq")))
            for row in Signal.objects.filter(state="open").order_by("low", "high")
        ]
        assert held == by_hand()
        tasks.catch_up()
        assert standing() == followed, "following again changes nothing"
        writes.rebuild()
        assert standing() == followed
        assert dict(Cursor.objects.values_list("book", "seq")) == {
            head.book: head.seq for head in ledger.heads()
        }
        transaction.set_rollback(True)


def test_the_days_are_those_of_the_ledger(two):
    one, other = two
    each_other(one, other, 10)
    tasks.catch_up()
    signal = Signal.objects.get()
    assert clock.day_of(clock.from_milliseconds(signal.first_ms)) == clock.day_of(MORNING)
