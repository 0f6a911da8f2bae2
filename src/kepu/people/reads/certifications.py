"""Questions about applications: one's own, and those a reviewer may see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from kepu.kit import clock
from kepu.kit.paging import Page, page_of
from kepu.people.accounts import opened_phone
from kepu.people.models import Certification, CertificationStep
from kepu.people.rules import (
    Ability,
    ApplicantType,
    CertificationState,
    Scopes,
    divisions_for,
    masked_phone,
)
from kepu.regions import reads as regions
from kepu.regions.rules import range_of

STEPS_SHOWN_MAX = 100
TOWNS_MAX = 500


@dataclass(frozen=True, slots=True)
class CertificationRow:
    """One application as it stands; `step` is the id of its last step, given back when deciding on it.

    `review_due_day` (yyyymmdd) is the last day for the decision, `review_due_at` the moment after it.
    """

    account: int
    number: int
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
    at_counter: bool = False


def certification_of(account: int) -> CertificationRow | None:
    """A person's own application. Two queries."""
    rows = _rows(_all().filter(account=account))
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class Sought:
    """What a reviewer looks for; `state` None is every state, what is "" or 0 leaves nothing out.

    `due_before`: only those whose deadline is before it; `division`: a town or what lies above one.
    """

    state: CertificationState | None = CertificationState.SUBMITTED
    due_before: datetime | None = None
    division: str = ""
    unit: int = 0
    name: str = ""


EVERY_WAITING = Sought()


def queue(scopes: Scopes, start: int, size: int, sought: Sought = EVERY_WAITING) -> Page[CertificationRow]:
    """Applications these scopes let one decide on, most urgent first. Two queries; none without scopes."""
    found = _sought(scopes, sought)
    if found is None:
        return Page((), None)
    return page_of(_rows(found.order_by("review_due_at", "pk")[start : start + size + 1]), start, size)


def next_waiting(scopes: Scopes, sought: Sought, past: CertificationRow | None, *, back: bool = False) -> int:
    """The account whose waiting application stands after (`back`: before) `past` in this queue; 0: none.

    Without `past` the first one. `sought.state` does not matter. One query.
    """
    found = _sought(scopes, replace(sought, state=CertificationState.SUBMITTED))
    if found is None:
        return 0
    if past is not None:
        due, number = past.review_due_at, past.number
        nearer = Q(review_due_at__lt=due) | Q(review_due_at=due, pk__lt=number)
        farther = Q(review_due_at__gt=due) | Q(review_due_at=due, pk__gt=number)
        found = found.filter(nearer if back else farther)
    order = ("-review_due_at", "-pk") if back else ("review_due_at", "pk")
    return found.order_by(*order).values_list("account", flat=True).first() or 0


def decided_by(reviewer: int, since: datetime) -> int:
    """How many applications this reviewer approved or returned since then. One query."""
    decisions = (CertificationState.APPROVED, CertificationState.RETURNED)
    acted = CertificationStep.objects.filter(acted_by=reviewer, at__gte=since, state__in=decisions)
    return acted.filter(stated__is_backbone__isnull=True).count()


def towns_applied(scopes: Scopes) -> list[tuple[str, str]]:
    """The towns inside these scopes that somebody applied in, by code, with their full names. Two queries."""
    inside = inside_of(scopes)
    if inside is None:
        return []
    found = Certification.objects.filter(inside).exclude(town="")  # closing an account takes its town away
    codes = found.order_by("town").values_list("town", flat=True).distinct()[:TOWNS_MAX]
    names = regions.full_names(codes)
    return [(code, names.get(code, code)) for code in codes]


def waiting_and_overdue(scopes: Scopes, now: datetime) -> tuple[int, int]:
    """How many applications wait for a decision these scopes allow, and how many past their deadline.

    One query (none without scopes): closing an account ends its application, so no account is asked.
    """
    inside = inside_of(scopes)
    if inside is None:
        return 0, 0
    counted = Certification.objects.filter(inside, state=CertificationState.SUBMITTED).aggregate(
        waiting=Count("pk"), overdue=Count("pk", filter=Q(review_due_at__lte=now))
    )
    return counted["waiting"], counted["overdue"]


def application(account: int, scopes: Scopes) -> CertificationRow | None:
    """A person's application when it is inside these scopes, else None. Two queries at most."""
    found = _reviewed(scopes)
    rows = _rows(found.filter(account=account)) if found is not None else []
    return rows[0] if rows else None


def applications(accounts: Iterable[int], scopes: Scopes) -> dict[int, CertificationRow]:
    """Those of these people's applications that are inside these scopes, by account. Two queries at most."""
    found, wanted = _reviewed(scopes), sorted(set(accounts))
    if found is None or not wanted:
        return {}
    return {row.account: row for row in _rows(found.filter(account__in=wanted))}


def steps_of(account: int, *, names: bool) -> list[StepRow]:
    """How a person's application came to stand so, oldest first. One query.

    `names` says who acted: for staff only. Without it the applicant learns just whether it was they.
    """
    return steps_of_many([account], names=names).get(account, [])


def entered_by(rows: Iterable[CertificationRow], clerk: int) -> set[int]:
    """The accounts of those that wait and that this clerk entered at the counter: a colleague decides.

    One query, none for no rows.
    """
    waiting = {row.step: row.account for row in rows if row.state is CertificationState.SUBMITTED}
    if not waiting:
        return set()
    steps = CertificationStep.objects.filter(pk__in=waiting, acted_by=clerk)
    return {waiting[step] for step in steps.values_list("pk", flat=True)}


def steps_of_many(accounts: Collection[int], *, names: bool) -> dict[int, list[StepRow]]:
    """As `steps_of` for a few people at once, by account; without an application: absent. One query."""
    steps = CertificationStep.objects.filter(certification__account__in=accounts)
    steps = steps.select_related("acted_by", "certification").order_by("pk")
    found: dict[int, list[StepRow]] = {}
    for step in steps[: STEPS_SHOWN_MAX * len(accounts)]:
        account = step.certification.account_id
        row = StepRow(
            state=CertificationState(step.state),
            at=step.at,
            reason=step.reason,
            actor=_actor(step, account) if names else "",
            by_applicant=step.acted_by_id == account,
            is_backbone=step.stated.get("is_backbone"),
            at_counter=step.state == CertificationState.SUBMITTED and step.acted_by_id != account,
        )
        found.setdefault(account, []).append(row)
    return found


def _actor(step: CertificationStep, applicant: int) -> str:
    """Who made a step: the name the applicant stated, or a colleague's; "" for the site itself."""
    if step.acted_by_id == applicant:
        return str(step.stated["name"])
    return str(step.acted_by) if step.acted_by is not None else ""


def _all() -> QuerySet[Certification]:
    last_step = (
        CertificationStep.objects.filter(certification=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    )
    return (
        Certification.objects.filter(account__closed_at=None)
        .select_related("unit", "association", "account", "account__communicator")
        .annotate(last_step=Subquery(last_step))
    )


def _reviewed(scopes: Scopes) -> QuerySet[Certification] | None:
    """The applications inside these scopes; None when they allow no review at all."""
    inside = inside_of(scopes)
    return _all().filter(inside) if inside is not None else None


def inside_of(scopes: Scopes) -> Q | None:
    """That an application lies where these scopes let decide on it; None when they allow it nowhere."""
    divisions = divisions_for(scopes, Ability.CERTIFY)
    if not divisions:
        return None
    inside = Q()
    for division in divisions:
        if division:
            low, high = range_of(division)
            inside |= Q(town__gte=low, town__lt=high)
    return inside


def _sought(scopes: Scopes, sought: Sought) -> QuerySet[Certification] | None:
    found = _reviewed(scopes)
    if found is None:
        return None
    if sought.state is not None:
        found = found.filter(state=sought.state)
    if sought.due_before is not None:
        found = found.filter(review_due_at__lt=sought.due_before)
    if sought.division:
        low, high = range_of(sought.division)
        found = found.filter(town__gte=low, town__lt=high)
    if sought.unit:
        found = found.filter(unit=sought.unit)
    return found.filter(name__contains=sought.name) if sought.name else found


def _rows(found: QuerySet[Certification]) -> list[CertificationRow]:
    rows = list(found)
    towns = regions.full_names(row.town for row in rows)
    return [_row(row, towns.get(row.town, row.town)) for row in rows]


def _row(row: Certification, town_name: str) -> CertificationRow:
    phone = opened_phone(row.account.phone_sealed, row.account.phone_index)
    communicator = getattr(row.account, "communicator", None)
    return CertificationRow(
        account=row.account_id,
        number=row.pk,
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
