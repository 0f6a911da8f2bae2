"""Boards held against the ledger."""

import json
from collections.abc import Iterator

from kepu.ledger import reads as ledger
from kepu.ledger.reads.state import one_state
from kepu.standings.models import Cursor, FollowedCampaign, Score, Window
from kepu.standings.rules import days_of, is_day


def scores_off() -> int | None:
    """How many scores of campaigns, rounds and months differ from the ledger; None while it is not followed
    to its end, for then they must differ.

    All in one state of the database. Four queries and two a window; each window's people are held at once.
    """
    with one_state():
        reached = dict(Cursor.objects.values_list("book", "seq"))
        if any(reached.get(head.book, 0) < head.seq for head in ledger.heads()):
            return None
        return sum(_differing(*each) for each in _days_of_windows())


def _differing(window: int, campaign: int, first: int, last: int) -> int:
    counted = {row.person: row.volume for row in ledger.volumes(campaign, first, last) if row.volume}
    scores = Score.objects.filter(window=window).exclude(volume=0)
    held = dict(scores.values_list("person", "volume"))
    return sum(held.get(person) != counted.get(person) for person in held.keys() | counted.keys())


def _days_of_windows() -> Iterator[tuple[int, int, int, int]]:
    """(window, campaign, first day, last day) of each; boards of single days come and go: not those."""
    rounds = {row.campaign: json.loads(row.rounds)[1] for row in FollowedCampaign.objects.all()}
    for row in Window.objects.order_by("pk"):
        if row.campaign in rounds and not is_day(row.name):
            yield row.pk, row.campaign, *days_of(row.name, rounds[row.campaign])
