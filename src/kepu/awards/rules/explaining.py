"""Why one person stands where they do in a round, and what they won."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kepu.awards.rules.evaluating import Missed
from kepu.campaigns.rules import DoubleAward, Round, RuleSheet, Tier, TieRule, reached_tier
from kepu.kit.canonical import canonical_json
from kepu.standings.rules import scope_division, volume_to_enter


@dataclass(frozen=True, slots=True)
class Seen:
    """One person's surroundings in the ranking of one scope.

    `rank` is None for someone without a place there; `edges` gives for each tier's last rank the volume
    of the person now at that position (None when fewer are ranked); `tied` counts the others with the
    same volume, `tied_ahead` those of them the tie rule puts ahead.
    """

    rank: int | None
    volume: int
    edges: dict[int, int | None]
    tied: int
    tied_ahead: int
    holds_wider_award: bool


@dataclass(frozen=True, slots=True)
class TierGap:
    """A tier and the volume missing to its last rank or the basic task, the larger (0: both reached)."""

    title: str
    rank_from: int
    rank_to: int
    amount: int | None
    volume_missing: int


@dataclass(frozen=True, slots=True)
class ScopePlace:
    """Where one person stands in one scope and what decided it."""

    division: str
    name: str
    rank: int | None
    won_title: str | None
    won_amount: int | None
    missed: Missed | None
    tied: int
    tied_ahead: int
    tie_rule: TieRule
    tiers: tuple[TierGap, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of one day (yyyymmdd): by how much, why, and whether it counts in this round."""

    day: int
    change: int
    note: str
    counts: bool

    @property
    def day_text(self) -> str:
        """The day as people write it."""
        return f"{self.day // 100 % 100}月{self.day % 100}日"


@dataclass(frozen=True, slots=True)
class EarlierPlace:
    """Where somebody stood in a scope on the list that was public before; `rank` None: nowhere."""

    division: str
    name: str
    rank: int | None
    volume: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why one person stands where they do; the same numbers as the stored list at `as_of`.

    `counted_since` is the difference between the ledger now and that list. `months` and `days` are
    (yyyymm, volume) and (yyyymmdd, volume) of the days with any, `adjusted` the volume that corrections
    added (negative: took back) in them; `refused` is (reason, count).
    `corrections` are the newest first; `earlier` are the places on the list that was public before this one.
    """

    campaign: str
    round: str
    as_of: str | None
    ledger_head: str
    communicator: int
    name: str
    unit: str
    is_certified: bool
    volume: int
    counted_since: int
    basic_task: int
    basic_task_gap: int
    months: tuple[tuple[int, int], ...]
    days: tuple[tuple[int, int], ...]
    adjusted: int
    refused: tuple[tuple[str, int], ...]
    scopes: tuple[ScopePlace, ...]
    corrections: tuple[Correction, ...] = ()
    earlier: tuple[EarlierPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Won:
    """One award on a stored list: `place` names the scope's division, `amount` is in yuan or None.

    `is_final`: two officers signed the list.
    """

    campaign: str
    campaign_title: str
    round: str
    round_title: str
    place: str
    rank: int
    volume: int
    title: str
    amount: int | None
    has_certificate: bool
    given_by: str
    is_final: bool = False


def won_on(sheet: RuleSheet, round_: Round, scopes: Sequence[Mapping[str, Any]], person: int) -> list[Won]:
    """A person's awards among the scopes of a stored list (`evaluation_bytes`), the widest scope first."""
    found = []
    for scope in scopes:
        tiers = [tier for tier in round_.tiers if scope_division(sheet, tier.scope) == scope["division"]]
        for line in scope["winners"]:
            if line["communicator"] != person:
                continue
            tier = reached_tier(tiers, tiers[0].scope, line["rank"]) if tiers else None
            found.append(
                Won(
                    campaign=sheet.campaign,
                    campaign_title=sheet.title,
                    round=round_.id,
                    round_title=round_.title,
                    place=scope["name"],
                    rank=line["rank"],
                    volume=line["volume"],
                    title=line["title"],
                    amount=line["amount"],
                    has_certificate=tier is not None and tier.certificate,
                    given_by=tier.given_by if tier is not None else "",
                )
            )
    return found


def place_in_scope(
    sheet: RuleSheet, basic_task: int, tiers: Sequence[Tier], division: str, name: str, seen: Seen
) -> ScopePlace:
    """What one scope made of one person, and how far each of its tiers was."""
    tier = reached_tier(tiers, tiers[0].scope, seen.rank) if seen.rank is not None else None
    missed = None
    if tier is None:
        missed = Missed.BELOW_LAST_RANK
    elif seen.volume < basic_task:
        missed = Missed.BASIC_TASK
    elif seen.holds_wider_award and sheet.double_award is DoubleAward.HIGHEST_ONLY:
        missed = Missed.HOLDS_WIDER_AWARD
    won = tier if missed is None else None
    return ScopePlace(
        division=division,
        name=name,
        rank=seen.rank,
        won_title=won.title if won else None,
        won_amount=won.amount if won else None,
        missed=missed,
        tied=seen.tied,
        tied_ahead=seen.tied_ahead,
        tie_rule=sheet.tie_rule,
        tiers=tuple(_tier_gap(each, seen, sheet.tie_rule, basic_task) for each in tiers),
    )


def by_day_and_reason(corrections: Iterable[Correction]) -> list[tuple[Correction, int]]:
    """Corrections of one day for one reason as one, with how many they are, in the order they came."""
    sums: dict[tuple[int, str, bool], list[int]] = {}
    for each in corrections:
        sums.setdefault((each.day, each.note, each.counts), []).append(each.change)
    return [
        (Correction(day, sum(changes), note, counts), len(changes))
        for (day, note, counts), changes in sums.items()
    ]


def by_month(days: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """(yyyymm, volume) in order from (yyyymmdd, volume)."""
    sums: dict[int, int] = {}
    for day, volume in days:
        sums[day // 100] = sums.get(day // 100, 0) + volume
    return tuple(sorted(sums.items()))


def _tier_gap(tier: Tier, seen: Seen, tie_rule: TieRule, basic_task: int) -> TierGap:
    wanted = basic_task
    if seen.rank is None or seen.rank > tier.rank_to:
        wanted = max(wanted, volume_to_enter(seen.edges[tier.rank_to], tie_rule))
    return TierGap(tier.title, tier.rank_from, tier.rank_to, tier.amount, max(0, wanted - seen.volume))


def why_bytes(why: Why) -> bytes:
    """The explanation as canonical JSON; months, days and refused are objects keyed by month, day, reason."""
    said = asdict(why)
    for name in ("months", "days", "refused"):
        said[name] = {str(key): value for key, value in said[name]}
    return canonical_json(said)
