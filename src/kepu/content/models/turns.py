"""What became of published articles, for those who shared them."""

from django.db import models

from kepu.content import rules


class ArticleTurn(models.Model):
    """A correction or a withdrawal. `told_at`: when telling those who shared the article was asked for."""

    article = models.ForeignKey("content.ArticlePage", models.CASCADE, related_name="turns")
    turn = models.CharField(max_length=10, choices=[(turn.value, turn.value) for turn in rules.Turn])
    words = models.CharField(max_length=rules.REASON_CHARS_MAX)
    at = models.DateTimeField()
    by = models.PositiveBigIntegerField(help_text="an account's number; 0: nobody in particular")
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("id",), condition=models.Q(told_at=None), name="turns_to_tell"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.turn}"
