"""Questions about communicators: people certified by real name and not revoked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from kepu.people.models import Communicator
from kepu.regions.rules import is_code, range_of


@dataclass(frozen=True, slots=True)
class Profile:
    """What boards and lists may show of a communicator; `hides_name`: without the name, where one may."""

    account: int
    name: str
    unit: int
    unit_name: str
    division: str
    is_backbone: bool
    certified_at: datetime
    hides_name: bool = False


def profile(account: int) -> Profile | None:
    """The communicator with this account, unless revoked. One query."""
    return profiles([account]).get(account)


def profiles(accounts: Iterable[int]) -> dict[int, Profile]:
    """The communicators among these accounts; others are absent. One query (none for no accounts)."""
    wanted = sorted(set(accounts))
    rows = _certified().filter(account__in=wanted) if wanted else ()
    return {row.account_id: _profile(row) for row in rows}


def profiles_within(division: str) -> list[Profile]:
    """Every communicator in `division` and below, by account. One query; not bounded: for evaluations."""
    return [_profile(row) for row in _within(division).order_by("account_id")]


def former_within(division: str) -> list[Profile]:
    """Whoever was a communicator in `division` and below and is none now, as they were last, by account.

    Those whose account was merged into another too; the name is "" for whoever closed theirs. One query;
    not bounded.
    """
    if not is_code(division):
        return []
    low, high = range_of(division)
    rows = Communicator.objects.filter(division__gte=low, division__lt=high).exclude(revoked_at=None)
    return [_profile(row) for row in rows.select_related("unit").order_by("account_id")]


def _certified() -> QuerySet[Communicator]:
    return Communicator.objects.filter(revoked_at=None).select_related("unit")


def _within(division: str) -> QuerySet[Communicator]:
    if not is_code(division):
        return _certified().none()
    low, high = range_of(division)
    return _certified().filter(division__gte=low, division__lt=high)


def _profile(row: Communicator) -> Profile:
    return Profile(
        account=row.account_id,
        name=row.name,
        unit=row.unit_id,
        unit_name=row.unit.name,
        division=row.division,
        is_backbone=row.is_backbone,
        certified_at=row.certified_at,
        hides_name=row.hides_name,
    )
