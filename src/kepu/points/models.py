"""The tables of what time, learning and effort do to points. Accounts are plain numbers, 0 is nobody."""

from django.db import models
from django.db.models import Q


class Declared(models.Model):
    """One version of what the site declared of a subject, never edited: the newest one holds."""

    subject = models.CharField(max_length=12, help_text="expiry, levels or badges")
    stated = models.JSONField()
    why = models.CharField(max_length=200, blank=True)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("subject", "-id"), name="declared_newest"),)

    def __str__(self) -> str:
        return f"{self.subject} {self.pk}"


class Telling(models.Model):
    """到期预告: that one person was told when the points of a year expire.

    `points` is what they were told, `last_day` their own last day; `done_at`: that day has been dealt with.
    """

    person = models.BigIntegerField()
    year = models.SmallIntegerField()
    points = models.BigIntegerField()
    last_day = models.DateField()
    told_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint("person", "year", name="told_once_a_year"),)
        indexes = (models.Index(fields=("last_day", "id"), condition=Q(done_at=None), name="expiry_due"),)

    def __str__(self) -> str:
        return f"{self.person} {self.year}"


class Reached(models.Model):
    """How far a task came, so that one that was cut off goes on there."""

    task = models.CharField(max_length=24, primary_key=True)
    number = models.BigIntegerField(default=0)
    on_day = models.DateField(null=True, help_text="of a sweep that is done once a day: when it last was")

    def __str__(self) -> str:
        return f"{self.task} {self.number}"


class QuizResult(models.Model):
    """答题: how one person stands with the questions of one article.

    `topic` is that of the article when they passed. `is_held`: passed while nothing could be counted for
    them; `is_booked`: the ledger has it. `refused`: how often the ledger would not take it, which is tried
    again at `try_at`.
    """

    person = models.BigIntegerField()
    article = models.BigIntegerField()
    topic = models.CharField(max_length=40, blank=True)
    wrong_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    is_held = models.BooleanField(default=False)
    is_booked = models.BooleanField(default=False)
    refused = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint("person", "article", name="one_result_an_article"),)
        indexes = (
            models.Index(fields=("topic", "person"), condition=~Q(passed_at=None), name="passed_in_topic"),
            models.Index(fields=("person", "topic"), condition=~Q(passed_at=None), name="passed_by_person"),
            models.Index(
                fields=("id",),
                condition=Q(is_booked=False, is_held=False) & ~Q(passed_at=None),
                name="to_book",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.article}"


class KeptBadge(models.Model):
    """A topic badge somebody had when it became harder or was given up: theirs to keep."""

    person = models.BigIntegerField()
    key = models.IntegerField()
    topic = models.CharField(max_length=40)
    name = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint("person", "key", name="badge_kept_once"),)

    def __str__(self) -> str:
        return f"{self.person} {self.name}"
