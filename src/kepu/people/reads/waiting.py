"""What of people waits for a member of staff: the lines of their home page, in one question."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value

from kepu.people.models import Announcement, Certification, RosterFile
from kepu.people.reads.certifications import inside_of
from kepu.people.reads.roster_files import inside
from kepu.people.rules import Ability, CertificationState, Scopes, divisions_for

ROSTER_LIFE = timedelta(days=30)  # as long as the file itself is kept
UNFINISHED_MAX = 100
APPLICATIONS, ROSTERS, ANNOUNCEMENT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class PeopleWaiting:
    """Applications to decide on, those past their deadline, one's own rosters that were looked at in the last
    month and not entered, and the works of announcements that have not ended, UNFINISHED_MAX at most.
    """

    applications: int = 0
    overdue: int = 0
    rosters: int = 0
    announcements: tuple[int, ...] = ()


def people_waiting(scopes: Scopes, account: int, now: datetime) -> PeopleWaiting:
    """What waits where these scopes give the ability for it. One query, by index."""
    applications = overdue = rosters = 0
    announcements = []
    asked = (_applications(scopes, now), _rosters(scopes, account, now), _announcements(scopes))
    found = [each for each in asked if each is not None]
    if not found:
        return PeopleWaiting()
    for what, number, pressing in found[0].union(*found[1:], all=True) if found[1:] else found[0]:
        if what == APPLICATIONS:
            applications, overdue = number, pressing
        elif what == ROSTERS:
            rosters = number
        else:
            announcements.append(number)
    return PeopleWaiting(applications, overdue, rosters, tuple(announcements))


def _applications(scopes: Scopes, now: datetime) -> QuerySet[Any, Any] | None:
    where = inside_of(scopes)
    if where is None:
        return None
    waiting = Certification.objects.filter(where, state=CertificationState.SUBMITTED)
    late = Count("pk", filter=Q(review_due_at__lte=now))
    return _counted(waiting, APPLICATIONS, late)


def _rosters(scopes: Scopes, account: int, now: datetime) -> QuerySet[Any, Any] | None:
    if not divisions_for(scopes, Ability.ROSTERS):
        return None
    to_enter = Q(counts__new__gt=0) | Q(counts__changed__gt=0)
    mine = RosterFile.objects.filter(to_enter, brought_by=account, entered_at=None)
    return _counted(mine.filter(brought_at__gt=now - ROSTER_LIFE), ROSTERS, Value(0))


def _announcements(scopes: Scopes) -> QuerySet[Any, Any] | None:
    divisions = divisions_for(scopes, Ability.ANNOUNCE)
    if not divisions:
        return None
    found = Announcement.objects.filter(inside(divisions), ended_at=None)
    numbered = found.annotate(what=Value(ANNOUNCEMENT), number=F("job"), pressing=Value(0))
    newest = found.order_by("-pk").values("pk")[:UNFINISHED_MAX]
    return numbered.filter(pk__in=newest).order_by().values_list("what", "number", "pressing")


def _counted(found: QuerySet[Any, Any], what: int, pressing: Count | Value) -> QuerySet[Any, Any]:
    """One row (what, how many, how many of them press), none for an empty table."""
    marked = found.order_by().annotate(what=Value(what)).values("what")
    counted: QuerySet[Any, Any] = marked.annotate(number=Count("pk"), pressing=pressing)
    return counted.values_list("what", "number", "pressing")
