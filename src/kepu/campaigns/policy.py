"""Where a sheet of policy `notice` stands against today's rules; the clauses are in policy.toml."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from kepu.campaigns.rules import Kind, Measure, Policy, RuleSheet
from kepu.regions.rules import Level


class Feature(StrEnum):
    """Something a sheet has that a clause speaks against."""

    BELOW_COUNTY = "below_county"
    CHECK_IN = "check_in"
    RANKING = "ranking"
    REGISTRATION_TASKS = "registration_tasks"
    VOLUME_TASKS = "volume_tasks"
    RESHARE_MEASURE = "reshare_measure"
    SHARE_POINTS = "share_points"
    RESHARE_AWARDS = "reshare_awards"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a paper in force, in our own words, with where it was read."""

    id: str
    document: str
    issued_on: date
    clause: str
    says: str
    against: frozenset[Feature]
    source: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A clause and what in the sheet it speaks against, at least one feature."""

    clause: Clause
    features: tuple[Feature, ...]


@cache
def clauses() -> tuple[Clause, ...]:
    """Every clause we know, in the order of the file."""
    raw = tomllib.loads(files("kepu.campaigns").joinpath("policy.toml").read_text("utf-8"))
    return tuple(
        Clause(**{**each, "against": frozenset(map(Feature, each["against"]))}) for each in raw["clauses"]
    )


def conflicts_of(sheet: RuleSheet) -> tuple[Conflict, ...]:
    """The clauses that a sheet of policy `notice` conflicts with; none for a `voluntary` one.

    A `voluntary` sheet compels nobody and what it may not have is refused when it is read.
    """
    if sheet.policy is not Policy.NOTICE:
        return ()
    has = features_of(sheet)
    return tuple(
        Conflict(clause, tuple(feature for feature in Feature if feature in clause.against & has))
        for clause in clauses()
        if clause.against & has
    )


def features_of(sheet: RuleSheet) -> frozenset[Feature]:
    """What the sheet has of the things that clauses speak against."""
    points = {kind for kind, earning in sheet.earnings.items() if earning.points}
    reshares = sheet.measure is Measure.SHARES
    tiers = any(each.tiers for each in sheet.rounds)
    has = {
        Feature.BELOW_COUNTY: len(sheet.place) > Level.COUNTY,
        Feature.CHECK_IN: bool(points & {Kind.SIGN_IN, Kind.CHECK_IN}),
        Feature.RANKING: tiers,
        Feature.REGISTRATION_TASKS: any(task.registrations for task in sheet.tasks),
        Feature.VOLUME_TASKS: any(task.volume for task in sheet.tasks),
        Feature.RESHARE_MEASURE: reshares,
        Feature.SHARE_POINTS: Kind.SHARE in points,
        Feature.RESHARE_AWARDS: reshares and tiers,
    }
    return frozenset(feature for feature, there in has.items() if there)
