"""Complaints: taken from anybody, settled by an officer of the county."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from kepu.people.models import Account, Complaint
from kepu.people.reads import scopes_of
from kepu.people.rules import Ability, may
from kepu.people.rules.complaints import COMPLAINTS_PER_NETWORK_HOUR_MAX
from kepu.people.rules.values import Refusal, Refused


class Unheard(StrEnum):
    """Why a complaint was not taken."""

    NETWORK_HOUR_CAP = "network_hour_cap"


@dataclass(frozen=True, slots=True)
class Settled:
    """A complaint that is dealt with: its county, and whether nobody had said so before."""

    division: str
    is_first: bool


def send_complaint(
    words: str, contact: str, *, path: str, account: int | None, network_mark: str, now: datetime
) -> int | Unheard:
    """The complaint waits for the sender's county; its number, by which the sender can ask after it.

    A visitor's goes to the county of the site. Two queries, three for somebody signed in.
    """
    recent = Complaint.objects.filter(network_mark=network_mark, sent_at__gt=now - timedelta(hours=1))
    if recent.count() >= COMPLAINTS_PER_NETWORK_HOUR_MAX:
        return Unheard.NETWORK_HOUR_CAP
    kept = Complaint.objects.create(
        words=words,
        contact=contact,
        path=path,
        account_id=account,
        division=_county_of(account),
        network_mark=network_mark,
        sent_at=now,
    )
    return int(kept.pk)


@transaction.atomic
def settle_complaint(complaint: int, by: int, now: datetime) -> Settled | Refused:
    """The complaint is dealt with, by whom (the first to say so) and when; UNKNOWN outside the scopes."""
    scopes = scopes_of(by)
    found = Complaint.objects.select_for_update().filter(pk=complaint).first()
    if found is None or not may(scopes, Ability.COMPLAINTS, found.division):
        return Refused(Refusal.UNKNOWN)
    is_first = found.settled_at is None
    if is_first:
        found.settled_at, found.settled_by_id = now, by
        found.save(update_fields=["settled_at", "settled_by"])
    return Settled(found.division, is_first)


def _county_of(account: int | None) -> str:
    book = Account.objects.filter(pk=account).values_list("book", flat=True).first() if account else None
    return str(book) if book else str(settings.KEPU_DIVISION)
