"""The list of barred words: one for the whole site."""

from django.db import models

from kepu.clubs.rules import WORD_CHARS_MAX


class BarredWord(models.Model):
    """A word that may not stand in what people write; `folded` is what is searched."""

    word = models.CharField(max_length=WORD_CHARS_MAX)
    folded = models.CharField(max_length=3 * WORD_CHARS_MAX, unique=True)
    effect = models.CharField(max_length=10)
    added_at = models.DateTimeField()
    added_by = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.word
