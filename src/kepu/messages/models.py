"""The tables of the ways out."""

from django.db import models


class OutboxMessage(models.Model):
    """A text message kept here instead of being sent; number and text are sealed together."""

    sealed = models.BinaryField()
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"


class WechatCredential(models.Model):
    """What WeChat handed out, sealed. Nobody else may ask for a new one before `claimed_until`."""

    name = models.CharField(primary_key=True, max_length=20)
    sealed = models.BinaryField(default=b"")
    good_until = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
