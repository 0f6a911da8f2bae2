"""The bodies of the API."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, StringConstraints

# No NUL: PostgreSQL cannot keep one.
PLAIN = r"^[^\x00]*$"
Short = Annotated[str, StringConstraints(max_length=60, pattern=PLAIN)]
Password = Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)]


class Body(Schema):
    """A body a client sends; a field we do not know is a mistake to be told."""

    model_config = ConfigDict(extra="forbid")


class CodeWanted(Body):
    """Whom to text a code, and for what."""

    phone: Short
    purpose: Literal["sign_up", "sign_in"] = "sign_up"


class CodeOnItsWay(Schema):
    """When another may be asked for and how long this one works."""

    again_at: datetime
    lives_until: datetime


class NewAccount(Body):
    """注册: `agreed` says that the privacy notice was read and accepted."""

    phone: Short
    code: Short
    password: Password
    agreed: bool


class NewSession(Body):
    """Sign in with a password or with a code."""

    phone: Short
    password: Password | None = None
    code: Short | None = None


class SessionMade(Schema):
    """Send the token as `Authorization: Bearer …`."""

    account: int
    token: str


class NewCertification(Body):
    """实名认证: the fields of the form. `town` is a 9-digit code; units and associations are looked up."""

    name: Short
    town: Short
    unit: int
    applicant_type: Literal["national", "province", "city", "county", "town", "personal"]
    association: int


class CertificationState(Schema):
    """How an application stands; `reason` says what to mend when it was returned, `step` counts its steps."""

    account: int
    name: str
    town: str
    town_name: str
    unit: int
    unit_name: str
    applicant_type: str
    association: int
    association_name: str
    state: str
    reason: str
    submitted_at: datetime
    review_due_at: datetime
    decided_at: datetime | None
    step: int


class DivisionRow(Schema):
    """A division and its code."""

    code: str
    name: str


class UnitRow(Schema):
    """A unit."""

    id: int
    name: str
    kind: str
    division: str


class AssociationRow(Schema):
    """An association (机构)."""

    id: int
    name: str


class ArticleCard(Schema):
    """An article in a list."""

    id: int
    title: str
    summary: str
    topic_name: str
    topic_slug: str
    cover_url: str
    author: str
    published_at: datetime


class ArticleList(Schema):
    """A page of articles; ask again with `start` = `next_start`."""

    articles: list[ArticleCard]
    next_start: int | None


class Browse(Schema):
    """What the asker sends to /v1/activities, kind browse, after reading for so many seconds."""

    event_id: str
    stamp: str
    seconds: int


class ArticleWhole(ArticleCard):
    """An article with its body as safe HTML paragraphs; `browse` only for whoever is signed in."""

    browse: Browse | None = None
    source: str
    text: list[str]
    references: list[str]


class PlaceRow(Schema):
    """A place on a board. The name is masked unless it is the asker's own."""

    rank: int
    name: str
    unit_name: str
    volume: int
    is_me: bool


class BoardList(Schema):
    """A board: its measure and cut-off time, and a page of places."""

    campaign: str
    window: str
    division: str
    measure: str
    cut_off: datetime | None
    places: list[PlaceRow]
    next_start: int | None


class EntryRow(Schema):
    """One ledger entry of the asker."""

    book: int
    seq: int
    kind: str
    article: int
    at: datetime
    points: int
    volume: int
    reason: str
    campaign: str | None
    version: int


class Statement(Schema):
    """The asker's entries, newest first; ask again with `before` = `next_before`."""

    entries: list[EntryRow]
    next_before: str | None


class Me(Schema):
    """The asker: account, certification, points and what still counts today."""

    account: int
    name: str
    phone: str
    is_certified: bool
    is_backbone: bool
    unit_name: str
    certification: str | None
    points: int
    campaign: str | None
    volume_measure: str | None
    credited_today: dict[str, int]
    left_today: dict[str, int]
