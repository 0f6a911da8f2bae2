"""The worker deletes what was kept long enough, as the privacy notice promises."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import DatabaseError
from structlog.testing import capture_logs

from kepu.config.command import work
from kepu.kit import clock
from kepu.people.models import SmsCode


def kept(age: timedelta) -> None:
    """A code of that age."""
    SmsCode.objects.create(
        phone_index="x", purpose="sign_in", digest=b"", network="192.0.2.7", sent_at=clock.now() - age
    )


@pytest.mark.django_db
def test_catching_up_forgets_what_is_old():
    kept(timedelta(days=8))
    kept(timedelta(days=6))
    assert CliRunner().invoke(work.command, ["--once"]).exit_code == 0
    assert SmsCode.objects.count() == 1


def test_it_is_done_at_once_and_then_once_in_a_while(monkeypatch):
    now, done = [0.0], []
    monkeypatch.setattr(work.time, "monotonic", lambda: now[0])
    forgetting = work.Every(3600, lambda: done.append(now[0]))
    for now[0] in (0, 1, 3599, 3600, 3601, 7300):
        forgetting.when_due()
    assert done == [0, 3600, 7300]


@pytest.mark.django_db
@pytest.mark.parametrize("error", [AssertionError, KeyError, DatabaseError])
def test_a_step_that_raises_stops_no_other(monkeypatch, error):
    done = []

    def fail(_now):
        raise error("here")

    steps = {
        "first": lambda _now: done.append("first"),
        "broken": fail,
        "last": lambda _now: done.append("last"),
    }
    monkeypatch.setattr(work, "MINUTELY", steps)
    with capture_logs() as logs:
        assert CliRunner().invoke(work.command, ["--once"]).exit_code == 1
    assert done == ["first", "last"]
    assert [each["step"] for each in logs if each["event"] == "step_failed"] == ["broken"]


@pytest.mark.django_db
def test_following_that_fails_leaves_time_for_the_rest(monkeypatch):
    def fail(_wait):
        raise AssertionError

    monkeypatch.setattr(work.standings, "keep_up", fail)
    with capture_logs() as logs:
        assert not work._kept_up(lambda _seconds: False)
    assert [each["event"] for each in logs] == ["follow_failed"]
    monkeypatch.setattr(work.standings, "keep_up", lambda _wait: None)
    assert work._kept_up(lambda _seconds: True)
