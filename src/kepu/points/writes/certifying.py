"""实名认证 earns once a person: approvals are followed, each noted in the ledger."""

from datetime import datetime, timedelta
from functools import partial

from django.db import OperationalError

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind, sheet_covering
from kepu.kit import clock
from kepu.kit.apart import by_itself
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel, own_event
from kepu.people import reads as people
from kepu.people.reads.approvals import Approval, approvals
from kepu.people.rules import Standing
from kepu.points.models import QuizResult, Reached

TASK = "certifications"
FOLLOWED_AT_ONCE = 500
# Steps get their numbers before they are committed: a minute later every lower one is there too.
SETTLED_AFTER = timedelta(minutes=1)
# The database is out of reach: nobody is passed over for that, all wait.
LATER = (OperationalError,)


def credit_certifications(now: datetime) -> bool:
    """Whoever was certified for the first time since the last look is credited; whether there may be more.

    Only where the sheet that covers them rewards it and had opened before they were certified: otherwise
    nothing is written. Idempotent by the person: what was cut off is done again and changes nothing. Quizzes
    that waited for a certification, the first or a later one, are counted from now on. Two queries where
    nothing is new, else seven and those of a batch.
    """
    place = Reached.objects.filter(task=TASK).first() or Reached(task=TASK)
    decided, reached = approvals(place.number, now - SETTLED_AFTER, FOLLOWED_AT_ONCE)
    if reached == place.number:
        return False
    if decided:
        standings = people.standing_many({each.account for each in decided})
        acts = _acts([each for each in decided if each.is_first], standings, now)
        _record(acts)
        # Certified no more by now: the quizzes wait on, for the next approval.
        certified = [person for person, standing in standings.items() if standing.is_certified]
        QuizResult.objects.filter(person__in=certified, is_held=True).update(is_held=False)
    place.number = reached
    place.save()
    return True


def _record(acts: list[Act]) -> None:
    """All at once; where that fails each by itself, so that one who cannot be credited stops nobody."""
    if acts and by_itself("certifications_failed", partial(ledger.commit_batch, acts), but=LATER) is None:
        for act in acts:
            by_itself("certification_failed", partial(ledger.record, act), but=LATER, person=act.person)


def _acts(decided: list[Approval], standings: dict[int, Standing], now: datetime) -> list[Act]:
    published = campaigns.published()
    found = []
    for each in decided:
        standing = standings.get(each.account)
        current = sheet_covering(published, standing.division, now) if standing else None
        if current is None or Kind.CERTIFICATION not in current.sheet.earnings:
            continue
        if each.at < current.sheet.opens_at:
            continue
        event = own_event(b"certification", str(each.account).encode())
        found.append(Act(each.account, event, Kind.CERTIFICATION, 0, Channel.PAGE, clock.milliseconds(now)))
    return found
