"""The steps of a round's life, appended and never changed."""

from django.db import models

from kepu.awards.models.evaluations import Evaluation


class RoundStep(models.Model):
    """One step: columns as `rules.Taken` says. `number` counts a round's steps from 1 without gaps."""

    campaign = models.CharField(max_length=60)
    round = models.CharField(max_length=60)
    number = models.IntegerField()
    step = models.CharField(max_length=12)
    stage = models.CharField(max_length=12)
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, db_index=False)
    account = models.BigIntegerField()
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        # Two people at once: the second finds the number taken and is told where the round stands now.
        constraints = (models.UniqueConstraint("campaign", "round", "number", name="step_once"),)

    def __str__(self) -> str:
        return f"{self.campaign} {self.round} {self.number} {self.step}"
