"""Accounts, and the communicators among them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from kepu.people.models.land import Association, Unit


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
    hears_announcements = models.BooleanField(default=True)
    downloaded_at = models.DateTimeField(null=True, help_text="when all that is theirs was last asked for")

    objects: ClassVar[BaseUserManager[Any]] = BaseUserManager()
    USERNAME_FIELD = "phone_index"
    EMAIL_FIELD = ""
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def get_full_name(self) -> str:
        """The name Wagtail shows for a member of staff."""
        return self.display_name

    @property
    def email(self) -> str:
        """Nothing: nobody here has an address, and Wagtail asks for one before it writes to reviewers."""
        return ""

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
    hides_name = models.BooleanField(default=False, help_text="on boards, where the campaign lets")

    class Meta:
        indexes = (
            models.Index(fields=("division", "account"), name="roster_of_a_division"),
            # All that a dashboard asks of a division's people stands in it.
            models.Index(
                fields=("division", "unit", "certified_at", "is_backbone", "revoked_at"),
                name="turnout_of_a_division",
            ),
        )

    def __str__(self) -> str:
        return self.name
