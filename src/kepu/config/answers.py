"""What Django answers, taken whole from its page thread and only then sent, however slowly it is read.

a2wsgi holds the page thread until the reader has taken what it gives. Four readers who take nothing would
stop every page, so the thread gives everything to a kept file at once and is free; the event loop sends it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile

from kepu.intake.app import Send

MEGABYTE = 1_048_576
PIECE = 65_536
# What every answer may keep, in memory. More lies in a file without a name, and counts against the pot.
FREE = 262_144
ANSWER_MAX = 64 * MEGABYTE
HELD_MAX = 512 * MEGABYTE
PIECE_SECONDS = 30.0
# The whole: a minute, and the time it takes at twenty kilobytes a second.
MINIMUM_SECONDS, MINIMUM_RATE = 60.0, 20_000
WITHOUT_BODY = (204, 304)


class Answers:
    """Keeps answers for one server process and counts the bytes they hold on the disk in `folder`."""

    def __init__(self, folder: Path, *, answer_max: int = ANSWER_MAX, held_max: int = HELD_MAX) -> None:
        self._folder = folder
        self._answer_max = answer_max
        self._held_max = held_max
        self._held = 0

    @asynccontextmanager
    async def kept(self) -> AsyncIterator["Answer"]:
        """Room for one answer; what it holds is let go at the end."""
        answer = Answer(self._folder, self._room, self._answer_max)
        try:
            yield answer
        finally:
            self._held -= answer.counted
            answer.file.close()

    def _room(self, size: int, more: int) -> int | None:
        """How many of `more` bytes for an answer of `size` now count as held; None when there is no room."""
        counted = max(size + more - FREE, 0) - max(size - FREE, 0)
        if size + more > self._answer_max or (counted and self._held + counted > self._held_max):
            return None
        self._held += counted
        return counted


class Answer:
    """One answer of Django, taken as ASGI messages and sent when it is whole."""

    def __init__(self, folder: Path, room: Callable[[int, int], int | None], most: int) -> None:
        self.file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(FREE, dir=str(folder))  # noqa: SIM115 closed by who made the answer
        self._start: dict[str, object] | None = None
        self.counted = 0
        self._is_refused = False
        self._most = most
        self.is_too_large = False
        self._size = 0
        self._room = room

    @property
    def is_whole(self) -> bool:
        """Whether all that was said is kept: False where there was no room, `is_too_large` where never."""
        return self._start is not None and not self._is_refused

    async def take(self, message: dict[str, object]) -> None:
        """The message is kept; one too many is dropped with all after it (raising would hold the thread)."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        piece = message.get("body", b"")
        assert isinstance(piece, bytes)
        counted = None if self._is_refused else self._room(self._size, len(piece))
        if counted is None:
            self._is_refused = True
            self.is_too_large = self.is_too_large or self._size + len(piece) > self._most
            return
        self.counted += counted
        self._size += len(piece)
        if self._size > FREE:
            await asyncio.to_thread(self.file.write, piece)
        else:
            self.file.write(piece)

    async def deliver(self, send: Send) -> None:
        """The answer is on the wire, with its length: a reader sees when it was broken off.

        Raises TimeoutError when the reader takes too long; the connection then ends before its time.
        """
        assert self._start is not None
        self._say_length()
        self.file.seek(0)
        async with asyncio.timeout(MINIMUM_SECONDS + self._size / MINIMUM_RATE):
            await send(self._start)
            left = self._size
            while left > PIECE:
                left -= PIECE
                piece = await self._piece()
                async with asyncio.timeout(PIECE_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": await self._piece()})

    async def _piece(self) -> bytes:
        if self._size > FREE:
            return await asyncio.to_thread(self.file.read, PIECE)
        return self.file.read(PIECE)

    def _say_length(self) -> None:
        assert self._start is not None
        headers = self._start["headers"]
        assert isinstance(headers, list)
        has_length = any(name == b"content-length" for name, _ in headers)
        if not (has_length or self._start["status"] in WITHOUT_BODY):
            headers.append((b"content-length", str(self._size).encode()))
