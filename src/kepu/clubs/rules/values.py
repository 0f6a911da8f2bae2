"""The values this room speaks in."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from uuid import UUID

NAME_CHARS_MAX = 16
TEXT_CHARS_MAX = 400
POST_CHARS_MAX = 1000
COMMENT_CHARS_MAX = 200
REASON_CHARS_MAX = 200
PICTURES_MAX = 9
PINNED_MAX = 3
MEMBERS_MAX = 500
CLUBS_PER_PERSON_MAX = 20
TASKS_AT_ONCE_MAX = 3
TARGET_MAX = 1_000_000
TASK_DAYS_MAX = 366
MUTE_DAYS_MAX = 90
REPORTS_TO_HOLD = 3
DUPLICATE_DAYS = 7
WORD_CHARS_MAX = 20
WORDS_MAX = 2_000


class ClubState(StrEnum):
    """Where a club stands: asked for, open, refused with a reason, or closed for good."""

    ASKED = "asked"
    OPEN = "open"
    REFUSED = "refused"
    CLOSED = "closed"


class Posting(StrEnum):
    """Who may post in a club."""

    MEMBERS = "members"
    MANAGERS = "managers"


class Showing(StrEnum):
    """Who sees a post, and when: everybody at once, everybody once a manager approved, members only."""

    AT_ONCE = "at_once"
    APPROVED = "approved"
    MEMBERS = "members"


class Joining(StrEnum):
    """How one becomes a member."""

    OPEN = "open"
    ASKED = "asked"


class Role(StrEnum):
    """What a member is in the club. A club has one founder."""

    FOUNDER = "founder"
    MANAGER = "manager"
    MEMBER = "member"


MANAGING = frozenset({Role.FOUNDER, Role.MANAGER})


class MemberState(StrEnum):
    """Where a membership stands."""

    ASKED = "asked"
    IN = "in"
    LEFT = "left"
    BANNED = "banned"


class PostState(StrEnum):
    """WAITING: for a manager; HELD: until judged; REMOVED: with a reason; DELETED: by its author."""

    WAITING = "waiting"
    SHOWN = "shown"
    HELD = "held"
    REMOVED = "removed"
    DELETED = "deleted"


class CommentState(StrEnum):
    """As of a post; a comment waits for nobody."""

    SHOWN = "shown"
    HELD = "held"
    REMOVED = "removed"
    DELETED = "deleted"


class Held(StrEnum):
    """Why something is held back."""

    WORDS = "words"
    REPORTS = "reports"


class Credit(IntEnum):
    """What the ledger knows of a post or a like.

    The row is written first with DUE, then the ledger is asked, then the receipt is noted (BOOKED, or
    NO_ENTRY where it refused). OWED: it was booked and must be taken back; REVERSED: it was; BACK: the post
    was restored, and what was taken must be given back (then BOOKED again).
    NONE: nothing is earned.
    """

    NONE = 0
    DUE = 1
    BOOKED = 2
    OWED = 3
    REVERSED = 4
    NO_ENTRY = 5
    BACK = 6


class Effect(StrEnum):
    """What a barred word does to a text: refuse it, hold it back until judged, or show it but mark it."""

    REFUSE = "refuse"
    HOLD = "hold"
    MARK = "mark"


class ReportReason(StrEnum):
    """Why somebody reports a post or a comment."""

    SPAM = "spam"
    FALSE = "false"
    RUDE = "rude"
    PRIVACY = "privacy"
    UNSAFE = "unsafe"
    OTHER = "other"


class Verdict(StrEnum):
    """How a post or comment is judged."""

    SHOW = "show"
    REMOVE = "remove"


class TaskKind(StrEnum):
    """What a club does together."""

    SHARE = "share"
    READ = "read"
    POST = "post"


class Refusal(StrEnum):
    """Every expected no of this room; `reads.refusal_text` says it to a person, with the next step."""

    UNKNOWN = "unknown"
    NOT_CERTIFIED = "not_certified"
    NOT_MEMBER = "not_member"
    NOT_MANAGER = "not_manager"
    NOT_FOUNDER = "not_founder"
    CLOSED = "closed"
    BANNED = "banned"
    MUTED = "muted"
    FULL = "full"
    TOO_MANY_CLUBS = "too_many_clubs"
    ALREADY_ASKED = "already_asked"
    NAME_WRONG = "name_wrong"
    NAME_TAKEN = "name_taken"
    TEXT_MISSING = "text_missing"
    TEXT_LONG = "text_long"
    CHOICE_WRONG = "choice_wrong"
    DIVISION_WRONG = "division_wrong"
    ARTICLE_WRONG = "article_wrong"
    PICTURES_MANY = "pictures_many"
    PICTURE_WRONG = "picture_wrong"
    PICTURE_LARGE = "picture_large"
    WORD_BARRED = "word_barred"
    REPEATED = "repeated"
    TOO_FAST = "too_fast"
    DAY_FULL = "day_full"
    PINNED_MANY = "pinned_many"
    OWN_POST = "own_post"
    OWN_CLUB = "own_club"
    REPORTED_ALREADY = "reported_already"
    REASON_MISSING = "reason_missing"
    REVIEW_USED = "review_used"
    JUDGED = "judged"
    NOT_WAITING = "not_waiting"
    SETTLING = "settling"
    FOUNDER_STAYS = "founder_stays"
    DAYS_WRONG = "days_wrong"
    TARGET_WRONG = "target_wrong"
    TASKS_MANY = "tasks_many"
    WORD_WRONG = "word_wrong"
    WORD_KNOWN = "word_known"
    WORDS_MANY = "words_many"


@dataclass(frozen=True, slots=True)
class Refused:
    """A write that changed nothing it was asked to change; `words`: the one its sentence names, if any."""

    refusal: Refusal
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A club's rule, as its managers choose it."""

    posting: Posting
    showing: Showing
    joining: Joining


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: an account (0: nobody signed in), and the divisions in which they judge clubs as staff."""

    account: int = 0
    divisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClubDraft:
    """What its founder or a manager states of a club. `picture`: bytes as they came, None: as it is."""

    name: str
    text: str
    division: str
    rule: Rule
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class PostDraft:
    """What an author sends: text, an article's number (0: none), pictures as they came, the form's own id."""

    text: str
    event_id: UUID
    article: int = 0
    pictures: tuple[bytes, ...] = ()
