"""Boards, one person's place, unit progress; what the back office counts. Every board names its cut-off."""

from kepu.standings.reads import boards
from kepu.standings.reads.boards import (
    NEIGHBOURS,
    MyPlace,
    NextTier,
    Place,
    UnitProgress,
    board,
    cut_off,
    followed_until,
    my_place,
    my_rank,
    name_for_others,
    unit_progress,
    windows,
)
from kepu.standings.reads.ranks import Rank

__all__ = [
    "NEIGHBOURS",
    "MyPlace",
    "NextTier",
    "Place",
    "Rank",
    "UnitProgress",
    "board",
    "boards",
    "cut_off",
    "followed_until",
    "my_place",
    "my_rank",
    "name_for_others",
    "unit_progress",
    "windows",
]
