"""Questions about rounds: the list as the ledger gives it now, the list as it was stored, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, Q

from kepu.awards import models
from kepu.awards.rules import (
    Candidate,
    Evaluation,
    NoRound,
    ScopePlace,
    Seen,
    Why,
    by_month,
    evaluate,
    place_in_scope,
    tiers_by_scope,
)
from kepu.awards.snapshot import one_state
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import MEASURED_KIND, Kind, Published, Reason, Round, RuleSheet, Tier, round_of
from kepu.kit import clock, crypto
from kepu.ledger import reads as ledger
from kepu.ledger.rules import Head
from kepu.people import reads as people
from kepu.regions import reads as regions
from kepu.regions.rules import is_within
from kepu.standings.rules import round_days, scope_division


@dataclass(frozen=True, slots=True)
class StoredEvaluation:
    """An evaluation that was kept; `body` is canonical JSON (`rules.evaluation_bytes`)."""

    id: int
    campaign: str
    round: str
    version: int
    as_of: str | None
    ledger_head: str
    body: bytes
    sha256: str
    made_at: datetime
    made_by: str

    def content(self) -> dict[str, Any]:
        """The list as plain values."""
        content: dict[str, Any] = msgspec.json.decode(self.body)
        return content


def evaluate_round(campaign: str, round_id: str) -> Evaluation | NoRound:
    """The round on the ledger as it stands now, all of it read from one state of the database.

    Five queries and one for each book that counts.
    """
    with one_state():
        published = campaigns.campaign(campaign)
        if published is None:
            return NoRound.NO_CAMPAIGN
        round_ = round_of(published.sheet, round_id)
        if round_ is None:
            return NoRound.NO_ROUND
        return _evaluated(published, round_)


def latest_evaluation(campaign: str, round_id: str) -> StoredEvaluation | None:
    """The newest stored evaluation of a round. One query."""
    row = models.Evaluation.objects.filter(campaign=campaign, round=round_id).order_by("-id").first()
    if row is None:
        return None
    return StoredEvaluation(
        id=row.pk,
        campaign=row.campaign,
        round=row.round,
        version=row.version,
        as_of=row.as_of or None,
        ledger_head=row.ledger_head,
        body=bytes(row.body),
        sha256=row.sha256,
        made_at=row.made_at,
        made_by=row.made_by,
    )


def why(campaign: str, round_id: str, person: int) -> Why | NoRound:
    """Why a person stands where they do on the newest stored list. At most eight queries and one a scope."""
    published = campaigns.campaign(campaign)
    if published is None:
        return NoRound.NO_CAMPAIGN
    stored = latest_evaluation(campaign, round_id)
    if stored is None:
        return NoRound.NO_ROUND if round_of(published.sheet, round_id) is None else NoRound.NOT_EVALUATED
    sheet = published.sheet
    if stored.version != sheet.version:
        sheet = campaigns.sheet(published.number, stored.version)
    round_ = round_of(sheet, round_id)
    assert round_ is not None
    profile, account = people.profile(person), people.account(person)
    if profile is None and account is None:
        return NoRound.NO_PERSON
    days = ledger.volume_by_day(person, published.number, *round_days(round_))
    counted = sum(days.values())
    places = list(models.Placing.objects.filter(evaluation=stored.id, person=person))
    # Whoever is certified but not placed had nothing at that time; nobody else is on a list at all.
    volume = places[0].volume if places else 0 if profile is not None else counted
    refused, adjusted = _refused(person, published, sheet, round_)
    return Why(
        campaign=campaign,
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
        scopes=_scopes(stored, sheet, round_, profile.division if profile is not None else "", places),
    )


def _evaluated(published: Published, round_: Round) -> Evaluation:
    sheet = published.sheet
    heads = [head for head in ledger.heads(sheet.counts_within) if head.seq]
    volumes = {row.person: row for row in ledger.volumes(published.number, *round_days(round_))}
    candidates = [
        Candidate(
            person=profile.account,
            name=profile.name,
            unit=profile.unit_name,
            division=profile.division,
            volume=volumes[profile.account].volume,
            reached_ms=volumes[profile.account].reached_ms,
        )
        for profile in people.profiles_within(sheet.counts_within)
        if profile.account in volumes
    ]
    outcomes = evaluate(sheet, round_, candidates)
    return Evaluation(
        campaign=sheet.campaign,
        round=round_.id,
        version=sheet.version,
        as_of=_last_moment(heads),
        ledger_head=_head_digest(heads),
        names=regions.names([outcome.division for outcome in outcomes]),
        scopes=outcomes,
    )


def _last_moment(heads: list[Head]) -> str | None:
    entries = [ledger.entry(head.book, head.seq) for head in heads]
    last = max((entry.at_ms for entry in entries if entry is not None), default=None)
    if last is None:
        return None
    return clock.from_milliseconds(last).astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds")


def _head_digest(heads: list[Head]) -> str:
    parts = [
        part
        for head in sorted(heads)
        for part in (head.book.to_bytes(4, "big"), head.seq.to_bytes(8, "big"), head.hash)
    ]
    return crypto.digest(*parts).hex()


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
            if row.kind == measured and row.reason not in (Reason.CREDITED, Reason.ADJUSTED):
                name = Reason(row.reason).name.lower()
                refused[name] = refused.get(name, 0) + row.entries
            if number and row.kind == Kind.ADJUSTMENT:
                adjusted += row.volume
    return tuple(sorted(refused.items())), adjusted


def _scopes(
    stored: StoredEvaluation, sheet: RuleSheet, round_: Round, division: str, places: list[models.Placing]
) -> tuple[ScopePlace, ...]:
    by_division = {place.division: place for place in places}
    scopes = [(scope_division(sheet, scope), tiers) for scope, tiers in tiers_by_scope(sheet, round_)]
    mine = [(where, tiers) for where, tiers in scopes if where in by_division or is_within(division, where)]
    if not mine:
        return ()
    names = regions.names([where for where, _ in mine])
    edges = _edges(stored.id, mine)
    out: list[ScopePlace] = []
    for where, tiers in mine:
        seen = _seen(stored.id, where, by_division.get(where), edges[where], any(p.won_title for p in out))
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


def _seen(
    evaluation: int, where: str, place: models.Placing | None, edges: dict[int, int | None], holds_wider: bool
) -> Seen:
    if place is None:
        return Seen(None, 0, edges, 0, 0, holds_wider)
    tied = models.Placing.objects.filter(evaluation=evaluation, division=where, volume=place.volume)
    counted = tied.aggregate(others=Count("pk") - 1, ahead=Count("pk", filter=Q(position__lt=place.position)))
    return Seen(place.rank, place.volume, edges, counted["others"], counted["ahead"], holds_wider)
