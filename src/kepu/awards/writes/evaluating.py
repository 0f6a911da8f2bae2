"""What is decided about rounds and kept."""

import hashlib
from datetime import datetime

from django.db import connection, transaction

from kepu.awards import models, reads
from kepu.awards.reads import StoredEvaluation
from kepu.awards.rules import Evaluation, NoRound, evaluation_bytes


def evaluate_round(campaign: str, round_id: str, made_by: str, now: datetime) -> StoredEvaluation | NoRound:
    """The round is evaluated on the ledger as it stands and the list kept; the newest one when unchanged.

    `made_by`: an account's id, or the command that asked.
    """
    evaluation = reads.evaluate_round(campaign, round_id)
    if isinstance(evaluation, NoRound):
        return evaluation
    body = evaluation_bytes(evaluation)
    digest = hashlib.sha256(body).hexdigest()
    newest = reads.latest_evaluation(campaign, round_id)
    if newest is not None and (newest.sha256, newest.version) == (digest, evaluation.version):
        return newest
    _store(evaluation, body, digest, made_by, now)
    stored = reads.latest_evaluation(campaign, round_id)
    assert stored is not None
    return stored


def _store(evaluation: Evaluation, body: bytes, digest: str, made_by: str, now: datetime) -> None:
    places = [
        (outcome.division, place.score.person, place.position, place.rank, place.score.volume)
        for outcome in evaluation.scopes
        for place in outcome.ranking
    ]
    with transaction.atomic():
        row = models.Evaluation.objects.create(
            campaign=evaluation.campaign,
            round=evaluation.round,
            version=evaluation.version,
            as_of=evaluation.as_of or "",
            ledger_head=evaluation.ledger_head,
            body=body,
            sha256=digest,
            made_at=now,
            made_by=made_by,
        )
        # Plain SQL: on SQLite everybody who writes waits for this transaction, and rows made as objects take
        # ten times as long (decision 27).
        with connection.cursor() as cursor:
            cursor.executemany(_PLACE, [(row.pk, *place) for place in places])


_PLACE = """
INSERT INTO awards_placing (evaluation_id, division, person, position, rank, volume)
VALUES (%s, %s, %s, %s, %s, %s)
"""
