"""Who wins a round: one ledger and one rule sheet give one list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kepu.campaigns.rules import DoubleAward, Round, RuleSheet, Tier, TieRule, reached_tier
from kepu.kit import crypto
from kepu.kit.canonical import canonical_json
from kepu.regions.rules import is_within
from kepu.standings.rules import Ranked, Score, ranked, scope_division, volume_to_enter

BELOW_SHOWN = 10


class Missed(StrEnum):
    """Why someone near the winners is not one of them."""

    BASIC_TASK = "basic_task"
    BELOW_LAST_RANK = "below_last_rank"
    HOLDS_WIDER_AWARD = "holds_wider_award"


class NoRound(StrEnum):
    """Why there is nothing to evaluate or explain."""

    NO_CAMPAIGN = "no_campaign"
    NO_ROUND = "no_round"
    NOT_EVALUATED = "not_evaluated"
    NOT_FINAL = "not_final"
    NO_PERSON = "no_person"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone who may win: who they are and what they brought together within the round."""

    person: int
    name: str
    unit: str
    division: str
    volume: int
    reached_ms: int
    is_certified: bool = True


@dataclass(frozen=True, slots=True)
class Winner:
    """One line of the list; `amount` in yuan, None where the notice names no sum."""

    rank: int
    communicator: int
    name: str
    unit: str
    volume: int
    basic_task_met: bool
    title: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Someone in rank who missed a condition, or among the first below the last rank.

    `basic_task_gap` and `rank_gap` are volumes: what was missing to the basic task and to the last rank.
    """

    rank: int
    communicator: int
    name: str
    unit: str
    volume: int
    basic_task_met: bool
    missed: Missed
    basic_task_gap: int
    rank_gap: int


@dataclass(frozen=True, slots=True)
class ScopeOutcome:
    """The result in one scope, with everyone's place (`ranking`, best first) for those who ask why."""

    scope: str
    division: str
    winners: tuple[Winner, ...]
    near_misses: tuple[NearMiss, ...]
    budget: int
    ranking: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A round evaluated on one state of ledger and register. `names` gives each scope's division its name.

    `register` is a hash over who was certified where (`register_digest`): the same ledger head, register
    and sheet version give the same list. `counts_until`: from when on entries about the round's days no
    longer counted, once it was closed.
    """

    campaign: str
    round: str
    version: int
    as_of: str | None
    ledger_head: str
    register: str
    names: dict[str, str]
    scopes: tuple[ScopeOutcome, ...]
    counts_until: str | None = None


def evaluate(sheet: RuleSheet, round_: Round, candidates: Iterable[Candidate]) -> tuple[ScopeOutcome, ...]:
    """The outcome in every scope the round has tiers for, the widest scope first.

    插政办发〔2021〕12号: a winner completed the basic task *and* stands in a tier's ranks. Ranks are among
    everyone certified in the scope, so nobody moves up when someone ahead missed the basic task.
    """
    people = {candidate.person: candidate for candidate in candidates if candidate.is_certified}
    outcomes: list[ScopeOutcome] = []
    holders: set[int] = set()
    for scope, tiers in tiers_by_scope(sheet, round_):
        division = scope_division(sheet, scope)
        inside = {p: c for p, c in people.items() if is_within(c.division, division)}
        ranking = ranked((Score(c.person, c.volume, c.reached_ms) for c in inside.values()), sheet.tie_rule)
        barred = holders if sheet.double_award is DoubleAward.HIGHEST_ONLY else frozenset()
        winners = _winners(ranking, tiers, inside, round_.basic_task, barred)
        near = _near_misses(ranking, tiers, inside, round_.basic_task, sheet.tie_rule, barred)
        budget = sum(winner.amount or 0 for winner in winners)
        outcomes.append(ScopeOutcome(scope, division, winners, near, budget, tuple(ranking)))
        holders = holders | {winner.communicator for winner in winners}
    return tuple(outcomes)


def tiers_by_scope(sheet: RuleSheet, round_: Round) -> list[tuple[str, tuple[Tier, ...]]]:
    """Each scope of the round with its tiers by rank, the widest scope first."""
    scopes = sorted(
        {tier.scope for tier in round_.tiers}, key=lambda scope: len(scope_division(sheet, scope))
    )
    return [
        (scope, tuple(sorted((t for t in round_.tiers if t.scope == scope), key=lambda t: t.rank_from)))
        for scope in scopes
    ]


def register_digest(candidates: Iterable[Candidate]) -> str:
    """SHA-256 (hex) over person, division, name, unit and certification of all candidates, by person."""
    rows = sorted((c.person, c.division, c.name, c.unit, c.is_certified) for c in candidates)
    return crypto.digest(canonical_json(rows)).hex()


def evaluation_bytes(evaluation: Evaluation) -> bytes:
    """The list as canonical JSON: the same evaluation gives the same bytes on every machine.

    {campaign, round, as_of, ledger_head, register, scopes: [{division, name, winners: [{rank, communicator,
    name, unit, volume, basic_task_met, title, amount}], near_misses: [{rank, communicator, name, unit,
    volume, basic_task_met, missed, basic_task_gap, rank_gap}], budget}]} and for a closed round counts_until.
    """
    closed = {"counts_until": evaluation.counts_until} if evaluation.counts_until else {}
    return canonical_json(
        {
            **closed,
            "campaign": evaluation.campaign,
            "round": evaluation.round,
            "as_of": evaluation.as_of,
            "ledger_head": evaluation.ledger_head,
            "register": evaluation.register,
            "scopes": [
                {
                    "division": outcome.division,
                    "name": evaluation.names.get(outcome.division, outcome.division),
                    "winners": [_fields(winner) for winner in outcome.winners],
                    "near_misses": [_fields(near) for near in outcome.near_misses],
                    "budget": outcome.budget,
                }
                for outcome in evaluation.scopes
            ],
        }
    )


def _fields(line: Winner | NearMiss) -> dict[str, object]:
    return {name: getattr(line, name) for name in line.__slots__}


def _winners(
    ranking: Sequence[Ranked],
    tiers: Sequence[Tier],
    inside: dict[int, Candidate],
    basic_task: int,
    barred: Iterable[int],
) -> tuple[Winner, ...]:
    out = []
    for place in ranking[: _last_in_rank(ranking, tiers)]:
        tier = reached_tier(tiers, tiers[0].scope, place.rank)
        person, volume = place.score.person, place.score.volume
        if tier is not None and volume >= basic_task and person not in barred:
            who = inside[person]
            out.append(Winner(place.rank, person, who.name, who.unit, volume, True, tier.title, tier.amount))
    return tuple(out)


def _near_misses(
    ranking: Sequence[Ranked],
    tiers: Sequence[Tier],
    inside: dict[int, Candidate],
    basic_task: int,
    tie_rule: TieRule,
    barred: Iterable[int],
) -> tuple[NearMiss, ...]:
    edge = _last_in_rank(ranking, tiers)
    enough = volume_to_enter(ranking[edge - 1].score.volume if edge else None, tie_rule)
    out = []
    for place in ranking[: edge + BELOW_SHOWN]:
        person, volume = place.score.person, place.score.volume
        missed = _missed(place, tiers, basic_task, barred)
        if missed is not None:
            who = inside[person]
            short = max(0, basic_task - volume)
            gap = max(0, enough - volume) if missed is Missed.BELOW_LAST_RANK else 0
            out.append(
                NearMiss(place.rank, person, who.name, who.unit, volume, short == 0, missed, short, gap)
            )
    return tuple(out)


def _missed(place: Ranked, tiers: Sequence[Tier], basic_task: int, barred: Iterable[int]) -> Missed | None:
    if reached_tier(tiers, tiers[0].scope, place.rank) is None:
        return Missed.BELOW_LAST_RANK
    if place.score.volume < basic_task:
        return Missed.BASIC_TASK
    return Missed.HOLDS_WIDER_AWARD if place.score.person in barred else None


def _last_in_rank(ranking: Sequence[Ranked], tiers: Sequence[Tier]) -> int:
    last_rank = max(tier.rank_to for tier in tiers)
    edge = min(last_rank, len(ranking))
    while edge < len(ranking) and ranking[edge].rank <= last_rank:
        edge += 1
    return edge
