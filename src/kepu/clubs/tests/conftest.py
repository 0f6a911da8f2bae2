"""What this room's tests may ask for."""

import pytest

from kepu.clubs.tests import scene
from kepu.standings.tests import town


@pytest.fixture
def club(db: None) -> tuple[int, list[int]]:
    """An open club and three of its members, of whom the first founded it."""
    scene.build()
    people = town.enrol(3)
    number = scene.open_one(people[0])
    scene.join(number, *people[1:])
    return number, people
