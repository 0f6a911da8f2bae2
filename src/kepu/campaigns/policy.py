"""The rule book and what a sheet has against it; the clauses are in policy.toml. One guard for both policies.

A `voluntary` sheet that breaks a clause is refused when it is read (`breaches_of`, told by `sheet.parse`);
of a sheet of policy `notice` every conflict is listed and signed off by name (`conflicts_of`).
"""

import hashlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from kepu.campaigns.rules import MEASURED_KIND, Kind, Measure, Policy, RuleSheet
from kepu.regions.rules import Level

PUBLICITY_DAYS_LEAST = 5
# A tier that is given by one of these is advertising.
TRADERS = ("公司", "商场", "超市", "商店", "集团", "企业")
KIND_FIELDS = {
    Kind.SIGN_IN: "sign_in",
    Kind.CHECK_IN: "check_in",
    Kind.SHARE: "share",
    Kind.OPEN: "open",
    Kind.READ: "read",
}

Path = tuple[str | int, ...]
Place = tuple[Path, object]  # where in a sheet, and what stands there; None where something is missing


class Feature(StrEnum):
    """Something a sheet has that a clause speaks against."""

    BELOW_COUNTY = "below_county"
    REPEATED_WORK = "repeated_work"
    CHECK_IN = "check_in"
    RANKING = "ranking"
    REGISTRATION_TASKS = "registration_tasks"
    UNIT_TASKS = "unit_tasks"
    VOLUME_TASKS = "volume_tasks"
    RESHARE_MEASURE = "reshare_measure"
    BUSINESS = "business"
    SHARE_POINTS = "share_points"
    RESHARE_AWARDS = "reshare_awards"
    NAMES_WITHOUT_CHOICE = "names_without_choice"
    SHORT_PUBLICITY = "short_publicity"
    MONEY_WITHOUT_APPROVAL = "money_without_approval"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a paper in force, in our own words, with where it was read.

    `issued_on` is None where the page that was read names no day.
    """

    id: str
    document: str
    issued_on: date | None
    clause: str
    says: str
    against: frozenset[Feature]
    source: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A clause and what in the sheet it speaks against, at least one feature."""

    clause: Clause
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """A clause, the feature it speaks against, and where in the sheet that stands."""

    clause: Clause
    feature: Feature
    path: Path
    found: object


@cache
def clauses() -> tuple[Clause, ...]:
    """Every clause we know, in the order of the file."""
    raw = tomllib.loads(_book().decode())
    return tuple(_clause(each) for each in raw["clauses"])


def _clause(raw: dict[str, Any]) -> Clause:
    return Clause(**{"issued_on": None, **raw, "against": frozenset(map(Feature, raw["against"]))})


@cache
def edition() -> str:
    """The SHA-256 of the rule book: which edition a sheet was held against."""
    return hashlib.sha256(_book()).hexdigest()


def conflicts_of(sheet: RuleSheet) -> tuple[Conflict, ...]:
    """The clauses a sheet conflicts with, in the rule book's order."""
    has = features_of(sheet)
    return tuple(
        Conflict(clause, tuple(feature for feature in Feature if feature in clause.against & has))
        for clause in clauses()
        if clause.against & has
    )


def features_of(sheet: RuleSheet) -> frozenset[Feature]:
    """What the sheet has of the things that clauses speak against."""
    return frozenset(feature for feature, places in _PLACES.items() if places(sheet))


def breaches_of(sheet: RuleSheet) -> list[Breach]:
    """Every place where a sheet breaks a clause, whatever its policy; a place once for each clause."""
    return [
        Breach(clause, feature, path, found)
        for clause in clauses()
        for feature in Feature
        if feature in clause.against
        for path, found in _PLACES[feature](sheet)
    ]


def _book() -> bytes:
    return files("kepu.campaigns").joinpath("policy.toml").read_bytes()


def _below_county(sheet: RuleSheet) -> list[Place]:
    """Run below the county: tasks of a town's own, or a campaign that only a town's people are in."""
    if len(sheet.counts_within) > Level.COUNTY:
        return [(("counts_within",), sheet.counts_within)]
    return [(("place",), sheet.place)] if sheet.tasks and len(sheet.place) > Level.COUNTY else []


def _repeated_work(sheet: RuleSheet) -> list[Place]:
    """Figures come from another platform, and the same acts are asked for here once more."""
    if sheet.measure is not Measure.IMPORTED:
        return []
    return _points(sheet, *(kind for kind in MEASURED_KIND.values() if kind is not Kind.IMPORT))


def _points(sheet: RuleSheet, *kinds: Kind) -> list[Place]:
    """What acts of these kinds earn: each time, by days in a row, and more on some days."""
    found: list[Place] = []
    for kind in kinds:
        earning = sheet.earnings.get(kind)
        above: Path = ("earnings", KIND_FIELDS[kind])
        if earning is not None and earning.points:
            found.append(((*above, "points"), earning.points))
        steps = earning.streaks if earning is not None else ()
        found += [((*above, "streaks", at, "points"), step.points) for at, step in enumerate(steps)]
    weighed = [at for at, each in enumerate(sheet.weights) if each.times > 1 and each.kinds & {*kinds}]
    return found + [(("weights", at, "kinds"), sheet.weights[at].title) for at in weighed]


def _ranking(sheet: RuleSheet) -> list[Place]:
    # Under `voluntary` boards show nobody who did not ask for it (standings.rules.lists_people).
    ranked = sheet.policy is Policy.NOTICE and any(each.tiers for each in sheet.rounds)
    return [(("policy",), sheet.policy.value)] if ranked else []


def _tasks(sheet: RuleSheet, target: str) -> list[Place]:
    total = sum(getattr(each, target) for each in sheet.tasks)
    return [(("tasks", "total", target), total)] if total else []


def _business(sheet: RuleSheet) -> list[Place]:
    return [
        (("rounds", at, "tiers", number, "given_by"), tier.given_by)
        for at, each in enumerate(sheet.rounds)
        for number, tier in enumerate(each.tiers)
        if any(word in tier.given_by for word in TRADERS)
    ]


def _reshares(sheet: RuleSheet) -> list[Place]:
    return [(("measure",), sheet.measure.value)] if sheet.measure is Measure.SHARES else []


def _tiers(sheet: RuleSheet) -> bool:
    return any(each.tiers for each in sheet.rounds)


def _money(sheet: RuleSheet) -> list[Place]:
    money = any(tier.amount for each in sheet.rounds for tier in each.tiers)
    return [(("approval_number",), None)] if money and not sheet.approval_number else []


def _names(sheet: RuleSheet) -> list[Place]:
    return [(("boards_may_hide",), False)] if _tiers(sheet) and not sheet.boards_may_hide else []


def _publicity(sheet: RuleSheet) -> list[Place]:
    days = sheet.publicity_days_min
    return [(("publicity_days_min",), days)] if days < PUBLICITY_DAYS_LEAST else []


_PLACES: MappingProxyType[Feature, Callable[[RuleSheet], list[Place]]] = MappingProxyType(
    {
        Feature.BELOW_COUNTY: _below_county,
        Feature.REPEATED_WORK: _repeated_work,
        Feature.CHECK_IN: lambda sheet: _points(sheet, Kind.SIGN_IN, Kind.CHECK_IN),
        Feature.RANKING: _ranking,
        Feature.REGISTRATION_TASKS: lambda sheet: _tasks(sheet, "registrations"),
        Feature.UNIT_TASKS: lambda sheet: [(("tasks",), {})] if sheet.tasks else [],
        Feature.VOLUME_TASKS: lambda sheet: _tasks(sheet, "volume"),
        Feature.RESHARE_MEASURE: _reshares,
        Feature.BUSINESS: _business,
        Feature.SHARE_POINTS: lambda sheet: _points(sheet, Kind.SHARE),
        Feature.RESHARE_AWARDS: lambda sheet: _reshares(sheet) if _tiers(sheet) else [],
        Feature.NAMES_WITHOUT_CHOICE: _names,
        Feature.SHORT_PUBLICITY: _publicity,
        Feature.MONEY_WITHOUT_APPROVAL: _money,
    }
)
