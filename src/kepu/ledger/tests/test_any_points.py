"""Any mixture of earning, spending, expiry, taking back, refunds and retries, on a real database."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.kit.tests.depth import cases
from kepu.ledger import models, reads, writes
from kepu.ledger.rules import (
    GENESIS,
    Act,
    Channel,
    Entry,
    Receipt,
    balance_of,
    debt_of,
    expiring,
    may_be_reversed,
    refunding,
    reversal,
    spending,
    takes_back,
)
from kepu.ledger.tests.auditor import Auditor
from kepu.ledger.tests.test_writes import sound
from kepu.standings.tests import town

START = clock.start_of(date(2021, 9, 5)) + timedelta(hours=12)
STEPS = st.tuples(
    st.sampled_from(["share", "given", "taken", "spend", "spend", "refund", "expire", "reverse", "again"]),
    st.integers(0, 2),  # the person
    st.integers(1, 9),  # so many points, or which of the entries before
    st.integers(0, 90),  # so many days later
)


@pytest.fixture
def persons(db: None) -> list[int]:
    """Three certified persons in one county."""
    town.build()
    return town.enrol(3)


class Played:
    """Acts that are recorded one by one, each naming entries that are there; the auditor watches."""

    def __init__(self, persons: list[int]) -> None:
        self.persons = persons
        self.now = START
        self.acts: list[Act] = []
        self.auditor = Auditor()
        wipe()

    def play(self, steps: list[tuple[str, int, int, int]]) -> None:
        """Every step that is possible is recorded."""
        for number, (word, who, points, days) in enumerate(steps):
            self.now += timedelta(days=days, seconds=1)
            act = self._act(word, self.persons[who], points, number.to_bytes(16, "big"))
            if act is not None:
                self._record(act)

    def _act(self, word: str, person: int, points: int, event: bytes) -> Act | None:
        there = entries()
        spends = [each for each in there if each.kind == Kind.SPEND and each.points]
        may = [each for each in there if may_be_reversed(each)]
        at_ms = clock.milliseconds(self.now)
        if word == "share":
            return Act(person, event, Kind.SHARE, 7, Channel.PAGE, at_ms)
        if word in ("given", "taken"):
            stated = points if word == "given" else -points
            return Act(person, event, Kind.ADJUSTMENT, 0, Channel.STAFF, at_ms, points=stated)
        if word == "spend":
            return spending(person, event, points, 0, "", self.now)
        if word == "expire":
            return expiring(person, self.now.year - points % 3, points, self.now)
        if word == "refund" and spends:
            return refunding(spends[points % len(spends)], 1, "", self.now)
        if word == "reverse" and may:
            return reversal(may[-points % len(may)], 1, "", self.now)
        return self.acts[points % len(self.acts)] if self.acts else None

    def _record(self, act: Act) -> None:
        before = len(entries())
        (answer,) = writes.commit_batch([act])
        assert isinstance(answer, Receipt)
        self.acts.append(act)
        new = entries()[before:]
        assert bool(new) is not answer.repeated
        if new:
            self.auditor.see(act, new[0])
            if takes_back(new[0]):
                self.auditor.see_given_back(new[0], new[1] if len(new) > 1 else None)
            assert len(new) <= 1 + takes_back(new[0])


def entries() -> list[Entry]:
    """The whole book."""
    return reads.entries_after(430623, 0, 10_000)


TABLES = (
    models.Entry,
    models.PersonBook,
    models.DayTally,
    models.ArticleTally,
    models.Lot,
    models.LotLine,
)


def lots() -> dict[tuple[int, int], tuple[int, int]]:
    """All lots with what they hold and what was earned, without those that never held anything."""
    rows = models.Lot.objects.values_list("person", "year", "points", "earned")
    return {row[:2]: row[2:] for row in rows if any(row[2:])}


def wipe() -> None:
    """Nothing is in the ledger."""
    for table in TABLES:
        table.objects.all().delete()
    models.Book.objects.update(last_seq=0, last_hash=GENESIS)


def pieces(acts: list[Act], cuts: list[int]) -> Iterator[list[Act]]:
    """The acts in order, cut at these places."""
    places = sorted({0, len(acts), *(cut for cut in cuts if cut < len(acts))})
    return (acts[start:end] for start, end in pairwise(places))


@settings(max_examples=cases(25, 8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=24), st.lists(st.integers(0, 24), max_size=5))
def test_balance_less_debt_is_the_sum_of_lots_and_of_entries(persons, steps, cuts):
    played = Played(persons)
    played.play(steps)
    book, kept, auditor = entries(), lots(), played.auditor
    for person in persons:
        account = reads.account_of_points(person)
        total = sum(each.points for each in book if each.person == person)
        assert account.balance - account.debt == sum(auditor.lots[person].values()) == total
        assert account.balance == reads.balance(person) == len(auditor.coins(person)) >= 0 <= account.debt
        assert sum(each.points for each in account.lots) == account.balance
        assert account.earned == auditor.earned[person]
        years = {year: points for (who, year), (points, _earned) in kept.items() if who == person}
        assert +auditor.lots[person] == {year: points for year, points in years.items() if points > 0}
        assert -auditor.lots[person] == {year: -points for year, points in years.items() if points < 0}
        assert (account.balance, account.debt) == (balance_of(years), debt_of(years))
    for year in (2021, 2022):
        rests = {person: sum(each <= year for each in auditor.coins(person)) for person in persons}
        due = {person: rest for person, rest in rests.items() if rest and year not in expired(person)}
        assert dict(reads.expiring(year, 0, 10)) == due
    assert sound()
    wipe()
    for piece in pieces(played.acts, cuts):
        writes.commit_batch(piece)
    assert (entries(), lots()) == (book, kept)
    assert sound()


def expired(person: int) -> set[int]:
    """The years of which something of this person expired, be it given back since."""
    rows = models.Entry.objects.filter(person=person, kind=Kind.EXPIRY, points__lt=0)
    return {day // 10_000 for day in rows.values_list("day", flat=True)}
