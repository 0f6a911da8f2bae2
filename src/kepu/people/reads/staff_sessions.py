"""Questions about staff at the door of the back office: sessions, second factor, dormant accounts."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F, Min

from kepu.kit import crypto
from kepu.people.models import RecoveryCode, SecondFactor, StaffScope, StaffSession, StaffWatch
from kepu.people.rules import Role, Scopes
from kepu.people.rules.second_factor import WORKING_DAY, has_lapsed, is_asleep

SESSIONS_SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser that is in the back office."""

    number: int
    opened_at: datetime
    seen_at: datetime
    network: str
    device: str


@dataclass(frozen=True, slots=True)
class DoorRow:
    """How a member of staff stands at the door; `seen_at`: last in the back office, None for never."""

    has_factor: bool
    seen_at: datetime | None
    is_dormant: bool


def entered(account: int, version: int, token: str, now: datetime) -> tuple[SessionRow, Scopes] | None:
    """The session whose cookie that is, and what `reads.scopes_of` says of the account; None unless it lives
    and the account has this version. One query for both: every page of the back office asks them.
    """
    if not token or len(token) > 100:
        return None
    held = StaffSession.objects.filter(digest=session_digest(token), account=account, version=version)
    scope = ("account__scopes__role", "account__scopes__division")
    rows = list(held.values(*_SHOWN, "ended_at", "account__is_active", "account__is_staff", *scope))
    if not rows or rows[0]["ended_at"] is not None or has_lapsed(rows[0]["opened_at"], now):
        return None
    works = rows[0]["account__is_active"] and rows[0]["account__is_staff"]
    pairs = [tuple(row[name] for name in scope) for row in rows] if works else []
    scopes = frozenset((Role(role), division) for role, division in pairs if role is not None)
    return SessionRow(*(rows[0][name] for name in _SHOWN)), scopes


def staff_sessions(account: int, now: datetime) -> list[SessionRow]:
    """The account's sessions that live, the newest first, at most SESSIONS_SHOWN_MAX. One query."""
    rows = StaffSession.objects.filter(
        account=account,
        account__session_version=F("version"),
        ended_at=None,
        opened_at__gt=now - WORKING_DAY,
    )
    return [_row(row) for row in rows.order_by("-pk")[:SESSIONS_SHOWN_MAX]]


def has_second_factor(account: int) -> bool:
    """Whether the account has an authenticator that is confirmed. One query."""
    return SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).exists()


def recovery_codes_left(account: int) -> int:
    """How many recovery codes the account has that were not used. One query."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def is_dormant(account: int, now: datetime) -> bool:
    """Whether the account of staff is locked because it was away too long. One query."""
    awake_at = StaffWatch.objects.filter(account=account).values_list("awake_at", flat=True).first()
    return is_asleep(awake_at, now, settings.KEPU_STAFF_DORMANT_DAYS)


def at_the_door(accounts: Iterable[int], now: datetime) -> dict[int, DoorRow]:
    """How each of these stands at the door. Three queries."""
    wanted = sorted(set(accounts))
    confirmed = SecondFactor.objects.filter(account__in=wanted, confirmed_at__isnull=False)
    has_factor = set(confirmed.values_list("account_id", flat=True))
    scopes = StaffScope.objects.filter(account__in=wanted).values_list("account_id")
    made = dict(scopes.annotate(Min("granted_at")))
    awake: dict[int, datetime] = dict(
        StaffWatch.objects.filter(account__in=wanted).values_list("account_id", "awake_at")
    )
    days: int = settings.KEPU_STAFF_DORMANT_DAYS
    seen = {each: at for each, at in awake.items() if at > made.get(each, at)}
    return {
        each: DoorRow(each in has_factor, seen.get(each), is_asleep(awake.get(each), now, days))
        for each in wanted
    }


def session_digest(token: str) -> str:
    """What is kept of a session's cookie."""
    return crypto.blind_index(settings.KEPU_KEYS.session, f"staff session {token}").hex()


def unsealed_key(sealed: bytes | memoryview | None, account: int) -> bytes | None:
    """The key of an authenticator; None when there is none or it belongs to another account."""
    if sealed is None:
        return None
    text = crypto.unseal(settings.KEPU_KEYS.phone_cipher, bytes(sealed), bound_to=f"second factor:{account}")
    return base64.b32decode(text) if text is not None else None


_SHOWN = ("pk", "opened_at", "seen_at", "network", "device")


def _row(row: StaffSession) -> SessionRow:
    return SessionRow(row.pk, row.opened_at, row.seen_at, row.network, row.device)
