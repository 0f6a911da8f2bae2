"""Evaluations as they were made: never changed, so that a list shown once can be shown again."""

from django.db import models


class Evaluation(models.Model):
    """A round's list on one state of the ledger: its canonical bytes and what they rest on."""

    campaign = models.CharField(max_length=60)
    round = models.CharField(max_length=60)
    version = models.IntegerField(help_text="version of the rule sheet")
    as_of = models.CharField(max_length=40, blank=True)
    ledger_head = models.CharField(max_length=64)
    body = models.BinaryField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        indexes = (models.Index(fields=("campaign", "round", "-id"), name="newest_evaluation"),)

    def __str__(self) -> str:
        return f"{self.campaign} {self.round} {self.sha256[:8]}"


class Placing(models.Model):
    """Where one person stood in one scope of an evaluation: everyone ranked, not only those on the list."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, db_index=False)
    division = models.CharField(max_length=12)
    person = models.BigIntegerField()
    position = models.IntegerField()
    rank = models.IntegerField()
    volume = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("evaluation", "person", "division", name="placing_once"),
            models.UniqueConstraint("evaluation", "division", "position", name="position_once"),
        )
        indexes = (models.Index(fields=("evaluation", "division", "volume"), name="placing_ties"),)

    def __str__(self) -> str:
        return f"{self.division} {self.rank}"
