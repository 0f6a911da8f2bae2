"""The ledger's decisions: caps, retries, batching and the chain, in memory."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.campaigns.rules import (
    DoubleAward,
    Earning,
    Kind,
    Measure,
    Policy,
    Published,
    Reason,
    RuleSheet,
    TieRule,
)
from kepu.kit import clock
from kepu.ledger.rules import (
    GENESIS,
    Act,
    Channel,
    Facts,
    Head,
    Receipt,
    Refusal,
    day_number,
    entry_hash,
    is_reported_event,
    needs_of,
    own_event,
    settle,
    takes_back,
)
from kepu.people.rules import Standing

BOOK = 430623
OPENS = datetime(2021, 1, 1, tzinfo=clock.SHANGHAI)
NOON = clock.milliseconds(datetime(2021, 3, 5, 4, tzinfo=UTC))
SHEET = RuleSheet(
    campaign="test",
    version=1,
    title="",
    issuer="",
    document="",
    place="430623110",
    counts_within="4306",
    opens_at=OPENS,
    closes_at=datetime(2021, 12, 1, tzinfo=clock.SHANGHAI),
    policy=Policy.NOTICE,
    measure=Measure.SHARES,
    dwell_seconds_min=10,
    tie_rule=TieRule.EARLIER,
    double_award=DoubleAward.BOTH,
    certified_only=True,
    earnings={
        Kind.SHARE: Earning(points=1, per_day_max=3, per_article_day_max=2),
        Kind.CHECK_IN: Earning(points=5, per_day_max=1),
    },
    tasks=(),
    rounds=(),
    declared=(),
)
PUBLISHED = (Published(7, SHEET, ""),)
PERSON = Standing(1, BOOK, 1, is_active=True, is_certified=True, unit=4, division="430623110215")


def facts(**changes: object) -> Facts:
    """An open book with three certified persons in it."""
    return Facts(
        published=PUBLISHED,
        standings={number: PERSON._replace(account=number) for number in (1, 2, 3)},
        heads={BOOK: Head(BOOK, 0, GENESIS)},
        lots={1: {}, 2: {}, 3: {}},
        needs=needs_of(PUBLISHED),
        **changes,  # type: ignore[arg-type]
    )


def act(number: int, **changes: object) -> Act:
    """A share of article 9 by person 1 at noon, with event id `number`."""
    return Act(1, number.to_bytes(16, "big"), Kind.SHARE, 9, Channel.PAGE, NOON)._replace(**changes)


def test_the_cap_is_reached_and_says_so() -> None:
    answers = settle([act(n, article=n) for n in range(5)], facts()).answers
    assert [(a.points, a.volume, a.reason, a.left_today) for a in answers] == [
        (1, 1, Reason.CREDITED, 2),
        (1, 1, Reason.CREDITED, 1),
        (1, 1, Reason.CREDITED, 0),
        (0, 0, Reason.DAY_CAP, 0),
        (0, 0, Reason.DAY_CAP, 0),
    ]


def test_the_cap_starts_anew_at_midnight_in_shanghai() -> None:
    before = clock.milliseconds(datetime(2021, 3, 5, 23, 59, 59, 999_000, tzinfo=clock.SHANGHAI))
    acts = [act(n, article=n, at_ms=before) for n in range(4)] + [act(9, at_ms=before + 1)]
    assert [answer.reason for answer in settle(acts, facts()).answers][-2:] == [
        Reason.DAY_CAP,
        Reason.CREDITED,
    ]


def test_one_article_counts_only_so_often() -> None:
    reasons = [answer.reason for answer in settle([act(n) for n in range(3)], facts()).answers]
    assert reasons == [Reason.CREDITED, Reason.CREDITED, Reason.ARTICLE_CAP]


def test_a_retry_gets_the_first_receipt_and_other_content_is_a_conflict() -> None:
    first, again, other = settle([act(1), act(1), act(1, article=10)], facts()).answers
    assert isinstance(first, Receipt)
    assert again == first._replace(repeated=True)
    assert other is Refusal.CONFLICT


def test_a_retry_must_name_the_same_parent_and_spend_the_same() -> None:
    first, other = settle(
        [act(1, ref_book=BOOK, ref_seq=4), act(1, ref_book=BOOK, ref_seq=5)], facts()
    ).answers
    assert isinstance(first, Receipt)
    assert other is Refusal.CONFLICT
    known = facts()
    known.lots = {1: {2021: 20}}
    spends = [act(2, kind=Kind.SPEND, points=-5), act(2, kind=Kind.SPEND, points=-15)]
    assert settle(spends, known).answers[1] is Refusal.CONFLICT
    assert known.lots == {1: {2021: 15}}


def test_a_reader_who_comes_back_by_another_link_is_known() -> None:
    reads = [act(1, kind=Kind.READ, ref_seq=4), act(1, kind=Kind.READ, ref_seq=5)]
    first, again = settle(reads, facts()).answers
    assert again == first._replace(repeated=True)


def test_imported_figures_are_never_added_to_shares() -> None:
    (entry,) = settle([act(1, kind=Kind.IMPORT, volume=500, campaign=7)], facts()).entries
    assert (entry.volume, entry.reason) == (0, Reason.NOT_REWARDED)
    known = facts()
    known.published = (Published(7, replace(SHEET, measure=Measure.IMPORTED), ""),)
    (entry,) = settle([act(1, kind=Kind.IMPORT, volume=500, campaign=7)], known).entries
    assert (entry.volume, entry.reason) == (500, Reason.ADJUSTED)


def test_a_correction_stands_in_the_book_and_for_the_unit_of_what_it_corrects() -> None:
    known = facts()
    (shared,) = settle([act(1)], known).entries
    known.standings[1] = PERSON._replace(book=430602, unit=9, division="430602001001")
    known.heads[430602] = Head(430602, 0, GENESIS)
    taken = act(2, kind=Kind.ADJUSTMENT, volume=-1, day=shared.day, campaign=7)
    (entry,) = settle([taken._replace(ref_book=BOOK, ref_seq=1, corrects=shared)], known).entries
    assert (entry.book, entry.seq, entry.unit, entry.division) == (BOOK, 2, 4, shared.division)
    assert takes_back(entry)


@given(st.lists(st.binary(max_size=9), max_size=4), st.uuids(version=4))
def test_no_phone_can_choose_an_id_of_ours(parts: list[bytes], chosen: uuid.UUID) -> None:
    assert not is_reported_event(own_event(*parts))
    assert is_reported_event(chosen.bytes)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"person": 99}, Refusal.UNKNOWN_PERSON),
        ({"session_version": 2}, Refusal.SIGNED_OUT),
        ({"session_version": 1}, None),
    ],
)
def test_who_may_not_write(changes: dict[str, object], refusal: Refusal | None) -> None:
    settled = settle([act(1, **changes)], facts())
    assert (settled.answers[0] is refusal) == (refusal is not None)
    assert len(settled.entries) == (refusal is None)


def test_whose_county_has_no_book_here_is_told_so_and_corrections_go_where_the_entry_stands() -> None:
    known = facts()
    settled = settle([act(1)], known)
    known.standings[1] = PERSON._replace(book=PERSON.book + 1)
    acts = [act(2), act(3, kind=Kind.ADJUSTMENT, volume=-1, corrects=settled.entries[0])]
    refused, corrected = settle(acts, known).answers
    assert refused is Refusal.NO_BOOK
    assert isinstance(corrected, Receipt)
    assert (corrected.book, corrected.seq) == (PERSON.book, settled.entries[0].seq + 1)


def test_nothing_more_is_recorded_for_who_closed_but_corrections_are() -> None:
    known = facts()
    known.standings[1] = PERSON._replace(is_active=False)
    acts = [act(1, kind=Kind.OPEN), act(2, kind=Kind.READ), act(3, kind=Kind.ADJUSTMENT, volume=-1)]
    answers = settle(acts, known).answers
    assert answers[:2] == [Refusal.SIGNED_OUT, Refusal.SIGNED_OUT]
    assert isinstance(answers[2], Receipt)


@pytest.mark.parametrize(
    ("balance", "spend", "reason", "points"),
    [
        (10, -10, Reason.ADJUSTED, -10),
        (10, -11, Reason.BALANCE_SHORT, 0),
        (0, -1, Reason.BALANCE_SHORT, 0),
    ],
)
def test_a_spend_never_goes_below_zero(balance: int, spend: int, reason: Reason, points: int) -> None:
    known = facts()
    known.lots = {1: {2021: balance}}
    answer = settle([act(1, kind=Kind.SPEND, points=spend)], known).answers[0]
    assert (answer.reason, answer.points) == (reason, points)
    assert known.lots[1] == {2021: balance + points}


def test_the_chain_covers_every_field() -> None:
    entry = settle([act(1, note="说明")], facts()).entries[0]
    assert entry.hash == entry_hash(GENESIS, entry)
    for name, value in entry._asdict().items():
        if name == "hash":
            continue
        changed = {str: lambda v: v + "x", bytes: lambda v: bytes(15) + b"\x07"}.get(
            type(value), lambda v: int(v) + 1
        )(value)
        assert entry_hash(GENESIS, entry._replace(**{name: changed})) != entry.hash, name
    assert entry_hash(bytes(31) + b"1", entry) != entry.hash


def test_the_day_is_that_of_shanghai() -> None:
    assert day_number(clock.milliseconds(datetime(2021, 3, 4, 16, tzinfo=UTC))) == 20210305
    assert day_number(clock.milliseconds(datetime(2021, 3, 4, 15, 59, 59, tzinfo=UTC))) == 20210304


ANYTHING = {
    "person": st.integers(1, 4),
    "article": st.integers(1, 3),
    "at_ms": st.integers(NOON, NOON + 3 * 86_400_000),
}
ACTS = st.builds(
    act,
    st.integers(0, 25),
    kind=st.sampled_from([Kind.SHARE, Kind.CHECK_IN, Kind.READ, Kind.ADJUSTMENT]),
    points=st.integers(-6, 6),
    **ANYTHING,
) | st.builds(act, st.integers(0, 25), kind=st.just(Kind.SPEND), points=st.integers(-6, -1), **ANYTHING)


@given(st.lists(ACTS, max_size=60), st.lists(st.integers(0, 60), max_size=5))
def test_batching_changes_nothing(acts: list[Act], cuts: list[int]) -> None:
    whole = settle(acts, facts())
    known, answers, entries = facts(), [], []
    for start, end in pairwise(sorted({0, len(acts), *(cut for cut in cuts if cut <= len(acts))})):
        piece = settle(acts[start:end], known)
        answers += piece.answers
        entries += piece.entries
    assert answers == whole.answers
    assert entries == whole.entries


@given(st.lists(ACTS, max_size=80))
def test_tallies_and_lots_are_the_sums_of_the_entries(acts: list[Act]) -> None:
    known = facts()
    settled = settle(acts, known)
    for person in (1, 2, 3):
        earned = sum(entry.points for entry in settled.entries if entry.person == person)
        lots = {year: lot.points for (_book, who, year), lot in settled.lots.items() if who == person}
        assert sum(lots.values()) == earned
        assert lots == known.lots[person]
    for (book, key), tally in settled.tallies.items():
        lines = [e for e in settled.entries if (e.book, e.person, e.day, e.campaign, e.kind) == (book, *key)]
        assert tally.volume == sum(e.volume for e in lines)
        assert tally.credited == sum(e.reason == Reason.CREDITED for e in lines)
        assert tally.credited <= SHEET.earnings.get(Kind(key.kind), Earning(0, 0)).per_day_max
