"""What a document is about and how far it is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TITLE_MAX, ADDRESSEE_MAX, PARAGRAPHS_MAX, REASON_MAX, SAID_MAX = 120, 200, 4_000, 500, 2_000


class Kind(StrEnum):
    """What a document is."""

    NOTICE = "notice"  # 活动通知
    BULLETIN = "bulletin"  # 进展通报
    PUBLICITY = "publicity"  # 公示名单
    COMMENDATION = "commendation"  # 表彰决定
    CRITICISM = "criticism"  # 通报批评: units only, under policy `notice`, each heard before
    REMINDER = "reminder"  # 书面提醒: one unit


# About units that missed a task: these name no person, whatever is typed.
WITHOUT_PERSONS = frozenset({Kind.CRITICISM, Kind.REMINDER})
OF_A_ROUND = frozenset({Kind.PUBLICITY, Kind.COMMENDATION})
OF_UNITS = frozenset({Kind.BULLETIN, Kind.CRITICISM, Kind.REMINDER})


class State(StrEnum):
    """How far a document is. An issued one never changes; a withdrawn one keeps number and bytes."""

    DRAFT = "draft"
    APPROVED = "approved"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


class PaperNo(StrEnum):
    """Why nothing was done to a document."""

    GONE = "gone"
    CHANGED = "changed"  # somebody saved it, or took it further, since the page was shown
    NOT_NOW = "not_now"  # it is at another state
    OWN_DRAFT = "own_draft"  # whoever wrote or changed it does not approve it
    NUMBER_MOVED = "number_moved"  # another document took the number meanwhile: compose it again
    NO_REASON = "no_reason"
    NO_TITLE = "no_title"
    NO_DEADLINE = "no_deadline"  # a unit is told by when to mend
    DEADLINE_PAST = "deadline_past"
    PERSON_NAMED = "person_named"  # a document about units names a person
    PUBLICITY_OVER = "publicity_over"  # a list for publicity is not issued after its days
    OUTDATED = "outdated"  # the list or the rules its figures come from stand no longer


class FactsNo(StrEnum):
    """Why there is nothing a document of this kind could be composed from."""

    NO_CAMPAIGN = "no_campaign"
    NO_ROUND = "no_round"
    NO_TASKS = "no_tasks"
    NO_CUT_OFF = "no_cut_off"  # nothing was counted yet
    NOT_NOTICE = "not_notice"  # a voluntary campaign criticises nobody
    NO_UNITS = "no_units"  # none was chosen
    ONE_UNIT = "one_unit"  # a reminder is to one
    NOTHING_MISSED = "nothing_missed"  # a chosen unit did everything
    NOT_HEARD = "not_heard"  # a chosen unit was not heard
    NOT_PUBLIC = "not_public"  # the round's list is not in its days of publicity
    PUBLICITY_OVER = "publicity_over"  # its days of publicity are past
    NOT_FINAL = "not_final"
    NOT_GIVEN = "not_given"  # no award of the round is the organ's own
    TOO_LONG = "too_long"  # more lines than a document holds


@dataclass(frozen=True, slots=True)
class Organ:
    """发文机关: its name, what stands in the red head, and what its numbers begin with (华科协发)."""

    name: str
    mark: str
    code: str


@dataclass(frozen=True, slots=True)
class Texts:
    """What people may write in a draft; the figures are not among it.

    `opening` and `closing` hold a paragraph a line. `deadline` is a day (2026-08-31) or "".
    """

    title: str
    addressee: str = ""
    opening: str = ""
    closing: str = ""
    deadline: str = ""
    note: str = ""
    copies: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """The number and the day a document is issued under."""

    number: str
    day: date
