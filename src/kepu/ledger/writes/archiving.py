"""Entries of a closed year move out of the database into a file: written, read back, and only then taken out.

A stretch that is registered (`register`) is found in its file from one bounded transaction to the next
(`take_out`): each entry is in the database or, up to the part's `taken_to`, in the file. Whatever stops
half-way, the same calls again complete it.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Max, Min

from kepu.kit import clock
from kepu.kit.canonical import canonical_json
from kepu.ledger import parquet
from kepu.ledger.models import ArchivedEvents, ArchivedPart, Book
from kepu.ledger.models import Entry as EntryRow
from kepu.ledger.reads import archived
from kepu.ledger.reads.rows import entry_of
from kepu.ledger.rules import GENESIS, Entry, Part, Place, Stretch, event_digest, manifest, packed

READ_AT_ONCE = 10_000
# A transaction of some tens of milliseconds: on SQLite whoever reports something waits for it.
TAKEN_AT_ONCE = 1_000
Told = Callable[[int], None]
Places = dict[int, list[tuple[int, Place]]]


class ArchiveTroubledError(Exception):
    """What would be archived, or was written, is not as it must be; nothing was taken out. Says what."""


class Due(NamedTuple):
    """A stretch of a book that a year's end closes; `left`: entries of the year that come after it."""

    book: int
    year: int
    first_seq: int
    last_seq: int
    before: bytes
    left: int

    @property
    def entries(self) -> int:
        """How many entries it has; 0 where all are archived."""
        return self.last_seq - self.first_seq + 1


def due(book: int, year: int) -> Due:
    """What of a book comes before its first entry of a later year and is in no part yet. Four queries.

    They walk the book by its key. `left` are those that were entered after a later year had begun in the
    chain: they go with that year.
    """
    end = clock.milliseconds(clock.start_of(date(year + 1, 1, 1)))
    part = ArchivedPart.objects.filter(book=book).order_by("-last_seq").first()
    first, before = (part.last_seq + 1, bytes(part.hash)) if part is not None else (1, GENESIS)
    rest = EntryRow.objects.filter(book=book, seq__gte=first)
    later = rest.filter(at_ms__gte=end).order_by("seq").values_list("seq", flat=True).first()
    if later is None:
        newest = Book.objects.filter(code=book).aggregate(seq=Max("last_seq"))["seq"]
        return Due(book, year, first, newest or 0, before, 0)
    left = rest.filter(seq__gt=later, at_ms__lt=end).count()
    return Due(book, year, first, later - 1, before, left)


def write_part(what: Due, told: Told) -> Path:
    """The stretch stands in a file of the archive's folder, its manifest beside it, both durable.

    The database's chain is recomputed meanwhile: where it does not fit nothing is kept. A file of this very
    stretch that is as its manifest says is left alone; `verify_part` reads every row of it.
    """
    path = archived.path_of(file_name(what))
    if _is_written(what, path):
        return path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    stretch, writer = Stretch(what.first_seq, what.before), parquet.Writer(half)
    for entries in _entries(what.book, what.first_seq, what.last_seq):
        stretch.see(entries)
        if stretch.first_bad:
            writer.close()
            half.unlink()
            raise ArchiveTroubledError(f"{what.book} 第 {stretch.first_bad} 条起链不符，不能归档。")
        writer.add(entries)
        told(stretch.count)
    writer.close()
    _rename_durable(half, path)
    text = canonical_json(manifest(what.book, what.year, stretch, path.name, archived.digest_of(path.name)))
    manifest_half = path.with_suffix(".json.half")
    manifest_half.write_bytes(text)
    _rename_durable(manifest_half, path.with_suffix(".json"))
    return path


def verify_part(what: Due, told: Told) -> Stretch:
    """The file holds the stretch exactly: read back, its chain recomputed, each entry held against the
    database as far as that still has it, and the sums by kind against the database's own.

    `ArchiveTroubledError` otherwise.
    """
    path = archived.path_of(file_name(what))
    said, stretch = archived.manifest_of(path.name), Stretch(what.first_seq, what.before)
    taken = ArchivedPart.objects.filter(book=what.book, first_seq=what.first_seq).first()
    taken_to = taken.taken_to if taken is not None else what.first_seq - 1
    try:
        for entries in parquet.Reader(path).entries(what.first_seq, what.last_seq):
            stretch.see(entries)
            _hold_against_database(entries, taken_to)
            told(stretch.count)
        digest = archived.digest_of(path.name)
    except parquet.TROUBLE as trouble:
        raise ArchiveTroubledError(f"归档文件读不到或不完整：{path.name}") from trouble
    if stretch.first_bad or stretch.last_seq != what.last_seq:
        raise ArchiveTroubledError(f"归档文件的链不符：{path.name} 第 {stretch.first_bad} 条")
    if said != manifest(what.book, what.year, stretch, path.name, digest):
        raise ArchiveTroubledError(f"清单与归档文件不符：{path.name}")
    if taken is not None and (taken.sha256, bytes(taken.hash)) != (digest, stretch.hash):
        raise ArchiveTroubledError(f"归档文件不是登记的那一份：{path.name}")
    sums = {kind: tuple(each) for kind, each in stretch.sums.items()}
    if taken_to < what.first_seq and _sums(what) != sums:
        raise ArchiveTroubledError(f"归档文件的合计与数据库不符：{path.name}")
    return stretch


def register(what: Due, stretch: Stretch, now: datetime) -> int:
    """The verified stretch is a part of its book; nothing is taken out yet. Its number, the same again."""
    path = archived.path_of(file_name(what))
    row, _made = ArchivedPart.objects.get_or_create(
        book=what.book,
        first_seq=what.first_seq,
        defaults={
            "year": what.year,
            "last_seq": what.last_seq,
            "before": what.before,
            "hash": stretch.hash,
            "taken_to": what.first_seq - 1,
            "expired_to": stretch.expired_to,
            "file": path.name,
            "sha256": archived.digest_of(path.name),
            "at": now,
        },
    )
    archived.forget_belief()
    return int(row.pk)


def half_taken(book: int) -> Due | None:
    """The part of a book that was registered and of which the database still has entries. One query."""
    row = ArchivedPart.objects.filter(book=book, taken_to__lt=F("last_seq")).order_by("first_seq").first()
    if row is None:
        return None
    return Due(row.book, row.year, row.first_seq, row.last_seq, bytes(row.before), 0)


def seconds_until_known(now: datetime) -> float:
    """How long until every process knows that something was archived (0: they do). One query."""
    first = ArchivedPart.objects.aggregate(at=Min("at"))["at"]
    assert first is not None, "nothing is registered"
    known_at: datetime = first + timedelta(seconds=2 * archived.BELIEVED_SECONDS)
    return max(0.0, (known_at - now).total_seconds())


def take_out(number: int, now: datetime) -> int:
    """The next TAKEN_AT_ONCE entries of a registered part are in its file alone; how many, 0 when done.

    One transaction: their events can be looked up, each person's sums have them, the rows are gone.
    """
    assert not seconds_until_known(now), "some process may still believe that nothing was archived"
    part = archived.part_of(ArchivedPart.objects.get(pk=number))
    last = min(part.taken_to + TAKEN_AT_ONCE, part.last_seq)
    if last == part.taken_to:
        return 0
    rows = EntryRow.objects.filter(book=part.book, seq__gt=part.taken_to, seq__lte=last)
    places = _places_of(part, rows.values_list("person", "event_id", "seq"))
    stretch = (part.book, part.taken_to, last)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        row = ArchivedPart.objects.select_for_update().get(pk=number)
        if row.taken_to != part.taken_to:
            raise ArchiveTroubledError(f"{part.book} 正由另一个 kepu archive 取出。")
        _add_events(places)
        cursor.execute(_ADD_PERSONS, [part.number, *stretch])
        cursor.execute(_DELETE, stretch)
        if cursor.rowcount != last - part.taken_to or sum(map(len, places.values())) != cursor.rowcount:
            raise ArchiveTroubledError(f"{part.book} 第 {part.taken_to + 1} 到 {last} 条在数据库里不全。")
        row.taken_to = last
        row.save(update_fields=["taken_to"])
    return last - part.taken_to


def file_name(what: Due) -> str:
    """The name of a stretch's file."""
    return f"{what.book}-{what.year}-{what.first_seq}-{what.last_seq}.parquet"


def _is_written(what: Due, path: Path) -> bool:
    """Whether the file is there, whole, and of the chain that the database has: not of some other ledger."""
    kept = archived.manifest_of(path.name) or {}
    last = EntryRow.objects.filter(book=what.book, seq=what.last_seq).values_list("hash", flat=True).first()
    ends = (what.before.hex(), bytes(last or b"").hex())
    if not path.is_file() or (kept.get("hash_before"), kept.get("hash_last")) != ends:
        return False
    return kept.get("sha256") == archived.digest_of(path.name)


def _places_of(part: Part, events: Iterable[tuple[int, bytes | memoryview, int]]) -> Places:
    """By bucket where the events of a part are found."""
    more: Places = {}
    for person, event, seq in events:
        bucket, rest = event_digest(person, bytes(event))
        more.setdefault(bucket, []).append((rest, Place(part.number, seq - part.first_seq)))
    return more


def _add_events(more: Places) -> None:
    there = ArchivedEvents.objects.filter(bucket__in=list(more)).values_list("bucket", "places")
    held = {bucket: bytes(places) for bucket, places in there}
    rows = [(bucket, held.get(bucket, b"") + packed(places)) for bucket, places in sorted(more.items())]
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP_EVENTS, rows)


def _entries(book: int, first: int, last: int) -> Iterator[list[Entry]]:
    """The database's own entries of a stretch, READ_AT_ONCE at a time; stops where there are none."""
    for start in range(first, last + 1, READ_AT_ONCE):
        rows = EntryRow.objects.filter(book=book, seq__gte=start, seq__lt=min(start + READ_AT_ONCE, last + 1))
        yield [entry_of(row) for row in rows.order_by("seq").values_list(*Entry._fields)]


def _hold_against_database(entries: list[Entry], taken_to: int) -> None:
    left = [each for each in entries if each.seq > taken_to]
    if not left:
        return
    there = list(chain.from_iterable(_entries(left[0].book, left[0].seq, left[-1].seq)))
    for ours, theirs in zip(left, there, strict=False):
        if ours != theirs:
            raise ArchiveTroubledError(f"{ours.book} 第 {ours.seq} 条：归档文件与数据库不符。")
    if len(there) != len(left):
        raise ArchiveTroubledError(f"{left[0].book} 第 {left[0].seq} 条起：数据库里不全。")


def _sums(what: Due) -> dict[int, tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [what.book, what.first_seq, what.last_seq])
        return {kind: (count, int(points), int(volume)) for kind, count, points, volume in cursor.fetchall()}


def _rename_durable(half: Path, path: Path) -> None:
    """The file has its name, and content and name outlive a power cut."""
    with half.open("rb+") as file:
        os.fsync(file.fileno())
    half.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


_SUMS = """
SELECT kind, count(*), sum(points), sum(volume) FROM ledger_entry
WHERE book = %s AND seq >= %s AND seq <= %s GROUP BY kind
"""
_KEEP_EVENTS = """
INSERT INTO ledger_archivedevents (bucket, places) VALUES (%s, %s)
ON CONFLICT (bucket) DO UPDATE SET places = excluded.places
"""
_ADD_PERSONS = """
INSERT INTO ledger_archivedperson (person, part, entries, points, volume)
SELECT person, %s, count(*), sum(points), sum(volume) FROM ledger_entry
WHERE book = %s AND seq > %s AND seq <= %s GROUP BY person
ON CONFLICT (person, part) DO UPDATE SET
  entries = ledger_archivedperson.entries + excluded.entries,
  points = ledger_archivedperson.points + excluded.points,
  volume = ledger_archivedperson.volume + excluded.volume
"""
_DELETE = "DELETE FROM ledger_entry WHERE book = %s AND seq > %s AND seq <= %s"
