"""Likes of club posts, for whoever follows them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from kepu.campaigns.rules import Kind
from kepu.ledger.models import Entry as EntryRow
from kepu.ledger.reads import archived
from kepu.ledger.rules import Entry

REFS_AT_ONCE = 1_000


def likes_after(book: int, after: int, limit: int) -> tuple[list[Entry], int]:
    """Likes received and reversals (of whatever) in the next `limit` entries of a book; the last looked at.

    By number; the last is at most `after` + `limit`, a book has no gaps. One query, which walks `limit`
    entries by the primary key; where some of those were archived it is two.
    """
    walked = EntryRow.objects.filter(book=book, seq__gt=after, seq__lte=after + limit)
    liked = walked.filter(kind=Kind.LIKED)
    reversals = walked.filter(kind=Kind.ADJUSTMENT, ref_seq__gt=0)
    rows = (liked | reversals).order_by("seq").values_list(*Entry._fields)
    found = [_entry(row) for row in rows]
    those = archived.parts(book)
    end = max((part.taken_to for part in those), default=0)
    if after >= end:
        return found, after + limit
    kinds = {"kind": {int(Kind.LIKED), int(Kind.ADJUSTMENT)}}
    pieces = archived.rows(Entry._fields, those, {"seq": (after + 1, after + limit)}, kinds)
    taken_out = [
        each
        for rows in pieces
        for each in map(Entry._make, rows)
        if each.kind == Kind.LIKED or each.ref_seq > 0
    ]
    return taken_out + [each for each in found if each.seq > end], after + limit


def likes_behind(liked: Sequence[Entry]) -> dict[tuple[int, int], Entry]:
    """The liker's own entry of each of these likes received, by the (book, seq) of what was received.

    Both name the post's entry. Absent where there is none. One query for each thousand, in an index; where
    anything was archived, one more for those that the database has not, and files are looked through.
    """
    wanted = {(each.ref_book, each.ref_seq, each.author): (each.book, each.seq) for each in liked}
    posts = sorted({(each.ref_book, each.ref_seq) for each in liked if each.ref_seq})
    found: dict[tuple[int, int], Entry] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(posts), REFS_AT_ONCE):
            some = posts[start : start + REFS_AT_ONCE]
            marks = ",".join(["(CAST(%s AS bigint), CAST(%s AS bigint))"] * len(some))
            cursor.execute(_LIKES.replace("@refs", marks), [number for ref in some for number in ref])
            for row in cursor.fetchall():
                entry = _entry(row)
                place = wanted.get((entry.ref_book, entry.ref_seq, entry.person))
                if place is not None:
                    found[place] = entry
    missing = {key: place for key, place in wanted.items() if key[1] and place not in found}
    return found | (_archived_behind(missing) if missing else {})


def _archived_behind(wanted: dict[tuple[int, int, int], tuple[int, int]]) -> dict[tuple[int, int], Entry]:
    spans = {"kind": (int(Kind.LIKE), int(Kind.LIKE))}
    among = {"ref_seq": {post for _book, post, _who in wanted}, "person": {who for *_post, who in wanted}}
    return {
        wanted[key]: entry
        for rows in archived.rows(Entry._fields, archived.parts(), spans, among)
        for entry in map(Entry._make, rows)
        if (key := (entry.ref_book, entry.ref_seq, entry.person)) in wanted
    }


def _entry(row: tuple[Any, ...]) -> Entry:
    found = Entry(*row)
    return found._replace(event_id=bytes(found.event_id), hash=bytes(found.hash))


# CROSS JOIN and literals: SQLite is to walk the few refs, and to see that the partial index holds the rest.
_LIKES = f"""
WITH wanted(book, seq) AS (VALUES @refs)
SELECT {", ".join(f"e.{column}" for column in Entry._fields)} FROM wanted w CROSS JOIN ledger_entry e
WHERE e.ref_book = w.book AND e.ref_seq = w.seq AND NOT (e.ref_seq = 0) AND e.kind = {int(Kind.LIKE)}
"""  # noqa: S608 - our own constants
