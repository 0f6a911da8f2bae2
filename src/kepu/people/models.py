"""Who is here: accounts, communicators, the units and associations they belong to."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kepu.people import labels
from kepu.people.rules import CODE_TRIES_MAX


class Association(models.Model):
    """机构（科协）: the body that owns statistics, e.g. 华容县科学技术协会; sits at a division."""

    name = models.CharField(max_length=80, unique=True)
    division = models.CharField(max_length=12, db_index=True)

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """单位: who has tasks. A village or community has its own code; 机关、站所 share their town's."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=labels.UNIT_KINDS)
    division = models.CharField(max_length=12, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint("division", "name", name="unit_once_a_division"),)

    def __str__(self) -> str:
        return self.name


class Account(AbstractBaseUser, PermissionsMixin):
    """One person's way in. The phone number is sealed; `phone_index` finds it without opening it."""

    phone_sealed = models.BinaryField(null=True)
    phone_index = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=40, blank=True)
    book = models.IntegerField(help_text="county (6 digits) whose book this person is entered in")
    session_version = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_notice = models.CharField(max_length=20, blank=True, help_text="edition of the privacy notice")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[BaseUserManager[Any]] = BaseUserManager()
    USERNAME_FIELD = "phone_index"
    EMAIL_FIELD = ""
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def get_full_name(self) -> str:
        """The name Wagtail shows for a member of staff."""
        return self.display_name

    @property
    def first_name(self) -> str:
        """As `get_full_name`: what Wagtail's menu shows at its foot."""
        return self.display_name

    def get_short_name(self) -> str:
        """As `get_full_name`; a Chinese name has no shorter form."""
        return self.display_name

    def __str__(self) -> str:
        return self.display_name or f"#{self.pk}"


class Communicator(models.Model):
    """科普员: a person certified by real name. Exists once the first certification is approved."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="communicator")
    name = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="communicators")
    division = models.CharField(max_length=12, db_index=True, help_text="the unit's division, repeated")
    association = models.ForeignKey(Association, models.PROTECT)
    is_backbone = models.BooleanField(default=False)
    certified_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


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
        indexes = (models.Index(fields=("state", "review_due_at"), name="certification_queue"),)

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


class StaffScope(models.Model):
    """A member of staff's role within a division and everything below it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="scopes")
    role = models.CharField(max_length=16, choices=labels.ROLES)
    division = models.CharField(max_length=12, help_text="code; everything below it is inside")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("account", "role", "division", name="scope_once"),)

    def __str__(self) -> str:
        return f"{self.role} {self.division}"


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
