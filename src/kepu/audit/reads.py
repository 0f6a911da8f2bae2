"""Questions to the audit; every one within divisions."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from kepu.audit.models import Kept
from kepu.audit.rules import Deed, Record, Search


def records(within: tuple[str, ...], search: Search, before: int | None, limit: int) -> list[Record]:
    """At most `limit` records of these divisions, newest first, older than record `before`. One query.

    "" among `within` is the whole site, with what belongs to no division.
    """
    return [_record(row) for row in _found(within, search, before)[:limit]]


def every_record(within: tuple[str, ...], search: Search) -> Iterator[Record]:
    """As `records`, all of them, read 2,000 at a time: memory does not grow with them."""
    return (_record(row) for row in _found(within, search, None).iterator(2000))


def how_many(within: tuple[str, ...], search: Search) -> int:
    """How many `every_record` would give. One query."""
    return _found(within, search, None).count()


def _found(within: tuple[str, ...], search: Search, before: int | None) -> QuerySet[Kept]:
    rows = Kept.objects.order_by("-pk")
    if "" not in within:
        inside = Q(pk__in=())
        for division in within:
            inside |= Q(division__startswith=division)
        rows = rows.filter(inside)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if search.act:
        rows = rows.filter(act=search.act)
    if search.account is not None:
        rows = rows.filter(account=search.account)
    if search.since is not None:
        rows = rows.filter(at__gte=search.since)
    if search.until is not None:
        rows = rows.filter(at__lt=search.until)
    if search.words:
        rows = rows.filter(Q(subject__icontains=search.words) | Q(name__icontains=search.words))
    return rows


def _record(row: Kept) -> Record:
    deed = Deed(row.act, row.account, row.name, row.network, row.subject, row.division, row.before, row.after)
    return Record(row.pk, row.at, deed)
