"""Which way out the site takes."""

from kepu.messages import writes
from kepu.messages.ways import HttpGateway, Outbox


def test_the_outbox_is_the_default(settings):
    settings.KEPU_SMS_GATEWAY_URL = ""
    assert isinstance(writes._way(), Outbox)


def test_a_gateway_is_used_when_one_is_set(settings):
    settings.KEPU_SMS_GATEWAY_URL = "https://sms.example/send"
    settings.KEPU_SMS_GATEWAY_TOKEN = "t"
    assert writes._way() == HttpGateway("https://sms.example/send", "t")
