"""kill −9 under load: every answered act is in the ledger once, and the chain fits."""

import asyncio
import json
import os
import random
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
