"""People who move between counties: whatever they do in whatever batches, it counts as if they had stayed."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepu.campaigns.rules import COUNTED, Kind
from kepu.kit import clock
from kepu.ledger import models, reads, writes
from kepu.ledger.rules import Act, Channel, Entry, Receipt, may_be_reversed, reversal, spending
from kepu.ledger.tests.test_any_points import wipe
from kepu.ledger.tests.test_writes import sound
from kepu.people.models import Communicator
from kepu.standings.tests import town

START = clock.start_of(date(2021, 9, 5)) + timedelta(hours=12)
SHARES_MAX, ARTICLE_MAX = 4, 2
WORDS = ["share"] * 4 + ["move"] * 2 + ["again"] * 2 + ["spend", "given", "reverse"]
STEPS = st.tuples(
    st.sampled_from(WORDS),
    st.integers(0, 1),  # the person
    st.integers(1, 4),  # the article, so many points, or which of those before
    st.sampled_from([0, 0, 0, 1]),  # so many days later
)
Played = list[Act | tuple[int, str]]


@pytest.fixture
def persons(db: None) -> list[int]:
    """Two certified persons where few shares count a day, and fewer of one article."""
    text = town.SAMPLE.replace(
        "per_day_max = 300", f"per_day_max = {SHARES_MAX}\nper_article_day_max = {ARTICLE_MAX}", 1
    )
    assert text != town.SAMPLE
    town.build(text)
    return town.enrol(2)


def go_home(persons: list[int]) -> None:
    """Nothing is in the ledger, and everybody lives where they came from."""
    wipe()
    Communicator.objects.filter(account__in=persons).update(division=town.TONGFU)


def entries() -> list[Entry]:
    """Both books, in the order of time."""
    both = reads.entries_after(430623, 0, 10_000) + reads.entries_after(430602, 0, 10_000)
    return sorted(both, key=lambda entry: (entry.at_ms, entry.kind))


def play(persons: list[int], steps: list[Any], *, is_moving: bool) -> tuple[Played, list[Receipt]]:
    """What was done, acts and moves (person, village), recorded one by one, and the answers."""
    go_home(persons)
    played: Played = []
    answers = []
    now, homes = START, dict.fromkeys(persons, town.TONGFU)
    for number, (word, who, count, days) in enumerate(steps):
        now += timedelta(days=days, seconds=1)
        person = persons[who]
        if word == "move":
            homes[person] = town.ELSEWHERE if homes[person] == town.TONGFU else town.TONGFU
            if is_moving:
                played.append((person, homes[person]))
                Communicator.objects.filter(account=person).update(division=homes[person])
            continue
        acts = [each for each in played if isinstance(each, Act)]
        event, at_ms = number.to_bytes(16, "big"), clock.milliseconds(now)
        act = Act(person, event, Kind.SHARE, count, Channel.PAGE, at_ms)
        may = [each for each in entries() if may_be_reversed(each)]
        if word == "spend":
            act = spending(person, event, count, 0, "", now)
        elif word == "given":
            act = act._replace(kind=Kind.ADJUSTMENT, article=0, channel=Channel.STAFF, points=count)
        elif word == "reverse" and may:
            act = reversal(may[-count % len(may)], 1, "", now)
        elif word == "again" and acts:
            act = acts[-count % len(acts)]
        played.append(act)
        (answer,) = writes.commit_batch([act])
        assert isinstance(answer, Receipt)
        answers.append(answer)
    return played, answers


def played_in_pieces(played: Played, cuts: list[int]) -> list[Receipt]:
    """The answers where as many acts as the cuts leave together go in one batch; a move ends one."""
    answers: list[Any] = []
    moves = [place for place, each in enumerate(played) if not isinstance(each, Act)]
    places = {0, len(played), *(cut for cut in cuts if cut < len(played))}
    places |= set(moves) | {place + 1 for place in moves}
    for start, end in pairwise(sorted(places)):
        piece = played[start:end]
        if isinstance(piece[0], Act):
            answers += writes.commit_batch([each for each in piece if isinstance(each, Act)])
        else:
            person, village = piece[0]
            Communicator.objects.filter(account=person).update(division=village)
    return answers


def verdicts(answers: list[Receipt]) -> list[tuple[Any, ...]]:
    """What was said of each act, wherever it stands."""
    return [(each.points, each.volume, each.reason, each.left_today, each.repeated) for each in answers]


def totals(persons: list[int]) -> list[Any]:
    """Everything that other rooms ask for: volumes, points and what counted, by person."""
    (campaign,) = {each.campaign for each in entries() if each.kind == Kind.SHARE} or {0}
    days = range(20210905, 20210930)
    accounts = [reads.account_of_points(person) for person in persons]
    counted = [[reads.credited_on(person, campaign, day) for day in days] for person in persons]
    by_day = [reads.volume_by_day(person, campaign, 20210101, 20211231) for person in persons]
    statements = [
        [(each.at_ms, each.points) for each in reads.statement(person, None, 1_000)] for person in persons
    ]
    reasons = [reads.reason_counts(person, campaign, 20210101, 20211231) for person in persons]
    whole = [tuple(each) for each in reads.volumes(campaign, 20210101, 20211231)]
    return [accounts, counted, by_day, statements, reasons, whole, reads.expiring(2021, 0, 10)]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=24), st.lists(st.integers(0, 24), max_size=5))
def test_who_moves_is_counted_as_if_they_had_stayed(persons, steps, cuts):
    played, answers = play(persons, steps, is_moving=True)
    book, sums = entries(), totals(persons)
    assert len({(each.person, each.event_id) for each in book}) == len(book)
    credited = Counter((e.person, e.day) for e in book if e.kind == Kind.SHARE and e.reason in COUNTED)
    assert max(credited.values(), default=0) <= SHARES_MAX
    one = Counter((e.person, e.day, e.article) for e in book if e.kind == Kind.SHARE and e.reason in COUNTED)
    assert max(one.values(), default=0) <= ARTICLE_MAX
    assert sound()

    go_home(persons)
    assert played_in_pieces(played, cuts) == answers
    assert entries() == book
    assert sound()

    _acts, stayed = play(persons, steps, is_moving=False)
    assert verdicts(stayed) == verdicts(answers)
    assert totals(persons) == sums
    assert sound()


def test_a_retry_right_after_a_move_gets_the_first_receipt_and_the_day_goes_on(persons):
    who = persons[0]
    acts = [
        Act(who, bytes(15) + bytes([n]), Kind.SHARE, n, Channel.PAGE, clock.milliseconds(START) + n)
        for n in range(1, 7)
    ]
    first = writes.commit_batch(acts[:3])
    Communicator.objects.filter(account=who).update(division=town.ELSEWHERE)
    later = writes.commit_batch(acts)
    assert later[:3] == [each._replace(repeated=True) for each in first]
    assert [each.book for each in later] == [430623] * 3 + [430602] * 3
    assert [(each.points, each.left_today) for each in later[3:]] == [(1, 0), (0, 0), (0, 0)]
    assert set(models.PersonBook.objects.values_list("person", "book")) == {(who, 430623), (who, 430602)}
    assert reads.is_recorded(who, acts[0].event_id)
    assert sound()
