"""The lists of a round as one expression over columns; whichever engine runs it finds the same lists.

Columns of `tallies`: person, day (yyyymmdd), campaign, volume, reached_ms; of `register`: person, name, unit,
division (text), is_certified.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from kepu.awards.rules import (
    BELOW_SHOWN,
    Missed,
    NearMiss,
    ScopeOutcome,
    Winner,
    tiers_by_scope,
)
from kepu.campaigns.rules import DoubleAward, Round, RuleSheet, Tier, TieRule
from kepu.standings.rules import round_days, scope_division

# What a list says of a line, in this order; `missed` is "" for a winner.
LINE = (
    *("scope", "position", "rank", "person", "name", "unit", "volume"),
    *("basic_task_met", "tier", "missed", "basic_task_gap", "rank_gap"),
)
NO_TIER = -1


@dataclass(frozen=True, slots=True)
class Asked:
    """A round as columns need it: whose acts of which days, and the scopes, widest first."""

    campaign: int
    days: tuple[int, int]
    basic_task: int
    tie_rule: TieRule
    double_award: DoubleAward
    scopes: tuple[tuple[str, str, tuple[Tier, ...]], ...]


def asked(campaign: int, sheet: RuleSheet, round_: Round) -> Asked:
    """What a round asks of the columns; `campaign` is the number entries call it by."""
    scopes = tuple(
        (scope, scope_division(sheet, scope), tiers) for scope, tiers in tiers_by_scope(sheet, round_)
    )
    days = round_days(round_)
    return Asked(campaign, days, round_.basic_task, sheet.tie_rule, sheet.double_award, scopes)


def lists(tallies: ir.Table, register: ir.Table, what: Asked) -> ir.Table:
    """The lines of every scope's list and its near misses: columns LINE, in no order.

    What `awards.rules.evaluate` finds, without everyone's place. A scope at least.
    """
    people = _people(tallies, register, what)
    found, holders = [], None
    for scope, division, tiers in what.scopes:
        placed = _placed(people.filter(people.division.startswith(division)), what)
        line = _judged(placed, tiers, what, holders).mutate(scope=ibis.literal(scope))
        if what.double_award is DoubleAward.HIGHEST_ONLY:
            won = line.filter(line.missed == "").select("person")
            holders = won if holders is None else holders.union(won)
        edge = placed.filter(placed["rank"] <= tiers[-1].rank_to).count()
        near = line.position <= edge.as_scalar() + BELOW_SHOWN
        found.append(line.filter(near).select(*LINE))
    return ibis.union(*found) if len(found) > 1 else found[0]


def outcomes(lines: Iterable[Mapping[str, Any]], what: Asked) -> tuple[ScopeOutcome, ...]:
    """The lists as `awards.rules.evaluate` says them, from the lines an engine found; `ranking` is empty."""
    by_scope: dict[str, list[Mapping[str, Any]]] = {scope: [] for scope, _division, _tiers in what.scopes}
    for line in lines:
        by_scope[line["scope"]].append(line)
    return tuple(
        _outcome(scope, division, tiers, sorted(by_scope[scope], key=lambda line: int(line["position"])))
        for scope, division, tiers in what.scopes
    )


def listed_people(tallies: ir.Table, register: ir.Table, what: Asked) -> ir.Table:
    """Everybody with a volume that is not 0: person, name, unit, division and is_certified, in no order."""
    brought = _volumes(tallies, what)
    people = register.select("person", "name", "unit", "division", "is_certified")
    return brought.filter(brought.volume != 0).select("person").join(people, "person")


def _volumes(tallies: ir.Table, what: Asked) -> ir.Table:
    inside = tallies.filter(tallies.campaign == what.campaign, tallies.day.between(*what.days))
    return inside.group_by("person").agg(volume=inside.volume.sum(), reached_ms=inside.reached_ms.max())


def _people(tallies: ir.Table, register: ir.Table, what: Asked) -> ir.Table:
    sums = _volumes(tallies, what)
    certified = register.filter(register.is_certified).select("person", "name", "unit", "division")
    return sums.filter(sums.volume > 0).join(certified, "person")


def _placed(inside: ir.Table, what: Asked) -> ir.Table:
    best_first = (ibis.desc("volume"), "reached_ms", "person")
    placed = inside.mutate(position=ibis.row_number().over(order_by=best_first) + 1)
    if what.tie_rule is TieRule.SHARED:
        return placed.mutate(rank=ibis.rank().over(order_by=ibis.desc("volume")) + 1)
    return placed.mutate(rank=placed.position)


def _judged(placed: ir.Table, tiers: Sequence[Tier], what: Asked, holders: ir.Table | None) -> ir.Table:
    """Every place with the tier its rank falls into and why it misses it, if so."""
    rank, volume = placed["rank"], placed.volume
    tier = ibis.cases(
        *((rank.between(each.rank_from, each.rank_to), number) for number, each in enumerate(tiers)),
        else_=NO_TIER,
    )
    barred = ibis.literal(False) if holders is None else placed.person.isin(holders.person)
    missed = ibis.cases(
        (tier == NO_TIER, Missed.BELOW_LAST_RANK.value),
        (volume < what.basic_task, Missed.BASIC_TASK.value),
        (barred, Missed.HOLDS_WIDER_AWARD.value),
        else_="",
    )
    in_rank = placed.filter(placed["rank"] <= tiers[-1].rank_to)
    last = in_rank.volume.min().fill_null(0 if what.tie_rule is TieRule.EARLIER else 1)
    enough = last.as_scalar() + (1 if what.tie_rule is TieRule.EARLIER else 0)
    line = placed.mutate(tier=tier, missed=missed, basic_task_met=volume >= what.basic_task)
    short = ibis.greatest(what.basic_task - line.volume, 0)
    below = line.missed == Missed.BELOW_LAST_RANK.value
    gap = ibis.ifelse(below, ibis.greatest(enough - line.volume, 0), 0)
    return line.mutate(basic_task_gap=short, rank_gap=gap)


def _outcome(
    scope: str, division: str, tiers: Sequence[Tier], lines: Sequence[Mapping[str, Any]]
) -> ScopeOutcome:
    winners = tuple(_winner(line, tiers[int(line["tier"])]) for line in lines if not line["missed"])
    near = tuple(_near_miss(line) for line in lines if line["missed"])
    return ScopeOutcome(scope, division, winners, near, sum(each.amount or 0 for each in winners), ())


def _winner(line: Mapping[str, Any], tier: Tier) -> Winner:
    person, volume = int(line["person"]), int(line["volume"])
    return Winner(
        int(line["rank"]), person, line["name"], line["unit"], volume, True, tier.title, tier.amount
    )


def _near_miss(line: Mapping[str, Any]) -> NearMiss:
    return NearMiss(
        rank=int(line["rank"]),
        communicator=int(line["person"]),
        name=line["name"],
        unit=line["unit"],
        volume=int(line["volume"]),
        basic_task_met=bool(line["basic_task_met"]),
        missed=Missed(line["missed"]),
        basic_task_gap=int(line["basic_task_gap"]),
        rank_gap=int(line["rank_gap"]),
    )
