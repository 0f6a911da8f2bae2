"""Sending."""

from datetime import datetime

from django.conf import settings

from kepu.messages.rules import Failed, Sent, SmsWay
from kepu.messages.ways import HttpGateway, Outbox


def send_sms(phone: str, text: str, now: datetime) -> Sent | Failed:
    """The message goes out the way the site has chosen: the gateway when one is set, else the outbox.

    May take as long as the gateway's time-out: call it outside any transaction.
    """
    return _way().send(phone, text, now)


def _way() -> SmsWay:
    if settings.KEPU_SMS_GATEWAY_URL:
        return HttpGateway(settings.KEPU_SMS_GATEWAY_URL, settings.KEPU_SMS_GATEWAY_TOKEN)
    return Outbox()
