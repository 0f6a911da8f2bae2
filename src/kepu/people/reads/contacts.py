"""A person's whole phone number, for a page that keeps in the audit who looked at it."""

from collections.abc import Iterable
from dataclasses import dataclass

from kepu.people.accounts import opened_phone
from kepu.people.models import Account


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is reached. `division`: of their unit, else the town they applied in, else the county."""

    account: int
    name: str
    phone: str
    division: str


def contact_of(account: int) -> Contact | None:
    """The open account's name and whole number; None where there is no account or no number. One query."""
    row = (
        Account.objects.select_related("communicator", "certification")
        .filter(pk=account, closed_at=None)
        .first()
    )
    phone = opened_phone(row.phone_sealed, row.phone_index) if row is not None else None
    if row is None or phone is None:
        return None
    communicator, certification = (getattr(row, each, None) for each in ("communicator", "certification"))
    name = row.display_name
    division = str(row.book)
    if certification is not None:
        name, division = certification.name or name, certification.town or division
    if communicator is not None:
        name, division = communicator.name or name, communicator.division
    return Contact(account, name, phone, division)


def phones_of(accounts: Iterable[int]) -> dict[int, str]:
    """The whole numbers of these open accounts, for a page or file that keeps in the audit who had them.

    Whoever has no account or no number is absent. One query.
    """
    rows = Account.objects.filter(pk__in=sorted(set(accounts)), closed_at=None)
    opened = {row.pk: opened_phone(row.phone_sealed, row.phone_index) for row in rows}
    return {account: phone for account, phone in opened.items() if phone is not None}
