"""The figures a document is made of, as they were read once: kept with it as canonical bytes."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from kepu.kit.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class Target:
    """One task of a unit; `actual` is None in a document that only sets it."""

    target: int
    actual: int | None = None

    @property
    def gap(self) -> int:
        """What is missing, 0 where nothing is."""
        return max(0, self.target - (self.actual or 0))


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit's tasks. A village or community (`is_village`) governs itself: it is reminded softly."""

    unit: str
    division: str
    backbones: Target
    registrations: Target
    volume: Target

    @property
    def is_village(self) -> bool:
        """Whether it has a division of its own: a village, a community."""
        return len(self.division) == 12

    @property
    def missed(self) -> bool:
        """Whether any task is not done."""
        return any(each.gap for each in (self.backbones, self.registrations, self.volume))


@dataclass(frozen=True, slots=True)
class TierFacts:
    """A rank interval and what it gets; `amount` in yuan, None where no sum is named."""

    scope: str
    rank_from: int
    rank_to: int
    title: str
    amount: int | None
    given_by: str


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round as the rule sheet has it; both days count."""

    title: str
    opens_on: date
    closes_on: date
    judged_on: date
    basic_task: int
    tiers: tuple[TierFacts, ...]


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A campaign as the rule sheet of one version has it. `earnings`: (act, points each, at most a day)."""

    title: str
    based_on: str
    place: str
    place_code: str
    opens_on: date
    closes_on: date
    measure: str
    publicity_days_min: int
    approval_number: str
    version: int
    sha256: str
    is_voluntary: bool
    certified_only: bool
    earnings: tuple[tuple[str, int, int], ...] = ()
    rounds: tuple[RoundFacts, ...] = ()
    units: tuple[UnitFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """Units' progress as it stood at `cut_off`."""

    cut_off: datetime
    units: tuple[UnitFacts, ...]


@dataclass(frozen=True, slots=True)
class WinnerFacts:
    """One line of a list, as it may stand in public: `name` is masked in a list for publicity."""

    rank: int
    name: str
    unit: str
    volume: int
    title: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class ScopeFacts:
    """The winners in one division."""

    name: str
    winners: tuple[WinnerFacts, ...]


@dataclass(frozen=True, slots=True)
class Awards:
    """A round's list from the stored evaluation with this hash; days of publicity where it has them.

    `persons`: how many different people a final list has, 0 where it was not counted.
    """

    round: str
    as_of: str
    sha256: str
    scopes: tuple[ScopeFacts, ...]
    first_day: date | None = None
    last_day: date | None = None
    persons: int = 0


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a unit said before it was criticised, who heard it and when; `division` tells units apart."""

    unit: str
    said: str
    by: str
    at: datetime
    division: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a document's figures come from."""

    campaign: CampaignFacts
    progress: Progress | None = None
    awards: Awards | None = None
    hearings: tuple[Hearing, ...] = ()


def facts_bytes(facts: Facts) -> bytes:
    """The facts as canonical JSON: the same facts give the same bytes on every machine."""
    return canonical_json(msgspec.to_builtins(facts))


def facts_of(body: bytes) -> Facts:
    """The facts that `facts_bytes` wrote."""
    return msgspec.json.decode(body, type=Facts)


def progress_digest(progress: Progress) -> str:
    """SHA-256 of the progress alone, for the list of sources: two documents on the same figures show it."""
    return hashlib.sha256(canonical_json(msgspec.to_builtins(progress))).hexdigest()
