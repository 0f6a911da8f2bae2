"""A closed round is judged: corrections that are due are entered first, then the list is made and kept."""

from datetime import datetime

from kepu.awards import reads
from kepu.awards.rules import NoRound, NoStep, Step, Taken, step_trouble
from kepu.awards.writes.evaluating import evaluate_round
from kepu.awards.writes.life import take_step
from kepu.awards.writes.objections import enter_corrections
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import round_of


def judge_round(campaign: str, round_id: str, by: int, now: datetime) -> Taken | NoStep:
    """The round has a list on the ledger as it stands and stands at EVALUATED; or why not.

    Three transactions: corrections, list, step. Whoever dies between them is asked again.
    """
    published = campaigns.campaign(campaign)
    round_ = round_of(published.sheet, round_id) if published is not None else None
    if published is None or round_ is None:
        return NoStep.NO_ROUND
    life = reads.life(campaign, round_id)
    facts = reads.facts_for(published, round_, life, Step.EVALUATE, by, now)
    if (trouble := step_trouble(life, Step.EVALUATE, facts)) is not None:
        return trouble
    enter_corrections(campaign, round_id, now)
    stored = evaluate_round(campaign, round_id, str(by), now)
    assert not isinstance(stored, NoRound)
    return take_step(campaign, round_id, Step.EVALUATE, by, now)
