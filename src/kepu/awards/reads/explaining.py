"""Why one person stands where they do on a stored list."""

from django.db.models import Count, Q, Subquery

from kepu.awards import models
from kepu.awards.reads.comparing import lists_before
from kepu.awards.reads.evaluating import StoredEvaluation, closed_at, standing_evaluation
from kepu.awards.rules import (
    Correction,
    EarlierPlace,
    NoRound,
    ScopePlace,
    Seen,
    Why,
    by_month,
    place_in_scope,
    tiers_by_scope,
)
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import (
    COUNTED,
    MEASURED_KIND,
    Kind,
    Published,
    Reason,
    Round,
    RuleSheet,
    Tier,
    round_of,
)
from kepu.ledger import reads as ledger
from kepu.ledger.reads import stating
from kepu.people import reads as people
from kepu.regions import reads as regions
from kepu.regions.rules import is_within
from kepu.standings.rules import round_days, scope_division

CORRECTIONS_SHOWN = 200


def why(campaign: str, round_id: str, person: int) -> Why | NoRound:
    """Why a person stands where they do on the list that stands. At most 14 queries."""
    published = campaigns.campaign(campaign)
    return why_in(published, round_id, person) if published is not None else NoRound.NO_CAMPAIGN


def why_in(published: Published, round_id: str, person: int) -> Why | NoRound:
    """The same for whoever holds the published sheet. At most 13 queries."""
    stored = standing_evaluation(published.sheet.campaign, round_id)
    if stored is None:
        return NoRound.NO_ROUND if round_of(published.sheet, round_id) is None else NoRound.NOT_EVALUATED
    sheet = published.sheet
    if stored.version != sheet.version:
        sheet = campaigns.sheet(published.number, stored.version)
    round_ = round_of(sheet, round_id)
    assert round_ is not None
    profile = people.profile(person)
    account = people.account(person) if profile is None else None
    if profile is None and account is None:
        return NoRound.NO_PERSON
    days = ledger.volume_by_day(person, published.number, *round_days(round_))
    counted = sum(days.values())
    places = list(models.Placing.objects.filter(evaluation=stored.id, person=person))
    # Whoever is certified but not placed had nothing at that time; nobody else is on a list at all.
    volume = places[0].volume if places else 0 if profile is not None else counted
    refused, adjusted = _refused(person, published, sheet, round_)
    names = regions.names({scope_division(sheet, tier.scope) for tier in round_.tiers})
    return Why(
        campaign=sheet.campaign,
        round=round_id,
        as_of=stored.as_of,
        ledger_head=stored.ledger_head,
        communicator=person,
        name=profile.name if profile is not None else account.name if account is not None else "",
        unit=profile.unit_name if profile is not None else "",
        is_certified=profile is not None,
        volume=volume,
        counted_since=counted - volume,
        basic_task=round_.basic_task,
        basic_task_gap=max(0, round_.basic_task - volume),
        months=by_month(days.items()),
        days=tuple(sorted(days.items())),
        adjusted=adjusted,
        refused=refused,
        corrections=_corrections(person, published, round_),
        earlier=_earlier(stored, person, names),
        scopes=_scopes(stored, sheet, round_, profile.division if profile is not None else "", places, names),
    )


def _corrections(person: int, published: Published, round_: Round) -> tuple[Correction, ...]:
    found = stating.corrections_of(person, published.number, round_days(round_), CORRECTIONS_SHOWN)
    closed = closed_at(published.sheet.campaign, round_.id) if found else None
    return tuple(
        Correction(
            day=each.day,
            change=each.volume,
            note=each.note,
            counts=closed is None or each.at_ms < closed.until_ms or (each.book, each.seq) in closed.kept,
        )
        for each in found
    )


def _earlier(stored: StoredEvaluation, person: int, names: dict[str, str]) -> tuple[EarlierPlace, ...]:
    before = lists_before(stored.campaign, stored.round, stored.id)
    rows = models.Placing.objects.filter(evaluation=Subquery(before[:1]), person=person).order_by("division")
    return tuple(
        EarlierPlace(row.division, names.get(row.division, row.division), row.rank, row.volume)
        for row in rows
    )


def _refused(
    person: int, published: Published, sheet: RuleSheet, round_: Round
) -> tuple[tuple[tuple[str, int], ...], int]:
    """(reason, count) of the acts of the measured kind that brought nothing, and what corrections added."""
    first, last = round_days(round_)
    measured = MEASURED_KIND[sheet.measure]
    refused: dict[str, int] = {}
    adjusted = 0
    # Campaign 0: acts of these days that no open campaign covered.
    for number in (published.number, 0):
        for row in ledger.reason_counts(person, number, first, last):
            if row.kind == measured and row.reason not in COUNTED | {Reason.ADJUSTED}:
                name = Reason(row.reason).name.lower()
                refused[name] = refused.get(name, 0) + row.entries
            if number and row.kind == Kind.ADJUSTMENT:
                adjusted += row.volume
    return tuple(sorted(refused.items())), adjusted


def _scopes(
    stored: StoredEvaluation,
    sheet: RuleSheet,
    round_: Round,
    division: str,
    places: list[models.Placing],
    names: dict[str, str],
) -> tuple[ScopePlace, ...]:
    by_division = {place.division: place for place in places}
    scopes = [(scope_division(sheet, scope), tiers) for scope, tiers in tiers_by_scope(sheet, round_)]
    mine = [(where, tiers) for where, tiers in scopes if where in by_division or is_within(division, where)]
    if not mine:
        return ()
    edges, tied = _edges(stored.id, mine), _tied(stored.id, places)
    out: list[ScopePlace] = []
    for where, tiers in mine:
        place, holds_wider = by_division.get(where), any(p.won_title for p in out)
        if place is None:
            seen = Seen(None, 0, edges[where], 0, 0, holds_wider)
        else:
            others, ahead = tied[where]
            seen = Seen(place.rank, place.volume, edges[where], others, ahead, holds_wider)
        out.append(place_in_scope(sheet, round_.basic_task, tiers, where, names.get(where, where), seen))
    return tuple(out)


def _edges(evaluation: int, scopes: list[tuple[str, tuple[Tier, ...]]]) -> dict[str, dict[int, int | None]]:
    """The volume at the last rank of every tier, by scope. One query."""
    lasts = {tier.rank_to for _, tiers in scopes for tier in tiers}
    rows = models.Placing.objects.filter(
        evaluation=evaluation, division__in=[where for where, _ in scopes], position__in=lasts
    )
    held = {(where, at): volume for where, at, volume in rows.values_list("division", "position", "volume")}
    return {
        where: {tier.rank_to: held.get((where, tier.rank_to)) for tier in tiers} for where, tiers in scopes
    }


def _tied(evaluation: int, places: list[models.Placing]) -> dict[str, tuple[int, int]]:
    """How many others have the same volume as somebody in each scope, and how many of them stand ahead.

    One query.
    """
    same, ahead = Q(pk=None), Q(pk=None)
    for place in places:
        same |= Q(division=place.division, volume=place.volume)
        ahead |= Q(division=place.division, position__lt=place.position)
    rows = models.Placing.objects.filter(same, evaluation=evaluation).order_by().values("division")
    counted = rows.annotate(all=Count("pk"), ahead=Count("pk", filter=ahead))
    return {row["division"]: (row["all"] - 1, row["ahead"]) for row in counted[: max(1, len(places))]}
