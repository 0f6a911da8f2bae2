"""The table of the outbox."""

from django.db import models


class OutboxMessage(models.Model):
    """A text message kept here instead of being sent; number and text are sealed together."""

    sealed = models.BinaryField()
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"
