"""Points of one person in several books at once: they are spent, given back and expire only once."""

import os
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from kepu.campaigns.rules import Kind, Reason
from kepu.kit import clock
from kepu.ledger import reads, writes
from kepu.ledger.models import Entry
from kepu.ledger.rules import Act, Channel, Receipt, Refusal
from kepu.ledger.tests.test_writes import sound
from kepu.people.models import Communicator
from kepu.people.tests.test_at_once import at_once
from kepu.people.writes.holding import lock_account
from kepu.standings.tests import town
from tools import postgres

NOW = clock.start_of(date(2021, 3, 5)) + timedelta(hours=12)
TIMES, EACH, POINTS = 8, 3, 50
WRITERS = 4


@pytest.fixture
def person(transactional_db: None) -> int:
    """Somebody with 50 points of 2020, in a county beside another with an open book."""
    town.build()
    (who,) = town.enrol(1)
    event, at_ms = bytes(15) + b"\x01", clock.milliseconds(NOW - timedelta(days=300))
    writes.record(Act(who, event, Kind.ADJUSTMENT, 0, Channel.STAFF, at_ms, points=POINTS))
    return who


def move(who: int, home: str) -> None:
    """The person belongs to this village, as staff would move them."""
    with transaction.atomic():
        lock_account(who)
        Communicator.objects.filter(account=who).update(division=home)


def test_someone_who_moves_between_books_spends_each_point_once(person):
    answers: list[Receipt | Refusal] = []

    def buy(buyer: int) -> None:
        for number in range(TIMES):
            move(person, (town.ELSEWHERE, town.TONGFU)[(buyer + number) % 2])
            event = (1000 * (buyer + 1) + number).to_bytes(16, "big")
            answers.append(writes.spend(person, event, EACH, 0, "", NOW))

    at_once(*[lambda buyer=buyer: buy(buyer) for buyer in range(WRITERS)])
    bought = [each for each in answers if isinstance(each, Receipt) and each.reason is Reason.ADJUSTED]
    assert len(bought) == POINTS // EACH
    assert reads.balance(person) == POINTS % EACH
    assert len({each.book for each in bought}) == 2
    assert sound()


def shares_of(person: int) -> list[Act]:
    """What a phone sends again and again."""
    at_ms = clock.milliseconds(NOW)
    return [
        Act(person, bytes(14) + number.to_bytes(2, "big"), Kind.SHARE, 7, Channel.PAGE, at_ms + number)
        for number in range(100, 100 + TIMES)
    ]


def test_an_event_is_recorded_once_however_many_send_it_while_its_person_moves(person):
    answers: list[tuple[int, Receipt | Refusal]] = []

    def send(sender: int) -> None:
        for number, act in enumerate(shares_of(person)):
            move(person, (town.ELSEWHERE, town.TONGFU)[(sender + number) % 2])
            answers.append((number, writes.record(act)))

    at_once(*[lambda sender=sender: send(sender) for sender in range(WRITERS)])
    kept = {(number, each._replace(repeated=False)) for number, each in answers}
    assert len(kept) == TIMES == Entry.objects.filter(kind=Kind.SHARE).count()
    assert len(answers) == TIMES * WRITERS
    assert {each.book for _number, each in kept} == {430623, 430602}
    (campaign,) = Entry.objects.filter(kind=Kind.SHARE).values_list("campaign", flat=True).distinct()
    assert reads.credited_on(person, campaign, 20210305) == {Kind.SHARE: TIMES}
    assert sound()


def test_a_spend_is_given_back_and_a_year_expires_once_however_many_try(person):
    first = writes.spend(person, bytes(16), 30, 0, "", NOW)
    Communicator.objects.filter(account=person).update(division=town.ELSEWHERE)

    def give_back() -> None:
        writes.refund(first.book, first.seq, 1, "", NOW)

    def expire() -> None:
        writes.expire(person, 2020, POINTS, NOW)

    def reverse() -> None:
        writes.reverse_entry(first.book, 1, 1, "重复", NOW)

    at_once(give_back, expire, reverse, give_back, expire, reverse)
    kinds = list(Entry.objects.values_list("kind", flat=True))
    assert kinds.count(Kind.REFUND) == 1
    assert sum(Entry.objects.values_list("points", flat=True)) in (0, -30, 20 - POINTS)
    account = reads.account_of_points(person)
    assert account.balance - account.debt == sum(Entry.objects.values_list("points", flat=True))
    assert sound()


PROCESS = """
import django
django.setup()
from kepu.kit import clock
from kepu.ledger import writes
from kepu.ledger.tests.test_moving_at_once import shares_of
now = clock.from_milliseconds({ms})
for number, share in enumerate(shares_of({person})):
    writes.record(share)
    writes.spend({person}, (1000 * {buyer} + number).to_bytes(16, "big"), {each}, 0, "", now)
"""


def test_several_processes_spend_each_point_once(person):
    if connection.vendor != "postgresql":
        pytest.skip("one process writes to SQLite")
    url = postgres.named(settings.DATABASE_URL, connection.settings_dict["NAME"])
    environment = os.environ | {"KEPU_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "kepu.config.settings"}
    words = {"person": person, "each": EACH, "ms": clock.milliseconds(NOW)}
    running = [
        subprocess.Popen([sys.executable, "-c", PROCESS.format(buyer=buyer + 1, **words)], env=environment)
        for buyer in range(WRITERS)
    ]
    for turn in range(3 * TIMES):
        move(person, (town.ELSEWHERE, town.TONGFU)[turn % 2])
        time.sleep(0.1)
    assert [each.wait(120) for each in running] == [0] * WRITERS
    assert reads.balance(person) == (POINTS + TIMES) % EACH
    assert Entry.objects.filter(kind=Kind.SPEND, points__lt=0).count() == (POINTS + TIMES) // EACH
    assert Entry.objects.filter(kind=Kind.SHARE).count() == TIMES
    assert sound()
