"""Steps of a round's life: one row each, never changed, and nobody skips one."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from kepu.awards import models, reads
from kepu.awards.rules import (
    REASON_LENGTH_MAX,
    Life,
    NoStep,
    Step,
    Taken,
    UnknownYear,
    counts_until,
    life_of,
    publicity_from,
    stage_after,
    step_trouble,
)
from kepu.awards.writes.certificates import carry_revocation_to_certificates
from kepu.awards.writes.payouts import carry_revocation_to_payout
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published, Round, round_of
from kepu.kit import clock
from kepu.people import reads as people

AT_COMMAND_LINE = "命令行"


@transaction.atomic
def take_step(
    campaign: str, round_id: str, step: Step, by: int, now: datetime, reason: str = ""
) -> Taken | NoStep:
    """One step more in a round's life, by an account (0: the command line); or why not, and nothing changed.

    EVALUATE is about the newest stored list: `judge_round` makes one and takes it. REVOKE names an award:
    `revoke_award`. FREEZE wants a fresh list: `freeze_round`. Inside the transaction that is open, if one is.
    At most 12 queries.
    """
    assert step not in (Step.REVOKE, Step.FREEZE), f"{step} has a function of its own"
    return _step(campaign, round_id, step, (by, now, reason), {})


@transaction.atomic
def freeze_round(
    campaign: str, round_id: str, fresh: reads.Fresh | None, by: int, now: datetime
) -> Taken | NoStep:
    """The evaluated list is frozen where it is `fresh`, what `reads.fresh_list` gave outside a transaction.

    OUTDATED where it is not. Else as `take_step`.
    """
    return _step(campaign, round_id, Step.FREEZE, (by, now, ""), {}, fresh)


@transaction.atomic
def revoke_award(
    campaign: str, round_id: str, award: tuple[int, str], by: int, now: datetime, reason: str
) -> Taken | NoStep:
    """An award of a final list, (person, division of the scope), is taken back for a reason; or why not.

    Its certificate is revoked with it, and its money withdrawn or to be recovered.
    """
    winners = reads.final_winners(campaign, round_id)
    if not isinstance(winners, tuple):
        return NoStep.NOT_NOW
    found = next((each for each in winners if (each.person, each.division) == award), None)
    if found is None:
        gone = {(each.person, each.division) for each in reads.revocations(campaign, round_id)}
        return NoStep.REVOKED_ALREADY if award in gone else NoStep.NO_WINNER
    details = {"person": found.person, "division": found.division, "title": found.title, "rank": found.rank}
    taken = _step(campaign, round_id, Step.REVOKE, (by, now, reason), details)
    if isinstance(taken, Taken):
        carry_revocation_to_certificates(campaign, round_id, award, reason, by, now)
        carry_revocation_to_payout(campaign, round_id, award, reason, by, now)
    return taken


def _step(
    campaign: str,
    round_id: str,
    step: Step,
    said: tuple[int, datetime, str],
    details: dict[str, Any],
    fresh: reads.Fresh | None = None,
) -> Taken | NoStep:
    by, now, reason = said
    published = campaigns.campaign(campaign)
    round_ = round_of(published.sheet, round_id) if published is not None else None
    if published is None or round_ is None:
        return NoStep.NO_ROUND
    life = life_of(reads.steps(campaign, round_id))
    facts = reads.facts_for(published, round_, life, step, by, now)
    if step is Step.FREEZE:
        facts = replace(facts, is_current=reads.is_current(published, round_, life.evaluation, fresh))
    if (trouble := step_trouble(life, step, facts, reason)) is not None:
        return trouble
    fixed = details or _fixed(published, round_, step, now)
    if isinstance(fixed, NoStep):
        return fixed
    taken = Taken(
        number=life.steps + 1,
        step=step,
        stage=stage_after(life, step),
        evaluation=_evaluation(campaign, round_id, life, step),
        account=by,
        name=_name(by),
        at=now,
        reason=reason.strip()[:REASON_LENGTH_MAX],
        details=fixed,
    )
    return taken if _append(campaign, round_id, taken) else NoStep.NOT_NOW


def _fixed(published: Published, round_: Round, step: Step, now: datetime) -> dict[str, Any] | NoStep:
    """What a step fixes for good: the end of late entries, the snapshot, the days of publicity."""
    if step is Step.CLOSE:
        return {"counts_until": counts_until(published.sheet, round_, now).isoformat()}
    if step is Step.FREEZE:
        return reads.snapshot_of(published, round_)
    if step is Step.PUBLISH:
        added = reads.added_holidays()
        if isinstance(added, reads.BadYear):
            return NoStep.BAD_HOLIDAYS
        days = publicity_from(clock.day_of(now), published.sheet.publicity_days_min, added)
        if isinstance(days, UnknownYear):
            return NoStep.NO_HOLIDAYS
        working = [day.isoformat() for day in days.working_days]
        return {"first_day": days.first_day.isoformat(), "last_day": working[-1], "working_days": working}
    return {}


def _evaluation(campaign: str, round_id: str, life: Life, step: Step) -> int:
    if step is not Step.EVALUATE:
        return life.evaluation
    newest = reads.latest_evaluation(campaign, round_id)
    assert newest is not None, "evaluate first"
    return newest.id


def _append(campaign: str, round_id: str, taken: Taken) -> bool:
    """The row is there; False when somebody else took a step at the same time."""
    try:
        with transaction.atomic():
            models.RoundStep.objects.create(
                campaign=campaign,
                round=round_id,
                number=taken.number,
                step=taken.step,
                stage=taken.stage,
                evaluation_id=taken.evaluation or None,
                account=taken.account,
                name=taken.name,
                at=taken.at,
                reason=taken.reason,
                details=taken.details,
            )
    except IntegrityError:
        return False
    return True


def _name(by: int) -> str:
    """The name that is printed with the step."""
    row = people.account(by) if by else None
    return row.name if row is not None else AT_COMMAND_LINE if by == 0 else str(by)
