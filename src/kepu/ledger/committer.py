"""The line before the ledger: acts wait here while the last batch syncs, then go together.

The line stands in the process that talks to phones, the ledger in one of its own beside it (`process.py`):
reading requests and settling acts then take a core each. What passes between them is `wire.py`.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from typing import cast

import structlog

from kepu.ledger import wire
from kepu.ledger.rules import Act, Receipt, Refusal

log = structlog.get_logger("kepu.ledger")


class LineFullError(Exception):
    """More acts are waiting than the site allows; the phone should try again in a moment."""


class NotRecordedError(Exception):
    """Nobody can say that the act was recorded; it may be sent again, once recorded it is so once."""


class Committer(asyncio.Protocol):
    """Hands acts to the ledger's process and its answers, which come in the same order, to who waits.

    Bound to the event loop that first calls `record`. `ledger`: this side of the way there. `gone` is called
    when the other side ended; nothing can be recorded from then on.
    """

    def __init__(self, ledger: socket.socket, line_max: int, gone: Callable[[], None] = lambda: None) -> None:
        self._ledger = ledger
        self._line_max = line_max
        self._when_gone = gone
        self._acts: list[Act] = []
        self._line: deque[asyncio.Future[Receipt | Refusal]] = deque()
        self._way: asyncio.Transport | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._is_gone = False
        self._frames = wire.Frames()

    async def record(self, act: Act) -> Receipt | Refusal:
        """The answer to an act, once it is durable. Raises `LineFullError` or `NotRecordedError`."""
        if len(self._line) >= self._line_max:
            raise LineFullError
        if self._is_gone:
            raise NotRecordedError
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Receipt | Refusal] = loop.create_future()
        self._line.append(answer)
        self._acts.append(act)
        if len(self._acts) == 1:  # what else is reported in this turn of the loop goes along
            loop.call_soon(self._send)
        return await answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The way is open: what waited for that goes."""
        self._way = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Some answers came."""
        for frame in self._frames.whole(data):
            for answer in wire.read_answers(frame):
                waiting = self._line.popleft()
                if waiting.done():
                    continue  # the phone hung up; what it sent is recorded all the same
                if answer is None:
                    waiting.set_exception(NotRecordedError())
                else:
                    waiting.set_result(answer)

    def connection_lost(self, _trouble: Exception | None) -> None:
        """The ledger's process ended: who waits is told, and may send the same again."""
        self._is_gone = True
        log.critical("ledger_gone", waiting=len(self._line))
        for waiting in self._line:
            if not waiting.done():
                waiting.set_exception(NotRecordedError())
        self._line.clear()
        self._acts.clear()
        self._when_gone()

    def _send(self) -> None:
        if self._way is not None:
            acts, self._acts = self._acts, []
            self._way.write(wire.acts_frame(acts))
        elif self._connecting is None:
            self._connecting = asyncio.create_task(self._connect())

    async def _connect(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, sock=self._ledger)
