"""Orders held against the ledger: every spend bought something, and whatever was bought was paid for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.reads.spends import SPENDS_MAX, Spent, spends_after
from kepu.mall.models import Order
from kepu.mall.rules import OrderState

OFF_MAX = 1_000
ORDERS_AT_ONCE = 500
# The worker settles what a crash cut off within minutes.
SETTLED_WITHIN = timedelta(hours=1)


def spends_off(now: datetime) -> list[tuple[int, int]]:
    """Spends (book, seq) over an hour old that no order has noted; none when all is well, OFF_MAX at most.

    One query a book, two more for each SPENDS_MAX spends. It reads every entry of the ledger.
    """
    off: list[tuple[int, int]] = []
    before_ms = clock.milliseconds(now - SETTLED_WITHIN)
    for head in ledger.heads():
        for page in _spends(head.book):
            seqs = [each.seq for each in page if each.at_ms < before_ms]
            noted = set(Order.objects.filter(book=head.book, seq__in=seqs).values_list("seq", flat=True))
            off += [(head.book, seq) for seq in seqs if seq not in noted]
            if len(off) >= OFF_MAX:
                return off[:OFF_MAX]
    return off


def orders_off() -> list[UUID]:
    """Orders whose spend or refund is not in the ledger as they say; none when all is well, OFF_MAX at most.

    Two queries for each ORDERS_AT_ONCE orders that were paid.
    """
    off: list[UUID] = []
    after, paid = UUID(int=0), Order.objects.filter(seq__gt=0).order_by("pk")
    while rows := list(paid.filter(pk__gt=after)[:ORDERS_AT_ONCE]):
        after = rows[-1].pk
        spends = {(row.book, row.seq) for row in rows}
        refunds = {(row.refund_book, row.refund_seq) for row in rows if row.refund_seq}
        entries = {(each.book, each.seq): each for each in ledger.entries_at(sorted(spends | refunds))}
        for row in rows:
            spend, refund = entries.get((row.book, row.seq)), entries.get((row.refund_book, row.refund_seq))
            is_paid = spend is not None and (spend.kind, spend.person, spend.points) == (
                Kind.SPEND, row.person, -row.points,
            )  # fmt: skip
            is_given_back = not row.refund_seq or (
                refund is not None
                and (refund.kind, refund.ref_book, refund.ref_seq) == (Kind.REFUND, row.book, row.seq)
            )
            if not (is_paid and is_given_back):
                off.append(row.pk)
        if len(off) >= OFF_MAX:
            return off[:OFF_MAX]
    return off


def refunds_overdue(now: datetime) -> list[UUID]:
    """Orders that ended over an hour ago and whose points are not given back, OFF_MAX at most. One query."""
    due = Order.objects.filter(state__in=[OrderState.CANCELLED, OrderState.RETURNED], seq__gt=0, refund_seq=0)
    late = due.filter(ended_at__lt=now - SETTLED_WITHIN).order_by("ended_at")
    return list(late.values_list("pk", flat=True)[:OFF_MAX])


def _spends(book: int) -> Iterator[list[Spent]]:
    after = 0
    while page := spends_after(book, after):
        yield page
        if len(page) < SPENDS_MAX:
            return
        after = page[-1].seq
