"""kill −9 at every step of archiving: each entry is in one place, and a second run completes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import ROOT, LiveSite

ENTRIES = 30
RECORD = """
from kepu.campaigns.rules import Kind
from kepu.ledger import writes
from kepu.ledger.rules import Act, Channel, own_event
acts = [Act(who, own_event(b"crash", bytes([n])), Kind.SHARE, 7, Channel.PAGE, 1_600_000_000_000 + n * 1_000)
        for n in range({times}) for who in {accounts}]
print(len([each for each in writes.commit_batch(acts) if each.seq]))
"""
# The process kills itself before or after the so many-th call of one of the functions that do something.
ARCHIVE = """
import os, signal
from kepu.ledger import parquet, reads
from kepu.ledger.tests import archives
from kepu.ledger.writes import archiving

archiving.TAKEN_AT_ONCE = 8
left = [{times}]

def dying(owner, name, when):
    whole = getattr(owner, name)
    def call(*words):
        if when == "before" and not (left.__setitem__(0, left[0] - 1) or left[0]):
            os.kill(os.getpid(), signal.SIGKILL)
        done = whole(*words)
        if when == "after" and not (left.__setitem__(0, left[0] - 1) or left[0]):
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(owner, name, call)

if "{name}":
    dying(parquet.Writer if "{name}" == "_write" else archiving, "{name}", "{when}")
book = reads.heads()[0].book
begun = archiving.half_taken(book)
what = begun or archives.up_to(book, {last})
if what.entries:
    archiving.write_part(what, archives.len_of)
    stretch = archiving.verify_part(what, archives.len_of)
    archives.take_all_out(archiving.register(what, stretch, archives.NOW))
"""
STATE = """
import json
from kepu.ledger import reads
from kepu.ledger.models import ArchivedEvents, ArchivedPerson, Entry
from kepu.ledger.reads import archived
from kepu.ledger.tests.test_writes import sound
(head,) = [each for each in reads.heads() if each.seq]
those = archived.parts()
there = list(Entry.objects.order_by("seq").values_list("seq", flat=True))
print(json.dumps({
    "sound": sound() and not archived.files_off(),
    "hashes": [each.hash.hex() for each in reads.entries_after(head.book, 0, 10_000)],
    "database": [there[0], there[-1], len(there)],
    "taken_to": max((part.taken_to for part in those), default=0),
    "events": sum(len(row.places) // 12 for row in ArchivedEvents.objects.all()),
    "of persons": sum(row.entries for row in ArchivedPerson.objects.all()),
}))
"""
POINTS = (
    ("_write", "after", 1),
    ("_rename_durable", "before", 1),
    ("_rename_durable", "after", 1),
    ("_rename_durable", "before", 2),
    ("write_part", "after", 1),
    ("verify_part", "after", 1),
    ("register", "after", 1),
    ("_add_events", "after", 1),
    ("take_out", "after", 1),
    ("_add_events", "before", 3),
    ("take_out", "after", 4),
)


def _dies(site: LiveSite, code: str) -> None:
    """The code is run by a process that kills itself on its way."""
    setup = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code],
        env=site.environment(),
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr.decode()


@pytest.mark.crash
def test_every_entry_is_in_one_place_whenever_archiving_is_killed(
    tmp_path: Path, live_database_url: str
) -> None:
    site = LiveSite(tmp_path / "site", live_database_url)
    site.prepare(10)
    times = ENTRIES * (len(POINTS) + 1) // 10
    count = int(site.python(RECORD.format(times=times, accounts=site.accounts[:10])))
    assert count == times * 10
    first = json.loads(site.python(STATE))
    assert first["sound"]
    assert len(first["hashes"]) == count
    for number, (name, when, calls) in enumerate(POINTS, 1):
        last = ENTRIES * number
        _dies(site, ARCHIVE.format(name=name, when=when, times=calls, last=last))
        _holds(json.loads(site.python(STATE)), first)
        site.python(ARCHIVE.format(name="", when="", times=0, last=last))
        done = json.loads(site.python(STATE))
        _holds(done, first)
        assert done["taken_to"] == last


def _holds(found: dict[str, object], first: dict[str, object]) -> None:
    count = len(first["hashes"])  # type: ignore[arg-type]
    taken = found["taken_to"]
    assert found["sound"]
    assert found["hashes"] == first["hashes"]
    assert found["database"] == [taken + 1, count, count - taken]  # type: ignore[operator]
    assert found["events"] == found["of persons"] == taken
