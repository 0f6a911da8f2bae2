"""Coming in and going out: sign-up, sign-in by password or code, new passwords, sign-out everywhere."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from kepu.people.accounts import index_of, sealed_phone
from kepu.people.models import Account, SignInGuard
from kepu.people.notice import EDITION
from kepu.people.rules import (
    PASSWORD_LENGTH_MAX,
    SIGN_IN_FAILURES_MAX,
    SIGN_IN_FAILURES_PER_NETWORK_MAX,
    Guard,
    Refusal,
    Refused,
    Session,
    SignedIn,
    SmsPurpose,
    let_in,
    phone_of,
    session_token,
)
from kepu.people.writes.codes import spend_code
from kepu.people.writes.turns import in_turn


@in_turn
def sign_up(phone: str, code: str, password: str, *, agreed: bool, now: datetime) -> SignedIn | Refused:
    """A new account that agreed to the present privacy notice is signed in, or why not.

    A number that is registered already answers CODE_SPENT or CODE_WRONG, as any wrong code does: it was
    sent no code for this purpose. The password is looked at before the code is tried.
    """
    number = phone_of(phone)
    if number is None:
        return Refused(Refusal.PHONE_WRONG)
    if not agreed:
        return Refused(Refusal.NOT_AGREED)
    if not is_strong(password):
        return Refused(Refusal.PASSWORD_WEAK)
    refusal = spend_code(number, SmsPurpose.SIGN_UP, code, now)
    if refusal is not None:
        return Refused(refusal)
    account = Account(
        phone_sealed=sealed_phone(number),
        phone_index=index_of(number),
        password=make_password(password),
        book=int(settings.KEPU_DIVISION),
        agreed_at=now,
        agreed_notice=EDITION,
        created_at=now,
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:  # enrolled by the association between the text and this moment
        return Refused(Refusal.CODE_SPENT)
    return _signed_in(account, now)


@in_turn
def sign_in_with_password(phone: str, password: str, network: str, now: datetime) -> SignedIn | Refused:
    """The account is signed in, or SIGN_IN_WRONG, or LOCKED after too many failures.

    An unknown number costs the same hashing and locks the same way. Every attempt is counted before the
    password is looked at and given back when it was right, so attempts made at once are not more.
    """
    number = phone_of(phone)
    if number is None:
        return Refused(Refusal.PHONE_WRONG)
    by_phone, by_network = f"phone:{index_of(number)}", f"network:{network}"
    limits = {by_network: SIGN_IN_FAILURES_PER_NETWORK_MAX, by_phone: SIGN_IN_FAILURES_MAX}
    locked = count_attempt(limits, now)
    if locked is not None:
        return locked
    account = Account.objects.filter(phone_index=index_of(number), is_active=True).first()
    right = _verified(password, account.password if account is not None else "!")
    if account is None or not right:
        return Refused(Refusal.SIGN_IN_WRONG)
    SignInGuard.objects.filter(subject=by_phone).delete()
    SignInGuard.objects.filter(subject=by_network, failures__gt=0).update(
        failures=F("failures") - 1, locked_until=None
    )
    return _signed_in(account, now)


def sign_in_with_code(phone: str, code: str, now: datetime) -> SignedIn | Refused:
    """The account is signed in and its lock lifted, or CODE_WRONG, or CODE_SPENT."""
    account = _proved_by_code(phone, SmsPurpose.SIGN_IN, code, now)
    return account if isinstance(account, Refused) else _signed_in(account, now)


@in_turn
def reset_password(phone: str, code: str, password: str, now: datetime) -> SignedIn | Refused:
    """A forgotten password is replaced by the phone's owner; every other session of the account ends."""
    if not is_strong(password):
        return Refused(Refusal.PASSWORD_WEAK)
    account = _proved_by_code(phone, SmsPurpose.NEW_PASSWORD, code, now)
    return account if isinstance(account, Refused) else _with_new_password(account, password, now)


@in_turn
def change_password(account: int, present: str, password: str, now: datetime) -> SignedIn | Refused:
    """The password is another and every other session ends; SIGN_IN_WRONG or LOCKED as at sign-in."""
    if not is_strong(password):
        return Refused(Refusal.PASSWORD_WEAK)
    row = Account.objects.get(pk=account)
    refused = prove_password(row, present, now)
    return _with_new_password(row, password, now) if refused is None else refused


@in_turn
def prove_password(account: Account, password: str, now: datetime) -> Refused | None:
    """None when the password is the account's; SIGN_IN_WRONG or LOCKED as at sign-in, where it counts too."""
    subject = f"phone:{account.phone_index}"
    locked = count_attempt({subject: SIGN_IN_FAILURES_MAX}, now)
    if locked is not None:
        return locked
    if not _verified(password, account.password):
        return Refused(Refusal.SIGN_IN_WRONG)
    SignInGuard.objects.filter(subject=subject).delete()
    return None


def sign_out_everywhere(account: int, now: datetime) -> None:
    """No session issued before `now` opens the account any more. One query."""
    assert now.tzinfo is not None
    Account.objects.filter(pk=account).update(session_version=F("session_version") + 1)


def is_strong(password: str) -> bool:
    """Whether the site accepts this as a new password (settings.AUTH_PASSWORD_VALIDATORS)."""
    if len(password) > PASSWORD_LENGTH_MAX:
        return False
    try:
        validate_password(password)
    except ValidationError:
        return False
    return True


@transaction.atomic(durable=True)
def count_attempt(limits: dict[str, int], now: datetime) -> Refused | None:
    """None when the attempt is let in, already counted as failed against each subject; else LOCKED.

    `limits` are the failures allowed by subject. Two queries for each, more when one is first seen.
    """
    for subject, failures_max in limits.items():
        row = _guard(subject, now)
        after = let_in(Guard(row.failures, row.last_at, row.locked_until), now, failures_max)
        if after is None:
            return Refused(Refusal.LOCKED, row.locked_until)
        row.failures, row.last_at, row.locked_until = after.failures, after.last_at, after.locked_until
        row.save(update_fields=["failures", "last_at", "locked_until"])
    return None


def _guard(subject: str, now: datetime) -> SignInGuard:
    """The subject's row, locked; made when there is none or a right sign-in took it away."""
    while True:
        found: SignInGuard | None = SignInGuard.objects.select_for_update().filter(subject=subject).first()
        if found is not None:
            return found
        first = SignInGuard(subject=subject, failures=0, last_at=now)
        SignInGuard.objects.bulk_create([first], ignore_conflicts=True)


def _verified(password: str, encoded: str) -> bool:
    """Whether the password is right; an unusable one ("!") costs the same hashing and is always wrong."""
    return check_password(password[: PASSWORD_LENGTH_MAX + 1], encoded)


def _proved_by_code(phone: str, purpose: SmsPurpose, code: str, now: datetime) -> Account | Refused:
    number = phone_of(phone)
    if number is None:
        return Refused(Refusal.PHONE_WRONG)
    refusal = spend_code(number, purpose, code, now)
    if refusal is not None:
        return Refused(refusal)
    account: Account | None = Account.objects.filter(phone_index=index_of(number), is_active=True).first()
    if account is None:  # closed between the text and this moment
        return Refused(Refusal.CODE_SPENT)
    SignInGuard.objects.filter(subject=f"phone:{account.phone_index}").delete()
    return account


def _with_new_password(account: Account, password: str, now: datetime) -> SignedIn:
    account.password = make_password(password)
    account.session_version = F("session_version") + 1
    account.save(update_fields=["password", "session_version"])
    account.refresh_from_db(fields=["session_version"])
    return _signed_in(account, now)


def _signed_in(account: Account, now: datetime) -> SignedIn:
    session = Session(account.pk, account.session_version, int(now.timestamp()))
    return SignedIn(account.pk, session_token(settings.KEPU_KEYS.session, session))
