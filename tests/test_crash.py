"""kill −9 under load: every answered act is in the ledger once, and the chain fits."""

import asyncio
import json
import os
import random
import signal
import time
import uuid
from pathlib import Path

import httpx
import pytest

from tests.live import LiveSite

ROUNDS = int(os.environ.get("KEPU_CRASH_ROUNDS", "3"))
ENTRIES = """
import json
from kepu.ledger.models import Entry
rows = Entry.objects.values_list("person", "event_id", "book", "seq")
print(json.dumps([[person, bytes(event).hex(), book, seq] for person, event, book, seq in rows]))
"""


async def _share_until_it_dies(
    site: LiveSite, token: str, answered: dict[str, tuple[int, int]], sent: list[str]
) -> None:
    async with httpx.AsyncClient(base_url=site.url, timeout=5, verify=False) as client:
        while True:
            event = str(uuid.uuid4())
            body = {"event_id": event, "kind": "share", "article": site.articles[0]}
            sent.append(event)
            try:
                answer = await client.post(
                    "/v1/activities", json=body, headers={"Authorization": f"Bearer {token}"}
                )
            except httpx.TransportError:
                return
            assert answer.status_code == 201, answer.text
            receipt = answer.json()
            answered[event.replace("-", "")] = (receipt["book"], receipt["seq"])


async def _one_round(site: LiveSite, tokens: list[str], answered: dict[str, tuple[int, int]]) -> None:
    sent: list[str] = []
    clients = [asyncio.create_task(_share_until_it_dies(site, token, answered, sent)) for token in tokens]
    enough = len(answered) + random.randrange(30, 300)
    while len(answered) < enough and not all(client.done() for client in clients):
        await asyncio.sleep(0.005)
    await asyncio.sleep(random.uniform(0, 0.05))
    await asyncio.to_thread(site.kill)
    await asyncio.gather(*clients)


@pytest.mark.crash
def test_no_answered_act_is_lost_or_doubled(tmp_path: Path, live_database_url: str) -> None:
    site = LiveSite(tmp_path / "site", live_database_url)
    site.prepare(24)
    tokens = site.tokens()
    answered: dict[str, tuple[int, int]] = {}
    for _ in range(ROUNDS):
        site.start("--alone")
        asyncio.run(_one_round(site, tokens, answered))
    assert len(answered) > 20 * ROUNDS
    verified = site.kepu("verify", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert json.loads(verified.stdout)["good"]
    recorded = json.loads(site.python(ENTRIES))
    places = {event: (book, seq) for _person, event, book, seq in recorded}
    assert len(places) == len(recorded)
    for event, place in answered.items():
        assert places[event] == place


@pytest.mark.both_databases
def test_a_ledger_that_dies_is_there_again_and_took_nothing_with_it(
    tmp_path: Path, live_database_url: str
) -> None:
    site = LiveSite(tmp_path / "site", live_database_url)
    site.prepare(6)
    tokens, answered = site.tokens(), set[str]()
    site.start("--alone")

    def share(event: str) -> int:
        body = {"event_id": event, "kind": "share", "article": site.articles[0]}
        bearer = {"Authorization": f"Bearer {tokens[len(answered) % len(tokens)]}"}
        try:
            answer = httpx.post(f"{site.url}/v1/activities", json=body, headers=bearer, timeout=20)
        except httpx.TransportError:
            return 0
        if answer.status_code in (200, 201):
            answered.add(event.replace("-", ""))
        return answer.status_code

    try:
        event, again, before = str(uuid.uuid4()), str(uuid.uuid4()), site.ledger_process()
        assert share(event) == 201
        os.kill(before, signal.SIGKILL)
        until = time.monotonic() + 60
        while (status := share(again)) != 201:
            assert status in (0, 503), status
            assert time.monotonic() < until
            time.sleep(0.2)
        assert site.ledger_process() != before
        assert httpx.get(f"{site.url}/v1/articles", timeout=20).status_code == 200
    finally:
        site.stop()
    recorded = [event for _person, event, _book, _seq in json.loads(site.python(ENTRIES))]
    site.leave()
    assert len(recorded) == len(set(recorded)) == len(answered) == 2
    assert set(recorded) == answered
