"""What is decided about rounds and kept: each function is one use case."""

from kepu.awards.writes.awarding import Awarded, close_payout, issue_certificates
from kepu.awards.writes.evaluating import evaluate_round
from kepu.awards.writes.forgetting import forget_objectors
from kepu.awards.writes.judging import (
    judge_round,
)
from kepu.awards.writes.life import freeze_round, revoke_award, take_step
from kepu.awards.writes.objections import (
    answer_objection,
    enter_corrections,
    file_objection,
)

__all__ = [
    "Awarded",
    "answer_objection",
    "close_payout",
    "enter_corrections",
    "evaluate_round",
    "file_objection",
    "forget_objectors",
    "freeze_round",
    "issue_certificates",
    "judge_round",
    "revoke_award",
    "take_step",
]
