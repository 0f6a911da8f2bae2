"""The tables of official documents. What is issued is never saved again; its bytes have their own table."""

from typing import Any

from django.db import models
from django.db.models import Q

from kepu.papers.rules import Kind, State


class OrganRow(models.Model):
    """发文机关: who issues, and what its numbers begin with."""

    division = models.CharField(max_length=12, db_index=True)
    name = models.CharField(max_length=60)
    mark = models.CharField(max_length=60)
    code = models.CharField(max_length=20, unique=True)
    declared_by = models.BigIntegerField()
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """The numbers of one organ in one year: the row that is locked while one is given."""

    organ = models.ForeignKey(OrganRow, models.PROTECT, related_name="series")
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint("organ", "year", name="paper_series_once"),)

    def __str__(self) -> str:
        return f"{self.organ_id} {self.year}"


class PaperRow(models.Model):
    """One document. `facts` are canonical bytes (`rules.facts_bytes`), written once with the draft.

    `revision` grows with every save, so that of two who save the second is told. `writers` are the accounts
    that wrote or changed the draft: none of them approves it.
    """

    organ = models.ForeignKey(OrganRow, models.PROTECT, related_name="papers")
    division = models.CharField(max_length=12)
    kind = models.CharField(max_length=14, choices=[(each.value, each.value) for each in Kind])
    state = models.CharField(max_length=10, default=State.DRAFT.value)
    campaign = models.BigIntegerField()
    round = models.CharField(max_length=60, blank=True)
    facts = models.BinaryField()
    facts_sha256 = models.CharField(max_length=64)
    texts = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    writers = models.JSONField(default=list)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_name = models.CharField(max_length=80)
    approved_by = models.BigIntegerField(default=0)
    approved_name = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    issued_by = models.BigIntegerField(default=0)
    issued_name = models.CharField(max_length=80, blank=True)
    issued_at = models.DateTimeField(null=True)
    issued_day = models.DateField(null=True)
    year = models.PositiveIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=("division", "-id"), name="papers_of_division"),)
        constraints = (
            models.UniqueConstraint("organ", "year", "number", name="paper_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=(State.DRAFT, State.APPROVED), number=None, year=None)
                | Q(state=State.ISSUED, number__gte=1, year__gte=1, issued_day__isnull=False),
                name="paper_number_when_issued",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PaperCopy(models.Model):
    """The bytes of an issued document in one form, as they were on that day."""

    paper = models.ForeignKey(PaperRow, models.PROTECT, related_name="copies")
    form = models.CharField(max_length=4)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint("paper", "form", name="paper_copy_once"),)

    def __str__(self) -> str:
        return f"{self.paper_id}.{self.form}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """New bytes are kept; kept ones are never saved again."""
        assert self._state.adding, "what was issued never changes"
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: what was issued stays."""
        raise AssertionError("what was issued is never deleted")


class Withdrawal(models.Model):
    """That an issued document no longer stands, and why. The document itself stays as it is."""

    paper = models.OneToOneField(PaperRow, models.PROTECT, related_name="withdrawal")
    account = models.BigIntegerField()
    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.paper_id} withdrawn"


class HearingRow(models.Model):
    """What a unit said about the task it missed, before it was criticised. Written, never changed."""

    campaign = models.BigIntegerField()
    unit = models.CharField(max_length=80)
    division = models.CharField(max_length=12)
    said = models.CharField(max_length=2000)
    account = models.BigIntegerField()
    name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("campaign", "unit", "-id"), name="papers_hearing"),)

    def __str__(self) -> str:
        return f"{self.unit} {self.at:%Y-%m-%d}"
