"""The last two steps of a round: its awards are given, and everything that was won is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kepu.awards.reads.life import final_winners
from kepu.awards.reads.payouts import unsettled
from kepu.awards.rules import FinalWinner, NoRound, NoStep, Step, Taken
from kepu.awards.rules.payouts import Unpaid
from kepu.awards.writes.certificates import give_certificates
from kepu.awards.writes.life import take_step
from kepu.awards.writes.payouts import open_lines
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Round, round_of
from kepu.people.rules import NoticeKind
from kepu.people.writes.notices import TOLD_AT_ONCE, tell_once


@dataclass(frozen=True, slots=True)
class Awarded:
    """A round whose awards were given: how many certificates, and how many lines to pay."""

    certificates: int
    lines: int


@transaction.atomic
def issue_certificates(campaign: str, round_id: str, by: int, now: datetime) -> Awarded | NoStep | NoRound:
    """The round is awarded: every final winner has the certificate and the payout line of their tier.

    A tier without a sum opens no line, one without a certificate gives none. What the round's life does not
    allow now changes nothing.
    """
    taken = take_step(campaign, round_id, Step.AWARD, by, now)
    if isinstance(taken, NoStep):
        return taken
    winners, published = final_winners(campaign, round_id), campaigns.campaign(campaign)
    round_ = round_of(published.sheet, round_id) if published is not None else None
    if isinstance(winners, NoRound) or published is None or round_ is None:
        transaction.set_rollback(True)
        return winners if isinstance(winners, NoRound) else NoRound.NO_ROUND
    certificates = give_certificates(published, round_, winners, by, now)
    _tell_winners(campaign, round_, winners, now)
    return Awarded(certificates, open_lines(published, round_, winners, by, now))


def _tell_winners(campaign: str, round_: Round, winners: Sequence[FinalWinner], now: datetime) -> None:
    """Each winner finds the award among their messages; so many of one award at a time as may be told."""
    awards: dict[tuple[str, str], list[int]] = {}
    for winner in winners:
        awards.setdefault((winner.division, winner.title), []).append(winner.person)
    for place, ((_division, title), persons) in enumerate(awards.items(), 1):
        words = {"round": round_.title, "title": title}
        link = f"/me/certificates/?round={campaign}.{round_.id}.{place}"
        for start in range(0, len(persons), TOLD_AT_ONCE):
            part = persons[start : start + TOLD_AT_ONCE]
            tell_once(part, NoticeKind.AWARDED, words, link, now)


@transaction.atomic
def close_payout(campaign: str, round_id: str, by: int, now: datetime) -> Taken | NoStep | Unpaid:
    """The round is paid; STILL_OPEN while a line is to be paid, on its way or failed."""
    if unsettled(campaign, round_id):
        return Unpaid.STILL_OPEN
    return take_step(campaign, round_id, Step.PAY, by, now)
