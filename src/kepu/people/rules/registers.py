"""Who belongs where from when on, and what may be changed about units and doubled accounts."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

AHEAD_MAX = timedelta(days=366)
FROM_THE_FIRST = date(2000, 1, 1)
AT_ONCE_MAX = 100


class RegisterNo(StrEnum):
    """Why the register of people and units stays as it is; the back office has the words."""

    UNKNOWN = "unknown"
    OWN = "own"
    UNIT_WRONG = "unit_wrong"
    SAME_UNIT = "same_unit"
    DAY_WRONG = "day_wrong"
    CHANGE_WAITS = "change_waits"
    NAME_WRONG = "name_wrong"
    NAME_TAKEN = "name_taken"
    CODE_WRONG = "code_wrong"
    CODE_TAKEN = "code_taken"
    NOTHING_CHANGED = "nothing_changed"
    UNIT_NOT_EMPTY = "unit_not_empty"
    UNIT_CLOSED = "unit_closed"
    NOT_CERTIFIED = "not_certified"
    SAME_ACCOUNT = "same_account"
    IS_STAFF = "is_staff"
    MERGED_ALREADY = "merged_already"


@dataclass(frozen=True, slots=True)
class Membership:
    """That somebody belonged to a unit from a day on; `until_day` is the first day elsewhere."""

    unit: int
    unit_name: str
    since_day: date
    until_day: date | None
    is_applied: bool


def may_change_from(day: date, earliest: date, today: date) -> bool:
    """Whether a change may take effect on `day`: not before `earliest`, and no more than a year ahead."""
    return earliest <= day <= today + AHEAD_MAX


def unit_name_of(text: str) -> str | None:
    """A unit's name as it is kept: 2 to 40 characters without blanks around, or None."""
    name = " ".join(text.split())
    return name if 2 <= len(name) <= 40 and name.isprintable() and not set(name) & set("<>\\") else None
