"""Questions about applications: one's own, and those a reviewer may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kepu.kit import clock
from kepu.kit.paging import Page, page_of
from kepu.people.accounts import opened_phone
from kepu.people.models import Certification, CertificationStep
from kepu.people.rules import (
    ApplicantType,
    CertificationState,
    Role,
    masked_phone,
    reviewed_divisions,
)
from kepu.regions import reads as regions
from kepu.regions.rules import range_of

STEPS_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class CertificationRow:
    """One application as it stands; `step` is the id of its last step, given back when deciding on it.

    `review_due_day` (yyyymmdd) is the last day for the decision, `review_due_at` the moment after it.
    """

    account: int
    phone_masked: str
    name: str
    town: str
    town_name: str
    unit: int
    unit_name: str
    applicant_type: ApplicantType
    association: int
    association_name: str
    state: CertificationState
    submitted_at: datetime
    review_due_at: datetime
    review_due_day: int
    decided_at: datetime | None
    reason: str
    step: int
    is_backbone: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of an application. `actor` is a name for staff and "" for the applicant's own eyes."""

    state: CertificationState
    at: datetime
    reason: str
    actor: str
    by_applicant: bool
    is_backbone: bool | None


def certification_of(account: int) -> CertificationRow | None:
    """A person's own application. Two queries."""
    rows = _rows(_all().filter(account=account))
    return rows[0] if rows else None


def queue(
    scopes: frozenset[tuple[Role, str]],
    start: int,
    size: int,
    *,
    state: CertificationState | None = CertificationState.SUBMITTED,
    due_before: datetime | None = None,
) -> Page[CertificationRow]:
    """Applications these scopes let one decide on, the most urgent first. Two queries (none without scopes).

    `state` None is every state; `due_before` leaves only those whose deadline is before it.
    """
    found = _reviewed(scopes)
    if found is None:
        return Page((), None)
    if state is not None:
        found = found.filter(state=state)
    if due_before is not None:
        found = found.filter(review_due_at__lt=due_before)
    return page_of(_rows(found.order_by("review_due_at", "pk")[start : start + size + 1]), start, size)


def waiting(scopes: frozenset[tuple[Role, str]]) -> int:
    """How many applications wait for a decision these scopes allow. One query (none without scopes)."""
    found = _reviewed(scopes)
    return found.filter(state=CertificationState.SUBMITTED).count() if found is not None else 0


def application(account: int, scopes: frozenset[tuple[Role, str]]) -> CertificationRow | None:
    """A person's application when it is inside these scopes, else None. Two queries at most."""
    found = _reviewed(scopes)
    rows = _rows(found.filter(account=account)) if found is not None else []
    return rows[0] if rows else None


def steps_of(account: int, *, names: bool) -> list[StepRow]:
    """How a person's application came to stand so, oldest first. One query.

    `names` says who acted: for staff only. Without it the applicant learns just whether it was they.
    """
    steps = CertificationStep.objects.filter(certification__account=account).select_related("acted_by")
    return [
        StepRow(
            state=CertificationState(step.state),
            at=step.at,
            reason=step.reason,
            actor=_actor(step, account) if names else "",
            by_applicant=step.acted_by_id == account,
            is_backbone=step.stated.get("is_backbone"),
        )
        for step in steps.order_by("pk")[:STEPS_SHOWN_MAX]
    ]


def _actor(step: CertificationStep, applicant: int) -> str:
    """Who made a step: the name the applicant stated, or a colleague's; "" for the site itself."""
    if step.acted_by_id == applicant:
        return str(step.stated["name"])
    return str(step.acted_by) if step.acted_by is not None else ""


def _all() -> QuerySet[Certification]:
    last_step = (
        CertificationStep.objects.filter(certification=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    )
    return Certification.objects.select_related(
        "unit", "association", "account", "account__communicator"
    ).annotate(last_step=Subquery(last_step))


def _reviewed(scopes: frozenset[tuple[Role, str]]) -> QuerySet[Certification] | None:
    """The applications inside these scopes; None when they allow no review at all."""
    divisions = reviewed_divisions(scopes)
    if not divisions:
        return None
    if divisions == ("",):
        return _all()
    inside = Q()
    for division in divisions:
        low, high = range_of(division)
        inside |= Q(town__gte=low, town__lt=high)
    return _all().filter(inside)


def _rows(found: QuerySet[Certification]) -> list[CertificationRow]:
    rows = list(found)
    towns = regions.full_names(row.town for row in rows)
    return [_row(row, towns.get(row.town, row.town)) for row in rows]


def _row(row: Certification, town_name: str) -> CertificationRow:
    phone = opened_phone(row.account.phone_sealed, row.account.phone_index)
    communicator = getattr(row.account, "communicator", None)
    return CertificationRow(
        account=row.account_id,
        phone_masked=masked_phone(phone) if phone else "",
        name=row.name,
        town=row.town,
        town_name=town_name,
        unit=row.unit_id,
        unit_name=row.unit.name,
        applicant_type=ApplicantType(row.applicant_type),
        association=row.association_id,
        association_name=row.association.name,
        state=CertificationState(row.state),
        submitted_at=row.submitted_at,
        review_due_at=row.review_due_at,
        review_due_day=int(f"{clock.day_of(row.review_due_at - timedelta(seconds=1)):%Y%m%d}"),
        decided_at=row.decided_at,
        reason=row.reason,
        step=getattr(row, "last_step", 0) or 0,
        is_backbone=communicator is not None and communicator.is_backbone and communicator.revoked_at is None,
    )
