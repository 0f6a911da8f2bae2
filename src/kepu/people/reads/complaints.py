"""Questions about complaints, for the officers who hear them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Window

from kepu.kit.paging import Page, page_of
from kepu.people.models import Complaint
from kepu.people.rules import Ability, Scopes, divisions_for
from kepu.regions.rules import range_of


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """One complaint; `settled_by` is a colleague's name, "" while it waits."""

    number: int
    words: str
    contact: str
    path: str
    division: str
    sent_at: datetime
    settled_at: datetime | None
    settled_by: str


def complaints(scopes: Scopes, start: int, size: int, *, waiting: bool) -> Page[ComplaintRow]:
    """The complaints these scopes let one hear, newest first. One query (none without scopes).

    `waiting` leaves out those dealt with.
    """
    found = _heard(scopes)
    if found is None:
        return Page((), None)
    if waiting:
        found = found.filter(settled_at=None)
    rows = found.select_related("settled_by").order_by("-pk")[start : start + size + 1]
    return page_of([_row(row) for row in rows], start, size)


def complaints_of(account: int, start: int, size: int) -> Page[ComplaintRow]:
    """What somebody signed in as this account told the site, newest first. One query."""
    found = Complaint.objects.filter(account=account).select_related("settled_by").order_by("-pk")
    return page_of([_row(row) for row in found[start : start + size + 1]], start, size)


def complaints_waiting(scopes: Scopes) -> int:
    """How many complaints wait in these scopes. One query (none without scopes)."""
    found = _heard(scopes)
    return found.filter(settled_at=None).count() if found is not None else 0


def newest_waiting(scopes: Scopes, size: int) -> tuple[int, list[ComplaintRow]]:
    """How many complaints wait in these scopes, and the newest of them. One query (none without scopes)."""
    found = _heard(scopes)
    if found is None:
        return 0, []
    waiting = found.filter(settled_at=None).annotate(all_waiting=Window(Count("pk")))
    rows = list(waiting.select_related("settled_by").order_by("-pk")[:size])
    return getattr(rows[0], "all_waiting", 0) if rows else 0, [_row(row) for row in rows]


def _heard(scopes: Scopes) -> QuerySet[Complaint] | None:
    """The complaints inside these scopes; None when they allow hearing none at all."""
    divisions = divisions_for(scopes, Ability.COMPLAINTS)
    if not divisions:
        return None
    inside = Q()
    for division in divisions:
        if division:
            low, high = range_of(division)
            inside |= Q(division__gte=low, division__lt=high)
    return Complaint.objects.filter(inside)


def _row(row: Complaint) -> ComplaintRow:
    return ComplaintRow(
        number=row.pk,
        words=row.words,
        contact=row.contact,
        path=row.path,
        division=row.division,
        sent_at=row.sent_at,
        settled_at=row.settled_at,
        settled_by=str(row.settled_by) if row.settled_by is not None else "",
    )
