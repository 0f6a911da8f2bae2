"""The crowd of the benchmark leaves every table of the follower as a follower that starts over leaves it."""

from datetime import date

import pytest

from kepu.config.bench import crowd
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.standings import writes as standings
from kepu.standings.models import ActivePerson, Score, UnitCount
from kepu.standings.tests import town
from kepu.standings.tests.test_follow import table

pytestmark = pytest.mark.django_db


def kept():
    """Everything the follower keeps, ids left out, that a crowd fills."""
    counts = UnitCount.objects.order_by("span", "unit").values_list(
        "campaign", "span", "county", "town", "unit", "shares", "opens", "reads", "volume", "active"
    )
    active = ActivePerson.objects.order_by("span", "person").values_list(
        "campaign", "span", "person", "acts", "reached_ms", "town", "county", "unit"
    )
    return list(counts), list(active)


def test_a_crowd_is_what_a_follower_would_make_of_its_entries():
    published = town.build()
    standings.follow()
    whole = crowd.Crowd(published, 30, 2_000, date(2021, 7, 20))
    crowd.enrol(whole, clock.start_of(date(2021, 7, 20)))
    assert list(crowd.fill(whole))[-1] == 2_000
    crowd.follow(whole)
    counts, boards = kept(), table()
    assert Score.objects.exists()
    standings.rebuild()
    assert kept() == counts
    assert table() == boards
    assert ledger.tallies_off() == 0
    assert ledger.lots_off() == 0
