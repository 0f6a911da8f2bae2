"""How often a code may be sent and tried, and a password guessed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kepu.people.rules.values import Refusal, Refused

CODE_LIFE = timedelta(minutes=5)
CODE_PAUSE = timedelta(seconds=60)
CODE_TRIES_MAX = 5
CODES_PER_PHONE_DAY_MAX = 10
CODES_PER_NETWORK_HOUR_MAX = 30
SIGN_IN_FAILURES_MAX = 5
SIGN_IN_FAILURES_PER_NETWORK_MAX = 200
SIGN_IN_LOCK = timedelta(minutes=30)
PASSWORD_LENGTH_MAX = 128


@dataclass(frozen=True, slots=True)
class SentSoFar:
    """What was already sent when another code is asked for; `day`: the Asia/Shanghai calendar day."""

    last_to_phone_at: datetime | None
    to_phone_today: int
    from_network_last_hour: int
    by_site_today: int


@dataclass(frozen=True, slots=True)
class Guard:
    """Failed sign-ins against one subject (a phone or a network) in a row."""

    failures: int
    last_at: datetime
    locked_until: datetime | None


def may_send(
    so_far: SentSoFar, now: datetime, tomorrow_at: datetime, site_per_day_max: int
) -> Refused | None:
    """Why no code may be sent now, or None when one may; `tomorrow_at` is when the next day begins."""
    last = so_far.last_to_phone_at
    if last is not None and now < last + CODE_PAUSE:
        return Refused(Refusal.TOO_SOON, last + CODE_PAUSE)
    if so_far.to_phone_today >= CODES_PER_PHONE_DAY_MAX:
        return Refused(Refusal.PHONE_DAY_CAP, tomorrow_at)
    if so_far.from_network_last_hour >= CODES_PER_NETWORK_HOUR_MAX:
        return Refused(Refusal.NETWORK_HOUR_CAP, now + timedelta(hours=1))
    if so_far.by_site_today >= site_per_day_max:
        return Refused(Refusal.SITE_DAY_CAP, tomorrow_at)
    return None


def code_lives(sent_at: datetime, tries: int, used_at: datetime | None, now: datetime) -> bool:
    """Whether a code may still be tried: unused, not burnt, within its life (which excludes its end)."""
    return used_at is None and tries < CODE_TRIES_MAX and sent_at <= now < sent_at + CODE_LIFE


def let_in(guard: Guard | None, now: datetime, failures_max: int) -> Guard | None:
    """The guard after another attempt is let in, counted as failed until it succeeds; None while locked.

    Failures are forgotten SIGN_IN_LOCK after the last one, which is also how long a lock lasts.
    """
    if guard is not None and guard.locked_until is not None and now < guard.locked_until:
        return None
    fresh = guard is not None and guard.locked_until is None and now < guard.last_at + SIGN_IN_LOCK
    failures = 1 + (guard.failures if guard is not None and fresh else 0)
    return Guard(failures, now, now + SIGN_IN_LOCK if failures >= failures_max else None)
