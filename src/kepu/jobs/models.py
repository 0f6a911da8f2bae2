"""The table of long work."""

from django.db import models

from kepu.jobs.rules import JobState


class JobRow(models.Model):
    """One piece of long work, from the asking to its end. `asked_by` is an account's number."""

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    wants = models.JSONField()
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=JobState.WAITING.value)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    heard_at = models.DateTimeField(null=True, help_text="when its worker last said something")
    is_stopping = models.BooleanField(default=False)
    words = models.JSONField(default=dict)
    file = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "id"), name="jobs_next"),
            models.Index(fields=("asked_by", "-id"), name="jobs_of_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
