"""Closing an account (注销): what names the person goes, what was counted stays under a number."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from kepu.people.accounts import opened_phone
from kepu.people.models import (
    Account,
    Certification,
    CertificationStep,
    Communicator,
    Complaint,
    CounterEntry,
    Merge,
    Notice,
    SignInGuard,
    SmsCode,
    StaffScope,
)
from kepu.people.rules import CertificationState, CodeSent, Refusal, Refused, SmsPurpose
from kepu.people.writes.codes import send_code, spend_code
from kepu.people.writes.holding import lock_accounts
from kepu.people.writes.moves import drop_waiting_move
from kepu.people.writes.sign_in import prove_password


def send_closing_code(account: int, network: str, now: datetime) -> CodeSent | Refused:
    """A code to close the account with is on its way to the account's own phone; refusals as `send_code`."""
    row = Account.objects.get(pk=account)
    return send_code(opened_phone(row.phone_sealed, row.phone_index) or "", SmsPurpose.CLOSING, network, now)


def prove_owner(account: int, *, password: str, code: str, now: datetime) -> Refused | None:
    """None when the password, or else the code sent for closing, is right; refusals as at sign-in.

    The attempt is counted as one to sign in. Call it outside any transaction.
    """
    row = Account.objects.get(pk=account)
    if code:
        phone = opened_phone(row.phone_sealed, row.phone_index)
        refusal = spend_code(phone, SmsPurpose.CLOSING, code, now) if phone else Refusal.CODE_SPENT
        return None if refusal is None else Refused(refusal)
    return prove_password(row, password, now)


@transaction.atomic
def close_account(account: int, now: datetime) -> Refused | None:
    """Phone, name, password, certification and messages are gone and every session ends, or STILL_STAFF.

    The row stays as a number without a name, for entries and counts are under it; the communicator is one
    no more, so boards show nothing. The phone may sign up anew. Steps of the certification keep when and
    by whom they were made, so that those who decide stay answerable; unit, association and days stay under
    the number, for the counts of the unit rest on them. Codes sent are nobody's and are
    forgotten after their days like all others, so that closing lifts no limit. Nineteen queries; as many
    more for an account that was merged into it.
    """
    lock_accounts([account, *_doubled(account)])
    row, doubles = Account.objects.get(pk=account), _doubled(account)
    works = StaffScope.objects.filter(account__in=[account, *doubles])
    if row.is_staff or row.is_superuser or works.exists():
        return Refused(Refusal.STILL_STAFF)
    if row.closed_at is not None:
        return None
    for doubled in doubles:
        close_account(doubled, now)  # it is the same person
    drop_waiting_move(account)
    SignInGuard.objects.filter(subject=f"phone:{row.phone_index}").delete()
    SmsCode.objects.filter(phone_index=row.phone_index, used_at=None).update(used_at=now)
    Notice.objects.filter(account=account).delete()
    Complaint.objects.filter(account=account).update(account=None, contact="")
    CounterEntry.objects.filter(account=account).update(stated={})
    Communicator.objects.filter(account=account).update(name="", is_backbone=False, hides_name=True)
    Communicator.objects.filter(account=account, revoked_at=None).update(revoked_at=now)
    CertificationStep.objects.filter(certification__account=account).update(stated={"name": ""}, reason="")
    Certification.objects.filter(account=account).update(
        name="",
        town="",
        applicant_type="",
        reason="",
        state=CertificationState.REVOKED,
        decided_at=now,
    )
    Account.objects.filter(pk=account).update(
        phone_sealed=None,
        phone_index=f"closed:{account}",
        display_name="",
        password=make_password(None),
        is_active=False,
        closed_at=now,
        session_version=F("session_version") + 1,
    )
    return None


def _doubled(account: int) -> list[int]:
    """The accounts merged into this one."""
    return list(Merge.objects.filter(kept=account, undone_at=None).values_list("closed", flat=True))
