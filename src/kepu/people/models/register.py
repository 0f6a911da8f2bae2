"""The register over time: names of units, who belonged where, accounts merged, rosters sent."""

from django.db import models
from django.db.models import Q

from kepu.people.models.accounts import Account
from kepu.people.models.land import Unit


class UnitName(models.Model):
    """What a unit is called and which code it has from a day on; `Unit` repeats the last one applied.

    A unit that never changed has no rows.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names")
    name = models.CharField(max_length=80)
    division = models.CharField(max_length=12, db_index=True)
    since_day = models.DateField()
    is_applied = models.BooleanField()
    set_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("unit", "since_day", name="unit_name_once_a_day"),)
        indexes = (
            models.Index(fields=("since_day",), condition=Q(is_applied=False), name="unit_names_to_come"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.since_day}"


class UnitMembership(models.Model):
    """That a communicator belonged to a unit from a day on until another (that day not counted).

    Someone who never moved has no rows: they belong to their unit since they were certified.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since_day = models.DateField()
    until_day = models.DateField(null=True)
    is_applied = models.BooleanField()
    arranged_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    arranged_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("account", "since_day", name="membership_once_a_day"),)
        indexes = (models.Index(fields=("since_day",), condition=Q(is_applied=False), name="moves_to_come"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.unit_id} {self.since_day}"


class Merge(models.Model):
    """That two accounts are one person: `closed` sends on to `kept`. `before` is what undoing restores."""

    kept = models.ForeignKey(Account, models.PROTECT, related_name="+")
    closed = models.ForeignKey(Account, models.PROTECT, related_name="+")
    before = models.JSONField()
    merged_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("closed", condition=Q(undone_at=None), name="merged_into_one_only"),
        )

    def __str__(self) -> str:
        return f"{self.closed_id} → {self.kept_id}"


class RosterFile(models.Model):
    """A roster somebody sent: what it was, what was found in it, and whether it was entered.

    `situation` is the hash of what the preview said; `job` the work that made the preview; the file itself
    lies in the jobs' folder as `upload` until the job is forgotten.
    """

    job = models.BigIntegerField(unique=True)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=120)
    upload = models.CharField(max_length=80)
    brought_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    counts = models.JSONField(help_text="rows by verdict")
    situation = models.CharField(max_length=64)
    entered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("brought_by", "-id"), name="rosters_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.file_name} {self.sha256[:12]}"
