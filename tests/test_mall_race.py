"""The mall by real processes: ten buyers for each thing there is, and buyers who are killed.

A hundred buyers in two processes; with $KEPU_DEEP=1 a thousand in four.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kepu.kit.tests.depth import cases
from tests.live import ROOT, LiveSite

BUYERS, THINGS, PROCESSES = cases(1000, 100), cases(100, 10), cases(4, 2)
ROUNDS = int(os.environ.get("KEPU_CRASH_ROUNDS", "3"))
# Something on sale, and points for everybody.
STOCK = """
import json
from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel
from kepu.mall import writes
from kepu.mall.rules import ItemDraft, ItemKind
now = clock.now()
draft = ItemDraft(ItemKind.BADGE, "科普之星", "", 30, "430623", "430623", limit={limit})
item = writes.keep_item(0, draft, 1, now)
writes.set_on_sale(item, True)
writes.receive_stock(item, {stock}, 1, "", now)
persons = {persons}
for start in range(0, len(persons), 500):
    ledger.commit_batch([
        Act(person, person.to_bytes(16, "big"), Kind.ADJUSTMENT, 0, Channel.STAFF, clock.milliseconds(now),
            points=100, author=1, note="奖")
        for person in persons[start:start + 500]
    ])
print(json.dumps(item))
"""
# One process of buyers: each of `persons` in turn, once the file `go` is there, with a double click each.
BUY = """
import json, os, sys, time
from uuid import uuid4
from kepu.kit import clock
from kepu.mall import writes
from kepu.mall.rules import By, Way, Wish
item, persons, go, cancels = json.loads(sys.argv[1])
print("ready", flush=True)
while not os.path.exists(go):
    time.sleep(0.005)
for number, person in enumerate(persons):
    order = uuid4()
    said = {writes.buy(order, person, item, Wish(Way.ONLINE, 30), clock.now()) for _ in range(2)}
    assert len(said) == 1, said
    if cancels and number % 3 == 0:
        writes.return_order(order, 1, "坏了", True, clock.now())
    print(said.pop() or "bought", flush=True)
"""
# What is there once the worker has come, a few minutes later.
CHECK = """
import json
from collections import Counter
from datetime import timedelta
from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger.models import Entry
from kepu.ledger import reads as ledger
from kepu.ledger.rules import own_event
from kepu.mall import reads, writes
from kepu.mall.models import Item, Order
later = clock.now() + timedelta(minutes=3)
mended = writes.settle_orders(later)
assert writes.settle_orders(later) == 0
spends = {bytes(each): points for each, points in Entry.objects.filter(kind=Kind.SPEND, points__lt=0)
          .values_list("event_id", "points")}
refunds = Counter(Entry.objects.filter(kind=Kind.REFUND).values_list("ref_book", "ref_seq"))
count = len(spends)
for order in Order.objects.all():
    spent = spends.pop(own_event(b"mall order", order.pk.bytes), 0)
    assert spent == (-order.points if order.seq else 0), order
    owed = order.seq > 0 and order.state in ("cancelled", "returned")
    assert refunds[order.book, order.seq] == owed, order
assert not spends, "a spend without an order"
print(json.dumps({"states": Counter(Order.objects.values_list("state", flat=True)), "spends": count,
    "mended": mended, "stock": sum(Item.objects.values_list("stock", flat=True)),
    "off": len(reads.stock_off()) + ledger.lots_off()}))
"""


def buyers(site: LiveSite, item: int, persons: list[int], go: Path, cancels: bool) -> "subprocess.Popen[str]":
    """A process that stands at the door with these persons."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import django; django.setup()\n" + BUY,
            json.dumps([item, persons, str(go), cancels]),
        ],
        env=site.environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.crash
def test_ten_buyers_race_for_each_thing(tmp_path: Path, live_database_url: str) -> None:
    site = LiveSite(tmp_path / "site", live_database_url)
    site.prepare(BUYERS)
    item = json.loads(site.python(STOCK.format(limit=1, stock=THINGS, persons=site.accounts)))
    go = tmp_path / "go"
    queues = [buyers(site, item, site.accounts[start::PROCESSES], go, False) for start in range(PROCESSES)]
    begun = time.monotonic()
    go.touch()
    said = [line for process in queues for line in process.communicate(timeout=300)[0].split()]
    took = time.monotonic() - begun
    assert [process.returncode for process in queues] == [0] * PROCESSES
    assert {word: said.count(word) for word in set(said)} == {"bought": THINGS, "sold_out": BUYERS - THINGS}
    found = json.loads(site.python(CHECK))
    assert found == {"states": {"handed_over": THINGS}, "spends": THINGS, "mended": 0, "stock": 0, "off": 0}
    print(f"{BUYERS} buyers, {THINGS} things, {PROCESSES} processes: {took:.1f} s")


@pytest.mark.crash
def test_what_killed_buyers_left_behind_is_finished(tmp_path: Path, live_database_url: str) -> None:
    site = LiveSite(tmp_path / "site", live_database_url)
    site.prepare(60)
    stock = 400
    item = json.loads(site.python(STOCK.format(limit=0, stock=stock, persons=site.accounts)))
    mended = 0
    for number in range(ROUNDS):
        go = tmp_path / f"go{number}"
        queues = [buyers(site, item, site.accounts[start::PROCESSES], go, True) for start in range(PROCESSES)]
        go.touch()
        for process in queues:
            time.sleep(random.uniform(0.02, 0.15))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        found = json.loads(site.python(CHECK))
        assert found["off"] == 0
        assert set(found["states"]) <= {"handed_over", "returned", "cancelled"}
        assert found["stock"] == stock - found["states"].get("handed_over", 0)
        mended += found["mended"]
    print(f"{ROUNDS} rounds, {mended} orders finished afterwards")
