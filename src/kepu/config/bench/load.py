"""A load generator: many kept-open connections, each sending its next request when answered."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Load:
    """What one run measured: answers a second, how long they took (ms), and statuses."""

    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    statuses: dict[int, int]


@dataclass(slots=True)
class _Run:
    """What the connections of one run share: what to send, until when, and what came back."""

    requests: Iterator[bytes]
    until: float
    open: int
    done: asyncio.Future[None]
    pause: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)


async def run(
    port: int, requests: Iterator[bytes], connections: int, seconds: float, pause: float = 0.0
) -> Load:
    """Send `requests` over `connections` for `seconds` and measure. Raises OSError when nobody listens.

    `pause`: seconds from one request of a connection to its next, where that was answered by then.
    """
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    shared = _Run(requests, began + seconds, connections, loop.create_future(), pause)
    for _ in range(connections):
        await loop.create_connection(lambda: _Client(shared), "127.0.0.1", port)
        await asyncio.sleep(pause / connections)  # so that they do not all send at once
    await shared.done
    took = time.perf_counter() - began
    times = sorted(shared.times)
    return Load(
        per_second=len(times) / took,
        p50_ms=1000 * times[len(times) // 2],
        p95_ms=1000 * times[len(times) * 95 // 100],
        p99_ms=1000 * times[len(times) * 99 // 100],
        statuses=shared.statuses,
    )


def post(path: str, token: str, body: bytes) -> bytes:
    """A POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {_PHONE}\r\n"
        "Content-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(path: str, cookie: str) -> bytes:
    """A GET as a browser sends it."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {_PHONE}\r\n"
        f"Accept-Encoding: gzip, deflate\r\nCookie: {cookie}\r\n\r\n"
    ).encode()


class _Client(asyncio.Protocol):
    """One connection. Not asyncio's streams: they take as long as the server, on the same cores."""

    def __init__(self, shared: _Run) -> None:
        self._run = shared
        self._held = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send_next()

    def data_received(self, data: bytes) -> None:
        held = self._held + data
        head, found, body = held.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            self._held = held
            return
        self._held = b""
        now = time.perf_counter()
        self._run.times.append(now - self._sent_at)
        status = int(head[9:12])
        self._run.statuses[status] = self._run.statuses.get(status, 0) + 1
        waits = max(0.0, self._sent_at + self._run.pause - now)
        if now + waits >= self._run.until:
            self._transport.close()
        elif waits:
            asyncio.get_running_loop().call_later(waits, self._send_next)
        else:
            self._send_next()

    def connection_lost(self, _why: Exception | None) -> None:
        self._run.open -= 1
        if not self._run.open:
            self._run.done.set_result(None)

    def _send_next(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._run.requests))


def _length(head: bytes) -> int:
    at = head.index(b"content-length:") + 15
    return int(head[at:].partition(b"\r\n")[0])


_PHONE = "Mozilla/5.0 (Linux; Android 10; V1818A) AppleWebKit/537.36 Mobile MicroMessenger/8.0"
