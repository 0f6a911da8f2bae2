"""The ledger's decisions: caps, retries, batching and the chain, in memory."""

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
    article_capped,
    day_number,
    entry_hash,
    settle,
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
        standings={number: replace(PERSON, account=number) for number in (1, 2, 3)},
        heads={BOOK: Head(BOOK, 0, GENESIS)},
        balances={1: 0, 2: 0, 3: 0},
        article_capped=article_capped(PUBLISHED),
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
    known.balances = {1: balance}
    answer = settle([act(1, kind=Kind.SPEND, points=spend)], known).answers[0]
    assert (answer.reason, answer.points) == (reason, points)
    assert known.balances[1] == balance + points


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


ACTS = st.builds(
    act,
    st.integers(0, 25),
    person=st.integers(1, 4),
    kind=st.sampled_from([Kind.SHARE, Kind.CHECK_IN, Kind.READ, Kind.SPEND, Kind.ADJUSTMENT]),
    article=st.integers(1, 3),
    at_ms=st.integers(NOON, NOON + 3 * 86_400_000),
    points=st.integers(-6, 6),
)


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
def test_tallies_and_balances_are_the_sums_of_the_entries(acts: list[Act]) -> None:
    known = facts()
    settled = settle(acts, known)
    for person in (1, 2, 3):
        earned = sum(entry.points for entry in settled.entries if entry.person == person)
        assert settled.points.get(person, 0) == earned == known.balances[person] >= 0
    for key, tally in settled.tallies.items():
        lines = [e for e in settled.entries if (e.person, e.day, e.campaign, e.kind) == tuple(key)]
        assert tally.volume == sum(e.volume for e in lines)
        assert tally.credited == sum(e.reason == Reason.CREDITED for e in lines)
        assert tally.credited <= SHEET.earnings.get(Kind(key.kind), Earning(0, 0)).per_day_max
