"""The sample stays off a site whose text messages reach real phones."""

import pytest
from click.testing import CliRunner

from kepu.config.command.sample import command
from kepu.people import reads
from kepu.regions import reads as regions


@pytest.mark.django_db
def test_no_invented_officer_on_a_site_with_a_gateway(settings):
    settings.KEPU_SMS_GATEWAY_URL, settings.KEPU_DEVELOPMENT = "https://sms.example/send", False
    refused = CliRunner().invoke(command, [])
    assert refused.exit_code == 1
    assert "KEPU_SMS_GATEWAY_URL" in refused.output
    assert reads.staff() == []
    assert not regions.is_whole()
