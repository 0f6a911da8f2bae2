"""实名认证: an application, how it got where it is, and who was entered at the counter."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kepu.people import labels
from kepu.people.models.accounts import Account
from kepu.people.models.land import Association, Unit


class Certification(models.Model):
    """实名认证: one person's application in its present state; `CertificationStep` keeps how it got there."""

    account = models.OneToOneField(Account, models.PROTECT, related_name="certification")
    name = models.CharField(_("name"), max_length=40)
    town = models.CharField(_("town"), max_length=9, db_index=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"))
    applicant_type = models.CharField(_("type"), max_length=12, choices=labels.APPLICANT_TYPES)
    association = models.ForeignKey(Association, models.PROTECT, verbose_name=_("association"))
    state = models.CharField(max_length=10, choices=labels.CERTIFICATION_STATES, db_index=True)
    submitted_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "review_due_at"), name="certification_queue"),
            models.Index(fields=("town", "submitted_at"), name="applied_in_a_town"),
            models.Index(fields=("unit", "submitted_at"), name="applied_for_a_unit"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class CertificationStep(models.Model):
    """One change of an application, never edited: what was stated then, who acted and why."""

    certification = models.ForeignKey(Certification, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=labels.CERTIFICATION_STATES)
    acted_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", help_text="empty: entered in bulk by the site"
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=400, blank=True)
    stated = models.JSONField(help_text="the fields as they stood after this step")

    def __str__(self) -> str:
        return f"{self.state} {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new step is kept; an old one is never saved again."""
        assert self._state.adding, "a step is never edited"
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: the history of an application is kept whole."""
        raise AssertionError("a step is never deleted")


class CounterEntry(models.Model):
    """代办登记: what a clerk entered for somebody at the counter, and how that person confirmed it.

    The number lies here only until then; an entry nobody confirmed is forgotten after a week.
    """

    phone_sealed = models.BinaryField(null=True)
    phone_index = models.CharField(max_length=64, blank=True)
    stated = models.JSONField(help_text="the application: name, town, unit, applicant_type, association")
    division = models.CharField(max_length=12, help_text="of the unit")
    entered_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_index=True)
    way = models.CharField(max_length=8, choices=labels.COUNTER_WAYS, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    is_submitted = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("division", "-id"), name="counter_of_a_division"),)

    def __str__(self) -> str:
        return f"{self.division} {self.pk}"
