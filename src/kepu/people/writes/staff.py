"""Members of staff and what they may do where."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import F

from kepu.jobs.writes import take_back_jobs
from kepu.people.accounts import index_of, sealed_phone
from kepu.people.models import (
    Account,
    Merge,
    RecoveryCode,
    SecondFactor,
    StaffScope,
    StaffSession,
    StaffWatch,
)
from kepu.people.rules import Ability, Refusal, Refused, Role, divisions_for, may_hold, name_of, phone_of
from kepu.people.writes.holding import lock_account, lock_accounts
from kepu.people.writes.sign_in import is_strong
from kepu.regions import reads as regions

BACK_OFFICE = "Kepu staff"
# Wagtail's groups: its editors hold the permissions on its page tree and its collections, the reviewers each
# a step of the review. They know no divisions, so only a scope that is the whole site puts one in them.
CONTENT_GROUPS = {
    Ability.WRITE: "Editors",
    Ability.REVIEW_1: "Reviewers 1",
    Ability.REVIEW_2: "Reviewers 2",
    Ability.REVIEW_3: "Reviewers 3",
}


@transaction.atomic
def open_staff_account(
    phone: str, name: str, password: str | None, book: int, now: datetime
) -> int | Refused:
    """The account with that number exists and bears that name (its id), or PHONE_, NAME_WRONG, PASSWORD_WEAK.

    A password given becomes the account's and ends its sessions; without one a new account signs in by code.
    """
    number, kept_name = phone_of(phone), name_of(name)
    if number is None:
        return Refused(Refusal.PHONE_WRONG)
    if kept_name is None:
        return Refused(Refusal.NAME_WRONG)
    if password is not None and not is_strong(password):
        return Refused(Refusal.PASSWORD_WEAK)
    account = staff_account(number, book, now)
    account.display_name = kept_name
    if password is not None:
        account.password = make_password(password)
        account.session_version += 1
    account.save(update_fields=["display_name", "password", "session_version"])
    return account.pk


def staff_account(phone: str, book: int, now: datetime) -> Account:
    """The account of whoever has this number (11 digits), made when there is none; of one that was merged the
    account it was merged into, for that one its owner signs in to. Held until the transaction ends.

    One closed at this moment is nobody's: the number gets a new one.
    """
    account: Account = Account.objects.get_or_create(
        phone_index=index_of(phone),
        defaults={
            "phone_sealed": sealed_phone(phone),
            "password": make_password(None),
            "book": book,
            "created_at": now,
        },
    )[0]
    number = account.pk
    while True:
        merged = Merge.objects.filter(closed=number, undone_at=None, kept__closed_at=None)
        kept = merged.values_list("kept", flat=True).first()
        if kept is None:
            break
        number = kept
    held: Account = Account.objects.select_for_update().get(pk=number)
    return held if held.closed_at is None else staff_account(phone, book, now)


@transaction.atomic
def grant_scope(account: int, role: Role, division: str, now: datetime) -> Refused | None:
    """The account is staff with `role` in `division` and may enter the back office; LEVEL_,
    DIVISION_WRONG if not, UNKNOWN for an account that is closed or merged.

    "" as division is the whole site, for operators and editors alone. Granting again changes nothing.
    """
    if not may_hold(role, division):
        return Refused(Refusal.LEVEL_WRONG)
    if division and regions.division(division) is None:
        return Refused(Refusal.DIVISION_WRONG)
    lock_account(account)
    if not Account.objects.filter(pk=account, is_active=True).exists():
        return Refused(Refusal.UNKNOWN)
    StaffScope.objects.get_or_create(
        account_id=account, role=role, division=division, defaults={"granted_at": now}
    )
    StaffWatch.objects.get_or_create(account_id=account, defaults={"awake_at": now})
    _set_access(account)
    return None


@transaction.atomic
def revoke_scope(account: int, role: Role, division: str) -> Refused | None:
    """The account has that scope no more, its sessions end and the files it asked for are out of its reach;
    UNKNOWN when it had not.
    """
    lock_account(account)
    gone, _ = StaffScope.objects.filter(account_id=account, role=role, division=division).delete()
    if not gone:
        return Refused(Refusal.UNKNOWN)
    _set_access(account)
    take_back_jobs(account)
    Account.objects.filter(pk=account).update(session_version=F("session_version") + 1)
    return None


@transaction.atomic
def renew_access() -> int:
    """Everybody who holds a scope is in the groups it gives: after an update that changed them. How many.

    About six queries each; there are few members of staff.
    """
    accounts = sorted(StaffScope.objects.values_list("account", flat=True).distinct())
    lock_accounts(accounts)
    for account in accounts:
        _set_access(account)
    return len(accounts)


def _set_access(account: int) -> None:
    """Staff mark and groups follow from the scopes held, so that they never say something else."""
    scopes = set(StaffScope.objects.filter(account_id=account).values_list("role", "division"))
    held = frozenset((Role(role), division) for role, division in scopes)
    if not scopes:  # whoever is made staff anew starts anew at the door of the back office
        for table in (StaffWatch, SecondFactor, RecoveryCode, StaffSession):
            table.objects.filter(account=account).delete()
    row = Account.objects.get(pk=account)
    Account.objects.filter(pk=account).update(is_staff=bool(scopes))
    names = [BACK_OFFICE] if scopes else []
    names += [name for ability, name in CONTENT_GROUPS.items() if "" in divisions_for(held, ability)]
    row.groups.set([_group(name) for name in names])


def _group(name: str) -> Group:
    group, _ = Group.objects.get_or_create(name=name)
    if name == BACK_OFFICE:
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        )
    return group
