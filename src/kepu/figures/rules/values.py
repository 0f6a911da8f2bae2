"""The values this room speaks in. No Django, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

ROWS_MAX = 100_000
FIGURE_MAX = 1_000_000
HEADING_ROWS_SEARCHED = 30


class Role(StrEnum):
    """What a column of an export holds."""

    NAME = "name"
    PHONE = "phone"
    UNIT = "unit"
    REGION = "region"
    VOLUME = "volume"
    REGISTERED = "registered"
    DAY = "day"


class Match(StrEnum):
    """How a row finds whom it speaks of. TOTALS: a unit or region; such rows are compared, never entered."""

    PHONE = "phone"
    NAME_UNIT = "name_unit"
    TOTALS = "totals"


class Span(StrEnum):
    """What a figure covers: the file's period, everything since the campaign began, or the row's own day."""

    PERIOD = "period"
    CUMULATIVE = "cumulative"
    DAILY = "daily"


class FileState(StrEnum):
    """Where a sent file stands."""

    READING = "reading"
    WAITING = "waiting"
    CHECKING = "checking"
    RENEWING = "renewing"
    ENTERING = "entering"
    ENTERED = "entered"
    COMPARED = "compared"
    TURNED_DOWN = "turned_down"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


# States in which a file's figures are in the ledger, wholly or partly, or about to be.
STANDING = (FileState.CHECKING, FileState.ENTERING, FileState.ENTERED, FileState.WITHDRAWING)
# States in which the same bytes need not be sent again.
HELD = (FileState.READING, FileState.WAITING, FileState.RENEWING, FileState.COMPARED, *STANDING)


class Verdict(StrEnum):
    """What becomes of a row."""

    COUNTS = "counts"
    LESS = "less"
    SAME = "same"
    CARRIED = "carried"
    COMPARED = "compared"
    SUM_ROW = "sum_row"
    DUPLICATE = "duplicate"
    CONFLICTING = "conflicting"
    NO_PERSON = "no_person"
    TWO_FIT = "two_fit"
    NAME_DIFFERS = "name_differs"
    NOT_CERTIFIED = "not_certified"
    OUTSIDE = "outside"
    PHONE_WRONG = "phone_wrong"
    NAME_WRONG = "name_wrong"
    UNIT_MISSING = "unit_missing"
    NO_UNIT = "no_unit"
    FIGURE_MISSING = "figure_missing"
    FIGURE_ROUNDED = "figure_rounded"
    FIGURE_NOT_WHOLE = "figure_not_whole"
    FIGURE_NEGATIVE = "figure_negative"
    FIGURE_TOO_LARGE = "figure_too_large"
    FIGURE_NOT_A_NUMBER = "figure_not_a_number"
    DAY_WRONG = "day_wrong"
    DAY_OUTSIDE = "day_outside"
    NOT_ENTERED = "not_entered"
    ABSENT = "absent"
    STANDS = "stands"


# Rows that say something of a person; SAME changes nothing, CARRIED only under whose number it counts.
ACCEPTED = frozenset({Verdict.COUNTS, Verdict.LESS, Verdict.SAME, Verdict.CARRIED})
CHANGING = frozenset({Verdict.COUNTS, Verdict.LESS, Verdict.CARRIED})
# Rows whose difference is worked out: the figure of somebody no longer certified may only fall.
WORKED_OUT = ACCEPTED | {Verdict.NOT_CERTIFIED}
# People whom a file does not name.
UNNAMED = frozenset({Verdict.ABSENT, Verdict.STANDS})
# Rows nobody need look at.
PASSED_OVER = frozenset({Verdict.SUM_ROW, Verdict.DUPLICATE, Verdict.COMPARED})
# Rows that name somebody Kepu does not count.
NOT_IN_KEPU = frozenset({Verdict.NO_PERSON, Verdict.TWO_FIT, Verdict.NAME_DIFFERS, Verdict.NOT_CERTIFIED})


class Trouble(StrEnum):
    """Why a file, its layout or its approval is refused as a whole."""

    NO_HEADINGS = "no_headings"
    NO_ROWS = "no_rows"
    NO_VOLUME = "no_volume"
    NO_PHONE = "no_phone"
    NO_NAME_UNIT = "no_name_unit"
    NO_UNIT = "no_unit"
    NO_DAY = "no_day"
    COLUMN_TWICE = "column_twice"
    FIGURE_UNNAMED = "figure_unnamed"
    NO_CAMPAIGN = "no_campaign"
    SAME_FILE = "same_file"
    PERIOD_WRONG = "period_wrong"
    PERIOD_OUTSIDE = "period_outside"
    PERIOD_FUTURE = "period_future"
    PERIOD_OVERLAPS = "period_overlaps"
    OTHER_FIGURE = "other_figure"
    OTHER_SPAN = "other_span"
    NOT_WAITING = "not_waiting"
    NOT_ASKED = "not_asked"
    OWN_FILE = "own_file"
    OWN_WITHDRAWAL = "own_withdrawal"
    CHANGED_SINCE = "changed_since"
    ANOTHER_AT_WORK = "another_at_work"
    NOTHING_TO_ENTER = "nothing_to_enter"
    NEWER_STANDS = "newer_stands"
    REASON_MISSING = "reason_missing"
    REASON_NAMES = "reason_names"
    UNKNOWN_LAYOUT = "unknown_layout"


@dataclass(frozen=True, slots=True)
class Refused:
    """A write that changed nothing; `other` is the file that stands in the way (0: none)."""

    trouble: Trouble
    other: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """How exports with these headings are read. `columns`: role → place of the column, from 0.

    `figure` names what the national app calls the figure (分享量): figures of two names are never added.
    """

    name: str
    headings: tuple[str, ...]
    columns: Mapping[Role, int]
    match: Match
    span: Span
    figure: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a row may mean; `unit` is 0 and `division` their county for whoever is not certified."""

    account: int
    name: str
    unit: int
    unit_name: str
    town_name: str
    division: str
    is_certified: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A unit or division a total may mean; `unit` is 0 for a division."""

    division: str
    unit: int
    name: str
    town_name: str


# Where a step names no entry: it counts for the unit the person belongs to when it is entered.
OWN_ENTRY = (0, 0)


class Step(NamedTuple):
    """One entry that a line becomes: so much volume on a day (yyyymmdd).

    `entry` (book, seq) names one for whose unit it counts, in whose book; (0, 0): for the unit and in the
    book of the person at that moment, and `unit` is 0. `account`: the merged one of the person's that it
    is taken from; 0: it is entered for the account that was kept.
    """

    day: int
    volume: int
    entry: tuple[int, int]
    unit: int
    account: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file with what becomes of it.

    `row`: as the sheet program numbers it. `who`, `says`: masked words and the cell in question. `day`
    (yyyymmdd): the day its figure counts on. `before`: what counted for that until now; `delta` the
    difference; `carried_day`: the day from which a later cumulative figure gives it back (0: none).
    `steps`: the entries that make the difference; `book`, `seq`: the first of them once it is entered.
    Whoever the file does not name has a row below 0.
    """

    row: int
    verdict: Verdict
    who: str
    says: str = ""
    person: int = 0
    unit: int = 0
    division: str = ""
    day: int = 0
    stated: int = 0
    before: int = 0
    delta: int = 0
    carried_day: int = 0
    registered: int = -1
    other_row: int = 0
    book: int = 0
    seq: int = 0
    steps: tuple[Step, ...] = ()
