"""The values this room speaks in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class UnitKind(StrEnum):
    """What a unit is: a village, a community, or a town's departments (机关、站所)."""

    VILLAGE = "village"
    COMMUNITY = "community"
    DEPARTMENTS = "departments"


class ApplicantType(StrEnum):
    """类型 on the certification form, as the founding notice lists them."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    PERSONAL = "personal"


class CertificationState(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REVOKED = "revoked"


class Role(StrEnum):
    """What a member of staff may do inside a scope."""

    OPERATOR = "operator"
    CITY_OFFICER = "city_officer"
    COUNTY_OFFICER = "county_officer"
    TOWN_CLERK = "town_clerk"
    UNIT_CLERK = "unit_clerk"
    EDITOR = "editor"
    REVIEWER_1 = "reviewer_1"
    REVIEWER_2 = "reviewer_2"
    REVIEWER_3 = "reviewer_3"
    AUDITOR = "auditor"


class SmsPurpose(StrEnum):
    """What a code may be used for; one sent for one purpose opens nothing else."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a purpose, not a secret
    CLOSING = "closing"
    COUNTER = "counter"


class NoticeKind(StrEnum):
    """What a message in the app is about; `labels.NOTICES` says it and what to do next."""

    APPROVED = "approved"
    RETURNED = "returned"
    REVOKED = "revoked"
    ANNOUNCED = "announced"
    ORDER_SHIPPED = "order_shipped"
    COUNTER = "counter"
    ARTICLE_CORRECTED = "corrected"
    ARTICLE_WITHDRAWN = "withdrawn"
    OBJECTION_UPHELD = "objection_upheld"
    OBJECTION_REJECTED = "objection_no"
    AWARDED = "awarded"
    PAID_OUT = "paid_out"
    POINTS_EXPIRE = "points_expire"
    CLUB_OPENED = "club_opened"
    CLUB_REFUSED = "club_refused"
    CLUB_CLOSED = "club_closed"
    CLUB_JOINED = "club_joined"
    CLUB_BANNED = "club_banned"
    POST_REMOVED = "post_removed"
    POST_RESTORED = "post_restored"
    COMMENT_REMOVED = "comment_removed"
    LIKES_NOT_COUNTED = "likes_no"
    ORDER_READY = "order_ready"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_RETURNED = "order_returned"


class Refusal(StrEnum):
    """Every expected no of this room; `reads.refusal_text` says it to a person, with the next step."""

    PHONE_WRONG = "phone_wrong"
    TOO_SOON = "too_soon"
    PHONE_DAY_CAP = "phone_day_cap"
    NETWORK_HOUR_CAP = "network_hour_cap"
    SITE_DAY_CAP = "site_day_cap"
    NOT_SENT = "not_sent"
    CODE_WRONG = "code_wrong"
    CODE_SPENT = "code_spent"
    NOT_AGREED = "not_agreed"
    PASSWORD_WEAK = "password_weak"  # noqa: S105 - a reason, not a secret
    SIGN_IN_WRONG = "sign_in_wrong"
    LOCKED = "locked"
    BUSY = "busy"
    NAME_WRONG = "name_wrong"
    TOWN_WRONG = "town_wrong"
    UNIT_WRONG = "unit_wrong"
    TYPE_WRONG = "type_wrong"
    ASSOCIATION_WRONG = "association_wrong"
    ALREADY_SUBMITTED = "already_submitted"
    ALREADY_CERTIFIED = "already_certified"
    UNKNOWN = "unknown"
    OWN_APPLICATION = "own_application"
    OWN_ENTRY = "own_entry"
    NOT_WAITING = "not_waiting"
    CHANGED_SINCE = "changed_since"
    REASON_MISSING = "reason_missing"
    NOT_CERTIFIED = "not_certified"
    UNIT_CLOSED = "unit_closed"
    DIVISION_WRONG = "division_wrong"
    LEVEL_WRONG = "level_wrong"
    ROLE_WRONG = "role_wrong"
    STILL_STAFF = "still_staff"
    FACTOR_WRONG = "factor_wrong"
    FACTOR_LOCKED = "factor_locked"
    NOT_BELOW = "not_below"


@dataclass(frozen=True, slots=True)
class Refused:
    """A write that changed nothing it was asked to change; `retry_at` when waiting helps."""

    refusal: Refusal
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A text went to the phone. Whether it holds a code only the phone's owner sees."""

    again_at: datetime
    lives_until: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, and the session token to carry from now on (cookie or bearer header)."""

    account: int
    token: str


class Standing(NamedTuple):
    """What the ledger must know of a person at the moment an act is judged."""

    account: int
    book: int
    session_version: int
    is_active: bool
    is_certified: bool
    unit: int
    division: str


@dataclass(frozen=True, slots=True)
class Application:
    """What the certification form states; `town` is a 9-digit code, `unit` and `association` are ids."""

    name: str
    town: str
    unit: int
    applicant_type: str
    association: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One person already certified on paper, to be entered in bulk."""

    phone: str
    name: str
    unit_id: int
    association_id: int
    applicant_type: ApplicantType
    is_backbone: bool
    certified_at: datetime


class Urgency(StrEnum):
    """How pressing a decision is: past its deadline, within a day of it, or neither."""

    OVERDUE = "overdue"
    SOON = "soon"
    CALM = "calm"
