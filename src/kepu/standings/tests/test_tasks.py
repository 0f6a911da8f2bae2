"""The worker's loop."""

import pytest

from kepu.people.models import Communicator
from kepu.standings import tasks
from kepu.standings.models import Score
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db


def test_it_follows_what_comes_and_hides_who_was_revoked():
    town.build()
    gone, stays = town.enrol(2)
    turns = iter(
        [
            lambda: town.share(gone, 2),
            lambda: town.share(stays, 1),
            lambda: Communicator.objects.filter(pk=gone).update(revoked_at=town.JANUARY),
            lambda: None,
            lambda: None,
        ]
    )
    waits = []

    def wait(seconds):
        waits.append(seconds)
        turn = next(turns, None)
        if turn is not None:
            turn()
        return turn is None

    tasks.keep_up(wait)
    assert waits == [tasks.IDLE_SECONDS, 0, 0, tasks.IDLE_SECONDS, tasks.IDLE_SECONDS, tasks.IDLE_SECONDS]
    shown = dict(Score.objects.filter(window__name="all").values_list("person", "shown"))
    assert shown == {gone: False, stays: True}


def test_catching_up_follows_everything():
    town.build()
    for person in town.enrol(3):
        town.share(person, 2)
    assert tasks.catch_up() == 6
    assert tasks.catch_up() == 0
