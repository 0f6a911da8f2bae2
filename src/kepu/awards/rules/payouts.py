"""What may become of money that was won. No Django, clock or randomness.

A line is one award of one person. Its amount never changes and it is never deleted: what happens to it is an
event, and where it stands follows from its events alone (`state_after`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class LineState(StrEnum):
    """Where a payout line stands. `sent_revoked`: on its way when the award was revoked."""

    TO_PAY = "to_pay"
    SENT = "sent"
    FAILED = "failed"
    PAID = "paid"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SENT_REVOKED = "sent_revoked"
    TO_RECOVER = "to_recover"
    RECOVERED = "recovered"


class Event(StrEnum):
    """What can happen to a line. `flag` and `clear` concern the review and leave the state alone."""

    OPEN = "open"
    SEND = "send"
    CONFIRM = "confirm"
    FAIL = "fail"
    RETRY = "retry"
    HAND = "hand"
    RETURN = "return"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"
    RECOVER = "recover"
    FLAG = "flag"
    CLEAR = "clear"


class Review(StrEnum):
    """Whether somebody has to look before the line is paid; `cleared` needs a reason that is kept."""

    NONE = ""
    WAITING = "waiting"
    CLEARED = "cleared"


class Flag(StrEnum):
    """Why a line waits for a review."""

    DEPARTMENTS = "departments"  # a member of 机关、站所: perhaps paid from public funds already
    MANUAL = "manual"


class Unpaid(StrEnum):
    """Why something could not be done with a payout line, a batch or an answer file."""

    UNKNOWN = "unknown"
    NOT_NOW = "not_now"
    REVIEW_FIRST = "review_first"
    REASON_MISSING = "reason_missing"
    NOTHING_TO_SEND = "nothing_to_send"
    APPLIED_BEFORE = "applied_before"
    NO_COLUMNS = "no_columns"
    NOT_FINAL = "not_final"
    STILL_OPEN = "still_open"
    FILE_GONE = "file_gone"
    CHANGED = "changed"


S, E = LineState, Event
# The whole life of a line: whatever is not here cannot happen. A line is sent again only after the carrier
# said that it failed, or after the money came back, so no two payments of one award can be under way.
TRANSITIONS: dict[tuple[LineState, Event], LineState] = {
    (S.TO_PAY, E.SEND): S.SENT,
    (S.TO_PAY, E.HAND): S.PAID,
    (S.TO_PAY, E.WITHDRAW): S.WITHDRAWN,
    (S.TO_PAY, E.REVOKE): S.WITHDRAWN,
    (S.SENT, E.CONFIRM): S.PAID,
    (S.SENT, E.FAIL): S.FAILED,
    (S.SENT, E.REVOKE): S.SENT_REVOKED,
    (S.FAILED, E.RETRY): S.TO_PAY,
    (S.FAILED, E.HAND): S.PAID,
    (S.FAILED, E.WITHDRAW): S.WITHDRAWN,
    (S.FAILED, E.REVOKE): S.WITHDRAWN,
    (S.PAID, E.RETURN): S.RETURNED,
    (S.PAID, E.REVOKE): S.TO_RECOVER,
    (S.RETURNED, E.RETRY): S.TO_PAY,
    (S.RETURNED, E.WITHDRAW): S.WITHDRAWN,
    (S.RETURNED, E.REVOKE): S.WITHDRAWN,
    (S.SENT_REVOKED, E.CONFIRM): S.TO_RECOVER,
    (S.SENT_REVOKED, E.FAIL): S.WITHDRAWN,
    (S.TO_RECOVER, E.RECOVER): S.RECOVERED,
}
PAID_OUT = frozenset({S.PAID, S.TO_RECOVER})
WITHDRAWN = frozenset({S.WITHDRAWN, S.RECOVERED})
OPEN = frozenset(LineState) - PAID_OUT - WITHDRAWN
# Nothing is left to do before the round counts as paid; money to be recovered is followed up on its own.
SETTLED = frozenset({S.PAID, S.RETURNED, S.WITHDRAWN, S.TO_RECOVER, S.RECOVERED})
ON_THE_WAY = frozenset({S.SENT, S.SENT_REVOKED})
REASON_NEEDED = frozenset(
    {E.FAIL, E.RETRY, E.HAND, E.RETURN, E.WITHDRAW, E.REVOKE, E.RECOVER, E.FLAG, E.CLEAR}
)
# What an officer may do by hand to one line; the others come from batches, answers and the round itself.
BY_OFFICER = (E.HAND, E.RETRY, E.RETURN, E.WITHDRAW, E.RECOVER, E.FLAG, E.CLEAR)
_PAYS = frozenset({E.SEND, E.HAND})


@dataclass(frozen=True, slots=True)
class PayList:
    """The list one organ pays from: a round, and the division in which the awards were won."""

    campaign: str
    round: str
    division: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a line stands and whether it waits for a review."""

    state: LineState
    review: Review


def state_after(standing: Standing, event: Event) -> Standing | Unpaid:
    """Where a line stands after an event, or why that cannot happen now."""
    state, review = standing.state, standing.review
    if event is Event.FLAG:
        is_open = state in OPEN and state not in ON_THE_WAY
        return Standing(state, Review.WAITING) if is_open else Unpaid.NOT_NOW
    if event is Event.CLEAR:
        return Standing(state, Review.CLEARED) if review is Review.WAITING else Unpaid.NOT_NOW
    after = TRANSITIONS.get((state, event))
    if after is None:
        return Unpaid.NOT_NOW
    if event in _PAYS and review is Review.WAITING:
        return Unpaid.REVIEW_FIRST
    return Standing(after, review)


def standing_of(events: Iterable[Event], *, is_flagged: bool) -> Standing:
    """Where a line's events have brought it; the first is `open`. One that could not be is a bug."""
    standing = Standing(LineState.TO_PAY, Review.WAITING if is_flagged else Review.NONE)
    for place, event in enumerate(events):
        if place == 0:
            assert event is Event.OPEN
            continue
        after = state_after(standing, event)
        assert isinstance(after, Standing), (standing, event)
        standing = after
    return standing


def possible(standing: Standing) -> tuple[Event, ...]:
    """What an officer may do to a line now."""
    return tuple(event for event in BY_OFFICER if isinstance(state_after(standing, event), Standing))


@dataclass(frozen=True, slots=True)
class Sums:
    """The budget of an award list in yuan, and what has become of it: paid + open + withdrawn == budget."""

    budget: int
    paid: int
    open: int
    withdrawn: int
    to_recover: int


def sums(lines: Iterable[tuple[LineState, int]]) -> Sums:
    """The sums over (state, amount in yuan)."""
    paid = still_open = withdrawn = to_recover = 0
    for state, amount in lines:
        paid += amount if state in PAID_OUT else 0
        still_open += amount if state in OPEN else 0
        withdrawn += amount if state in WITHDRAWN else 0
        to_recover += amount if state is LineState.TO_RECOVER else 0
    return Sums(paid + still_open + withdrawn, paid, still_open, withdrawn, to_recover)


def review_flag(division: str) -> Flag | None:
    """Why a line waits for a review from the start, by the division of the winner's unit.

    A unit without a village's code of its own is 机关、站所: whoever belongs there may be a public
    employee, for whom an extra payment is a matter of discipline.
    """
    return None if len(division) == 12 else Flag.DEPARTMENTS
