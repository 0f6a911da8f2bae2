"""Which way out the site takes."""

from kepu.messages import writes
from kepu.messages.ways import HttpGateway, Nowhere, Outbox


def test_the_outbox_is_for_development_alone(settings):
    settings.KEPU_SMS_GATEWAY_URL = ""
    settings.KEPU_DEVELOPMENT = True
    assert isinstance(writes._way(), Outbox)
    settings.KEPU_DEVELOPMENT = False
    assert isinstance(writes._way(), Nowhere)


def test_a_gateway_is_used_when_one_is_set(settings):
    settings.KEPU_SMS_GATEWAY_URL = "https://sms.example/send"
    settings.KEPU_SMS_GATEWAY_TOKEN = "t"
    assert writes._way() == HttpGateway("https://sms.example/send", "t")
