"""Likes between people, as clubs enter them: what tests of signals stand on."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count

from kepu.campaigns.rules import Kind
from kepu.integrity.models import LikeRow, Signal
from kepu.kit import clock
from kepu.ledger.rules import Act, Channel, Receipt
from kepu.standings.tests import town

MORNING = clock.start_of(date(2021, 3, 5)) + timedelta(hours=9)
_numbers = count(1)


def post(author: int, at: datetime = MORNING) -> Receipt:
    """The receipt of a new post in a club."""
    return town.record([town.act(author, at, Kind.CLUB_POST)])[0]


def like_acts(of: Receipt, author: int, giver: int, at: datetime) -> list[Act]:
    """What one like of a post enters: the giver's act, then what the author received."""
    number = next(_numbers)
    event = [b"like" + number.to_bytes(12, "big"), b"liked" + number.to_bytes(11, "big")]
    given = Act(giver, event[0], Kind.LIKE, 0, Channel.PAGE, clock.milliseconds(at), of.book, of.seq)
    return [given, given._replace(person=author, event_id=event[1], kind=Kind.LIKED, author=giver)]


def likes(author: int, giver: int, times: int, at: datetime = MORNING, apart: int = 60) -> list[Receipt]:
    """`giver` likes so many posts of `author`, so many seconds apart; the receipts of what was received."""
    acts: list[Act] = []
    for number in range(times):
        moment = at + timedelta(seconds=apart * number)
        acts += like_acts(post(author, moment), author, giver, moment)
    receipts = town.record(acts) if acts else []
    return receipts[1::2]


def each_other(one: int, other: int, times: int, at: datetime = MORNING) -> None:
    """Two people like each other so many times."""
    likes(one, other, times, at)
    likes(other, one, times, at)


def standing() -> list[tuple[object, ...]]:
    """Every signal with the likes it rests on, numbers of rows left out: what must come out the same."""
    found = []
    for row in Signal.objects.order_by("low", "high", "state", "first_ms"):
        places: Sequence[tuple[int, int]] = sorted(
            LikeRow.objects.filter(signal=row).values_list("book", "seq", "taken_back")
        )
        fields = (
            "low",
            "high",
            "state",
            "division",
            "low_gave",
            "high_gave",
            "points",
            "first_ms",
            "last_ms",
        )
        found.append((*(getattr(row, name) for name in fields), tuple(places)))
    return found
