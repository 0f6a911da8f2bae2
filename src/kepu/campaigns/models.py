"""The tables of campaigns: each version of a rule sheet as it was published, never edited; and drafts."""

from django.db import models


class Campaign(models.Model):
    """活动: what entries of the ledger name by its number."""

    number = models.BigAutoField(primary_key=True)
    slug = models.CharField(max_length=50, unique=True)
    newest_version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.slug


class SheetVersion(models.Model):
    """One version of a campaign's rule sheet: the text, its hash, who published it and who signed it off."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    signed_off_by = models.CharField(max_length=80, blank=True)
    conflicts = models.JSONField(help_text="the clauses as they were shown to whoever signed off")
    tested = models.JSONField(default=list, help_text="every clause the sheet was held against, as it stood")
    rule_book = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the rule book of that day")

    class Meta:
        constraints = (models.UniqueConstraint("campaign", "version", name="sheet_version_once"),)

    def __str__(self) -> str:
        return f"{self.campaign_id} v{self.version}"


class SheetDraft(models.Model):
    """A sheet somebody works on, right or wrong; it judges nothing. It is gone when it is published.

    `campaign`: of which it will be a version, None for a new one; `division`: whose officers work on it.
    `revision` grows with every save, so that of two who save the second is told.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="drafts")
    division = models.CharField(max_length=12, db_index=True)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()
    changed_name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"draft {self.pk}"


class SiteSwitch(models.Model):
    """A turn of a switch of the whole site, never edited: the newest turn of each says how it stands."""

    switch = models.CharField(max_length=20)
    is_off = models.BooleanField()
    why = models.CharField(max_length=200)
    turned_at = models.DateTimeField()
    turned_by = models.BigIntegerField()
    turned_name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.switch} {'off' if self.is_off else 'on'}"


class SheetTrial(models.Model):
    """What came of trying a draft, as it stood at `revision`, on a campaign's entries of some days.

    `job`: the number of the long work that did it. It is gone with the draft.
    """

    draft = models.ForeignKey(SheetDraft, models.CASCADE, related_name="trials")
    job = models.BigIntegerField()
    revision = models.PositiveIntegerField()
    source_title = models.CharField(max_length=80)
    first_day = models.DateField()
    last_day = models.DateField()
    tried_at = models.DateTimeField()
    tried_name = models.CharField(max_length=80)
    summary = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint("draft", "job", name="trial_once"),)

    def __str__(self) -> str:
        return f"trial {self.pk} of draft {self.draft_id}"
