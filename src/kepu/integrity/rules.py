"""When likes look arranged, and who may say what comes of it. A signal is no verdict: people decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from hashlib import sha256
from typing import NamedTuple

from kepu.ledger.rules import Entry

WHY_CHARS_MAX = 200
DAY_MS = 86_400_000


class SignalKind(IntEnum):
    """What was noticed."""

    MUTUAL_LIKES = 1


class SignalState(StrEnum):
    """What became of a signal."""

    OPEN = "open"
    HARMLESS = "harmless"
    NOT_COUNTED = "not_counted"


class Refusal(StrEnum):
    """Why nothing was decided."""

    UNKNOWN = "unknown"
    DECIDED = "decided"
    GREW = "grew"
    OWN_CASE = "own_case"
    WHY_MISSING = "why_missing"
    WHY_TOO_LONG = "why_too_long"


@dataclass(frozen=True, slots=True)
class PairRule:
    """Two people raise a signal when each liked the other so often within so many days."""

    each_way_min: int = 10
    days: int = 7

    def __post_init__(self) -> None:
        assert self.each_way_min > 0
        assert self.days > 0


RULE = PairRule()


class Like(NamedTuple):
    """One like between two people, `low` the smaller number; `by_low`: that one gave it."""

    at_ms: int
    book: int
    seq: int
    by_low: bool


class Pair(NamedTuple):
    """Two people, the smaller number first."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer says of a signal: `seen` is the `digest_of` the likes that were on the page."""

    becomes: SignalState
    why: str
    seen: str


def is_between_two(liked: Entry) -> bool:
    """Whether a like received names somebody else as the one who gave it."""
    return liked.author not in (0, liked.person)


def pair_of(liked: Entry) -> Pair:
    """The two people of a like received."""
    return Pair(min(liked.person, liked.author), max(liked.person, liked.author))


def arranged(likes: Sequence[Like], rule: PairRule) -> frozenset[tuple[int, int]]:
    """The (book, seq) of those likes between two people on which a signal rests.

    They are the likes of every span of `rule.days` days in which each of the two liked the other
    `rule.each_way_min` times. The order of the likes does not matter; one more never takes one away.
    """
    ordered = sorted(likes)
    given = {True: 0, False: 0}
    found: set[tuple[int, int]] = set()
    end = taken = 0
    for start, first in enumerate(ordered):
        while end < len(ordered) and ordered[end].at_ms < first.at_ms + rule.days * DAY_MS:
            given[ordered[end].by_low] += 1
            end += 1
        if min(given.values()) >= rule.each_way_min:
            found |= {(each.book, each.seq) for each in ordered[max(start, taken) : end]}
            taken = end
        given[first.by_low] -= 1
    return frozenset(found)


def digest_of(places: Iterable[tuple[int, int]]) -> str:
    """A short name for exactly these likes, by their (book, seq) in any order."""
    said = " ".join(f"{book}/{seq}" for book, seq in sorted(places))
    return sha256(said.encode()).hexdigest()[:32]


def shared_division(one: int, other: int) -> str:
    """The smallest division that holds both of two (as entries name them); "" is the whole site."""
    left, right = str(one), str(other)
    for digits in (9, 6, 4, 2):
        if len(left) >= digits and left[:digits] == right[:digits]:
            return left[:digits]
    return ""


def judge_decision(
    decision: Decision, state: SignalState, people: Pair, likes: str, hands: frozenset[int]
) -> Refusal | None:
    """Why this decision does not stand, None when it does.

    `likes`: the `digest_of` what it rests on now. `hands` are the accounts of the officer: nobody decides on
    themself, nor on what they have not seen.
    """
    assert decision.becomes is not SignalState.OPEN
    if hands & set(people):
        return Refusal.OWN_CASE
    if state is not SignalState.OPEN:
        return Refusal.DECIDED
    if decision.seen != likes:
        return Refusal.GREW
    if not decision.why:
        return Refusal.WHY_MISSING
    return Refusal.WHY_TOO_LONG if len(decision.why) > WHY_CHARS_MAX else None
