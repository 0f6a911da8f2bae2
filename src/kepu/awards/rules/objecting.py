"""Objections against a public list: who may file what until when, and what an upheld one corrects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kepu.awards.rules.life import Life, Stage

TEXT_MIN, TEXT_MAX, EVIDENCE_MAX, NAME_MAX = 10, 1_000, 2_000, 40
OPEN_OF_ONE_MAX = 5  # what one person may have waiting in a round: an answer comes first
CORRECTIONS_MAX = 50
VOLUME_MAX = 1_000_000


class NoObjection(StrEnum):
    """Why an objection was not filed or not answered."""

    NO_ROUND = "no_round"
    NOT_PUBLIC = "not_public"  # objections are filed while the list is public
    NO_NAME = "no_name"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_EVIDENCE = "no_evidence"
    NOT_ON_LIST = "not_on_list"  # about somebody who neither won nor is the objector
    TOO_MANY = "too_many"
    UNKNOWN = "unknown"
    ANSWERED = "answered"
    NOT_ALLOWED = "not_allowed"
    NOT_INDEPENDENT = (
        "not_independent"  # whoever made the list, entered or filed the objection does not answer it
    )
    OTHER_NAME = "other_name"  # no open account of the name on the paper has the number beside it
    NO_REASON = "no_reason"
    NAMES_OBJECTOR = "names_objector"  # the reason is read by whom it is about
    NO_CORRECTION = "no_correction"  # upholding says what is corrected
    NOT_THEIRS = "not_theirs"  # an entry of somebody else, of other days, or a reversal
    BAD_VOLUME = "bad_volume"
    BELOW_ZERO = "below_zero"  # more is taken from a day than there is


@dataclass(frozen=True, slots=True)
class Said:
    """An objection as it is filed. `objector`: 0 for somebody without an account.

    `entered_by`: the member of staff who entered it from paper, 0 for one that came from a phone.
    """

    objector: int
    objector_name: str
    about: int
    says: str
    evidence: str
    entered_by: int = 0


@dataclass(frozen=True, slots=True)
class Filed:
    """An objection with its answer, as staff see it; objectors are never published.

    `is_upheld` is None while it waits. `entered_at`: when the corrections were in the ledger. The objector's
    name is "" once their account is closed and the objection answered.
    """

    id: int
    campaign: str
    round: str
    evaluation: int
    objector: int
    objector_name: str
    entered_by: int
    about: int
    says: str
    evidence: str
    at: datetime
    is_upheld: bool | None = None
    reason: str = ""
    answered_by: int = 0
    answered_name: str = ""
    answered_at: datetime | None = None
    corrections: tuple[dict[str, int], ...] = ()
    entered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. `takes_back`: entries, (book, seq), to take back; `adds`: (yyyymmdd, volume)."""

    is_upheld: bool
    reason: str
    takes_back: tuple[tuple[int, int], ...] = ()
    adds: tuple[tuple[int, int], ...] = ()

    def corrections(self, person: int) -> list[dict[str, int]]:
        """As they are stored: {book, seq} and {person, day, volume}."""
        back = [{"book": book, "seq": seq} for book, seq in self.takes_back]
        return back + [{"person": person, "day": day, "volume": volume} for day, volume in self.adds]


def may_enter(divisions: Sequence[str], place: str) -> bool:
    """Whether staff with a counter in these divisions enter paper about a campaign of a place.

    The counter may be the place's, of above it, or of a town or village in it: people go to the nearest one.
    """
    return any(each.startswith(place) or place.startswith(each) for each in divisions)


def filing_trouble(
    said: Said, life: Life, today: date, waiting: int, *, is_listed: bool
) -> NoObjection | None:
    """Why an objection is not taken; None when it is. `waiting`: of the same objector in this round."""
    if life.stage is not Stage.PUBLIC or life.public_until is None or today > life.public_until:
        return NoObjection.NOT_PUBLIC
    if not said.objector_name.strip():
        return NoObjection.NO_NAME
    if len(said.says.strip()) < TEXT_MIN:
        return NoObjection.TOO_SHORT
    if len(said.says) > TEXT_MAX or len(said.evidence) > EVIDENCE_MAX or len(said.objector_name) > NAME_MAX:
        return NoObjection.TOO_LONG
    if not said.evidence.strip():
        return NoObjection.NO_EVIDENCE
    if not is_listed and said.about != said.objector:
        return NoObjection.NOT_ON_LIST
    return NoObjection.TOO_MANY if waiting >= OPEN_OF_ONE_MAX else None


def may_answer(filed: Filed, by: int, name: str, makers: frozenset[int]) -> bool:
    """Whether an account of a name has no part in the list, the objection or what it is about."""
    has_part = by == 0 or by in makers | {filed.objector, filed.entered_by, filed.about}
    return not has_part and (bool(filed.objector) or filed.objector_name != name)


def answering_trouble(
    filed: Filed, answer: Answer, by: int, name: str, makers: frozenset[int]
) -> NoObjection | None:
    """Why an answer is not taken, before its corrections are looked at; None when it is.

    `name`: of the account that answers. A paper without a number may be their own: the name decides.
    """
    if filed.is_upheld is not None:
        return NoObjection.ANSWERED
    if not may_answer(filed, by, name, makers):
        return NoObjection.NOT_INDEPENDENT
    if len(answer.reason.strip()) < TEXT_MIN:
        return NoObjection.NO_REASON
    if (
        filed.objector != filed.about
        and len(filed.objector_name) > 1
        and filed.objector_name in answer.reason
    ):
        return NoObjection.NAMES_OBJECTOR
    if len(answer.reason) > TEXT_MAX or len(answer.takes_back) + len(answer.adds) > CORRECTIONS_MAX:
        return NoObjection.TOO_LONG
    if answer.is_upheld and not answer.takes_back and not answer.adds:
        return NoObjection.NO_CORRECTION
    if any(not 0 < abs(volume) <= VOLUME_MAX for _, volume in answer.adds):
        return NoObjection.BAD_VOLUME
    return None


def all_within(days: Sequence[int], first: int, last: int) -> bool:
    """Whether all days (yyyymmdd) lie in a span, both ends counted."""
    return all(first <= day <= last for day in days)
