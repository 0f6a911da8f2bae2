"""The line: batches gather by themselves, a bad act sinks nobody, a full line says so."""

import asyncio
import threading
from collections.abc import Sequence

import pytest
from django.db import OperationalError

from kepu.campaigns.rules import Kind, Reason
from kepu.ledger.committer import Committer, LineFullError, NotRecordedError
from kepu.ledger.rules import Act, Channel, Receipt, Refusal

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
        committer = Committer(ledger.commit, 100)
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
        committer = Committer(Ledger().commit, 100)
        tasks = [asyncio.create_task(committer.record(act(n))) for n in (11, 12, BAD, 14)]
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert [isinstance(each, NotRecordedError) for each in answers] == [False, False, True, False]
        assert await committer.record(act(15)) == Receipt(1, 15, 1, 1, Reason.CREDITED, None)

    asyncio.run(scene())


def test_an_act_is_tried_once_more_after_a_cut_connection() -> None:
    async def scene() -> None:
        ledger = Ledger()
        ledger.cut = 1
        assert await Committer(ledger.commit, 100).record(act(1)) == Receipt(
            1, 1, 1, 1, Reason.CREDITED, None
        )

    asyncio.run(scene())


def test_a_database_that_is_away_keeps_nobody_waiting() -> None:
    async def scene() -> None:
        ledger = Ledger()
        ledger.gate.clear()
        committer = Committer(ledger.commit, 100)
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
        committer = Committer(ledger.commit, 2)
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
        committer = Committer(ledger.commit, 100)
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
