"""The tables of official figures. The bytes of a file are not kept: its hash and what its rows said are."""

from django.db import models

from kepu.figures.rules.values import FileState


class LayoutRow(models.Model):
    """What the columns under certain headings mean, as an officer said it. Never changed: said anew."""

    division = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=40)
    headings = models.JSONField()
    columns = models.JSONField(help_text="role → place of its column, from 0")
    match = models.CharField(max_length=10)
    span = models.CharField(max_length=10)
    figure = models.CharField(max_length=20, help_text="what the national app calls it; two are never added")
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("division", "digest"), name="figures_layout"),)

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """A campaign's official figures: the row that is locked while one of its files is decided."""

    campaign = models.IntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.campaign)


class SentFile(models.Model):
    """One export that was sent."""

    campaign = models.IntegerField()
    division = models.CharField(max_length=12, help_text="whose figures; its officers see it")
    layout = models.ForeignKey(LayoutRow, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    first_day = models.IntegerField()
    last_day = models.IntegerField()
    state = models.CharField(max_length=12, default=FileState.READING.value)
    version = models.PositiveIntegerField(default=0, help_text="of the rule sheet, once approved")
    sent_by = models.BigIntegerField()
    sent_at = models.DateTimeField()
    decided_by = models.BigIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    asked_by = models.BigIntegerField(default=0, help_text="who asks for its withdrawal")
    asked_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    job = models.BigIntegerField(default=0)
    edition = models.PositiveIntegerField(default=0, help_text="how often its differences were renewed")

    class Meta:
        indexes = (models.Index(fields=("campaign", "state", "-id"), name="figures_of_campaign"),)

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class FileLine(models.Model):
    """One row of a file, as `rules.Line`; people the file does not name have rows below zero."""

    file = models.ForeignKey(SentFile, models.CASCADE, related_name="lines", db_index=False)
    row = models.IntegerField()
    verdict = models.CharField(max_length=20)
    who = models.CharField(max_length=60)
    says = models.CharField(max_length=60, blank=True)
    person = models.BigIntegerField(default=0)
    unit = models.IntegerField(default=0)
    division = models.CharField(max_length=12, blank=True)
    day = models.IntegerField(default=0)
    stated = models.IntegerField(default=0)
    before = models.IntegerField(default=0)
    delta = models.IntegerField(default=0)
    carried_day = models.IntegerField(default=0)
    registered = models.IntegerField(default=-1)
    other_row = models.IntegerField(default=0)
    book = models.IntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    steps = models.JSONField(
        default=list, help_text="[day, volume, book, seq, unit, account] each, as rules.Step"
    )
    entries = models.JSONField(default=list, help_text="[book, seq] of each step that is entered")

    class Meta:
        constraints = (models.UniqueConstraint("file", "row", name="figures_row_once"),)
        indexes = (
            models.Index(fields=("file", "verdict", "row"), name="figures_by_verdict"),
            models.Index(fields=("file", "person"), name="figures_by_person"),
        )

    def __str__(self) -> str:
        return f"{self.file_id}/{self.row}"
