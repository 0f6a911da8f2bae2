"""What a person's own pages and download join with their orders."""

from collections import defaultdict
from collections.abc import Collection
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from kepu.mall.models import Order

AT_ONCE_MAX = 1000


def orders_of_spends(spends: Collection[tuple[int, int]]) -> dict[tuple[int, int], UUID]:
    """Which order each of these spends (book, seq) paid; others are absent. One query, none for no spend."""
    if not spends:
        return {}
    assert len(spends) <= AT_ONCE_MAX
    books: dict[int, list[int]] = defaultdict(list)
    for book, seq in spends:
        books[book].append(seq)
    wanted = reduce(or_, (Q(book=book, seq__in=seqs) for book, seqs in books.items()))
    rows = Order.objects.filter(wanted, seq__gt=0).values_list("book", "seq", "pk")
    return {(book, seq): order for book, seq, order in rows}
