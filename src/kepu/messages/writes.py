"""Sending, and asking WeChat for what its pages need."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from kepu.kit import crypto
from kepu.messages.models import WechatCredential
from kepu.messages.rules import Failed, Issued, Sent, SmsWay, Trouble, WechatOffice
from kepu.messages.ways import HttpGateway, Nowhere, Outbox
from kepu.messages.wechat import HttpOffice

TOKEN, TICKET = "access_token", "jsapi_ticket"
# A new one is asked for this long before the old one ends; WeChat lets both be used meanwhile.
RENEW_BEFORE = timedelta(minutes=5)
CLAIM = timedelta(seconds=30)


def send_sms(phone: str, text: str, now: datetime) -> Sent | Failed:
    """The message goes out the way the site has chosen: the gateway when one is set.

    Without one it stays in the outbox in development, and goes nowhere (UNREACHABLE) on a real site.

    May take as long as the gateway's time-out: call it outside any transaction.
    """
    return _way().send(phone, text, now)


def wechat_ticket(now: datetime, office: WechatOffice | None = None) -> str | None:
    """The ticket to sign pages with, asked for anew when it ends soon; None where there is none to have.

    One query while it is fresh. Of all processes one asks WeChat at a time, and after a failure nobody for
    CLAIM; the others use the old ticket for as long as it is good. May take as long as two of WeChat's
    time-outs: call it outside any transaction.
    """
    kept = WechatCredential.objects.filter(name=TICKET).first()
    fresh, usable = _value(kept, now + RENEW_BEFORE), _value(kept, now)
    if fresh is not None or not _claimed(TICKET, now):
        return usable
    asked = office or HttpOffice(settings.KEPU_WECHAT_APP_ID, settings.KEPU_WECHAT_SECRET)
    issued = _asked_for_ticket(asked, now)
    if isinstance(issued, Failed):
        return usable
    _keep(TICKET, issued, now)
    return issued.value


def _asked_for_ticket(office: WechatOffice, now: datetime) -> Issued | Failed:
    token = _value(WechatCredential.objects.filter(name=TOKEN).first(), now + RENEW_BEFORE)
    if token is None:
        issued = office.token()
        if isinstance(issued, Failed):
            return issued
        _keep(TOKEN, issued, now)
        token = issued.value
    ticket = office.ticket(token)
    if ticket == Failed(Trouble.REFUSED):
        WechatCredential.objects.filter(name=TOKEN).delete()  # ended early, e.g. by a new secret
    return ticket


def _claimed(name: str, now: datetime) -> bool:
    """Whether this process is the one that asks now."""
    WechatCredential.objects.get_or_create(name=name)
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return bool(WechatCredential.objects.filter(free, name=name).update(claimed_until=now + CLAIM))


def _keep(name: str, issued: Issued, now: datetime) -> None:
    sealed = crypto.seal(settings.KEPU_KEYS.phone_cipher, issued.value, bound_to=_binding(name))
    good_until = now + timedelta(seconds=issued.seconds)
    WechatCredential.objects.update_or_create(
        name=name, defaults={"sealed": sealed, "good_until": good_until}
    )


def _value(kept: WechatCredential | None, at: datetime) -> str | None:
    """What was kept, where it is still good at `at` and of this account."""
    if kept is None or kept.good_until is None or kept.good_until <= at:
        return None
    return crypto.unseal(settings.KEPU_KEYS.phone_cipher, bytes(kept.sealed), bound_to=_binding(kept.name))


def _binding(name: str) -> str:
    """Another account's credentials are none of ours: with a new app id everything is asked for anew."""
    return f"wechat {settings.KEPU_WECHAT_APP_ID} {name}"


def _way() -> SmsWay:
    if settings.KEPU_SMS_GATEWAY_URL:
        return HttpGateway(settings.KEPU_SMS_GATEWAY_URL, settings.KEPU_SMS_GATEWAY_TOKEN)
    return Outbox() if settings.KEPU_DEVELOPMENT else Nowhere()
