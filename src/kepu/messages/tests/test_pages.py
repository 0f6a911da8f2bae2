"""The outbox page exists for developers only."""

from datetime import UTC, datetime

import pytest

from kepu.messages.writes import send_sms

NOW = datetime(2021, 7, 1, 8, tzinfo=UTC)


@pytest.fixture
def message(db, settings):
    settings.KEPU_DEVELOPMENT = True
    send_sms("13812341234", "验证码 042137 <b>", NOW)


def test_no_outbox_on_a_real_site(client, message, settings):
    settings.KEPU_DEVELOPMENT = False
    assert client.get("/outbox/").status_code == 404


def test_the_outbox_shows_the_text_and_a_masked_number(client, message, settings, django_assert_num_queries):
    settings.KEPU_DEVELOPMENT = True
    with django_assert_num_queries(2):  # one for the tabs: which parts are switched off
        page = client.get("/outbox/").content.decode()
    assert "验证码 042137 &lt;b&gt;" in page
    assert "138****1234" in page
    assert "13812341234" not in page
