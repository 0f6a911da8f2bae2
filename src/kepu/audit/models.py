"""The table of the audit."""

from typing import Any

from django.db import models


class Kept(models.Model):
    """One act of staff. No foreign key: a record outlives whatever it names."""

    at = models.DateTimeField()
    act = models.CharField(max_length=40)
    account = models.BigIntegerField()
    name = models.CharField(max_length=40)
    network = models.CharField(max_length=45)
    subject = models.CharField(max_length=160)
    division = models.CharField(max_length=12)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        indexes = (
            models.Index(fields=("division", "-id"), name="audit_by_division"),
            models.Index(fields=("account", "-id"), name="audit_by_account"),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new record is kept; an old one is never saved again."""
        assert self._state.adding, "a record is never edited"
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: the audit is kept whole.

        等保 2.0 (GB/T 22239-2019, 8.1.5.2) and 网络安全法 第二十一条 ask for six months at least.
        """
        raise AssertionError("a record is never deleted")
