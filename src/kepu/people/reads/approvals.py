"""Who was certified for the first time, in the order in which it was decided."""

from dataclasses import dataclass
from datetime import datetime

from kepu.people.models import CertificationStep
from kepu.people.rules import CertificationState


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's first certification."""

    account: int
    at: datetime


def first_approvals(after: int, until: datetime, limit: int) -> tuple[list[Approval], int]:
    """The first certifications among the next `limit` steps made until then, and the last step looked at.

    The last is `after` itself when there is nothing to look at. Of somebody certified anew only the first
    counts. Two queries; one where no step is an approval.
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
        if certification not in seen:
            seen.add(certification)
            found.append(Approval(account, at))
    return found, reached
