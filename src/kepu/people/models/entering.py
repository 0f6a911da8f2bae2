"""Ways in: codes by text message and failed tries."""

from django.db import models
from django.db.models import Q

from kepu.people import labels
from kepu.people.rules import CODE_TRIES_MAX


class SmsCode(models.Model):
    """A code on its way to a phone; only its keyed digest is kept.

    A text that held no code leaves a row too, with a digest nothing matches: both look and count alike.
    """

    phone_index = models.CharField(max_length=64)
    purpose = models.CharField(max_length=12, choices=labels.SMS_PURPOSES)
    digest = models.BinaryField()
    network = models.CharField(max_length=45)
    sent_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(tries__lte=CODE_TRIES_MAX), name="sms_tries_max"),)
        indexes = (
            models.Index(fields=("phone_index", "sent_at"), name="sms_by_phone"),
            models.Index(fields=("network", "sent_at"), name="sms_by_network"),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.sent_at:%Y-%m-%d %H:%M}"


class SmsDay(models.Model):
    """How many texts the site sent on a calendar day; locking the row makes all its limits exact."""

    day = models.DateField(primary_key=True)
    sent = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}: {self.sent}"


class SignInGuard(models.Model):
    """Failed sign-ins in a row against a phone or from a network, whether or not an account is there."""

    subject = models.CharField(primary_key=True, max_length=80)
    failures = models.PositiveSmallIntegerField()
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.failures} until {self.locked_until}"
