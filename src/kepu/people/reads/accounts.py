"""Questions about accounts: standing, scopes, what a person may see of their own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from kepu.people.accounts import index_of, opened_phone
from kepu.people.models import Account, SmsCode, StaffScope
from kepu.people.rules import Role, Standing, masked_phone, phone_of

PHONES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What a person is shown of their own account."""

    account: int
    name: str
    phone_masked: str
    is_staff: bool
    has_password: bool
    created_at: datetime
    hears_announcements: bool = True


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One scope of one member of staff."""

    account: int
    name: str
    phone_masked: str
    role: Role
    division: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """When somebody agreed to the privacy notice, and to which edition of it."""

    at: datetime
    edition: str


CODES_SHOWN_MAX = 200


def standing_many(accounts: Iterable[int]) -> dict[int, Standing]:
    """The standing of each known account (unknown ids are absent). One query, plain SQL."""
    wanted = set(accounts)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(*standing_question(wanted))
        return standings_in(cursor.fetchall())


def standing_question(accounts: Collection[int]) -> tuple[str, list[int]]:
    """What to ask the database for the standing of these accounts (at least one): SQL and values.

    For whoever asks several things at once; `standings_in` reads the rows.
    """
    # Padding to a power of two keeps the number of different statements, and so of parses, small.
    wanted = sorted(accounts)
    wanted += [wanted[-1]] * ((1 << (len(wanted) - 1).bit_length()) - len(wanted))
    return _STANDING.format(marks=",".join(["%s"] * len(wanted))), wanted


def standings_in(rows: Iterable[tuple[Any, ...]]) -> dict[int, Standing]:
    """The standings that the rows of `standing_question` tell of, by account."""
    return {row[0]: _standing((*row[:6], row[6] is not None)) for row in rows}


@lru_cache(16_384)
def _standing(row: tuple[Any, ...]) -> Standing:
    """A value made of a row alone; remembered, for whoever shares once shares again."""
    account, book, version, active, unit, division, revoked = row
    return Standing(
        account=account,
        book=int(division[:6]) if division else book,
        session_version=version,
        is_active=bool(active),
        is_certified=unit is not None and not revoked,
        unit=unit or 0,
        division=division or str(book),
    )


def account(account: int) -> AccountRow | None:
    """The open account with that id. One query."""
    row = Account.objects.filter(pk=account, is_active=True).first()
    if row is None:
        return None
    return AccountRow(
        account=row.pk,
        name=row.display_name,
        phone_masked=_masked(row),
        is_staff=row.is_staff,
        has_password=row.has_usable_password(),
        created_at=row.created_at,
        hears_announcements=row.hears_announcements,
    )


def account_names(accounts: Iterable[int]) -> dict[int, str]:
    """What accounts are called, also those that have left ("" for closed ones). One query (none for none)."""
    wanted = sorted(set(accounts))
    rows = Account.objects.filter(pk__in=wanted) if wanted else Account.objects.none()
    return dict(rows.values_list("pk", "display_name"))


def closed_accounts(accounts: Iterable[int]) -> frozenset[int]:
    """Those of these accounts that were closed (注销). One query (none for no accounts)."""
    wanted = sorted(set(accounts))
    rows = (
        Account.objects.filter(pk__in=wanted, closed_at__isnull=False) if wanted else Account.objects.none()
    )
    return frozenset(rows.values_list("pk", flat=True))


def agreement_of(account: int) -> Agreement | None:
    """The open account's agreement to the privacy notice; None where somebody else entered it. One query."""
    open_ones = Account.objects.filter(pk=account, is_active=True, agreed_at__isnull=False)
    row = open_ones.values_list("agreed_at", "agreed_notice").first()
    return Agreement(*row) if row is not None else None


def codes_sent(account: int) -> list[datetime]:
    """When texts with codes went to the open account's phone, the last first, while that is kept (a week).

    Two queries. A week holds 70; of more than CODES_SHOWN_MAX the newest.
    """
    index = Account.objects.filter(pk=account, is_active=True).values_list("phone_index", flat=True).first()
    sent = SmsCode.objects.filter(phone_index=index or "").order_by("-sent_at", "-pk")
    return list(sent.values_list("sent_at", flat=True)[:CODES_SHOWN_MAX])


def account_with_phone(phone: str) -> int | None:
    """The id of the open account with this number, however it is written. One query."""
    number = phone_of(phone)
    if number is None:
        return None
    known = Account.objects.filter(phone_index=index_of(number), is_active=True)
    return known.values_list("pk", flat=True).first()


def accounts_with_phones(phones: Iterable[str]) -> dict[str, int]:
    """The open accounts of these numbers (11 digits each), by number. One query for each PHONES_AT_ONCE."""
    by_index = {index_of(phone): phone for phone in phones}
    found: dict[str, int] = {}
    indexes = sorted(by_index)
    for start in range(0, len(indexes), PHONES_AT_ONCE):
        some = indexes[start : start + PHONES_AT_ONCE]
        rows = Account.objects.filter(phone_index__in=some, is_active=True)
        found |= {by_index[index]: account for index, account in rows.values_list("phone_index", "pk")}
    return found


def scopes_of(account: int) -> frozenset[tuple[Role, str]]:
    """What an open account may do where, as (role, division) pairs; empty for anybody else. One query."""
    held = StaffScope.objects.filter(account=account, account__is_active=True, account__is_staff=True)
    return frozenset((Role(role), division) for role, division in held.values_list("role", "division"))


def staff(limit: int = 500) -> list[StaffRow]:
    """Every member of staff's scopes, by division, role and account. One query."""
    held = StaffScope.objects.select_related("account").order_by("division", "role", "account_id")
    return [
        StaffRow(
            scope.account_id,
            scope.account.display_name,
            _masked(scope.account),
            Role(scope.role),
            scope.division,
        )
        for scope in held[:limit]
    ]


def _masked(account: Account) -> str:
    phone = opened_phone(account.phone_sealed, account.phone_index)
    return masked_phone(phone) if phone else ""


_STANDING = """
SELECT a.id, a.book, a.session_version, a.is_active, c.unit_id, c.division, c.revoked_at
FROM people_account a LEFT JOIN people_communicator c ON c.account_id = a.id
WHERE a.id IN ({marks})
"""
