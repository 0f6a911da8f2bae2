"""The line: batches gather by themselves, a bad act sinks nobody, a full line says so."""

import asyncio
import threading
from collections.abc import Sequence

import pytest
from django.db import OperationalError

from kepu.campaigns.rules import Kind, Reason
from kepu.ledger import wire
from kepu.ledger.committer import Committer, LineFullError, NotRecordedError
from kepu.ledger.rules import Act, Channel, Entry, Receipt, Refusal
from kepu.ledger.tests import beside

BAD = 13


def act(number: int) -> Act:
    """An act told apart by its number."""
    return Act(1, number.to_bytes(16, "big"), Kind.SHARE, number, Channel.PAGE, 0)


class Ledger:
    """Answers each act with its number as sequence; refuses every batch with the bad one in it."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.cut = 0

    def commit(self, acts: Sequence[Act]) -> list[Receipt | Refusal]:
        """Commit once the gate is open."""
        self.gate.wait(5)
        if self.cut:
            self.cut -= 1
            raise OperationalError("server closed the connection")
        self.batches.append(len(acts))
        if any(each.article == BAD for each in acts):
            raise OSError("disk")
        return [Receipt(1, each.article, 1, 1, Reason.CREDITED, None) for each in acts]


def test_what_arrives_while_a_batch_syncs_goes_together() -> None:
    async def scene() -> None:
        ledger = Ledger()
        committer = Committer(beside.ledger(ledger.commit), 100)
        ledger.gate.clear()
        first = asyncio.create_task(committer.record(act(1)))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(committer.record(act(n))) for n in range(2, 12)]
        await asyncio.sleep(0.05)
        ledger.gate.set()
        answers = await asyncio.gather(first, *others)
        assert [each.seq for each in answers if isinstance(each, Receipt)] == list(range(1, 12))
        assert ledger.batches == [1, 10]

    asyncio.run(scene())


def test_one_bad_act_does_not_sink_its_batch() -> None:
    async def scene() -> None:
        committer = Committer(beside.ledger(Ledger().commit), 100)
        tasks = [asyncio.create_task(committer.record(act(n))) for n in (11, 12, BAD, 14)]
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert [isinstance(each, NotRecordedError) for each in answers] == [False, False, True, False]
        assert await committer.record(act(15)) == Receipt(1, 15, 1, 1, Reason.CREDITED, None)

    asyncio.run(scene())


def test_an_act_is_tried_once_more_after_a_cut_connection() -> None:
    async def scene() -> None:
        ledger = Ledger()
        ledger.cut = 1
        assert await Committer(beside.ledger(ledger.commit), 100).record(act(1)) == Receipt(
            1, 1, 1, 1, Reason.CREDITED, None
        )

    asyncio.run(scene())


def test_a_database_that_is_away_keeps_nobody_waiting() -> None:
    async def scene() -> None:
        ledger = Ledger()
        ledger.gate.clear()
        committer = Committer(beside.ledger(ledger.commit), 100)
        tasks = [asyncio.create_task(committer.record(act(n))) for n in range(20, 40)]
        await asyncio.sleep(0.05)
        ledger.cut = 99
        ledger.gate.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(each, NotRecordedError) for each in answers)
        assert 99 - ledger.cut <= 4

    asyncio.run(scene())


def test_a_full_line_is_told_at_once() -> None:
    async def scene() -> None:
        ledger = Ledger()
        committer = Committer(beside.ledger(ledger.commit), 3)
        ledger.gate.clear()
        waiting = [asyncio.create_task(committer.record(act(0)))]
        await asyncio.sleep(0.05)
        waiting += [asyncio.create_task(committer.record(act(n))) for n in (1, 2)]
        await asyncio.sleep(0.05)
        with pytest.raises(LineFullError):
            await asyncio.gather(*[committer.record(act(n)) for n in range(3, 7)])
        ledger.gate.set()
        await asyncio.gather(*waiting)

    asyncio.run(scene())


def test_a_phone_that_hangs_up_is_recorded_all_the_same() -> None:
    async def scene() -> None:
        ledger = Ledger()
        committer = Committer(beside.ledger(ledger.commit), 100)
        ledger.gate.clear()
        first = asyncio.create_task(committer.record(act(1)))
        second = asyncio.create_task(committer.record(act(2)))
        await asyncio.sleep(0.05)
        second.cancel()
        ledger.gate.set()
        assert isinstance(await first, Receipt)
        assert isinstance(await committer.record(act(3)), Receipt)
        assert sum(ledger.batches) == 3

    asyncio.run(scene())


def test_an_answer_waits_for_the_disk_and_the_next_batch_does_not() -> None:
    async def scene() -> None:
        ledger, synced, syncs = Ledger(), threading.Event(), list[int]()

        def sync() -> None:
            synced.wait(5)
            syncs.append(sum(ledger.batches))

        committer = Committer(beside.ledger(ledger.commit, sync), 100)
        tasks = [asyncio.create_task(committer.record(act(1)))]
        await asyncio.sleep(0.05)
        tasks += [asyncio.create_task(committer.record(act(n))) for n in (2, 3)]
        await asyncio.sleep(0.05)
        assert ledger.batches == [1, 2]
        assert not any(task.done() for task in tasks)
        synced.set()
        assert [(await task).seq for task in tasks] == [1, 2, 3]
        assert syncs[-1] == 3, "what was committed last was synced before it was answered"

    asyncio.run(scene())


def test_a_disk_that_fails_ends_the_ledger_and_nobody_is_told_it_was_recorded() -> None:
    def sync() -> None:
        raise OSError("disk")

    async def scene() -> None:
        gone = asyncio.Event()
        committer = Committer(beside.ledger(Ledger().commit, sync), 100, gone.set)
        with pytest.raises(NotRecordedError):
            await committer.record(act(1))
        assert gone.is_set()
        with pytest.raises(NotRecordedError):
            await committer.record(act(2))

    asyncio.run(scene())


def test_everything_of_an_act_and_an_answer_arrives() -> None:
    entry = Entry(*range(3), b"e" * 16, *range(4, 20), "更正", b"h" * 32)
    acts = [act(1), act(2)._replace(points=-3, note="更正", author=4, corrects=entry, session_version=2)]
    answers = [
        Receipt(430623, 5, 1, 2, Reason.CREDITED, None),
        Receipt(1, 2, -3, 0, Reason.DAY_CAP, 7, True, 9),
        Refusal.CONFLICT,
        None,
    ]
    sent = wire.acts_frame(acts) + wire.answers_frame(answers)
    frames, came = wire.Frames(), list[bytes]()
    for start in range(0, len(sent), 7):
        came += frames.whole(sent[start : start + 7])
    assert wire.read_acts(came[0]) == acts
    assert [type(each.kind) for each in wire.read_acts(came[0])] == [Kind, Kind]
    assert wire.read_answers(came[1]) == answers
    assert [type(each) for each in wire.read_answers(came[1])] == [Receipt, Receipt, Refusal, type(None)]
