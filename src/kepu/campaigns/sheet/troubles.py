"""What can be wrong with a sheet, as values: words for people are in `labels`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kepu.campaigns.sheet.lines import Path, line_of

FOUND_MAX = 60


class Allowed(StrEnum):
    """What would have been right; the comment lists what `SheetTrouble.values` holds."""

    TOML = "toml"
    ONCE = "once"  # the line of the first
    SHORT = "short"  # characters a file may have
    KNOWN_KEY = "known_key"  # the keys there are
    PRESENT = "present"
    TEXT = "text"  # characters it may have
    NUMBER = "number"  # least, most
    FLAG = "flag"
    DAY = "day"
    CHOICE = "choice"  # the words there are
    CHOICES = "choices"  # the words there are
    SCOPE_WIDE = "scope_wide"  # the scope, those that fit: volume counts in less than the scope
    SCOPE_DEEP = "scope_deep"  # the scope, those that fit: the place is more than one of these
    SLUG = "slug"
    CODE = "code"
    TABLE = "table"
    TABLES = "tables"
    WITHIN = "within"  # the division
    NOT_BEFORE = "not_before"  # the day
    IN_PERIOD = "in_period"  # first day, last day
    SUM = "sum"  # the sum of the rows
    RANK_FROM = "rank_from"  # the rank
    RISING = "rising"  # the days of the step before
    ONCE_A_DAY = "once_a_day"
    SWITCHED_OFF = "switched_off"  # the switch
    EARNING = "earning"  # the kind
    WEIGHED_ONCE = "weighed_once"  # the title of the other weight, the kind
    DECLARABLE = "declarable"
    BY_READS = "by_reads"
    BARRED = "barred"  # the feature (policy.Feature), the document, its clause, what it says
    SIGN_OFF = "sign_off"
    KNOWN_DIVISION = "known_division"
    DIVISION_NAME = "division_name"  # the division's name
    AS_PUBLISHED = "as_published"  # the value in the published version
    CLOSED_ROUND = "closed_round"  # the round that has closed
    FREE_PERIOD = "free_period"  # the campaign that counts there
    FREE_NAME = "free_name"
    OWN_DIVISION = "own_division"


@dataclass(frozen=True, slots=True)
class SheetTrouble:
    """One thing wrong with a sheet: where it stands, what was found, and what is allowed there.

    `line` counts from 1; `field` is the path as people read it ("rounds[2].tiers[1].rank_from");
    `found` is "" where something is missing; `values` fill the sentence of `allowed`.
    """

    line: int
    field: str
    found: str
    allowed: Allowed
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Troubles:
    """The troubles of one file, gathered while it is read."""

    lines: dict[Path, int]
    found: list[SheetTrouble] = field(default_factory=list)

    def add(self, path: Path, found: object, allowed: Allowed, *values: object) -> None:
        """One more trouble, at the line of `path`; `found` None means that nothing stands there."""
        words = "" if found is None else shown(found)
        told = tuple(each if isinstance(each, str) else shown(each) for each in values)
        self.found.append(SheetTrouble(self.line(path), path_text(path), words, allowed, told))

    def stands_at(self, path: Path) -> bool:
        """Whether something is told at a path already."""
        return any(each.field == path_text(path) for each in self.found)

    def line(self, path: Path) -> int:
        """The line of a path or of what surrounds it."""
        return line_of(self.lines, path)

    def in_order(self) -> list[SheetTrouble]:
        """All of them by line."""
        return sorted(self.found, key=lambda trouble: (trouble.line, trouble.field, trouble.allowed))


def path_text(path: Path) -> str:
    """rounds[2].title: elements are counted from 1, as people count."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def shown(value: object) -> str:
    """A value as it would stand in the file, shortened to FOUND_MAX characters."""
    match value:
        case bool():
            text = "true" if value else "false"
        case str():
            text = f'"{value}"'
        case date():
            text = value.isoformat()
        case Mapping():
            text = "{…}"
        case list():
            text = "[…]"
        case _:
            text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= FOUND_MAX else text[: FOUND_MAX - 1] + "…"
