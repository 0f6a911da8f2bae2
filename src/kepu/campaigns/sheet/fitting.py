"""A copied sheet made to fit whoever will publish it: where volume counts, who is ranked. Pure."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kepu.campaigns.rules import SCOPES
from kepu.campaigns.sheet.checks import scopes_between
from kepu.campaigns.sheet.forms import rows_of
from kepu.regions.rules import is_within


class Fit(StrEnum):
    """What was changed; the comment lists what `Fitted.values` holds."""

    RANGE = "range"  # the division where volume counts now
    TIERS_OUT = "tiers_out"  # the round, the scope that cannot be ranked
    TIERS_MOVED = "tiers_moved"  # the round, the scope it was, the scope it is


@dataclass(frozen=True, slots=True)
class Fitted:
    """One change, for words to say."""

    fit: Fit
    values: tuple[str, ...]


def fitted_to(raw: Mapping[str, Any], divisions: tuple[str, ...]) -> tuple[dict[str, Any], list[Fitted]]:
    """The sheet as far as somebody of `divisions` can publish it, and what was changed for that.

    Volume counts in no more than the widest of the divisions that holds the place. Tiers nobody can be ranked
    for go; where a round has no others they are given in the widest scope there is, without a title and a
    giver, for those are another's. Nothing changes where the place lies in none of the divisions.
    """
    changed = deepcopy(dict(raw))
    place, counts_within = str(raw.get("place", "")), str(raw.get("counts_within", ""))
    outer = min((each for each in divisions if is_within(place, each)), key=len, default=None)
    if outer is None or not place:
        return changed, []
    told = []
    if not any(is_within(counts_within, each) for each in divisions):
        counts_within = changed["counts_within"] = outer
        told.append(Fitted(Fit.RANGE, (outer,)))
    fitting = scopes_between(counts_within, place)
    if fitting:
        for each in rows_of(changed, "rounds"):
            told += _fit_tiers(each, fitting)
    return changed, told


def _fit_tiers(each: dict[str, Any], fitting: list[str]) -> list[Fitted]:
    """What was changed in one round; its money in all is that of the tiers it has then."""
    tiers, title = rows_of(each, "tiers"), str(each.get("title", ""))
    unfit = [
        scope for scope in SCOPES if scope not in fitting and any(t.get("scope") == scope for t in tiers)
    ]
    if not unfit:
        return []
    kept = [tier for tier in tiers if tier.get("scope") not in unfit]
    if kept:
        told = [Fitted(Fit.TIERS_OUT, (title, scope)) for scope in unfit]
    else:
        moved = [tier for tier in tiers if tier.get("scope") == unfit[0]]
        foreign = ("title", "given_by")
        kept = [{k: v for k, v in tier.items() if k not in foreign} | {"scope": fitting[0]} for tier in moved]
        told = [Fitted(Fit.TIERS_MOVED, (title, unfit[0], fitting[0]))]
    each["tiers"] = kept
    if "amount_total" in each and all(
        type(tier.get(n)) is int for tier in kept for n in ("rank_from", "rank_to")
    ):
        each["amount_total"] = sum(
            (tier["rank_to"] - tier["rank_from"] + 1) * (tier.get("amount") or 0) for tier in kept
        )
    return told
