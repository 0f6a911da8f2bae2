"""Entries that were taken out of the database, read from their files (decision 47).

Whoever asks both asks the database first and here after that: entries only ever move from there to here, so
none is missed between the two. What may stand in both for a moment is taken from one of them.
"""

import hashlib
import importlib
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import F

from kepu.campaigns.rules import Reason
from kepu.ledger import store
from kepu.ledger.models import ArchivedPart, ArchivedPerson
from kepu.ledger.reads.state import is_state_held, one_state
from kepu.ledger.rules import Entry, Known, Part, Place, Receipt, event_digest, places_in, receipt_of

# So long a process may believe that nothing was archived. Nothing is taken out of the database before a first
# part has been known twice as long (`writes.archiving`), so whoever still believes it finds all of it there.
BELIEVED_SECONDS = 30.0
Span = tuple[int, int]


class ArchiveUnreadableError(Exception):
    """A file of archived entries is missing, is not as it was written, or cannot be read here; says which."""


class PersonPart(NamedTuple):
    """What one person has in one file: how many entries of which year, and what they add up to."""

    book: int
    year: int
    file: str
    entries: int
    points: int
    volume: int


class _Belief:
    """Whether anything was ever archived, as far as this process knows; once it was, it stays so."""

    is_any = False
    none_until = 0.0


def forget_belief() -> None:
    """The next question asks the database whether anything was archived."""
    _Belief.is_any, _Belief.none_until = False, 0.0


def is_any() -> bool:
    """Whether anything was archived. It asks the database once in BELIEVED_SECONDS until something is."""
    if _Belief.is_any or time.monotonic() < _Belief.none_until:
        return _Belief.is_any
    connection.ensure_connection()
    # The driver itself: this is no question of whoever happens to ask first.
    with connection.wrap_database_errors:
        found = connection.connection.execute("SELECT 1 FROM ledger_archivedpart LIMIT 1").fetchone()
    if found is not None:
        _Belief.is_any = not is_state_held() and not connection.in_atomic_block
        return True
    if not is_state_held():
        _Belief.none_until = time.monotonic() + BELIEVED_SECONDS
    return False


def parts(book: int | None = None) -> list[Part]:
    """The parts of a book (or of all) of which files alone have entries, by book and number.

    No query where nothing was archived, else one.
    """
    if not is_any():
        return []
    rows = ArchivedPart.objects.filter(taken_to__gte=F("first_seq")).order_by("book", "first_seq")
    return [part_of(row) for row in (rows if book is None else rows.filter(book=book))]


@contextmanager
def together() -> Iterator[None]:
    """What is asked of the database and of files inside is of one moment, where anything was archived.

    For sums: an entry that is just being taken out would be counted in both. Two statements more then.
    """
    with one_state() if is_any() else nullcontext():
        yield


def part_of(row: ArchivedPart) -> Part:
    """The part that a row states."""
    return Part(
        number=row.pk,
        book=row.book,
        year=row.year,
        first_seq=row.first_seq,
        last_seq=row.last_seq,
        before=bytes(row.before),
        hash=bytes(row.hash),
        taken_to=row.taken_to,
        expired_to=row.expired_to,
        file=row.file,
        sha256=row.sha256,
    )


def path_of(file: str) -> Path:
    """Where a file of archived entries lies."""
    return Path(settings.KEPU_ARCHIVE) / file


def ends_at(book: int) -> int:
    """The last entry of a book that files alone have; 0: none. At most one query."""
    return max((part.taken_to for part in parts(book)), default=0)


def manifest_of(file: str) -> dict[str, object] | None:
    """What the manifest beside a file says; None where there is none or it is not whole."""
    try:
        said = json.loads(path_of(file).with_suffix(".json").read_bytes())
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def digest_of(file: str) -> str:
    """SHA-256 of a file, in hex. `OSError` where it is not there."""
    with path_of(file).open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def files_off() -> list[str]:
    """Files of archived entries that are missing or are not as they were registered; none when all is well.

    One query where anything was archived; it reads every file once.
    """
    off = []
    for part in parts():
        try:
            is_same = digest_of(part.file) == part.sha256
        except OSError:
            is_same = False
        off += [] if is_same else [part.file]
    return off


def filled(book: int, seq: int, limit: int, found: Sequence[Entry]) -> list[Entry]:
    """The entries of a book that follow `seq`, at most `limit`: those found in the database, and before them
    those of files. At most one query.
    """
    those = parts(book)
    end = max((part.taken_to for part in those), default=0)
    archived: list[Entry] = []
    for part in those:
        first, last = max(seq + 1, part.first_seq), min(seq + limit, part.taken_to)
        if first <= last:
            archived += chain.from_iterable(_each(part, partial(_stretch, first=first, last=last)))
    return archived + [each for each in found if each.seq > end]


def entries_in(part: Part) -> Iterator[list[Entry]]:
    """All entries of a part's file in order, some thousands at a time, whatever the database still has."""
    yield from _each(part, partial(_stretch, first=part.first_seq, last=part.last_seq))


def entries_at(places: Collection[tuple[int, int]]) -> list[Entry]:
    """The archived entries at these (book, seq) places, in no order; unknown ones are absent.

    At most one query; a group of a file is read for each place, once for places that stand together.
    """
    found: list[Entry] = []
    for part in parts() if places else ():
        wanted = {seq for book, seq in places if book == part.book and part.first_seq <= seq <= part.taken_to}
        if wanted:
            found += chain.from_iterable(_each(part, partial(_places_of, wanted=wanted)))
    return found


def entries_of(person: int, those: Sequence[Part]) -> Iterator[Entry]:
    """Every archived entry of a person in these parts, by book and number, read as it is used. No query."""
    for some in rows(Entry._fields, those, {"person": (person, person)}):
        yield from map(Entry._make, some)


def last_entry(book: int, days: Span, before_ms: int | None) -> list[Entry]:
    """The last archived entry of a book that counts on these days (both ends), entered before a moment where
    one is given; [] where there is none. At most one query; files are read backwards.
    """
    spans = {"day": days} | ({"at_ms": (0, before_ms - 1)} if before_ms is not None else {})
    for some in rows(Entry._fields, parts(book), spans, backwards=True):
        return [Entry(*some[-1])]
    return []


def rows(
    columns: Sequence[str],
    those: Sequence[Part],
    spans: Mapping[str, Span],
    among: Mapping[str, Collection[int]] | None = None,
    *,
    backwards: bool = False,
) -> Iterator[list[tuple[Any, ...]]]:
    """Those columns of archived entries whose columns lie in the spans (both ends) and among the values.

    A piece for each group of a file that holds any, in the order of numbers within a book; `backwards`: the
    last piece first. It reads the sought columns of every group that may hold some.
    """
    for part in reversed(those) if backwards else those:
        low, high = spans.get("seq", (part.first_seq, part.taken_to))
        inside = {**spans, "seq": (max(low, part.first_seq), min(high, part.taken_to))}
        if inside["seq"][0] <= inside["seq"][1]:
            asked = (columns, inside, among or {})
            yield from _each(part, partial(_rows, asked=asked, backwards=backwards))


def known_events(keys: Collection[tuple[int, bytes]]) -> dict[tuple[int, bytes], Known]:
    """Those of the (person, event id) pairs that were archived, with what a retry must agree with.

    Asked after the database itself. No statement where nothing was archived, else one, and one more where a
    digest is found. Where a file cannot be read the pair is known all the same, and agrees with nothing:
    whatever is told, it is not counted twice.
    """
    found: dict[tuple[int, bytes], Known] = {}
    for key, places in _places(keys).items():
        try:
            entry = _at_places(key, places)
        except ArchiveUnreadableError:
            found[key] = _UNREADABLE
            continue
        if entry is not None:
            found[key] = Known(
                entry.kind, entry.article, entry.channel, entry.ref_book, entry.ref_seq, receipt_of(entry)
            )
    return found


def event(person: int, event_id: bytes) -> Entry | None:
    """The archived entry of a person's event. As many statements as `known_events`."""
    key = (person, event_id)
    places = _places([key])
    return _at_places(key, places[key]) if places else None


def expired_to() -> int:
    """The last year of which points expired by archived entries (0: none). At most one query."""
    return max((part.expired_to for part in parts()), default=0)


def held_of(person: int) -> list[PersonPart]:
    """What files have of one person, by year and book. No query where nothing was archived, else two."""
    if not is_any():
        return []
    held = list(ArchivedPerson.objects.filter(person=person))
    those = {part.pk: part for part in ArchivedPart.objects.filter(pk__in=[each.part for each in held])}
    found = [
        PersonPart(part.book, part.year, part.file, each.entries, each.points, each.volume)
        for each in held
        if (part := those.get(each.part)) is not None
    ]
    return sorted(found, key=lambda each: (each.year, each.book, each.file))


def _places(keys: Collection[tuple[int, bytes]]) -> dict[tuple[int, bytes], list[Place]]:
    if not keys or not is_any():
        return {}
    digests = {key: event_digest(*key) for key in keys}
    (buckets,) = store.ask([_buckets(sorted({bucket for bucket, _rest in digests.values()}))])
    found = {key: places_in(buckets.get(bucket, b""), rest) for key, (bucket, rest) in digests.items()}
    return {key: places for key, places in found.items() if places}


def _buckets(wanted: Sequence[int]) -> store.Statement:
    marks = ", ".join(["%s"] * len(wanted))
    sql = f"SELECT bucket, places FROM ledger_archivedevents WHERE bucket IN ({marks})"  # noqa: S608
    return store.Statement(sql, wanted, lambda rows: {bucket: bytes(places) for bucket, places in rows})


def _at_places(key: tuple[int, bytes], places: Sequence[Place]) -> Entry | None:
    """The entry at one of the places that is of this event; digests of others may agree by chance."""
    those = {row.pk: row for row in ArchivedPart.objects.filter(pk__in=[place.part for place in places])}
    for place in places:
        part = part_of(those[place.part])
        seq = part.first_seq + place.offset
        found: list[Entry] = list(chain.from_iterable(_each(part, partial(_places_of, wanted=[seq]))))
        for entry in found:
            if (entry.person, entry.event_id) == key:
                return entry
    return None


def _stretch(file: Any, first: int, last: int) -> Iterator[list[Entry]]:
    yield from file.entries(first, last)


def _places_of(file: Any, wanted: Collection[int]) -> Iterator[list[Entry]]:
    yield file.entries_at(wanted)


def _rows(file: Any, asked: tuple[Any, ...], *, backwards: bool) -> Iterator[list[tuple[Any, ...]]]:
    yield from file.rows(*asked, backwards=backwards)


def _each(part: Part, what: Callable[[Any], Iterator[Any]]) -> Iterator[Any]:
    """What is read of a part's file, piece by piece."""
    try:
        # Loaded only here: most sites never archive anything, and need neither the package nor its memory.
        parquet = importlib.import_module("kepu.ledger.parquet")
    except ModuleNotFoundError as missing:
        raise ArchiveUnreadableError(f"缺少 {missing.name}：请先运行 make columns 装上。") from missing
    try:
        yield from what(parquet.Reader(path_of(part.file)))
    except parquet.TROUBLE as trouble:
        raise ArchiveUnreadableError(f"归档文件读不到或不完整：{part.file}") from trouble


_UNREADABLE = Known(-1, 0, -1, 0, 0, Receipt(0, 0, 0, 0, Reason.ADJUSTED, None))
