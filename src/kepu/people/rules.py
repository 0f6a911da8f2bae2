"""Decisions about people that need no database: phones, certification, scopes, session tokens."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kepu.kit import crypto, varint

CODE_LIFE = timedelta(minutes=5)
CODE_PAUSE = timedelta(seconds=60)
CODE_TRIES_MAX = 5
CODES_PER_PHONE_DAY_MAX = 10
CODES_PER_NETWORK_HOUR_MAX = 30
SIGN_IN_FAILURES_MAX = 5
SIGN_IN_LOCK = timedelta(minutes=30)
SESSION_LIFE = timedelta(days=30)
REVIEW_DAYS = 3


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


class SmsPurpose(StrEnum):
    """What a code may be used for; one sent for one purpose opens nothing else."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger must know of a person at the moment an act is judged."""

    account: int
    book: int
    session_version: int
    is_active: bool
    is_certified: bool
    unit: int
    division: str


@dataclass(frozen=True, slots=True)
class Session:
    """What a session token says: whose it is, which version of the account, and since when."""

    account: int
    version: int
    issued_at_s: int


def session_token(key: bytes, session: Session) -> str:
    """The session as signed text for a cookie or a bearer header."""
    return crypto.sign(key, "session", varint.pack([session.account, session.version, session.issued_at_s]))


def read_session(key: bytes, token: str, now_s: int) -> Session | None:
    """The session in a token we signed and that is not past its life, else None.

    Whether the account still has this version is for the database to say.
    """
    body = crypto.unsign(key, "session", token) if len(token) < 120 else None
    numbers = varint.unpack(body) if body is not None else None
    if numbers is None or len(numbers) != 3:
        return None
    session = Session(*numbers)
    fresh = 0 <= now_s - session.issued_at_s < SESSION_LIFE.total_seconds()
    return session if fresh else None


def phone_of(text: str) -> str | None:
    """A mainland mobile number as 11 digits (spaces, hyphens and +86 dropped), or None."""
    bare = re.sub(r"[\s\-‐–—]", "", text.strip())
    for prefix in ("+86", "0086", "86"):
        if bare.startswith(prefix) and len(bare) == len(prefix) + 11:
            bare = bare[len(prefix) :]
    return bare if re.fullmatch(r"1[3-9][0-9]{9}", bare) else None


def masked_phone(phone: str) -> str:
    """138****1234."""
    return f"{phone[:3]}****{phone[-4:]}"


def masked_name(name: str) -> str:
    """王*明: the first and last characters; 王* for two."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def may_review(scopes: frozenset[tuple[Role, str]], division: str) -> bool:
    """Whether someone with these (role, division) scopes may decide on an application in `division`."""
    reviewing = {Role.OPERATOR, Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.TOWN_CLERK}
    return any(role in reviewing and division.startswith(within) for role, within in scopes)


def review_due_day(submitted_on: date) -> date:
    """The last day for a decision: REVIEW_DAYS calendar days after the day of submission."""
    return submitted_on + timedelta(days=REVIEW_DAYS)
