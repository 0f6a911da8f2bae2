"""What the reads of this room answer with."""

from dataclasses import dataclass, field
from datetime import date, datetime

from kepu.clubs.rules import (
    MANAGING,
    ClubState,
    CommentState,
    Held,
    MemberState,
    PostState,
    ReportReason,
    Role,
    Rule,
    TaskKind,
)
from kepu.content.rules import ArticleCard


@dataclass(frozen=True, slots=True)
class ClubCard:
    """A club in a list. `members` counts those who are in now; `state` is mine, None where I never asked."""

    number: int
    name: str
    text: str
    has_picture: bool
    division: str
    division_name: str
    members: int
    state: ClubState
    mine: MemberState | None = None
    role: Role | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClubHead:
    """A club on its own page, and what I am in it."""

    number: int
    name: str
    text: str
    has_picture: bool
    division: str
    division_name: str
    members: int
    state: ClubState
    reason: str
    rule: Rule
    founder: int
    mine: MemberState | None = None
    role: Role | None = None
    muted_until: datetime | None = None
    ban_reason: str = ""
    asked: int = 0
    waiting: int = 0

    @property
    def manages(self) -> bool:
        """Whether I am its founder or a manager."""
        return self.role in MANAGING

    @property
    def path(self) -> str:
        """Its page."""
        return f"/clubs/{self.number}/"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody in a club, or who was banned from it, or asks to be let in."""

    account: int
    name: str
    unit_name: str
    role: Role
    state: MemberState
    joined_at: datetime | None
    asked_at: datetime
    muted_until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a post, asked for by its number."""

    number: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FeedPost:
    """A post as one person sees it. `name` is whole for members of the club, masked for others.

    `role`: mine in the club; `article`: None where there is none or it was withdrawn.
    """

    number: int
    club: int
    club_name: str
    author: int
    name: str
    text: str
    article: ArticleCard | None
    pictures: tuple[Picture, ...]
    posted_at: datetime
    state: PostState
    held: Held | None
    is_pinned: bool
    is_public: bool
    likes: int
    liked: bool
    comments: int
    is_mine: bool
    role: Role | None
    reason: str
    is_by_staff: bool
    review_asked_at: datetime | None
    reviewed_at: datetime | None

    @property
    def manages(self) -> bool:
        """Whether I am a founder or manager of its club."""
        return self.role in MANAGING

    @property
    def path(self) -> str:
        """Its page."""
        return f"/clubs/posts/{self.number}/"

    @property
    def club_path(self) -> str:
        """The page of its club."""
        return f"/clubs/{self.club}/"


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment as one person sees it."""

    number: int
    author: int
    name: str
    text: str
    posted_at: datetime
    state: CommentState
    reason: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """What a club wants to reach together, and how far it was at `counted_at` (None: not counted yet)."""

    number: int
    kind: TaskKind
    target: int
    first_day: date
    last_day: date
    reached: int
    counted_at: datetime | None
    is_running: bool


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A member's place in a club's board."""

    account: int
    name: str
    unit_name: str
    volume: int
    rank: int


@dataclass(frozen=True, slots=True)
class Board:
    """A club's board as it was counted; `rows` is empty where a campaign lists nobody. `mine`: my line."""

    month: str
    counted_at: datetime | None
    total: int
    rows: tuple[BoardRow, ...] = ()
    mine: BoardRow | None = None


@dataclass(frozen=True, slots=True)
class ClubPlaceRow:
    """A club's place among those of its county."""

    club: int
    name: str
    members: int
    volume: int
    hundredths: int
    rank: int

    @property
    def per_member(self) -> str:
        """Volume a member with two decimals."""
        return f"{self.hundredths // 100}.{self.hundredths % 100:02d}"


@dataclass(frozen=True, slots=True)
class Reported:
    """What somebody told of a post or comment; who it was is nobody's business but the site's."""

    reason: ReportReason
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class JudgedPost:
    """A post for the staff who judge it. `marks`: barred words that stand in it now."""

    number: int
    club: int
    club_name: str
    division: str
    author: int
    author_name: str
    text: str
    article: int
    article_title: str
    pictures: tuple[Picture, ...]
    state: PostState
    held: Held | None
    is_marked: bool
    marks: tuple[str, ...]
    posted_at: datetime
    reports: tuple[Reported, ...]
    reason: str
    removed_at: datetime | None
    removed_by_name: str
    is_by_staff: bool
    review_words: str
    review_asked_at: datetime | None
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class JudgedComment:
    """A comment for the staff who judge it."""

    number: int
    post: int
    club: int
    club_name: str
    division: str
    author: int
    author_name: str
    text: str
    state: CommentState
    held: Held | None
    is_marked: bool
    marks: tuple[str, ...]
    posted_at: datetime
    reports: tuple[Reported, ...]


@dataclass(frozen=True, slots=True)
class OfficeClub:
    """A club for the staff of its division."""

    number: int
    name: str
    text: str
    has_picture: bool
    division: str
    founder: int
    founder_name: str
    asked_at: datetime
    state: ClubState
    rule: Rule
    members: int = 0
    posts_to_judge: int = 0
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""
    marks: tuple[str, ...] = field(default=())
