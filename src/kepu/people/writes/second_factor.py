"""The authenticator of a member of staff (TOTP, RFC 6238): set up, proved, taken off."""

import base64
import secrets
from collections.abc import Callable
from datetime import datetime
from enum import Enum

from django.conf import settings
from django.db import transaction
from django_otp.oath import TOTP

from kepu.kit import crypto
from kepu.people.models import RecoveryCode, SecondFactor, SignInGuard
from kepu.people.reads.staff_sessions import unsealed_key
from kepu.people.rules import Refusal, Refused, code_of
from kepu.people.rules.second_factor import (
    FACTOR_FAILURES_MAX,
    KEY_BYTES,
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    RECOVERY_LETTERS,
    SKEW_STEPS,
    STEP_SECONDS,
    recovery_of,
)
from kepu.people.writes.sign_in import count_attempt
from kepu.people.writes.staff_sessions import end_staff_sessions


class Proof(Enum):
    """What the second factor was proved by."""

    CODE = "code"
    RECOVERY_CODE = "recovery_code"


def _nothing(*_about: Proof) -> None:
    """Nothing more is done."""


@transaction.atomic
def begin_second_factor(account: int) -> str:
    """The key (base32) a member of staff puts into an authenticator; the same until it is confirmed."""
    row, _ = SecondFactor.objects.select_for_update().get_or_create(account_id=account)
    key = unsealed_key(row.next_key_sealed, account)
    if key is None:
        key = secrets.token_bytes(KEY_BYTES)
        row.next_key_sealed = _sealed(key, account)
        row.save(update_fields=["next_key_sealed"])
    return base64.b32encode(key).decode()


def confirm_second_factor(
    account: int, code: str, present: str, now: datetime, then: Callable[[], None] = _nothing
) -> tuple[str, ...] | Refused:
    """The key begun is the account's second factor; its recovery codes, to be shown this once.

    Where there is one already, `present` (a code of it, or a recovery code) must be right as well. Refused:
    FACTOR_WRONG, FACTOR_LOCKED. Call it outside any transaction: attempts count even when they fail. `then`
    is done in the transaction of the change: neither stands without the other.
    """
    locked = _counted(account, now)
    if locked is not None:
        return locked
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().filter(account=account).first()
        key = unsealed_key(row.next_key_sealed, account) if row is not None else None
        step = _step_of(key, code, now, 0) if key is not None else None
        if row is None or step is None or (row.confirmed_at and _proof(row, present, now) is None):
            return Refused(Refusal.FACTOR_WRONG)
        row.key_sealed, row.next_key_sealed = row.next_key_sealed, None
        row.last_step, row.confirmed_at = step, now
        row.save()
        codes = _new_recovery_codes(account)
        then()
    _forgive(account)
    return codes


def prove_second_factor(
    account: int, typed: str, now: datetime, then: Callable[[Proof], None] = _nothing
) -> Proof | Refused:
    """The code, or a recovery code, is right, and is worth nothing from now on; FACTOR_WRONG, FACTOR_LOCKED.

    Call it outside any transaction: attempts count even when they fail. `then` is done in the transaction
    that spends the code.
    """
    locked = _counted(account, now)
    if locked is not None:
        return locked
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().filter(account=account).first()
        proof = _proof(row, typed, now) if row is not None and row.confirmed_at else None
        if proof is None:
            return Refused(Refusal.FACTOR_WRONG)
        then(proof)
    _forgive(account)
    return proof


@transaction.atomic
def reset_second_factor(account: int, now: datetime) -> bool:
    """The account has no second factor and no session: the next sign-in sets one up. False: had none."""
    gone, _ = SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).delete()
    RecoveryCode.objects.filter(account=account).delete()
    SignInGuard.objects.filter(subject=_subject(account)).delete()
    end_staff_sessions(account, now)
    return bool(gone)


def _proof(row: SecondFactor, typed: str, now: datetime) -> Proof | None:
    """What `typed` proves, spent by that; `row` is locked."""
    key = unsealed_key(row.key_sealed, row.account_id)
    step = _step_of(key, typed, now, row.last_step) if key is not None else None
    if step is not None:
        row.last_step = step
        row.save(update_fields=["last_step"])
        return Proof.CODE
    bare = recovery_of(typed)
    if bare is None:
        return None
    mine = RecoveryCode.objects.filter(
        account=row.account_id, digest=_recovery_digest(row.account_id, bare), used_at=None
    )
    return Proof.RECOVERY_CODE if mine.update(used_at=now) else None


def _step_of(key: bytes, typed: str, now: datetime, last_step: int) -> int | None:
    """The time step whose code that is, later than `last_step` and at most SKEW_STEPS from now; else None."""
    code = code_of(typed)
    if code is None:
        return None
    clock = TOTP(key, step=STEP_SECONDS)
    clock.time = now.timestamp()
    right = clock.verify(int(code), tolerance=SKEW_STEPS, min_t=last_step + 1)
    return int(clock.t()) if right else None


def _new_recovery_codes(account: int) -> tuple[str, ...]:
    RecoveryCode.objects.filter(account=account).delete()
    codes = [
        "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account_id=account, digest=_recovery_digest(account, code)) for code in codes
    )
    half = RECOVERY_LENGTH // 2
    return tuple(f"{code[:half]}-{code[half:]}" for code in codes)


def _recovery_digest(account: int, code: str) -> str:
    return crypto.blind_index(settings.KEPU_KEYS.session, f"recovery code of {account}: {code}").hex()


def _sealed(key: bytes, account: int) -> bytes:
    text = base64.b32encode(key).decode()
    return crypto.seal(settings.KEPU_KEYS.phone_cipher, text, bound_to=f"second factor:{account}")


def _counted(account: int, now: datetime) -> Refused | None:
    locked = count_attempt({_subject(account): FACTOR_FAILURES_MAX}, now)
    return Refused(Refusal.FACTOR_LOCKED, locked.retry_at) if locked is not None else None


def _forgive(account: int) -> None:
    SignInGuard.objects.filter(subject=_subject(account)).delete()


def _subject(account: int) -> str:
    return f"factor:{account}"
