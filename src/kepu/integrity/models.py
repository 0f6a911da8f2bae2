"""Likes as they were followed, and the signals that rest on them.

What nobody decided can be thrown away and rebuilt from the ledger; a decided signal keeps its likes.
"""

from django.db import models
from django.db.models import Q

from kepu.integrity.rules import SignalState


class Cursor(models.Model):
    """How far one book has been followed."""

    book = models.IntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.book}/{self.seq}"


class Signal(models.Model):
    """Two people liked each other again and again; `low` is the smaller number.

    `division` holds both of them: whoever may look at signals there sees it. `low_gave`, `high_gave`: how
    many likes it rests on; `points`: what both got by them. `left`: how many likes are still to be taken
    back, where it was decided that they do not count.
    """

    kind = models.SmallIntegerField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    state = models.CharField(max_length=12, default=SignalState.OPEN.value)
    division = models.CharField(max_length=9, blank=True)
    low_gave = models.IntegerField(default=0)
    high_gave = models.IntegerField(default=0)
    points = models.IntegerField(default=0)
    first_ms = models.BigIntegerField(default=0)
    last_ms = models.BigIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(default=0)
    why = models.CharField(max_length=200, blank=True)
    left = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "kind",
                "low",
                "high",
                condition=Q(state=SignalState.OPEN.value),
                name="one_open_signal_a_pair",
            ),
        )
        indexes = (
            models.Index(fields=("state", "-last_ms"), name="signals_by_state"),
            models.Index(fields=("id",), condition=Q(left__gt=0), name="signals_to_take_back"),
        )

    def __str__(self) -> str:
        return f"{self.low}-{self.high} {self.state}"


class LikeRow(models.Model):
    """One like received, by its place in the ledger. `points`: what it brought both of them.

    `division`: where the one who was liked belonged. `taken_back`: it no longer counts.
    """

    pk = models.CompositePrimaryKey("book", "seq")
    book = models.IntegerField()
    seq = models.BigIntegerField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    by_low = models.BooleanField()
    at_ms = models.BigIntegerField()
    day = models.IntegerField()
    division = models.IntegerField()
    points = models.IntegerField()
    signal = models.ForeignKey(Signal, models.SET_NULL, null=True, db_index=False)
    taken_back = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=("low", "high"), name="likes_of_a_pair"),
            models.Index(
                fields=("signal", "at_ms"), condition=Q(signal__isnull=False), name="likes_of_a_signal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.book}/{self.seq}"
