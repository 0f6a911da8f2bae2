"""How far rounds are, and what their final lists award."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from kepu.awards import models
from kepu.awards.reads.evaluating import closed_at, evaluate_round, head_digest, last_counted
from kepu.awards.reads.objections import corrections_missing, open_objections
from kepu.awards.rules import (
    Facts,
    FinalWinner,
    Life,
    NoRound,
    Revocation,
    Stage,
    Step,
    Taken,
    evaluation_bytes,
    life_of,
    reached,
    revocations_of,
    won_on,
)
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published, Round, round_of
from kepu.kit import clock, crypto
from kepu.kit.canonical import canonical_json
from kepu.people import reads as people
from kepu.people.rules import Ability, may

STEPS_MAX = 2_000


def steps(campaign: str, round_id: str) -> tuple[Taken, ...]:
    """A round's steps in the order they were taken, at most STEPS_MAX; none for an open one. One query."""
    rows = models.RoundStep.objects.filter(campaign=campaign, round=round_id).order_by("number")
    return tuple(_taken(row) for row in rows[:STEPS_MAX])


def life(campaign: str, round_id: str) -> Life:
    """How far a round is; an open one's for a round nobody closed. One query."""
    return life_of(steps(campaign, round_id))


def lives(campaigns_: Sequence[str]) -> dict[tuple[str, str], Life]:
    """How far the rounds of campaigns are, by (campaign, round); open ones are absent. One query.

    At most STEPS_MAX steps for each campaign.
    """
    return {of: life_of(taken) for of, taken in steps_of(campaigns_).items()}


def steps_of(campaigns_: Sequence[str]) -> dict[tuple[str, str], list[Taken]]:
    """The steps of the rounds of campaigns in their order, as `lives` has what they come to. One query."""
    rows = models.RoundStep.objects.filter(campaign__in=campaigns_).order_by("campaign", "round", "number")
    found: dict[tuple[str, str], list[Taken]] = {}
    for row in rows[: STEPS_MAX * max(1, len(campaigns_))]:
        found.setdefault((row.campaign, row.round), []).append(_taken(row))
    return found


def final_winners(campaign: str, round_id: str) -> tuple[FinalWinner, ...] | NoRound:
    """The awards of the list two officers signed, the widest scope first; revoked ones left out.

    Four queries at most. NOT_FINAL before the second signature.
    """
    published = campaigns.campaign(campaign)
    if published is None:
        return NoRound.NO_CAMPAIGN
    taken = steps(campaign, round_id)
    found = life_of(taken)
    if not reached(found.stage, Stage.FINAL):
        return NoRound.NO_ROUND if round_of(published.sheet, round_id) is None else NoRound.NOT_FINAL
    row = models.Evaluation.objects.get(pk=found.evaluation)
    sheet = published.sheet
    if row.version != sheet.version:
        sheet = campaigns.sheet(published.number, row.version)
    round_ = round_of(sheet, round_id)
    assert round_ is not None
    scopes: list[dict[str, Any]] = msgspec.json.decode(bytes(row.body))["scopes"]
    gone = {(each.person, each.division) for each in revocations_of(taken)}
    winners = []
    for scope in scopes:
        for line in scope["winners"]:
            person = line["communicator"]
            if (person, scope["division"]) in gone:
                continue
            [award] = won_on(sheet, round_, [{**scope, "winners": [line]}], person)
            winners.append(
                FinalWinner(
                    person=person,
                    name=line["name"],
                    unit=line["unit"],
                    division=scope["division"],
                    scope_name=scope["name"],
                    rank=award.rank,
                    volume=award.volume,
                    title=award.title,
                    amount=award.amount,
                    given_by=award.given_by,
                    has_certificate=award.has_certificate,
                )
            )
    return tuple(winners)


def revocations(campaign: str, round_id: str) -> tuple[Revocation, ...]:
    """The awards of a final list that were taken back, in that order. One query."""
    rows = models.RoundStep.objects.filter(campaign=campaign, round=round_id, step=Step.REVOKE)
    return revocations_of([_taken(row) for row in rows.order_by("number")[:STEPS_MAX]])


def _taken(row: models.RoundStep) -> Taken:
    return Taken(
        number=row.number,
        step=Step(row.step),
        stage=Stage(row.stage),
        evaluation=row.evaluation_id or 0,
        account=row.account,
        name=row.name,
        at=row.at,
        reason=row.reason,
        details=row.details,
    )


def facts_for(
    published: Published, round_: Round, life: Life, step: Step, account: int, now: datetime
) -> Facts:
    """What a step is held against; whether the list is current, `is_current` says. Three queries."""
    slug = published.sheet.campaign
    is_binding = step in (Step.FREEZE, Step.PUBLISH, Step.SIGN)
    return Facts(
        now=now,
        today=clock.day_of(now),
        closes_at=round_.closes_at,
        account=account,
        may=account == 0 or may(people.scopes_of(account), Ability.ROUNDS, published.sheet.place),
        open_objections=open_objections(slug, round_.id) if step is Step.SIGN else 0,
        corrections_missing=is_binding and corrections_missing(slug, round_.id, life.evaluation),
    )


@dataclass(frozen=True, slots=True)
class Fresh:
    """A round's list as ledger, register and sheet gave it at one moment, in hashes."""

    version: int
    ledger_head: str
    sha256: str


def fresh_list(campaign: str, round_id: str) -> Fresh | None:
    """The list made anew, for freezing the stored one; None where there is nothing to freeze.

    Ask outside a transaction: it takes a second for 20,000 people, and writers of SQLite would wait. The
    queries of an evaluation and one.
    """
    if life(campaign, round_id).stage is not Stage.EVALUATED:
        return None
    found = evaluate_round(campaign, round_id)
    if isinstance(found, NoRound):
        return None
    return Fresh(found.version, found.ledger_head, hashlib.sha256(evaluation_bytes(found)).hexdigest())


def is_current(published: Published, round_: Round, evaluation: int, fresh: Fresh | None) -> bool:
    """Whether a stored list is the fresh one, and nothing that counts was entered since that was made.

    Two queries, and those of `last_counted`.
    """
    row = models.Evaluation.objects.filter(pk=evaluation).values("sha256", "version").first()
    if row is None or fresh is None or fresh.version != published.sheet.version:
        return False
    closed = closed_at(published.sheet.campaign, round_.id)
    head = head_digest(last_counted(published, round_, closed))
    return (row["sha256"], row["version"], head) == (fresh.sha256, fresh.version, fresh.ledger_head)


def snapshot_of(published: Published, round_: Round) -> dict[str, Any]:
    """What a frozen list rests on: heads of the books, rule sheet, register, list, and one hash over all."""
    row = models.RoundStep.objects.filter(campaign=published.sheet.campaign, round=round_.id)
    stored = row.select_related("evaluation").order_by("-number")[0].evaluation
    assert stored is not None
    heads = [
        [each.book, each.seq, each.hash.hex()]
        for each in last_counted(published, round_, closed_at(published.sheet.campaign, round_.id))
    ]
    rests_on: dict[str, Any] = {
        "books": heads,
        "ledger_head": stored.ledger_head,
        "sheet_version": stored.version,
        "sheet_sha256": published.sha256,
        "register": msgspec.json.decode(bytes(stored.body))["register"],
        "list_sha256": stored.sha256,
    }
    return {**rests_on, "snapshot": crypto.digest(canonical_json(rests_on)).hex()}
