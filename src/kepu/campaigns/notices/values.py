"""What is read of a notice. Every value stands beside the passage it came from."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from kepu.documents.passages import Passage

T = TypeVar("T")
Figure = int | float
Entry = str | int | float | None


def figure(value: Decimal) -> Figure:
    """The number as an int when it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and the passage that says it."""

    value: T
    passage: Passage


@dataclass(frozen=True, slots=True)
class Question:
    """What a person has to settle: about which field, in a sentence."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Basis:
    """The document a notice rests on or passes on."""

    title: Found[str] | None = None
    number: Found[str] | None = None


@dataclass(frozen=True, slots=True)
class RoundRead:
    """An evaluation the notice announces; `scope`: words for areas (city,county), a comma between."""

    name: Found[str]
    first_day: Found[date] | None = None
    last_day: Found[date] | None = None
    scope: Found[str] | None = None
    condition: Found[str] | None = None
    reward: Found[str] | None = None


@dataclass(frozen=True, slots=True)
class TierRead:
    """Ranks and what each gets, in yuan."""

    rank_from: Found[int]
    rank_to: Found[int]
    amount: Found[int] | None = None
    scope: Found[str] | None = None


@dataclass(frozen=True, slots=True)
class CapRead:
    """How often a day something counts."""

    what: Found[str] | None
    per_day: Found[int]


@dataclass(frozen=True, slots=True)
class TasksRead:
    """The table of tasks: the unit's name first, then the columns of numbers.

    Totals are those of the number columns; a cell that holds no number is None.
    """

    columns: tuple[Found[str], ...]
    rows: tuple[tuple[Found[Entry], ...], ...]
    totals_stated: tuple[Found[Figure | None], ...] = ()

    def totals_computed(self) -> tuple[Figure, ...]:
        """The sum of each number column."""
        return tuple(
            figure(
                sum(
                    (Decimal(str(row[at].value)) for row in self.rows if row[at].value is not None), Decimal()
                )
            )
            for at in range(1, len(self.columns))
        )

    def adds_up(self) -> bool | None:
        """Whether the stated totals are the sums; None when none are stated."""
        stated = [each.value for each in self.totals_stated]
        if not any(each is not None for each in stated):
            return None
        pairs = zip(stated, self.totals_computed(), strict=True)
        return all(said is None or said == summed for said, summed in pairs)


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What a notice says, and what it leaves open."""

    title: Found[str] | None = None
    doc_number: Found[str] | None = None
    issuer: Found[str] | None = None
    issued_on: Found[date] | None = None
    basis: Basis = field(default_factory=Basis)
    division: Found[str] | None = None
    deadline: Found[date] | None = None
    opening: Found[date] | None = None
    rounds: tuple[RoundRead, ...] = ()
    tiers: tuple[TierRead, ...] = ()
    caps: tuple[CapRead, ...] = ()
    tasks: TasksRead | None = None
    sanctions: tuple[Found[str], ...] = ()
    questions: tuple[Question, ...] = ()
