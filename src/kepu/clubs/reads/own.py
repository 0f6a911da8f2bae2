"""What a person's own pages join with posts."""

from collections import defaultdict
from collections.abc import Collection
from functools import reduce
from operator import or_

from django.db.models import Q

from kepu.clubs.reads.visible import posts_seen_by
from kepu.clubs.rules import Viewer

AT_ONCE_MAX = 1000


def posts_of_entries(entries: Collection[tuple[int, int]], viewer: Viewer) -> dict[tuple[int, int], int]:
    """The post that each of these entries (book, seq) credited, where the viewer may see it.

    Others are absent. One query, none for no entry.
    """
    if not entries:
        return {}
    assert len(entries) <= AT_ONCE_MAX
    books: dict[int, list[int]] = defaultdict(list)
    for book, seq in entries:
        books[book].append(seq)
    wanted = reduce(or_, (Q(book=book, seq__in=seqs) for book, seqs in books.items()))
    rows = posts_seen_by(viewer).filter(wanted, seq__gt=0).values_list("book", "seq", "pk")
    return {(book, seq): post for book, seq, post in rows}
