"""Codes by text message: sent within limits, tried five times at most, used once."""

import os
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kepu.kit import clock, crypto
from kepu.messages.rules import Failed
from kepu.messages.writes import send_sms
from kepu.people.accounts import index_of
from kepu.people.models import Account, SmsCode, SmsDay
from kepu.people.rules import (
    CODE_LIFE,
    CODE_PAUSE,
    CodeSent,
    Refusal,
    Refused,
    SentSoFar,
    SmsPurpose,
    code_lives,
    code_of,
    may_send,
    phone_of,
)


def send_code(phone: str, purpose: SmsPurpose, network: str, now: datetime) -> CodeSent | Refused:
    """A text is on its way to `phone`, or why none is: PHONE_WRONG, TOO_SOON, a cap, NOT_SENT.

    The answer, the queries and the number of texts are the same whether or not the number is registered:
    a phone the purpose does not fit gets a text that says so instead of a code. A text that could not be
    handed over still counts, for it may have arrived. Seven queries; call it outside any transaction.
    """
    number = phone_of(phone)
    if number is None:
        return Refused(Refusal.PHONE_WRONG)
    code = f"{secrets.randbelow(1_000_000):06}"
    is_active = _is_active(number)
    fits = _fits(is_active, purpose)
    refused = _reserve(number, purpose, network, now, code if fits else None)
    if refused is not None:
        return refused
    text = _text_with_code(purpose, code) if fits else _text_without_code(is_active)
    if isinstance(send_sms(number, text, now), Failed):
        return Refused(Refusal.NOT_SENT, now + CODE_PAUSE)
    return CodeSent(again_at=now + CODE_PAUSE, lives_until=now + CODE_LIFE)


def spend_code(phone: str, purpose: SmsPurpose, code: str, now: datetime) -> Refusal | None:
    """None when `code` is the newest one sent to `phone` (11 digits) for `purpose`; it is used then.

    CODE_WRONG counts a try; CODE_SPENT when there is none to try. The row is locked from the count to
    the verdict, so guesses made at once are still five at most. Three queries.
    """
    typed = code_of(code)
    with transaction.atomic(durable=True):
        newest = (
            SmsCode.objects.select_for_update()
            .filter(phone_index=index_of(phone), purpose=purpose)
            .order_by("-sent_at", "-pk")
            .first()
        )
        if newest is None or not code_lives(newest.sent_at, newest.tries, newest.used_at, now):
            return Refusal.CODE_SPENT
        right = crypto.same(bytes(newest.digest), _digest(phone, purpose, typed or ""))
        newest.tries += 1
        newest.used_at = now if right else None
        newest.save(update_fields=["tries", "used_at"])
    return None if right else Refusal.CODE_WRONG


def _is_active(phone: str) -> bool | None:
    """Whether the account with this number lets anybody in: not once it was merged. None: there is none."""
    return Account.objects.filter(phone_index=index_of(phone)).values_list("is_active", flat=True).first()


def _fits(is_active: bool | None, purpose: SmsPurpose) -> bool:
    if purpose is SmsPurpose.COUNTER:  # the person stands there: registered or not, it is they who confirm
        return is_active is not False
    return is_active is None if purpose is SmsPurpose.SIGN_UP else is_active is True


@transaction.atomic(durable=True)
def _reserve(
    phone: str, purpose: SmsPurpose, network: str, now: datetime, code: str | None
) -> Refused | None:
    """A row for one text is counted, or why there may be none; one at a time for the whole site."""
    today = clock.day_of(now)
    SmsDay.objects.get_or_create(day=today)
    day = SmsDay.objects.select_for_update().get(day=today)
    index = index_of(phone)
    to_phone = SmsCode.objects.filter(phone_index=index)
    last = to_phone.order_by("-sent_at").first()
    so_far = SentSoFar(
        last_to_phone_at=last.sent_at if last else None,
        to_phone_today=to_phone.filter(sent_at__gte=clock.start_of(today)).count(),
        from_network_last_hour=SmsCode.objects.filter(
            network=network, sent_at__gt=now - timedelta(hours=1)
        ).count(),
        by_site_today=day.sent,
    )
    tomorrow_at = clock.start_of(today + timedelta(days=1))
    refused = may_send(so_far, now, tomorrow_at, settings.KEPU_SMS_PER_DAY_MAX)
    if refused is None:
        digest = os.urandom(32) if code is None else _digest(phone, purpose, code)
        SmsCode.objects.create(
            phone_index=index, purpose=purpose, digest=digest, network=network, sent_at=now
        )
        SmsDay.objects.filter(day=today).update(sent=F("sent") + 1)
    return refused


def _digest(phone: str, purpose: SmsPurpose, code: str) -> bytes:
    return crypto.blind_index(settings.KEPU_KEYS.phone_index, f"code:{purpose}:{phone}:{code}")


def _text_with_code(purpose: SmsPurpose, code: str) -> str:
    if purpose is SmsPurpose.CLOSING:
        return _("[Kepu] %(code)s DELETES your account. If you do not want that, tell it to nobody.") % {
            "code": code
        }
    if purpose is SmsPurpose.COUNTER:
        return _(
            "[Kepu] %(code)s confirms that the clerk in front of you enters you as a communicator. "
            "Tell it to nobody else, and not on the telephone."
        ) % {"code": code}
    return _("[Kepu] Your code is %(code)s. It works for 5 minutes. Tell it to nobody.") % {"code": code}


def _text_without_code(is_active: bool | None) -> str:
    if is_active is False:
        return _(
            "[Kepu] Your account with this number is one with your other account. Sign in with its number."
        )
    if is_active:
        return _("[Kepu] Your number is registered already. Sign in by password or by code.")
    return _("[Kepu] Your number is not registered yet. Please sign up first.")
