"""The line before the ledger: acts wait here while the last batch syncs, then go together."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import OperationalError

from kepu.ledger.rules import Act, Receipt, Refusal

Commit = Callable[[Sequence[Act]], list[Receipt | Refusal]]
BATCH_MAX = 1024

log = structlog.get_logger("kepu.ledger")


class LineFullError(Exception):
    """More acts are waiting than the site allows; the phone should try again in a moment."""


class NotRecordedError(Exception):
    """The database refused the act; nothing of it was kept and it may be sent again."""


class Committer:
    """Gathers acts without a timer: whatever arrives while one batch syncs is the next batch.

    One per process, bound to the event loop that first calls `record`. Batches are committed one after
    another in a thread of its own, so the loop goes on reading requests.
    """

    def __init__(self, commit: Commit, line_max: int) -> None:
        self._commit = commit
        self._line_max = line_max
        self._line: deque[tuple[Act, asyncio.Future[Receipt | Refusal]]] = deque()
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._running: asyncio.Task[None] | None = None

    async def record(self, act: Act) -> Receipt | Refusal:
        """The answer to an act, once it is durable. Raises `LineFullError` or `NotRecordedError`."""
        if len(self._line) >= self._line_max:
            raise LineFullError
        answer: asyncio.Future[Receipt | Refusal] = asyncio.get_running_loop().create_future()
        self._line.append((act, answer))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._drain())
        return await answer

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._line:
            batch = [self._line.popleft() for _ in range(min(len(self._line), BATCH_MAX))]
            outcome = await loop.run_in_executor(self._thread, self._commit_safely, [act for act, _ in batch])
            for (_act, answer), result in zip(batch, outcome, strict=True):
                if answer.done():
                    continue  # the phone hung up; what it sent is recorded all the same
                if isinstance(result, NotRecordedError):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)

    def _commit_safely(self, acts: list[Act]) -> list[Receipt | Refusal | NotRecordedError]:
        """Commit together; when that fails, one by one, so that one bad act does not sink a batch.

        Each act is tried anew once, which also heals a connection that was cut. A database that fails then
        fails for the rest as well: they are told at once instead of each waiting for it.
        """
        try:
            return list(self._commit(acts))
        except Exception:
            log.exception("batch_failed", acts=len(acts))
        answers: list[Receipt | Refusal | NotRecordedError] = []
        for act in acts:
            try:
                answers += self._commit([act])
            except OperationalError:
                log.exception("database_failed", acts=len(acts) - len(answers))
                break
            except Exception:
                log.exception("act_failed")
                answers.append(NotRecordedError())
        return answers + [NotRecordedError() for _ in range(len(acts) - len(answers))]
