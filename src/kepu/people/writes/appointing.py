"""Handing roles down: given and taken by somebody who stands above them."""

from datetime import datetime

from django.db import transaction

from kepu.people.models import Account
from kepu.people.reads import scopes_of
from kepu.people.rules import Refusal, Refused, Role, may_hand, may_hold, name_of, phone_of
from kepu.people.writes.staff import grant_scope, revoke_scope, staff_account
from kepu.regions import reads as regions


@transaction.atomic
def appoint(phone: str, name: str, scope: tuple[Role, str], by: int, now: datetime) -> int | Refused:
    """Whoever has this number holds the scope (the account's id): PHONE_, NAME_, LEVEL_, DIVISION_WRONG,
    NOT_BELOW.

    A number without an account gets one, which signs in by code; one whose account was merged stands for the
    account it was merged into. An account that bears a name keeps it: who
    gives a role does not rename people, and does not learn what others call them.
    """
    role, division = scope
    number, kept_name = phone_of(phone), name_of(name)
    if number is None:
        return Refused(Refusal.PHONE_WRONG)
    if kept_name is None:
        return Refused(Refusal.NAME_WRONG)
    if not may_hold(role, division):
        return Refused(Refusal.LEVEL_WRONG)
    if division and regions.division(division) is None:
        return Refused(Refusal.DIVISION_WRONG)
    mine = scopes_of(by)
    if not may_hand(mine, role, division):
        return Refused(Refusal.NOT_BELOW)
    account = staff_account(number, _book(division, by), now)
    if not account.is_active:
        return Refused(Refusal.UNKNOWN)
    if not account.display_name:
        Account.objects.filter(pk=account.pk).update(display_name=kept_name)
    refused = grant_scope(account.pk, role, division, now)
    assert refused is None, refused
    return account.pk


@transaction.atomic
def dismiss(account: int, scope: tuple[Role, str], by: int) -> Refused | None:
    """The account holds that scope no more and its sessions end; NOT_BELOW, UNKNOWN."""
    role, division = scope
    if not may_hand(scopes_of(by), role, division):
        return Refused(Refusal.NOT_BELOW)
    return revoke_scope(account, role, division)


def _book(division: str, by: int) -> int:
    """The county whose book a new account is entered in: the division's, or that of who appoints."""
    if len(division) >= 6:
        return int(division[:6])
    return int(Account.objects.values_list("book", flat=True).get(pk=by))
