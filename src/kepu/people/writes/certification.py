"""Certification by real name: submitted, approved, returned with a reason, resubmitted, revoked.

Every function locks the account first, so of two decisions made at once the second sees the first, and
keeps a CertificationStep: what was stated, who acted, when and why. Nobody else writes the application,
except that it follows its unit's code, under the unit's lock.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery

from kepu.kit import clock
from kepu.people.models import Account, Association, Certification, CertificationStep, Communicator, Unit
from kepu.people.reads import scopes_of
from kepu.people.rules import (
    Ability,
    ApplicantType,
    Application,
    CertificationState,
    NoticeKind,
    Refusal,
    Refused,
    may,
    may_submit,
    name_of,
    review_due_day,
)
from kepu.people.writes.holding import lock_account, lock_units
from kepu.people.writes.moves import drop_waiting_move, note_certified_elsewhere, stated
from kepu.people.writes.notices import notify

REASON_LENGTH_MAX = 400


@transaction.atomic
def submit_certification(
    account: int, application: Application, now: datetime, by: int | None = None
) -> int | Refused:
    """The application waits for review (returns the id of this step), or which field or state forbids it.

    A returned or revoked one is submitted again with what is stated now. `by` is the clerk who entered it
    at the counter; without one the applicant acts. UNKNOWN when the account was closed or merged meanwhile.
    Six or seven queries.
    """
    applicant = Account.objects.select_for_update().get(pk=account)
    if not applicant.is_active:
        return Refused(Refusal.UNKNOWN)
    known = Certification.objects.filter(account=account).first()
    refusal = may_submit(CertificationState(known.state) if known is not None else None)
    refusal = refusal or trouble_in(application)
    if refusal is not None:
        return Refused(refusal)
    certification = known or Certification(account=applicant)
    certification.name = name_of(application.name) or ""
    certification.town = application.town
    certification.unit_id = application.unit
    certification.applicant_type = application.applicant_type
    certification.association_id = application.association
    certification.state = CertificationState.SUBMITTED
    certification.submitted_at = now
    certification.review_due_at = clock.start_of(review_due_day(clock.day_of(now)) + timedelta(days=1))
    certification.decided_at = None
    certification.reason = ""
    certification.save()
    return _keep_step(certification, by or account, now)


def approve_certification(account: int, by: int, now: datetime, seen: int | None = None) -> int | Refused:
    """The applicant is a communicator of the unit stated (returns the id of this step), or why not.

    UNKNOWN outside the reviewer's scopes, OWN_APPLICATION, OWN_ENTRY for the clerk who entered it at the
    counter, NOT_WAITING, CHANGED_SINCE the step `seen`, UNIT_CLOSED for a unit closed since.
    A person certified before keeps the first day of certification, for they are no new registration.
    """
    with transaction.atomic():
        found = _lock_for_decision(account, by, seen, {CertificationState.SUBMITTED})
        if isinstance(found, Refused):
            return found
        found.unit = lock_units([found.unit_id])[found.unit_id]
        if found.unit.closed_day is not None:
            return Refused(Refusal.UNIT_CLOSED)
        found.town = found.unit.division[:9]
        _make_communicator(found, now)
        Account.objects.filter(pk=account).update(display_name=found.name)
        notify(account, NoticeKind.APPROVED, {"unit": found.unit.name}, "/", now)
        return _decide(found, CertificationState.APPROVED, by, now, "")


def return_certification(
    account: int, by: int, reason: str, now: datetime, seen: int | None = None
) -> int | Refused:
    """The application is back with the applicant, who reads `reason`; REASON_MISSING or as `approve`."""
    with transaction.atomic():
        found = _lock_for_decision(account, by, seen, {CertificationState.SUBMITTED})
        if isinstance(found, Refused):
            return found
        if not is_reason(reason):
            return Refused(Refusal.REASON_MISSING)
        notify(account, NoticeKind.RETURNED, {"reason": reason.strip()}, "/me/certification/", now)
        return _decide(found, CertificationState.RETURNED, by, now, reason.strip())


def revoke_certification(
    account: int, by: int, reason: str, now: datetime, seen: int | None = None
) -> int | Refused:
    """The person is a communicator no more; refusals as `return_certification`. What was counted stays."""
    with transaction.atomic():
        found = _lock_for_decision(account, by, seen, {CertificationState.APPROVED})
        if isinstance(found, Refused):
            return found
        if not is_reason(reason):
            return Refused(Refusal.REASON_MISSING)
        Communicator.objects.filter(account=account).update(revoked_at=now, is_backbone=False)
        drop_waiting_move(account)  # its day would change what they apply for anew
        notify(account, NoticeKind.REVOKED, {"reason": reason.strip()}, "/me/certification/", now)
        return _decide(found, CertificationState.REVOKED, by, now, reason.strip())


def set_backbone(account: int, is_backbone: bool, by: int, now: datetime) -> int | Refused:
    """The communicator is or is not a backbone (骨干) of the unit; kept as a step of the certification."""
    with transaction.atomic():
        found = _lock_for_decision(account, by, None, {CertificationState.APPROVED})
        if isinstance(found, Refused):
            return found
        changed = Communicator.objects.filter(account=account, revoked_at=None)
        if not changed.update(is_backbone=is_backbone):
            return Refused(Refusal.NOT_CERTIFIED)
        return _keep_step(found, by, now, {"is_backbone": is_backbone})


def trouble_in(application: Application) -> Refusal | None:
    """The first field that cannot stand, in the order of the form. At most two queries.

    Inside a transaction: the unit stays open until its end, as after `lock_units`.
    """
    if name_of(application.name) is None:
        return Refusal.NAME_WRONG
    if len(application.town) != 9:
        return Refusal.TOWN_WRONG
    unit = Unit.objects.select_for_update(no_key=True).filter(pk=application.unit).first()
    if unit is None or unit.closed_day is not None or not unit.division.startswith(application.town):
        return Refusal.UNIT_WRONG
    if application.applicant_type not in set(ApplicantType):
        return Refusal.TYPE_WRONG
    if not Association.objects.filter(pk=application.association).exists():
        return Refusal.ASSOCIATION_WRONG
    return None


def is_reason(text: str) -> bool:
    """Whether a reason is there, is text, and is short enough to be read."""
    return 0 < len(text.strip()) <= REASON_LENGTH_MAX and "\x00" not in text


def _lock_for_decision(
    account: int, by: int, seen: int | None, states: set[CertificationState]
) -> Certification | Refused:
    """The application, its account locked, when `by` may decide on it now."""
    last = CertificationStep.objects.filter(certification=OuterRef("pk")).order_by("-pk")
    lock_account(account)
    found = (
        Certification.objects.select_related("unit", "account__communicator")
        .annotate(last_step=Subquery(last.values("pk")[:1]), entered_by=Subquery(last.values("acted_by")[:1]))
        .filter(account=account)
        .first()
    )
    if found is None or not may(scopes_of(by), Ability.CERTIFY, found.town):
        return Refused(Refusal.UNKNOWN)
    if account == by:
        return Refused(Refusal.OWN_APPLICATION)
    if found.state not in states:
        return Refused(Refusal.NOT_WAITING)
    if seen is not None and found.last_step != seen:
        return Refused(Refusal.CHANGED_SINCE)
    if found.state == CertificationState.SUBMITTED and found.entered_by == by:
        return Refused(Refusal.OWN_ENTRY)
    return found


def _make_communicator(certification: Certification, now: datetime) -> None:
    before: Communicator | None = getattr(certification.account, "communicator", None)
    if before is not None:
        note_certified_elsewhere(before, certification.unit, certification.account_id, now)
    communicator = before or Communicator(account_id=certification.account_id, certified_at=now)
    communicator.name = certification.name
    communicator.unit = certification.unit
    communicator.division = certification.unit.division
    communicator.association_id = certification.association_id
    communicator.is_backbone = False
    communicator.revoked_at = None
    communicator.save(force_insert=before is None)


def _decide(
    certification: Certification, state: CertificationState, by: int, now: datetime, reason: str
) -> int:
    certification.state, certification.decided_at, certification.reason = state, now, reason
    certification.save(update_fields=["state", "decided_at", "reason"])
    return _keep_step(certification, by, now)


def _keep_step(
    certification: Certification, by: int, now: datetime, more: dict[str, bool] | None = None
) -> int:
    step = CertificationStep.objects.create(
        certification=certification,
        state=certification.state,
        acted_by_id=by,
        at=now,
        reason=certification.reason,
        stated=stated(certification) | (more or {}),
    )
    return step.pk
