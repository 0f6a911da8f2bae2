"""Money that was won: lines, what happened to them, and the files that went out and came back."""

from django.db import models


class PayoutLine(models.Model):
    """One award in money of one person. `state` and `review` are where its events have brought it."""

    campaign = models.CharField(max_length=60)
    round = models.CharField(max_length=60)
    division = models.CharField(max_length=12)
    person = models.BigIntegerField()
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=100)
    rank = models.IntegerField()
    volume = models.IntegerField()
    title = models.CharField(max_length=100)
    amount = models.IntegerField(help_text="yuan")
    state = models.CharField(max_length=12)
    review = models.CharField(max_length=8, blank=True)
    flag = models.CharField(max_length=12, blank=True)
    events = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint("campaign", "round", "division", "person", name="payout_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_of_something"),
        )
        indexes = (models.Index(fields=("person",), name="payouts_of_person"),)

    def __str__(self) -> str:
        return f"{self.campaign} {self.round} {self.division} {self.rank}"


class PayoutBatch(models.Model):
    """A file of top-ups that went to the carrier. `sealed` is the file, encrypted, until every line of it
    has its answer: it holds whole phone numbers."""

    campaign = models.CharField(max_length=60)
    round = models.CharField(max_length=60)
    division = models.CharField(max_length=12)
    lines = models.IntegerField()
    amount = models.IntegerField(help_text="yuan")
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField(null=True)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("campaign", "round", "division"), name="batches_of_list"),)

    def __str__(self) -> str:
        return f"{self.pk:06d}"


class PayoutAnswer(models.Model):
    """An answer file of the carrier that was applied, by the hash of its bytes: never twice."""

    campaign = models.CharField(max_length=60)
    round = models.CharField(max_length=60)
    division = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.IntegerField()
    paid = models.IntegerField()
    failed = models.IntegerField()
    applied_by = models.BigIntegerField()
    applied_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint("campaign", "round", "division", "sha256", name="answer_once"),
        )

    def __str__(self) -> str:
        return self.name


class PayoutEvent(models.Model):
    """One thing that happened to a line; `number` counts a line's events from 1 without gaps."""

    line = models.ForeignKey(PayoutLine, models.PROTECT, db_index=False)
    number = models.IntegerField()
    event = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    review = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(PayoutBatch, models.PROTECT, null=True)
    answer = models.ForeignKey(PayoutAnswer, models.PROTECT, null=True)
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        # Two officers at once: the second finds the number taken and nothing happens twice.
        constraints = (models.UniqueConstraint("line", "number", name="payout_event_once"),)

    def __str__(self) -> str:
        return f"{self.line_id} {self.number} {self.event}"
