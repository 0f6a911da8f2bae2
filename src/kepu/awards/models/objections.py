"""Objections against a public list, and the answers to them."""

from django.db import models

from kepu.awards.models.evaluations import Evaluation


class Objection(models.Model):
    """异议: somebody named says with evidence what is wrong about a person on the list; never changed.

    Only the name goes, when its owner's account is closed and the objection answered.

    `objector`: 0 for somebody without an account, whom a clerk (`entered_by`) entered from paper. `about`:
    the person it concerns, the objector themself for their own count. Objectors are never published.
    """

    campaign = models.CharField(max_length=60)
    round = models.CharField(max_length=60)
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, db_index=False)
    objector = models.BigIntegerField()
    objector_name = models.CharField(max_length=40)
    entered_by = models.BigIntegerField(default=0)
    about = models.BigIntegerField()
    says = models.TextField()
    evidence = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("campaign", "round", "id"), name="objections_of_round"),)

    def __str__(self) -> str:
        return f"objection {self.pk}"


class ObjectionAnswer(models.Model):
    """The answer: upheld or rejected, with a reason, once. `corrections`: what an upheld one changes.

    [{book, seq}] takes entries back, [{person, day, volume}] adds to a day or (negative) takes from it.
    `entered_at`: when all of them were in the ledger; `entries`: their places there, [[book, seq]].
    """

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="answer")
    is_upheld = models.BooleanField()
    reason = models.TextField()
    account = models.BigIntegerField()
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    corrections = models.JSONField(default=list)
    entries = models.JSONField(default=list)
    entered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"answer to {self.objection_id}"
