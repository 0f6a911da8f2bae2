"""Boards of one club and of a county's clubs: pure counting."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

BOARD_MEMBERS_MIN = 5


class MemberPlace(NamedTuple):
    """A member's place in the club; equal volumes share a rank (1, 2, 2, 4)."""

    account: int
    volume: int
    rank: int


class ClubCount(NamedTuple):
    """What a club's members did this month, all together."""

    club: int
    members: int
    volume: int


class ClubPlace(NamedTuple):
    """A club's place among those of its county, by volume a member in hundredths."""

    club: int
    members: int
    volume: int
    hundredths: int
    rank: int


def member_places(volumes: Mapping[int, int]) -> list[MemberPlace]:
    """Whoever has any volume, the largest first, equal ones by account: no list of who did nothing."""
    counted = ((account, volume) for account, volume in volumes.items() if volume > 0)
    rows = sorted(counted, key=lambda row: (-row[1], row[0]))
    ranks = _shared_ranks([volume for _account, volume in rows])
    return [MemberPlace(account, volume, rank) for (account, volume), rank in zip(rows, ranks, strict=True)]


def club_places(counts: Iterable[ClubCount]) -> list[ClubPlace]:
    """Clubs by volume a member, so that a large club is not first for being large.

    Clubs of fewer than BOARD_MEMBERS_MIN members have no place: one busy person would be the best club. Nor
    have those without any volume.
    """
    placed = [each for each in counts if each.members >= BOARD_MEMBERS_MIN and each.volume > 0]
    rows = sorted(
        ((each.volume * 100 // each.members, each) for each in placed), key=lambda row: (-row[0], row[1].club)
    )
    ranks = _shared_ranks([hundredths for hundredths, _ in rows])
    return [
        ClubPlace(each.club, each.members, each.volume, hundredths, rank)
        for (hundredths, each), rank in zip(rows, ranks, strict=True)
    ]


def _shared_ranks(falling: list[int]) -> list[int]:
    ranks: list[int] = []
    for place, value in enumerate(falling, start=1):
        ranks.append(ranks[-1] if place > 1 and falling[place - 2] == value else place)
    return ranks
