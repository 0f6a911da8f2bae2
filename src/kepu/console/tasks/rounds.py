"""Judging a round, as long work."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kepu.awards.reads import words
from kepu.awards.rules import NoStep
from kepu.awards.writes import judge_round
from kepu.jobs.rules import Job, Outcome, Report
from kepu.kit import clock


def judge(job: Job, report: Report) -> Outcome:
    """The round has a list on the ledger as it stands. `wants`: campaign, round."""
    campaign, round_id = str(job.wants["campaign"]), str(job.wants["round"])
    report(0, 1)
    taken = judge_round(campaign, round_id, job.asked_by, clock.now())
    link = {"link": reverse("console_round", args=[campaign, round_id]), "link_words": _("To the round")}
    if isinstance(taken, NoStep):
        return Outcome({"said": words.no_step_text(taken), **link})
    return Outcome({"said": _("The list is made. Look at it before you freeze it."), **link})
