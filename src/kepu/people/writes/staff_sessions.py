"""Sessions of staff in the back office: opened after the second factor, seen, ended; dormant accounts."""

import secrets
from datetime import datetime

from django.db import transaction

from kepu.people.models import Account, StaffSession, StaffWatch
from kepu.people.reads.staff_sessions import SessionRow, session_digest
from kepu.people.rules.second_factor import DEVICE_LENGTH_MAX, SEEN_EVERY


@transaction.atomic
def open_staff_session(account: int, network: str, device: str, now: datetime) -> str:
    """The account is in the back office until its working day is over; what its cookie must hold."""
    token = secrets.token_urlsafe(32)
    StaffSession.objects.create(
        account_id=account,
        digest=session_digest(token),
        version=Account.objects.values_list("session_version", flat=True).get(pk=account),
        opened_at=now,
        seen_at=now,
        network=network[:45],
        device=device[:DEVICE_LENGTH_MAX],
    )
    wake_staff(account, now)
    return token


def note_seen(account: int, session: SessionRow, now: datetime) -> None:
    """The session was seen now. Nothing within SEEN_EVERY of the last time, else two queries."""
    if now - session.seen_at < SEEN_EVERY:
        return
    StaffSession.objects.filter(pk=session.number).update(seen_at=now)
    StaffWatch.objects.filter(account=account).update(awake_at=now)


def note_walked_in(account: int, now: datetime) -> None:
    """The account is in a back office that asks for no session (a site on trial). One query."""
    StaffWatch.objects.filter(account=account, awake_at__lt=now - SEEN_EVERY).update(awake_at=now)


def end_staff_session(number: int, account: int, now: datetime) -> bool:
    """The account's session opens nothing any more; False when it has no such session. One query."""
    mine = StaffSession.objects.filter(pk=number, account=account, ended_at=None)
    return bool(mine.update(ended_at=now))


def end_staff_sessions(account: int, now: datetime, but: int | None = None) -> int:
    """Every session of the account but that one is ended; how many. One query."""
    live = StaffSession.objects.filter(account=account, ended_at=None)
    if but is not None:
        live = live.exclude(pk=but)
    return live.update(ended_at=now)


def wake_staff(account: int, now: datetime) -> None:
    """The account counts as awake from now on: a dormant one may come in again."""
    StaffWatch.objects.update_or_create(account_id=account, defaults={"awake_at": now})
