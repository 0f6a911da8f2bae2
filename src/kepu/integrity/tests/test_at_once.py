"""An officer decides while the same signal grows: neither loses what the other did."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from kepu.integrity import tasks, writes
from kepu.integrity.models import LikeRow, Signal
from kepu.integrity.reads import seen_of
from kepu.integrity.rules import Decision, Refusal, SignalState
from kepu.integrity.tests.liking import MORNING, each_other
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.standings.tests import town

COUNTY = "430623"


def test_a_decision_made_while_the_signal_grows_is_not_written_over(transactional_db, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    town.build()
    one, other = town.enrol(2)
    each_other(one, other, 12)
    tasks.catch_up()
    officer = land.staff(90, Role.COUNTY_OFFICER, COUNTY)
    number = Signal.objects.get().pk
    not_counted = Decision(SignalState.NOT_COUNTED, "互相刷赞", seen_of(number))
    each_other(one, other, 1, MORNING + timedelta(hours=3))
    real, said = writes._hold, []

    def decide() -> None:
        said.append(writes.decide_signal(number, not_counted, officer, MORNING))
        connection.close()

    deciding = threading.Thread(target=decide)

    def hold(places, signal):
        if deciding.ident is None:
            # The growing signal was read by now; the officer presses the button.
            deciding.start()
            deciding.join(1)
        real(places, signal)

    monkeypatch.setattr(writes, "_hold", hold)
    tasks.catch_up()
    deciding.join(30)
    assert said == [Refusal.GREW], "the officer is asked to look again"
    signal = Signal.objects.get()
    assert (signal.state, signal.low_gave, signal.high_gave, signal.decided_by) == ("open", 13, 13, 0)
    assert LikeRow.objects.filter(signal=signal).count() == 26


def test_what_follows_the_ledger_never_saves_what_was_decided(db):
    assert not {"state", "why", "decided_at", "decided_by", "left"} & set(writes._FOLLOWED)
