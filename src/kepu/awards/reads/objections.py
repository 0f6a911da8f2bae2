"""Objections against public lists and the answers to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from kepu.awards import models
from kepu.awards.rules import Filed, Step
from kepu.people import reads as people
from kepu.people.rules import masked_name

OBJECTIONS_MAX = 500


def objections(campaign: str, round_id: str, limit: int = OBJECTIONS_MAX) -> list[Filed]:
    """A round's objections, the waiting ones first, then the newest first. One query."""
    rows = _of(campaign, round_id).order_by("answer__at", "-pk")
    found = [_filed(row) for row in rows[:limit]]
    return sorted(found, key=lambda each: each.is_upheld is not None)


def objection(number: int) -> Filed | None:
    """One objection with its answer. One query."""
    row = models.Objection.objects.select_related("answer").filter(pk=number).first()
    return _filed(row) if row is not None else None


def objection_seen_by(number: int, account: int) -> tuple[Filed, bool] | None:
    """One objection with its answer, and whether the account made the list that now stands. One query."""
    steps = models.RoundStep.objects.filter(campaign=OuterRef("campaign"), round=OuterRef("round"))
    newest = steps.order_by("-number").values("evaluation")[:1]
    made = steps.filter(step__in=(Step.EVALUATE, Step.FREEZE), account=account, evaluation=Subquery(newest))
    rows = models.Objection.objects.select_related("answer").annotate(made_list=Exists(made))
    row = rows.filter(pk=number).first()
    return (_filed(row), row.made_list) if row is not None else None


def objections_of(person: int, campaign: str, round_id: str) -> list[Filed]:
    """What one person filed in a round, newest first. One query."""
    return [_filed(row) for row in _of(campaign, round_id).filter(objector=person).order_by("-pk")[:50]]


def has_objected(person: int, campaign: str, round_id: str) -> bool:
    """Whether somebody filed an objection in a round. One query."""
    return models.Objection.objects.filter(campaign=campaign, round=round_id, objector=person).exists()


def upheld_at(campaign: str, round_id: str, at: datetime) -> str | None:
    """The reason of the objection that was upheld at this moment, whoever it names masked; None for none.

    Two queries at most.
    """
    upheld = models.ObjectionAnswer.objects.filter(is_upheld=True, at=at, objection__campaign=campaign)
    row = upheld.filter(objection__round=round_id).select_related("objection").first()
    if row is None:
        return None
    about, reason = people.profile(row.objection.about), row.reason
    named = {about.name if about is not None else "", row.objection.objector_name}
    for name in sorted(named - {""}, key=len, reverse=True):
        reason = reason.replace(name, masked_name(name))
    return str(reason)


def open_objections(campaign: str, round_id: str) -> int:
    """How many objections of a round wait for an answer. One query."""
    return models.Objection.objects.filter(campaign=campaign, round=round_id, answer=None).count()


def open_objections_of(campaigns: Sequence[str]) -> dict[tuple[str, str], int]:
    """How many objections wait, by (campaign, round); rounds without one are absent. One query."""
    rows = models.Objection.objects.filter(campaign__in=campaigns, answer=None).order_by()
    counted = rows.values("campaign", "round").annotate(waiting=Count("pk"))
    return {(row["campaign"], row["round"]): row["waiting"] for row in counted[:OBJECTIONS_MAX]}


def corrections_due(campaign: str, round_id: str) -> list[Filed]:
    """Upheld objections whose corrections are not all in the ledger yet, the oldest first. One query."""
    rows = _of(campaign, round_id).filter(answer__is_upheld=True, answer__entered_at=None)
    return [_filed(row) for row in rows.order_by("pk")[:OBJECTIONS_MAX]]


def corrections_missing(campaign: str, round_id: str, evaluation: int) -> bool:
    """Whether an objection of a round was upheld whose corrections a stored list cannot hold. One query."""
    made_at = models.Evaluation.objects.filter(pk=evaluation).values("made_at")
    is_missing = Q(entered_at=None) | Q(entered_at__gt=Subquery(made_at))
    upheld = models.ObjectionAnswer.objects.filter(is_upheld=True, objection__campaign=campaign)
    return upheld.filter(is_missing, objection__round=round_id).exists()


def _of(campaign: str, round_id: str) -> QuerySet[models.Objection]:
    return models.Objection.objects.filter(campaign=campaign, round=round_id).select_related("answer")


def _filed(row: models.Objection) -> Filed:
    answer: models.ObjectionAnswer | None = getattr(row, "answer", None)
    filed = Filed(
        id=row.pk,
        campaign=row.campaign,
        round=row.round,
        evaluation=row.evaluation_id,
        objector=row.objector,
        objector_name=row.objector_name,
        entered_by=row.entered_by,
        about=row.about,
        says=row.says,
        evidence=row.evidence,
        at=row.at,
    )
    if answer is None:
        return filed
    return replace(
        filed,
        is_upheld=answer.is_upheld,
        reason=answer.reason,
        answered_by=answer.account,
        answered_name=answer.name,
        answered_at=answer.at,
        corrections=tuple(answer.corrections),
        entered_at=answer.entered_at,
    )
