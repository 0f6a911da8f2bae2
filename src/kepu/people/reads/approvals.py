"""Who was certified, in the order in which it was decided."""

from dataclasses import dataclass
from datetime import datetime

from kepu.people.models import CertificationStep
from kepu.people.rules import CertificationState


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval of a person's certification. `is_first`: they were never certified before."""

    account: int
    at: datetime
    is_first: bool


def approvals(after: int, until: datetime, limit: int) -> tuple[list[Approval], int]:
    """The approvals among the next `limit` steps made until then, and the last step looked at.

    The last is `after` itself when there is nothing to look at. A step that changes something else of a
    certification that stands is an approval too, never the first. Two queries; one where none is.
    """
    assert 0 < limit <= 1000
    rows = CertificationStep.objects.filter(pk__gt=after, at__lte=until).order_by("pk")[:limit]
    steps = list(rows.values_list("pk", "certification", "certification__account", "at", "state"))
    approved = [step for step in steps if step[4] == CertificationState.APPROVED]
    reached = steps[-1][0] if steps else after
    if not approved:
        return [], reached
    earlier = CertificationStep.objects.filter(
        pk__lte=after, certification__in={step[1] for step in approved}, state=CertificationState.APPROVED
    )
    seen = set(earlier.values_list("certification", flat=True))
    found = []
    for _number, certification, account, at, _state in approved:
        found.append(Approval(account, at, is_first=certification not in seen))
        seen.add(certification)
    return found, reached
