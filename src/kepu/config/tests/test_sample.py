"""The sample stays off a site whose text messages reach real phones, and is loaded once."""

import pytest
from click.testing import CliRunner

from kepu.config import sample_site
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


@pytest.fixture
def loaded(settings, tmp_path, monkeypatch) -> list[tuple[int, int]]:
    """Every loading of the sample into an empty data folder, which only leaves a database file behind."""
    settings.HOME, settings.DATABASE_URL = tmp_path, ""
    times: list[tuple[int, int]] = []

    def load(communicators: int, seed: int) -> None:
        times.append((communicators, seed))
        (tmp_path / "kepu.sqlite3").touch()

    monkeypatch.setattr(sample_site, "load", load)
    return times


def test_a_site_this_version_prepared_is_left_at_once(loaded, tmp_path):
    for _time in range(2):
        assert CliRunner().invoke(command, ["--communicators", "9"]).exit_code == 0
    assert loaded == [(9, 7)]


def test_a_site_another_version_prepared_is_looked_at_again(loaded, tmp_path):
    CliRunner().invoke(command, [])
    (tmp_path / "sample.version").write_text("an earlier one")
    CliRunner().invoke(command, [])
    (tmp_path / "kepu.sqlite3").unlink()
    CliRunner().invoke(command, [])
    assert len(loaded) == 3


def test_a_site_on_postgresql_is_always_looked_at(loaded, settings):
    settings.DATABASE_URL = "postgresql:///somewhere"
    for _time in range(2):
        CliRunner().invoke(command, [])
    assert len(loaded) == 2
