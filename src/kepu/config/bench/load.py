"""A load generator: many kept-open connections, each sending its next request when answered."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """What one run measured: answers a second, how long they took (ms), and statuses."""

    per_second: float
    p50_ms: float
    p99_ms: float
    statuses: dict[int, int]


async def run(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Load:
    """Send `requests` over `connections` for `seconds` and measure."""
    times: list[float] = []
    statuses: dict[int, int] = {}
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(_client(port, requests, until, times, statuses) for _ in range(connections)))
    took = time.perf_counter() - began
    times.sort()
    return Load(
        per_second=len(times) / took,
        p50_ms=1000 * times[len(times) // 2],
        p99_ms=1000 * times[len(times) * 99 // 100],
        statuses=statuses,
    )


def post(path: str, token: str, body: bytes) -> bytes:
    """A POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _client(
    port: int, requests: Iterator[bytes], until: float, times: list[float], statuses: dict[int, int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (sent := time.perf_counter()) < until:
        writer.write(next(requests))
        status = await _answer(reader)
        times.append(time.perf_counter() - sent)
        statuses[status] = statuses.get(status, 0) + 1
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    at = lower.index(b"content-length:") + 15
    length = int(lower[at : lower.index(b"\r\n", at)])
    await reader.readexactly(length)
    return int(head[9:12])
