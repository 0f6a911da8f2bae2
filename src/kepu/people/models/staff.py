"""Members of staff: what they may do where, their second factor and their sessions."""

from django.db import models

from kepu.people import labels
from kepu.people.models.accounts import Account


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


class SecondFactor(models.Model):
    """The key of a member of staff's authenticator. One that is not confirmed opens nothing yet."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    key_sealed = models.BinaryField(null=True)
    last_step = models.BigIntegerField(default=0, help_text="of the last code let in: each is used once")
    confirmed_at = models.DateTimeField(null=True)
    next_key_sealed = models.BinaryField(null=True, help_text="shown for set-up, not yet confirmed")

    def __str__(self) -> str:
        return f"second factor of {self.account_id}"


class RecoveryCode(models.Model):
    """What lets in once without the authenticator; only a keyed digest is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery code of {self.account_id}"


class StaffSession(models.Model):
    """One browser let into the back office. Only a keyed digest of what its cookie holds is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    version = models.PositiveIntegerField(help_text="the account's session version when it was opened")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    network = models.CharField(max_length=45)
    device = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("account", "-id"), name="staff_sessions_newest"),)

    def __str__(self) -> str:
        return f"session of {self.account_id} {self.opened_at:%Y-%m-%d %H:%M}"


class StaffWatch(models.Model):
    """When a member of staff was last awake: in the back office, made staff, or opened again."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    awake_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} awake {self.awake_at:%Y-%m-%d}"
