"""At which level a role stands, when an application may be submitted and must be decided."""

from datetime import date, datetime, timedelta

from kepu.people.rules.values import CertificationState, Refusal, Role, Urgency

REVIEW_DAYS = 3
ROLE_DIGITS: dict[Role, frozenset[int]] = {
    Role.OPERATOR: frozenset({0, 2, 4, 6}),
    Role.CITY_OFFICER: frozenset({4}),
    Role.COUNTY_OFFICER: frozenset({6}),
    Role.TOWN_CLERK: frozenset({9}),
    Role.UNIT_CLERK: frozenset({12}),
    # Articles belong to the whole site.
    Role.EDITOR: frozenset({0}),
    Role.REVIEWER_1: frozenset({0}),
    Role.REVIEWER_2: frozenset({0}),
    Role.REVIEWER_3: frozenset({0}),
    Role.AUDITOR: frozenset({0, 2, 4, 6, 9}),
}


def may_hold(role: Role, division: str) -> bool:
    """Whether a scope of this role may be a division of this level; "" is the whole site."""
    return len(division) in ROLE_DIGITS[role]


def outermost(divisions: set[str]) -> tuple[str, ...]:
    """The divisions that lie in no other one of them, sorted."""
    return tuple(
        division
        for division in sorted(divisions)
        if not any(division != other and division.startswith(other) for other in divisions)
    )


def may_submit(state: CertificationState | None) -> Refusal | None:
    """Why a person whose application stands so may not submit one now; None when they may.

    A first, a returned and a revoked application may be submitted; one being looked at stays as it is,
    so that nobody approves what they have not seen.
    """
    if state is CertificationState.SUBMITTED:
        return Refusal.ALREADY_SUBMITTED
    return Refusal.ALREADY_CERTIFIED if state is CertificationState.APPROVED else None


def review_due_day(submitted_on: date) -> date:
    """The last day for a decision: REVIEW_DAYS calendar days after the day of submission."""
    return submitted_on + timedelta(days=REVIEW_DAYS)


def urgency(review_due_at: datetime, now: datetime) -> Urgency:
    """How pressing a decision due before `review_due_at` is."""
    if now >= review_due_at:
        return Urgency.OVERDUE
    return Urgency.SOON if now >= review_due_at - timedelta(days=1) else Urgency.CALM
